// What the Node drivers of the VCC face share: every endpoint, called through an OAuth2 client that
// is not part of numberd.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export const ACCEPT = { Accept: 'application/vnd.newvoicemedia.v4+json' };
export const SCOPES = 'users:read users:write';
export const CLIENT = 'demo-client';
export const SECRET = 'demo-client-secret';
const USER = '2f9207ca-8922-4245-bfc5-d8f42939e29a';
const SPARE = 'c0000000-0000-4000-a000-442079460003';
const SKILL = 'f0000000-0000-4000-a000-000000000006';

const differences = [];
let checks = 0;

/** A package from NODE_PATH, into which an import does not look. */
export function installed(name) {
  return import(pathToFileURL(createRequire(import.meta.url).resolve(name)));
}

export function same(what, actual, expected) {
  checks += 1;
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) differences.push(`${what}: got ${left}, expected ${right}`);
}

/**
 * The User Admin API as the token's owner sees it; `send(method, url, headers, text)` answers as
 * `fetch` does.
 */
export class Account {
  constructor(base, send) {
    this.root = `${base}/useradmin`;
    this.send = send;
  }

  async call(method, path, body, expected = 200) {
    const headers = new Headers(
      body === undefined ? ACCEPT : { ...ACCEPT, 'Content-Type': 'application/json' },
    );
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await this.send(method, new URL(`${this.root}${path}`), headers, text);
    same(`${method} ${path}: status`, response.status, expected);
    return response.json();
  }
}

/** A sender of a bearer token, for clients that only fetch one. */
export function bearer(token) {
  return (method, url, headers, body) => {
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(url, { method, headers, body });
  };
}

export async function everyEndpoint(account) {
  const numbers = await account.call('GET', `/users/${USER}/callbackNumbers`);
  same(
    'the sample',
    numbers.callbackNumbers.map((number) => number.callbackNumberName),
    ['test1', 'test2', 'test3'],
  );
  numbers.callbackNumbers.push({ callbackNumberId: SPARE });
  same(
    'replaced',
    (await account.call('PUT', `/users/${USER}/callbackNumbers`, numbers)).meta.count,
    4,
  );
  same('callback numbers', (await account.call('GET', '/callbackNumbers')).meta.totalCount, 9);
  same('users', (await account.call('GET', '/users?include=All')).meta.totalCount, 7);
  same('a user', (await account.call('GET', `/users/${USER}`)).username, 'annakowalska');
  same('skills', (await account.call('GET', '/skills')).skills[0].skillId, SKILL);
  const skills = { agentSkills: [{ skillId: SKILL, agentSkillLevel: 3 }] };
  same(
    'skills replaced',
    (await account.call('PUT', `/users/${USER}/skills`, skills)).agentSkills[0].agentSkillLevel,
    '3',
  );
  same('skills of a user', (await account.call('GET', `/users/${USER}/skills`)).meta.totalCount, 1);
  same('groups', (await account.call('GET', '/groups')).groups[0].groupId, SKILL);
  same('a group', (await account.call('GET', `/groups/${SKILL}`)).groupName, 'Support');
  await account.call('PUT', `/users/${USER}/groups`, { agentGroups: [{ groupId: SKILL }] });
  same('groups of a user', (await account.call('GET', `/users/${USER}/groups`)).meta.totalCount, 1);
  same(
    'users of a group',
    (await account.call('GET', `/groups/${SKILL}/users`)).meta.totalCount,
    3,
  );
  same(
    'users of a skill',
    (await account.call('GET', `/skills/${SKILL}/users`)).meta.totalCount,
    3,
  );
  const users = { users: [{ userId: USER, agentSkillLevel: 1 }] };
  same(
    'users replaced',
    (await account.call('PUT', `/skills/${SKILL}/users`, users)).meta.count,
    1,
  );
  await account.call('GET', '/users/00000000-0000-0000-0000-000000000000', undefined, 404);
}

/** Runs a driver as `DRIVER HOST:PORT`. */
export async function start(run) {
  try {
    await run(`http://${process.argv[2]}`);
  } catch (error) {
    differences.push(`the run broke off: ${error.stack}`);
  }
  for (const difference of differences) console.log(`differs: ${difference}`);
  console.log(`checks: ${checks}`);
  process.exitCode = differences.length ? 1 : 0;
}
