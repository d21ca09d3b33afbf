// npm oauth4webapi, which is strict about every header and member of a token reply:
// `vcc_oauth4webapi.mjs HOST:PORT`.

import {
  ACCEPT,
  Account,
  CLIENT,
  SCOPES,
  SECRET,
  everyEndpoint,
  installed,
  same,
  start,
} from './vcc_checks.mjs';

const oauth = await installed('oauth4webapi');
// The library refuses plain HTTP otherwise; the server listens on this machine.
const PLAIN = { [oauth.allowInsecureRequests]: true };

async function fetchToken(server, authentication, scope) {
  const client = { client_id: CLIENT };
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    authentication,
    { scope },
    PLAIN,
  );
  return oauth.processClientCredentialsResponse(server, client, response);
}

async function refused(what, code, attempt) {
  try {
    await attempt();
    same(what, 'not refused', code);
  } catch (error) {
    // A refusal with a challenge is another class, which carries the challenge instead of the body.
    same(
      what,
      error instanceof oauth.WWWAuthenticateChallengeError ? error.cause[0].scheme : error.error,
      code,
    );
  }
}

function account(base, token) {
  return new Account(base, (method, url, headers, text) =>
    oauth.protectedResourceRequest(token, method, url, headers, text, PLAIN),
  );
}

async function run(base) {
  const server = { issuer: base, token_endpoint: `${base}/Auth/connect/token` };
  const basic = await fetchToken(server, oauth.ClientSecretBasic(SECRET), SCOPES);
  same('token', [basic.token_type, basic.expires_in], ['bearer', 7200]);
  await everyEndpoint(account(base, basic.access_token));
  const post = await fetchToken(server, oauth.ClientSecretPost(SECRET), 'users:read');
  await account(base, post.access_token).call('PUT', '/users/x/groups', {}, 403);
  await refused('a wrong secret in the form', 'invalid_client', () =>
    fetchToken(server, oauth.ClientSecretPost('wrong'), SCOPES),
  );
  await refused('a wrong secret as Basic', 'basic', () =>
    fetchToken(server, oauth.ClientSecretBasic('wrong'), SCOPES),
  );
  await refused('an unknown scope', 'invalid_scope', () =>
    fetchToken(server, oauth.ClientSecretPost(SECRET), 'agents:read'),
  );
  await refused('a wrong token', 'bearer', () =>
    oauth.protectedResourceRequest(
      'wrong',
      'GET',
      new URL(`${base}/useradmin/users`),
      new Headers(ACCEPT),
      null,
      PLAIN,
    ),
  );
}

await start(run);
