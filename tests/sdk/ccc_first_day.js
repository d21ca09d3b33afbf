'use strict';
// An administrator's first day, told in first_day.json, each step through the SDK. It uses every
// operation at least once.

const STEPS = require('./first_day.json');

/**
 * A parameter as a client sends it: a list is one string that holds JSON. `$name` is what an
 * earlier step kept.
 */
function spelled(value, kept) {
  if (typeof value === 'string' && value.startsWith('$')) return kept[value.slice(1)];
  if (value?.range) {
    const [first, count] = value.range;
    const number = (step) => String(BigInt(first) + BigInt(step)).padStart(first.length, '0');
    return JSON.stringify(Array.from({ length: count }, (_, step) => number(step)));
  }
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** What stands at a path such as `Data.List.0.City`; `length` is how long a list is. */
function found(body, path) {
  return path.split('.').reduce((part, name) => part?.[name], body);
}

async function run(caller) {
  const kept = {};
  for (const { say, action, params, expect, keep = {} } of STEPS) {
    const sent = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, spelled(value, kept)]),
    );
    const reply = await caller.call(action, sent);
    const { Code: code = 'OK', ...rest } = expect;
    caller.checks.same(`${say}: ${action}: code (message ${reply.message})`, reply.code, code);
    for (const [path, value] of Object.entries(rest))
      caller.checks.same(`${say}: ${action}: ${path}`, found(reply.body, path), value);
    for (const [name, path] of Object.entries(keep)) kept[name] = found(reply.body, path);
  }
}

module.exports = { run };
