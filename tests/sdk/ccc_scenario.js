'use strict';
// One story told through any SDK: look, give, bind, undo, and be refused. It leaves everything as
// it was.

const { randomUUID } = require('crypto');
const { EXPECTATIONS, DEMO } = require('./ccc_checks');

const { instance: INSTANCE, user: USER, group: GROUP, unknown_number: UNKNOWN } = DEMO;

async function run(caller) {
  const before = await snapshot(caller);
  const names = await discover(caller, before);
  await theCallersInstance(caller, before);
  await listingPersonalNumbers(caller, names);
  await listingPhoneNumbers(caller, before);
  await listingTheGroupsNumbers(caller, before);
  await givingAndTaking(caller, names);
  await bindingLists(caller, names);
  await bindingOneNumber(caller, names);
  await faults(caller, names);
  caller.checks.same('nothing that was refused had an effect', await snapshot(caller), before);
  await gatewayRefusals(caller);
  await specialCharacters(caller, before);
  await replayedNonces(caller, names);
  caller.checks.same('the database is as it was found', await snapshot(caller), before);
}

// The operations under short names.

const personal = (caller, { user = USER, member = true, ...more } = {}) =>
  everything(caller, 'ListPersonalNumbersOfUser', {
    InstanceId: INSTANCE,
    UserId: user,
    IsMember: member,
    ...more,
  });

const ofGroup = (caller, { member = true, ...more } = {}) =>
  everything(caller, 'ListPhoneNumbersOfSkillGroup', {
    InstanceId: INSTANCE,
    SkillGroupId: GROUP,
    IsMember: member,
    ...more,
  });

const userNumbers = (caller, action, numbers, options) =>
  caller.call(
    action,
    { InstanceId: INSTANCE, UserId: USER, NumberList: JSON.stringify(numbers) },
    options,
  );

const give = (caller, numbers, options) =>
  userNumbers(caller, 'AddPersonalNumbersToUser', numbers, options);

const take = (caller, numbers) => userNumbers(caller, 'RemovePersonalNumbersFromUser', numbers);

const groupNumbers = (caller, action, numbers) =>
  caller.call(action, {
    InstanceId: INSTANCE,
    SkillGroupId: GROUP,
    NumberList: JSON.stringify(numbers),
  });

const numberGroups = (caller, action, number, groups) =>
  caller.call(action, {
    InstanceId: INSTANCE,
    Number: number,
    SkillGroupIdList: JSON.stringify(groups),
  });

/** All rows of a list, page by page; checks the paging fields and that the order is stable. */
async function everything(caller, action, params, pageSize = 100) {
  const { checks } = caller;
  const rows = [];
  for (let page = 1, total; total === undefined || rows.length < total; page += 1) {
    const reply = await caller.call(action, { ...params, PageNumber: page, PageSize: pageSize });
    checks.success(`${action} page ${page}`, reply);
    if (reply.code !== 'OK') break;
    total ??= reply.body.Data.TotalCount;
    checks.contains(`${action} page ${page}`, reply.body.Data, {
      PageNumber: page,
      PageSize: pageSize,
      TotalCount: total,
    });
    const { List } = reply.body.Data;
    checks.same(
      `${action} page ${page}: rows`,
      List.length,
      Math.min(pageSize, total - rows.length),
    );
    if (!List.length) break;
    rows.push(...List);
  }
  const numbers = numbersOf(rows);
  checks.same(`${action}: by number, bytewise`, numbers, [...new Set(numbers)].sort());
  return rows;
}

const numbersOf = (rows) => rows.map((row) => row.Number);
const groupsOf = (row) => (row.SkillGroups ?? []).map((group) => group.SkillGroupId);
const among = (numbers, some) => some.every((number) => numbers.includes(number));
const apart = (numbers, some) => !some.some((number) => numbers.includes(number));
const find = (rows, number) => rows.find((row) => row.Number === number) ?? {};

const snapshot = (caller) => everything(caller, 'ListPhoneNumbers', { InstanceId: INSTANCE });

/** Whether a number is kept for others, by a hold or a cool-down. */
const isReserved = (row) => DEMO.reserved_numbers.includes(row.Number);

/** Numbers to work with: three free ones, a bound one, another user's, and that other user. */
async function discover(caller, rows) {
  const { checks } = caller;
  const free = numbersOf(await personal(caller, { member: false }));
  const bound = rows.filter((row) => groupsOf(row).length);
  const theirs = rows.filter((row) => row.UserId && row.UserId !== USER);
  checks.holds(
    "three numbers are free, some are bound, some others'",
    free.length >= 3 && bound.length && theirs.length,
    { free, bound, theirs },
  );
  checks.same(
    'assignable is what nobody holds and nothing keeps, whatever its usage and activity',
    free,
    numbersOf(rows.filter((row) => !groupsOf(row).length && !row.UserId && !isReserved(row))),
  );
  const groups = [...new Set([GROUP, ...bound.flatMap(groupsOf)])].sort();
  return {
    free: free[0],
    second: free[1],
    third: free[2],
    bound: bound[0].Number,
    theirs: theirs[0].Number,
    otherUser: theirs[0].UserId,
    groups,
    personal: DEMO.number,
    unknown: UNKNOWN,
  };
}

