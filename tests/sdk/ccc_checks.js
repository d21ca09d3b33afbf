'use strict';
// What the Node drivers share: the list of checks, a client's base class, and how a driver is
// started.

const { isDeepStrictEqual } = require('util');
const EXPECTATIONS = require('./expectations.json');

const { demo: DEMO } = EXPECTATIONS;
const REQUEST_ID = '[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}';
const shown = (value) => JSON.stringify(value);

/** Counts what was checked and remembers what differed; a difference doesn't stop the run. */
class Checks {
  constructor() {
    this.count = 0;
    this.differences = [];
  }

  holds(what, condition, detail = '') {
    this.count += 1;
    if (!condition)
      this.differences.push(`${what}: ${typeof detail === 'string' ? detail : shown(detail)}`);
  }

  same(what, actual, expected) {
    this.holds(
      what,
      isDeepStrictEqual(actual, expected),
      `got ${shown(actual)}, expected ${shown(expected)}`,
    );
  }

  matches(what, text, pattern) {
    const matched = typeof text === 'string' && new RegExp(`^(?:${pattern})$`, 's').test(text);
    this.holds(what, matched, `got ${shown(text)}, expected a match of ${pattern}`);
  }

  /** Every field of `expected` is in `actual`, with the same value and type. */
  contains(what, actual, expected) {
    for (const [name, value] of Object.entries(expected))
      this.same(`${what}.${name}`, actual?.[name], value);
  }

  success(what, reply) {
    this.same(`${what}: code (message ${reply.message})`, reply.code, 'OK');
    this.same(`${what}: HTTP status`, reply.http, 200);
    this.matches(`${what}: request id`, reply.requestId, REQUEST_ID);
  }

  refusal(what, reply, expected) {
    this.same(`${what}: code (message ${reply.message})`, reply.code, expected.code);
    this.same(`${what}: HTTP status`, reply.http, expected.http);
    this.matches(`${what}: request id`, reply.requestId, REQUEST_ID);
    if ('message' in expected) this.same(`${what}: message`, reply.message, expected.message);
    if ('pattern' in expected) this.matches(`${what}: message`, reply.message, expected.pattern);
  }

  finish() {
    for (const difference of this.differences) console.log(`differs: ${difference}`);
    console.log(`checks: ${this.count}`);
    return this.differences.length ? 1 : 0;
  }
}

/** One SDK's client. A driver derives from it and says in `send` how its SDK sends a call. */
class Caller {
  constructor(checks, settings) {
    const usual = {
      keyId: DEMO.access_key_id,
      secret: DEMO.access_key_secret,
      version: '2020-07-01',
    };
    this.checks = checks;
    this.settings = { ...usual, ...settings };
  }

  changed(changes) {
    return new this.constructor(this.checks, { ...this.settings, ...changes });
  }

  /** `options.nonce` fixes the nonce. Answers {code, http, message, requestId, body}. */
  async call(action, params, options = {}) {
    const reply = await this.send(action, params, options);
    console.log(JSON.stringify({ sdk: this.sdk, action, outcome: reply.code }));
    if (reply.code === 'OK') {
      this.checks.same(`${action}: HttpStatusCode`, reply.body.HttpStatusCode, 200);
      this.checks.same(`${action}: Message is a string`, typeof reply.message, 'string');
      this.checkTypes(action, reply.body);
    }
    return reply;
  }

  /** Node converts nothing, so a quoted number or boolean would reach the caller as a string. */
  checkTypes(where, value) {
    const types = {
      number: [
        'PageNumber',
        'PageSize',
        'TotalCount',
        'HttpStatusCode',
        'PhoneNumberCount',
        'UserCount',
      ],
      boolean: ['Active'],
      array: ['List', 'AdminList', 'NumberList', 'SkillGroups'],
    };
    for (const [name, part] of Object.entries(value)) {
      const actual = Array.isArray(part) ? 'array' : typeof part;
      const declared = Object.keys(types).find((type) => types[type].includes(name));
      if (declared && actual !== declared)
        this.checks.holds('types', false, `${where}.${name} is ${actual}`);
      if (part && typeof part === 'object') this.checkTypes(`${where}.${name}`, part);
    }
  }
}

/** Run a driver as `DRIVER HOST:PORT [MODE] [--expect-expired | --first-day]`. */
async function start(makeCaller, run, modes) {
  const given = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const [endpoint, mode = modes[0]] = given;
  if (!endpoint || !modes.includes(mode)) {
    console.error(
      `usage: ${process.argv[1]} HOST:PORT [${modes.join('|')}] [--expect-expired | --first-day]`,
    );
    process.exit(2);
  }
  const checks = new Checks();
  const caller = makeCaller(checks, { endpoint, mode });
  try {
    if (process.argv.includes('--expect-expired')) {
      const reply = await caller.call(
        'ListInstancesOfUser',
        EXPECTATIONS.valid.ListInstancesOfUser,
      );
      checks.refusal('a skewed clock', reply, EXPECTATIONS.gateway.expired);
    } else {
      await (process.argv.includes('--first-day') ? require('./ccc_first_day').run : run)(caller);
    }
  } catch (error) {
    // A reply so unlike the expected one that the story can't go on is a difference too.
    checks.differences.push(`the run broke off: ${error.stack}`);
  }
  // The SDKs keep idle connections open, which would keep the process alive: leave once all is
  // written.
  const code = checks.finish();
  process.stdout.write('', () => process.exit(code));
}

module.exports = { EXPECTATIONS, DEMO, REQUEST_ID, Caller, start };
