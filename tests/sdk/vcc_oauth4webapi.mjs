// npm oauth4webapi, which is strict about every header and member of a token reply: `vcc_oauth4webapi.mjs HOST:PORT`.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// An import does not look into NODE_PATH, where the packages are.
const oauth = await import(pathToFileURL(createRequire(import.meta.url).resolve('oauth4webapi')));

const ACCEPT = { Accept: 'application/vnd.newvoicemedia.v4+json' };
const SCOPES = 'users:read users:write';
const CLIENT = { client_id: 'demo-client' };
const SECRET = 'demo-client-secret';
const USER = '2f9207ca-8922-4245-bfc5-d8f42939e29a';
const SPARE = 'c0000000-0000-4000-a000-442079460003';
const SKILL = 'f0000000-0000-4000-a000-000000000006';
// The library refuses plain HTTP otherwise; the server listens on this machine.
const PLAIN = { [oauth.allowInsecureRequests]: true };

const differences = [];
let checks = 0;

function same(what, actual, expected) {
  checks += 1;
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) differences.push(`${what}: got ${left}, expected ${right}`);
}

async function fetchToken(server, authentication, scope) {
  const response = await oauth.clientCredentialsGrantRequest(server, CLIENT, authentication, { scope }, PLAIN);
  return oauth.processClientCredentialsResponse(server, CLIENT, response);
}

async function refused(what, code, attempt) {
  try {
    await attempt();
    same(what, 'not refused', code);
  } catch (error) {
    // A refusal with a challenge is another class, which carries the challenge instead of the body.
    same(what, error instanceof oauth.WWWAuthenticateChallengeError ? error.cause[0].scheme : error.error, code);
  }
}

class Account {
  constructor(root, token) {
    this.root = root;
    this.token = token;
  }

  async call(method, path, body, expected = 200) {
    const headers = new Headers(body === undefined ? ACCEPT : { ...ACCEPT, 'Content-Type': 'application/json' });
    const text = body === undefined ? undefined : JSON.stringify(body);
    const url = new URL(`${this.root}${path}`);
    const response = await oauth.protectedResourceRequest(this.token, method, url, headers, text, PLAIN);
    same(`${method} ${path}: status`, response.status, expected);
    return response.json();
  }
}

async function everyEndpoint(account) {
  const numbers = await account.call('GET', `/users/${USER}/callbackNumbers`);
  same('the sample', numbers.callbackNumbers.map((number) => number.callbackNumberName), ['test1', 'test2', 'test3']);
  numbers.callbackNumbers.push({ callbackNumberId: SPARE });
  same('replaced', (await account.call('PUT', `/users/${USER}/callbackNumbers`, numbers)).meta.count, 4);
  same('callback numbers', (await account.call('GET', '/callbackNumbers')).meta.totalCount, 9);
  same('users', (await account.call('GET', '/users?include=All')).meta.totalCount, 7);
  same('a user', (await account.call('GET', `/users/${USER}`)).username, 'annakowalska');
  same('skills', (await account.call('GET', '/skills')).skills[0].skillId, SKILL);
  const skills = { agentSkills: [{ skillId: SKILL, agentSkillLevel: 3 }] };
  same('skills replaced', (await account.call('PUT', `/users/${USER}/skills`, skills)).agentSkills[0].agentSkillLevel, '3');
  same('skills of a user', (await account.call('GET', `/users/${USER}/skills`)).meta.totalCount, 1);
  same('groups', (await account.call('GET', '/groups')).groups[0].groupId, SKILL);
  same('a group', (await account.call('GET', `/groups/${SKILL}`)).groupName, 'Support');
  await account.call('PUT', `/users/${USER}/groups`, { agentGroups: [{ groupId: SKILL }] });
  same('groups of a user', (await account.call('GET', `/users/${USER}/groups`)).meta.totalCount, 1);
  same('users of a group', (await account.call('GET', `/groups/${SKILL}/users`)).meta.totalCount, 3);
  same('users of a skill', (await account.call('GET', `/skills/${SKILL}/users`)).meta.totalCount, 3);
  const users = { users: [{ userId: USER, agentSkillLevel: 1 }] };
  same('users replaced', (await account.call('PUT', `/skills/${SKILL}/users`, users)).meta.count, 1);
  await account.call('GET', '/users/00000000-0000-0000-0000-000000000000', undefined, 404);
}

async function run(base) {
  const server = { issuer: base, token_endpoint: `${base}/Auth/connect/token` };
  const basic = await fetchToken(server, oauth.ClientSecretBasic(SECRET), SCOPES);
  same('token', [basic.token_type, basic.expires_in], ['bearer', 7200]);
  await everyEndpoint(new Account(`${base}/useradmin`, basic.access_token));
  const post = await fetchToken(server, oauth.ClientSecretPost(SECRET), 'users:read');
  await new Account(`${base}/useradmin`, post.access_token).call('PUT', '/users/x/groups', {}, 403);
  await refused('a wrong secret in the form', 'invalid_client', () => fetchToken(server, oauth.ClientSecretPost('wrong'), SCOPES));
  await refused('a wrong secret as Basic', 'basic', () => fetchToken(server, oauth.ClientSecretBasic('wrong'), SCOPES));
  await refused('an unknown scope', 'invalid_scope', () => fetchToken(server, oauth.ClientSecretPost(SECRET), 'agents:read'));
  await refused('a wrong token', 'bearer', () => oauth.protectedResourceRequest('wrong', 'GET', new URL(`${base}/useradmin/users`), new Headers(ACCEPT), null, PLAIN));
}

try {
  await run(`http://${process.argv[2]}`);
} catch (error) {
  differences.push(`the run broke off: ${error.stack}`);
}
for (const difference of differences) console.log(`differs: ${difference}`);
console.log(`checks: ${checks}`);
process.exitCode = differences.length ? 1 : 0;