// Reading.

async function theCallersInstance(caller, rows) {
  const { checks } = caller;
  const reply = await caller.call('ListInstancesOfUser', { PageNumber: 1, PageSize: 10 });
  checks.success('ListInstancesOfUser', reply);
  const { List, TotalCount } = reply.body.Data;
  checks.same('ListInstancesOfUser: TotalCount', TotalCount, List.length);
  const found = List.find((row) => row.Id === INSTANCE);
  checks.contains('instance', found, EXPECTATIONS.instance);
  checks.contains(
    'admin',
    found.AdminList.find((admin) => admin.UserId === USER),
    EXPECTATIONS.admin,
  );
  checks.same('instance: its numbers', numbersOf(found.NumberList).sort(), numbersOf(rows));
  checks.contains("instance's number", find(found.NumberList, DEMO.number), {
    ...EXPECTATIONS.number,
    UserId: USER,
  });
  const group = found.NumberList.flatMap((row) => row.SkillGroups).find(
    (one) => one.SkillGroupId === GROUP,
  );
  const bound = rows.filter((row) => groupsOf(row).includes(GROUP)).length;
  checks.contains("instance's group", group, {
    ...EXPECTATIONS.group,
    PhoneNumberCount: bound,
    UserCount: 2,
  });
  const past = await caller.call('ListInstancesOfUser', { PageNumber: 100, PageSize: 100 });
  checks.same('ListInstancesOfUser past the end', past.body.Data.List, []);
}

async function listingPersonalNumbers(caller, names) {
  const { checks } = caller;
  const mine = await personal(caller);
  checks.contains('my number', find(mine, DEMO.number), EXPECTATIONS.number);
  checks.same(
    'IsMember=true by pattern',
    await personal(caller, { SearchPattern: '083' }),
    mine.filter((row) => row.Number.includes('083')),
  );
  const free = await personal(caller, { member: false });
  const request = { InstanceId: INSTANCE, UserId: USER, IsMember: false };
  checks.same(
    'small pages make the same list',
    await everything(caller, 'ListPersonalNumbersOfUser', request, 7),
    free,
  );
  const part = names.free.slice(2, 6);
  checks.same(
    'IsMember=false by pattern',
    await personal(caller, { member: false, SearchPattern: part }),
    free.filter((row) => row.Number.includes(part)),
  );
  checks.same(
    'an empty pattern filters nothing',
    await personal(caller, { member: false, SearchPattern: '' }),
    free,
  );
  for (const [member, TotalCount] of [
    [true, mine.length],
    [false, free.length],
  ]) {
    const past = await caller.call('ListPersonalNumbersOfUser', {
      ...request,
      IsMember: member,
      PageNumber: 100,
      PageSize: 100,
    });
    checks.contains('past the end', past.body.Data, {
      List: [],
      TotalCount,
      PageNumber: 100,
      PageSize: 100,
    });
  }
}

async function listingPhoneNumbers(caller, rows) {
  const { checks } = caller;
  checks.contains('ListPhoneNumbers', find(rows, DEMO.number), {
    ...EXPECTATIONS.number,
    UserId: USER,
  });
  checks.holds(
    'CreateTime is text of digits',
    rows.every((row) => /^\d+$/.test(row.CreateTime) && typeof row.CreateTime === 'string'),
  );
  const filters = [
    ...['Inbound', 'Outbound', 'Bidirection'].map((Usage) => [
      { Usage },
      (row) => row.Usage === Usage,
    ]),
    ...[true, false].map((Active) => [{ Active }, (row) => row.Active === Active]),
    [{ SearchPattern: '083' }, (row) => row.Number.includes('083')],
    [
      { SearchPattern: '0', Usage: 'Bidirection', Active: true },
      (row) => row.Number.includes('0') && row.Usage === 'Bidirection' && row.Active,
    ],
    [{ SearchPattern: '', Usage: '' }, () => true],
  ];
  for (const [filter, keeps] of filters) {
    const found = await everything(caller, 'ListPhoneNumbers', { InstanceId: INSTANCE, ...filter });
    checks.same(`ListPhoneNumbers by ${JSON.stringify(filter)}`, found, rows.filter(keeps));
  }
}

