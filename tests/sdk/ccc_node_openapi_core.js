'use strict';
// npm @alicloud/openapi-core, the runtime of the newest typed package:
// `ccc_node_openapi_core.js HOST:PORT MODE [--first-day]`, MODE being query, body or v1.

const { default: Client, $OpenApiUtil } = require('@alicloud/openapi-core');
const { RuntimeOptions } = require('@darabonba/typescript');
const { Caller, start } = require('./ccc_checks');
const scenario = require('./ccc_scenario');

class OpenApiCore extends Caller {
  constructor(checks, settings) {
    super(checks, settings);
    const { endpoint, keyId, secret, mode } = this.settings;
    this.sdk = `@alicloud/openapi-core (${mode})`;
    const config = { accessKeyId: keyId, accessKeySecret: secret, endpoint, protocol: 'http' };
    // "v2" is the SDK's name for the older HMAC-SHA1 signature in the parameters.
    this.client = new Client(
      new $OpenApiUtil.Config(mode === 'v1' ? { ...config, signatureAlgorithm: 'v2' } : config),
    );
  }

  async send(action, params) {
    const texts = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, String(value)]),
    );
    const request = this.settings.mode === 'body' ? { query: {}, body: texts } : { query: texts };
    try {
      const { body, statusCode, headers } = await this.client.callApi(
        this.params(action),
        new $OpenApiUtil.OpenApiRequest(request),
        new RuntimeOptions({}),
      );
      this.checks.same(`${action}: x-acs-request-id`, headers['x-acs-request-id'], body.RequestId);
      return {
        code: body.Code,
        http: statusCode,
        message: body.Message,
        requestId: body.RequestId,
        body,
      };
    } catch (error) {
      if (!error.data?.Code) throw error;
      const { Code: code, Message: message, RequestId: requestId } = error.data;
      return { code, http: error.statusCode, message, requestId, body: {} };
    }
  }

  params(action) {
    return new $OpenApiUtil.Params({
      action,
      version: this.settings.version,
      protocol: 'HTTP',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
  }
}

start((checks, settings) => new OpenApiCore(checks, settings), scenario.run, [
  'query',
  'body',
  'v1',
]);
