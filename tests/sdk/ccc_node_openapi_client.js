'use strict';
// npm @alicloud/openapi-client: `ccc_node_openapi_client.js HOST:PORT [v3|v1] [--expect-expired]`.
// The typed Node package is a thin layer of generated code over this client's `callApi`.

const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
const { RuntimeOptions } = require('@alicloud/tea-util');
const { EXPECTATIONS, REQUEST_ID, Caller, start } = require('./ccc_checks');
const scenario = require('./ccc_scenario');

class OpenApi extends Caller {
  constructor(checks, settings) {
    super(checks, settings);
    const { endpoint, keyId, secret, mode } = this.settings;
    this.v1 = mode === 'v1';
    this.sdk = `@alicloud/openapi-client (${mode})`;
    const config = { accessKeyId: keyId, accessKeySecret: secret, endpoint, protocol: 'http' };
    // "v2" is the SDK's name for the older HMAC-SHA1 signature in the parameters.
    this.client = new Client(
      new Config(this.v1 ? { ...config, signatureAlgorithm: 'v2' } : config),
    );
  }

  async send(action, params, { nonce, inBody, xml }) {
    const query = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, String(value)]),
    );
    const request = inBody ? { query: {}, body: query } : { query };
    // A request's own headers and parameters win over the SDK's, its nonce among them.
    if (nonce && this.v1) request.query.SignatureNonce = nonce;
    if (nonce && !this.v1) request.headers = { 'x-acs-signature-nonce': nonce };
    if (xml) request.query.Format = 'XML';
    try {
      const { body, statusCode, headers } = await this.client.callApi(
        this.params(action),
        new OpenApiRequest(request),
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
      if (!error.data?.statusCode) throw error;
      return this.refusal(error);
    }
  }

  params(action) {
    return new Params({
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

  /** The error's own message has the code, the status and the request id woven in. */
  refusal({ code, message, data }) {
    const { statusCode, Message, RequestId } = data;
    this.checks.same(
      "the error's message",
      message,
      `${code}: code: ${statusCode}, ${Message} request id: ${RequestId}`,
    );
    return { code, http: statusCode, message: Message, requestId: RequestId, body: {} };
  }
}

/** Parameters in a form body, which this client sends in chunks. */
async function formBody(caller) {
  for (const action of ['ListPersonalNumbersOfUser', 'ListPhoneNumbers']) {
    const params = { ...EXPECTATIONS.valid[action], SearchPattern: '083' };
    const [query, body] = [
      await caller.call(action, params),
      await caller.call(action, params, { inBody: true }),
    ];
    caller.checks.success(`${action} in a body`, body);
    caller.checks.same(`${action} in a body or in the query`, body.body.Data, query.body.Data);
  }
}

/** The V3 client parses an XML error only under one exact content type. */
async function xmlError(caller) {
  const params = { ...EXPECTATIONS.valid.ListPhoneNumbers, InstanceId: 'nowhere' };
  const reply = await caller.call('ListPhoneNumbers', params, { xml: true });
  caller.checks.same(
    'an XML error',
    [reply.code, reply.http, reply.message],
    ['NotExists.InstanceId', 404, 'The specified instance nowhere does not exist.'],
  );
  caller.checks.matches("an XML error's request id", reply.requestId, REQUEST_ID);
}

async function run(caller) {
  await formBody(caller);
  if (!caller.v1) await xmlError(caller);
  await scenario.run(caller);
}

start((checks, settings) => new OpenApi(checks, settings), run, ['v3', 'v1']);