async function listingTheGroupsNumbers(caller, rows) {
  const { checks } = caller;
  const members = rows.filter((row) => groupsOf(row).includes(GROUP));
  const bindable = rows.filter(
    (row) => !groupsOf(row).includes(GROUP) && !row.UserId && !isReserved(row),
  );
  for (const [what, filter, expected] of [
    ["the group's numbers", {}, members],
    [
      'the numbers it could bind: neither its own nor personal nor reserved',
      { member: false },
      bindable,
    ],
    ['bindable and active', { member: false, Active: true }, bindable.filter((row) => row.Active)],
    [
      'bindable by pattern',
      { member: false, SearchPattern: '083' },
      bindable.filter((row) => row.Number.includes('083')),
    ],
  ])
    checks.same(what, numbersOf(await ofGroup(caller, filter)), numbersOf(expected));
}

// Writing.

async function givingAndTaking(caller, names) {
  const { checks } = caller;
  const both = [names.free, names.second];
  const refused = [UNKNOWN, names.bound, names.theirs];
  const reply = await give(caller, [
    both[0],
    UNKNOWN,
    names.bound,
    both[1],
    both[0],
    names.theirs,
    UNKNOWN,
  ]);
  checks.success('a partly refused giving', reply);
  checks.same(
    'Data has what was not added, each once',
    [...reply.body.Data].sort(),
    [...refused].sort(),
  );
  for (const numbers of [[both[0]], [both[1], both[1]], both]) {
    checks.same(
      `giving ${numbers} again is not a failure`,
      (await give(caller, numbers)).body.Data,
      [],
    );
  }
  const mine = numbersOf(await personal(caller));
  checks.holds(
    "given numbers are the user's, the refused ones aren't",
    among(mine, both) && apart(mine, refused),
    mine,
  );
  for (const user of [USER, names.otherUser]) {
    const free = numbersOf(await personal(caller, { user, member: false }));
    checks.holds(`a given number is nobody's to take (${user})`, apart(free, both), free);
  }
  checks.same(
    'ListPhoneNumbers shows the holder',
    find(await snapshot(caller), both[0]).UserId,
    USER,
  );
  checks.holds(
    "a personal number isn't bindable",
    apart(numbersOf(await ofGroup(caller, { member: false })), both),
  );

  const taken = await take(caller, [...both, both[0], UNKNOWN, names.theirs]);
  checks.success("taking back, with numbers that aren't the user's", taken);
  checks.same('taking has no Data', taken.body.Data ?? null, null);
  checks.success('taking again', await take(caller, [both[0]]));
  checks.holds(
    'taken numbers are free again',
    among(numbersOf(await personal(caller, { member: false })), both),
  );
  checks.same(
    "another's number stayed theirs",
    find(await snapshot(caller), names.theirs).UserId,
    names.otherUser,
  );
}

async function bindingLists(caller, names) {
  const { checks } = caller;
  const both = [names.free, names.third];
  for (const attempt of ['binding', 'binding again']) {
    const reply = await groupNumbers(caller, 'AddNumbersToSkillGroup', [...both, both[0]]);
    checks.success(attempt, reply);
    checks.same(`${attempt} has no Data`, reply.body.Data ?? null, null);
  }
  checks.holds("bound numbers are the group's", among(numbersOf(await ofGroup(caller)), both));
  checks.holds(
    'and not bindable again',
    apart(numbersOf(await ofGroup(caller, { member: false })), both),
  );
  checks.holds('nor assignable', apart(numbersOf(await personal(caller, { member: false })), both));
  checks.same('nor can they be given', (await give(caller, [both[0]])).body.Data, [both[0]]);
  const row = find(await snapshot(caller), both[0]);
  checks.same('ListPhoneNumbers shows the group', groupsOf(row), [GROUP]);
  checks.contains('its group', row.SkillGroups?.[0], EXPECTATIONS.group);
  for (const attempt of ['unbinding', 'unbinding again']) {
    checks.success(attempt, await groupNumbers(caller, 'RemovePhoneNumbersFromSkillGroup', both));
  }
  checks.holds(
    'unbound numbers are free',
    among(numbersOf(await personal(caller, { member: false })), both),
  );
}

async function bindingOneNumber(caller, { second: number, groups }) {
  const { checks } = caller;
  for (const attempt of ['binding to groups', 'binding to groups again']) {
    checks.success(
      attempt,
      await numberGroups(caller, 'AddPhoneNumberToSkillGroups', number, groups),
    );
  }
  checks.same(
    "the number is every group's",
    groupsOf(find(await snapshot(caller), number)).sort(),
    groups,
  );
  checks.success(
    'leaving one group',
    await numberGroups(caller, 'RemovePhoneNumberFromSkillGroups', number, [GROUP]),
  );
  checks.holds('the group has lost it', apart(numbersOf(await ofGroup(caller)), [number]));
  checks.holds(
    'and could bind it',
    among(numbersOf(await ofGroup(caller, { member: false })), [number]),
  );
  for (const attempt of ['leaving all groups', 'leaving them again']) {
    checks.success(
      attempt,
      await numberGroups(caller, 'RemovePhoneNumberFromSkillGroups', number, groups),
    );
  }
  checks.holds(
    'the number is free',
    among(numbersOf(await personal(caller, { member: false })), [number]),
  );
}

