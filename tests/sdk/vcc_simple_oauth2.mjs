// npm simple-oauth2, with the credentials as HTTP Basic and in the form:
// `vcc_simple_oauth2.mjs HOST:PORT`.

import {
  Account,
  CLIENT,
  SCOPES,
  SECRET,
  bearer,
  everyEndpoint,
  installed,
  same,
  start,
} from './vcc_checks.mjs';

const {
  default: { ClientCredentials },
} = await installed('simple-oauth2');

async function fetchToken(base, authorizationMethod, scope, secret = SECRET) {
  const client = new ClientCredentials({
    client: { id: CLIENT, secret },
    auth: { tokenHost: base, tokenPath: '/Auth/connect/token' },
    options: { authorizationMethod },
  });
  return (await client.getToken({ scope })).token;
}

async function refused(base, what, code, secret, scope) {
  try {
    await fetchToken(base, 'body', scope, secret);
    same(what, 'not refused', code);
  } catch (error) {
    same(what, error.data.payload.error, code);
  }
}

async function run(base) {
  const token = await fetchToken(base, 'header', SCOPES);
  same('token', [token.token_type.toLowerCase(), token.expires_in], ['bearer', 7200]);
  await everyEndpoint(new Account(base, bearer(token.access_token)));
  const reader = await fetchToken(base, 'body', 'users:read');
  await new Account(base, bearer(reader.access_token)).call('PUT', '/users/x/groups', {}, 403);
  await refused(base, 'a wrong secret', 'invalid_client', 'wrong', SCOPES);
  await refused(base, 'an unknown scope', 'invalid_scope', SECRET, 'agents:read');
}

await start(run);
