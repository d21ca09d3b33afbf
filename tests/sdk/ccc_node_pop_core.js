'use strict';
// npm @alicloud/pop-core: `ccc_node_pop_core.js HOST:PORT [GET|POST] [--expect-expired]`.
// GET, the SDK's default, puts all parameters into the query; POST puts them into a form body.

const { RPCClient } = require('@alicloud/pop-core');
const { DEMO, Caller, start } = require('./ccc_checks');
const scenario = require('./ccc_scenario');

class PopCore extends Caller {
  constructor(checks, settings) {
    super(checks, settings);
    this.sdk = '@alicloud/pop-core';
    const { endpoint, keyId, secret, version } = this.settings;
    // Verbose clients answer [body, exchange]: the only way to see the status of a success.
    this.client = new RPCClient(
      {
        endpoint: `http://${endpoint}`,
        accessKeyId: keyId,
        accessKeySecret: secret,
        apiVersion: version,
      },
      true,
    );
  }

  async send(action, params, { nonce }) {
    // Parameters win over the ones that the SDK makes up, its nonce among them.
    const all = nonce ? { ...params, SignatureNonce: nonce } : params;
    try {
      const [body, { response }] = await this.client.request(action, all, {
        method: this.settings.mode,
      });
      this.checks.same(
        `${action}: x-acs-request-id`,
        response.headers['x-acs-request-id'],
        body.RequestId,
      );
      return {
        code: body.Code,
        http: response.statusCode,
        message: body.Message,
        requestId: body.RequestId,
        body,
      };
    } catch (error) {
      if (!error.data) throw error;
      const { Code, Message, RequestId } = error.data;
      this.checks.same("the error's name", [error.name, error.code], [`${Code}Error`, Code]);
      this.checks.same("the error's message", error.message, `${Message}, URL: ${error.url}`);
      return {
        code: Code,
        http: error.entry.response.statusCode,
        message: Message,
        requestId: RequestId,
        body: {},
      };
    }
  }
}

/** This SDK spells an array out as NumberList.1, NumberList.2, …: the same as the JSON text. */
async function repeatedParameters(caller) {
  const free = scenario.numbersOf(await scenario.personal(caller, { member: false }));
  const both = free.slice(0, 2);
  const params = {
    InstanceId: DEMO.instance,
    UserId: DEMO.user,
    NumberList: [...both, DEMO.unknown_number],
  };
  const reply = await caller.call('AddPersonalNumbersToUser', params);
  caller.checks.success('an array of numbers', reply);
  caller.checks.same('an array of numbers: refused', reply.body.Data, [DEMO.unknown_number]);
  const mine = scenario.numbersOf(await scenario.personal(caller));
  caller.checks.holds(
    'an array of numbers: given',
    both.every((number) => mine.includes(number)),
    mine,
  );
  caller.checks.success(
    'an array of numbers: taken',
    await caller.call('RemovePersonalNumbersFromUser', params),
  );
  const after = scenario.numbersOf(await scenario.personal(caller, { member: false }));
  caller.checks.same('an array of numbers: free again', after, free);
}

async function run(caller) {
  await repeatedParameters(caller);
  await scenario.run(caller);
}

start((checks, settings) => new PopCore(checks, settings), run, ['GET', 'POST']);