// Being refused.

/** Put the discovered numbers where the tables say `$free`, `$unknown`, `$personal`. */
const fill = (value, names) =>
  typeof value !== 'string'
    ? value
    : ['free', 'unknown', 'personal'].reduce(
        (text, name) => text.replaceAll(`$${name}`, names[name]),
        value,
      );

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

/** Every required parameter of every operation with every fault of its kind; then special cases. */
async function faults(caller, names) {
  for (const [action, valid] of Object.entries(EXPECTATIONS.valid)) {
    for (const name of Object.keys(valid)) {
      for (const fault of EXPECTATIONS.faults) {
        if (!['any', EXPECTATIONS.kinds[name]].includes(fault.kind)) continue;
        const expected = mapped(fault, (text) =>
          typeof text === 'string' ? text.replaceAll('{name}', name) : text,
        );
        await refused(caller, action, { [name]: fault.value }, expected, names);
      }
    }
  }
  for (const one of EXPECTATIONS.cases) await refused(caller, one.action, one.change, one, names);
}

async function refused(caller, action, change, expected, names) {
  const params = mapped({ ...EXPECTATIONS.valid[action], ...change }, (value) =>
    fill(value, names),
  );
  for (const name of Object.keys(params)) if (params[name] === null) delete params[name];
  const what = `${action} with ${JSON.stringify(change)} (${expected.why ?? 'a bad parameter'})`;
  caller.checks.refusal(
    what,
    await caller.call(action, params),
    mapped(expected, (value) => fill(value, names)),
  );
}

async function gatewayRefusals(caller) {
  const { gateway, valid } = EXPECTATIONS;
  const action = 'ListInstancesOfUser';
  for (const [what, who, name, refusal] of [
    ['unknown action', caller, 'ListNothingAtAll', gateway.unknown_action],
    ['wrong version', caller.changed({ version: '1999-01-01' }), action, gateway.wrong_version],
    ['unknown access key', caller.changed({ keyId: 'nobodys-key' }), action, gateway.unknown_key],
    ['wrong secret', caller.changed({ secret: 'wrong-secret' }), action, gateway.wrong_secret],
  ])
    caller.checks.refusal(what, await who.call(name, valid[action]), refusal);
}

/** A pattern is literal text: what comes back is what a plain substring search finds. */
async function specialCharacters(caller, rows) {
  const mine = EXPECTATIONS.valid.ListPersonalNumbersOfUser;
  for (const SearchPattern of EXPECTATIONS.patterns) {
    const what = `SearchPattern ${JSON.stringify(SearchPattern)}`;
    const found = await everything(caller, 'ListPhoneNumbers', {
      InstanceId: INSTANCE,
      SearchPattern,
    });
    caller.checks.same(
      what,
      numbersOf(found),
      numbersOf(rows).filter((number) => number.includes(SearchPattern)),
    );
    caller.checks.success(
      `${what} among personal numbers`,
      await caller.call('ListPersonalNumbersOfUser', { ...mine, SearchPattern }),
    );
  }
}

async function replayedNonces(caller, { free: number }) {
  const { checks } = caller;
  const { used_nonce: used, wrong_secret: wrong } = EXPECTATIONS.gateway;
  const [one, two, three] = Array.from({ length: 3 }, () => ({ nonce: randomUUID() }));
  const read = (who, options) =>
    who.call('ListPersonalNumbersOfUser', EXPECTATIONS.valid.ListPersonalNumbersOfUser, options);

  checks.success('a read', await read(caller, one));
  checks.refusal('the same nonce for a read', await read(caller, one), used);
  checks.refusal("a read's nonce for a write", await give(caller, [number], one), used);

  checks.success('a write', await give(caller, [number], two));
  checks.success('undone', await take(caller, [number]));
  checks.refusal('the same nonce for a write', await give(caller, [number], two), used);
  checks.refusal("a write's nonce for a read", await read(caller, two), used);
  checks.holds(
    'a refused replay changes nothing',
    among(numbersOf(await personal(caller, { member: false })), [number]),
  );

  checks.refusal(
    'a bad signature',
    await read(caller.changed({ secret: 'wrong-secret' }), three),
    wrong,
  );
  checks.success("doesn't use its nonce up", await read(caller, three));
}

module.exports = { run, personal, numbersOf };
