// npm openid-client: `vcc_openid_client.mjs HOST:PORT`.

import {
  Account,
  CLIENT,
  SCOPES,
  SECRET,
  everyEndpoint,
  installed,
  same,
  start,
} from './vcc_checks.mjs';

const client = await installed('openid-client');

function configured(base, authentication) {
  const server = { issuer: base, token_endpoint: `${base}/Auth/connect/token` };
  const config = new client.Configuration(server, CLIENT, undefined, authentication);
  // The library refuses plain HTTP otherwise; the server listens on this machine.
  client.allowInsecureRequests(config);
  return config;
}

async function account(base, authentication, scope) {
  const config = configured(base, authentication);
  const token = await client.clientCredentialsGrant(config, { scope });
  same('token', [token.token_type, token.expires_in], ['bearer', 7200]);
  return new Account(base, (method, url, headers, text) =>
    client.fetchProtectedResource(config, token.access_token, url, method, text, headers),
  );
}

async function refused(base, what, code, secret, scope) {
  try {
    await client.clientCredentialsGrant(configured(base, client.ClientSecretPost(secret)), {
      scope,
    });
    same(what, 'not refused', code);
  } catch (error) {
    same(what, error.error, code);
  }
}

async function run(base) {
  await everyEndpoint(await account(base, client.ClientSecretBasic(SECRET), SCOPES));
  await (await account(base, client.ClientSecretPost(SECRET), 'users:read')).call('GET', '/users');
  await refused(base, 'a wrong secret', 'invalid_client', 'wrong', SCOPES);
  await refused(base, 'an unknown scope', 'invalid_scope', SECRET, 'agents:read');
}

await start(run);
