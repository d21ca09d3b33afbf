"""One story through any SDK: look, give, bind, undo, be refused. All is as before at the end."""

import json
import uuid

from ccc_checks import DEMO, EXPECTATIONS

INSTANCE, USER, GROUP = DEMO["instance"], DEMO["user"], DEMO["group"]
UNKNOWN = DEMO["unknown_number"]
# Kept for others, by holds and a cool-down.
RESERVED = DEMO["reserved_numbers"]


def run(caller):
    before = snapshot(caller)
    names = discover(caller, before)
    the_callers_instance(caller, before)
    listing_personal_numbers(caller, names)
    listing_phone_numbers(caller, before)
    listing_the_groups_numbers(caller)
    giving_and_taking(caller, names)
    binding_lists(caller, names)
    binding_one_number(caller, names)
    faults(caller, names)
    caller.checks.same("nothing that was refused had an effect", snapshot(caller), before)
    gateway_refusals(caller)
    special_characters(caller, before)
    replayed_nonces(caller, names)
    caller.checks.same("the database is as it was found", snapshot(caller), before)


# The operations under short names.


def personal(caller, user=USER, member=True, **more):
    return everything(
        caller,
        "ListPersonalNumbersOfUser",
        InstanceId=INSTANCE,
        UserId=user,
        IsMember=member,
        **more,
    )


def of_group(caller, group=GROUP, member=True, **more):
    return everything(
        caller,
        "ListPhoneNumbersOfSkillGroup",
        InstanceId=INSTANCE,
        SkillGroupId=group,
        IsMember=member,
        **more,
    )


def give(caller, *numbers, nonce=None):
    return user_numbers(caller, "AddPersonalNumbersToUser", numbers, nonce)


def take(caller, *numbers, nonce=None):
    return user_numbers(caller, "RemovePersonalNumbersFromUser", numbers, nonce)


def user_numbers(caller, action, numbers, nonce=None):
    return caller.call(
        action, {"InstanceId": INSTANCE, "UserId": USER, "NumberList": json.dumps(numbers)}, nonce
    )


def group_numbers(caller, action, *numbers):
    params = {"InstanceId": INSTANCE, "SkillGroupId": GROUP, "NumberList": json.dumps(numbers)}
    return caller.call(action, params)


def number_groups(caller, action, number, groups):
    params = {"InstanceId": INSTANCE, "Number": number, "SkillGroupIdList": json.dumps(groups)}
    return caller.call(action, params)


def everything(caller, action, page_size=100, **params):
    """All rows of a list, page by page; checks the paging fields and that the order is stable."""
    rows, page, total = [], 1, None
    while total is None or len(rows) < total:
        reply = caller.call(action, {**params, "PageNumber": page, "PageSize": page_size})
        caller.checks.success(f"{action} page {page}", reply)
        if reply.code != "OK":
            break
        total = reply.data["TotalCount"] if total is None else total
        caller.checks.contains(
            f"{action} page {page}",
            reply.data,
            {"PageNumber": page, "PageSize": page_size, "TotalCount": total},
        )
        full = min(page_size, total - len(rows))
        caller.checks.same(f"{action} page {page}: rows", len(reply.rows), full)
        if not reply.rows:
            break
        rows, page = rows + reply.rows, page + 1
    numbers = [row["Number"] for row in rows]
    caller.checks.same(f"{action}: by number, bytewise", numbers, sorted(set(numbers)))
    return rows


def numbers_of(rows):
    return [row["Number"] for row in rows]


def snapshot(caller):
    return {
        row["Number"]: row for row in everything(caller, "ListPhoneNumbers", InstanceId=INSTANCE)
    }


def groups_of(row):
    return [group["SkillGroupId"] for group in row.get("SkillGroups") or []]


def discover(caller, rows):
    """Numbers to work with: three free ones, a bound one, another user's, and that other user."""
    free = numbers_of(personal(caller, member=False))
    caller.checks.holds("at least three numbers are free", len(free) >= 3, free)
    bound = [number for number, row in rows.items() if groups_of(row)]
    theirs = [number for number, row in rows.items() if row.get("UserId") not in (None, "", USER)]
    caller.checks.holds("some numbers are bound", bound)
    caller.checks.holds("some numbers are others'", theirs)
    expected_free = sorted(
        number
        for number, row in rows.items()
        if not groups_of(row) and not row.get("UserId") and number not in RESERVED
    )
    caller.checks.same(
        "assignable is what nobody holds and nothing keeps, whatever its usage and activity",
        free,
        expected_free,
    )
    groups = sorted({group for row in rows.values() for group in groups_of(row)} | {GROUP})
    return {
        "free": free[0],
        "second": free[1],
        "third": free[2],
        "bound": bound[0],
        "theirs": theirs[0],
        "other_user": rows[theirs[0]]["UserId"],
        "groups": groups,
        "personal": DEMO["number"],
        "unknown": UNKNOWN,
    }


# Reading.


def the_callers_instance(caller, rows):
    checks = caller.checks
    reply = caller.call("ListInstancesOfUser", {"PageNumber": 1, "PageSize": 10})
    checks.success("ListInstancesOfUser", reply)
    checks.same("ListInstancesOfUser: TotalCount", reply.data["TotalCount"], len(reply.rows))
    found = {row["Id"]: row for row in reply.rows}.get(INSTANCE, {})
    checks.contains("instance", found, EXPECTATIONS["instance"])
    admins = {admin["UserId"]: admin for admin in found.get("AdminList") or []}
    checks.contains("admin", admins.get(USER, {}), EXPECTATIONS["admin"])
    numbers = {row["Number"]: row for row in found.get("NumberList") or []}
    checks.same("instance: its numbers", sorted(numbers), sorted(rows))
    checks.contains(
        "instance's number",
        numbers.get(DEMO["number"], {}),
        {**EXPECTATIONS["number"], "UserId": USER},
    )
    groups = [
        group
        for row in numbers.values()
        for group in row.get("SkillGroups") or []
        if group["SkillGroupId"] == GROUP
    ]
    checks.holds("a number of the instance shows its group", groups)
    bound = sum(GROUP in groups_of(row) for row in rows.values())
    for group in groups[:1]:
        checks.contains(
            "instance's group",
            group,
            {**EXPECTATIONS["group"], "PhoneNumberCount": bound, "UserCount": 2},
        )
    reply = caller.call("ListInstancesOfUser", {"PageNumber": 100, "PageSize": 100})
    checks.same("ListInstancesOfUser past the end", (reply.code, reply.data["List"]), ("OK", []))


def listing_personal_numbers(caller, names):
    checks = caller.checks
    mine = personal(caller)
    checks.contains(
        "my number",
        {row["Number"]: row for row in mine}.get(DEMO["number"], {}),
        EXPECTATIONS["number"],
    )
    checks.same(
        "IsMember=true by pattern",
        [row for row in mine if "083" in row["Number"]],
        personal(caller, SearchPattern="083"),
    )
    free = personal(caller, member=False)
    checks.same("small pages make the same list", personal(caller, member=False, page_size=7), free)
    part = names["free"][2:6]
    checks.same(
        "IsMember=false by pattern",
        personal(caller, member=False, SearchPattern=part),
        [row for row in free if part in row["Number"]],
    )
    checks.same(
        "an empty pattern filters nothing", personal(caller, member=False, SearchPattern=""), free
    )
    for member, total in ((True, len(mine)), (False, len(free))):
        reply = caller.call(
            "ListPersonalNumbersOfUser",
            {
                "InstanceId": INSTANCE,
                "UserId": USER,
                "IsMember": member,
                "PageNumber": 100,
                "PageSize": 100,
            },
        )
        checks.success("past the end", reply)
        checks.contains(
            "past the end", reply.data, {"List": [], "TotalCount": total, "PageNumber": 100}
        )


def listing_phone_numbers(caller, rows):
    checks = caller.checks
    all_rows = list(rows.values())
    checks.contains(
        "ListPhoneNumbers", rows.get(DEMO["number"], {}), {**EXPECTATIONS["number"], "UserId": USER}
    )
    checks.holds(
        "CreateTime is text of digits",
        all(
            isinstance(row.get("CreateTime"), str) and row["CreateTime"].isdigit()
            for row in all_rows
        ),
    )

    def filtered(**filters):
        return everything(caller, "ListPhoneNumbers", InstanceId=INSTANCE, **filters)

    for usage in ("Inbound", "Outbound", "Bidirection"):
        checks.same(
            f"Usage={usage}",
            filtered(Usage=usage),
            [row for row in all_rows if row["Usage"] == usage],
        )
    for active in (True, False):
        expected = [row for row in all_rows if row["Active"] is active]
        checks.same(f"Active={active}", filtered(Active=active), expected)
    checks.same(
        "SearchPattern",
        filtered(SearchPattern="083"),
        [row for row in all_rows if "083" in row["Number"]],
    )
    checks.same(
        "all filters at once",
        filtered(SearchPattern="0", Usage="Bidirection", Active=True),
        [
            row
            for row in all_rows
            if "0" in row["Number"] and row["Usage"] == "Bidirection" and row["Active"]
        ],
    )
    checks.same("empty filters filter nothing", filtered(SearchPattern="", Usage=""), all_rows)


def listing_the_groups_numbers(caller):
    checks, rows = caller.checks, snapshot(caller)
    members = [number for number, row in rows.items() if GROUP in groups_of(row)]
    bindable = [
        number
        for number, row in rows.items()
        if GROUP not in groups_of(row) and not row.get("UserId") and number not in RESERVED
    ]
    checks.same("the group's numbers", numbers_of(of_group(caller)), members)
    checks.same(
        "the numbers it could bind: neither its own nor personal nor reserved",
        numbers_of(of_group(caller, member=False)),
        bindable,
    )
    checks.same(
        "bindable and active",
        numbers_of(of_group(caller, member=False, Active=True)),
        [number for number in bindable if rows[number]["Active"]],
    )
    checks.same(
        "bindable by pattern",
        numbers_of(of_group(caller, member=False, SearchPattern="083")),
        [number for number in bindable if "083" in number],
    )


# Writing.


def giving_and_taking(caller, names):
    checks, a, b = caller.checks, names["free"], names["second"]
    refused = [UNKNOWN, names["bound"], names["theirs"]]
    reply = give(caller, a, UNKNOWN, names["bound"], b, a, names["theirs"], UNKNOWN)
    checks.success("a partly refused giving", reply)
    checks.same("Data has what was not added, each once", sorted(reply.data or []), sorted(refused))
    for numbers in ([a], [b, b], [a, b]):
        reply = give(caller, *numbers)
        checks.same(f"giving {numbers} again is not a failure", (reply.code, reply.data), ("OK", []))
    mine = numbers_of(personal(caller))
    checks.holds(
        "given numbers are the user's, the refused ones aren't",
        {a, b} <= set(mine) and not set(refused) & set(mine),
        mine,
    )
    for user in (USER, names["other_user"]):
        free = numbers_of(personal(caller, user=user, member=False))
        checks.holds(f"a given number is nobody's to take ({user})", not {a, b} & set(free), free)
    checks.same("ListPhoneNumbers shows the holder", snapshot(caller)[a].get("UserId"), USER)
    checks.holds(
        "a personal number isn't bindable", a not in numbers_of(of_group(caller, member=False))
    )

    reply = take(caller, a, b, a, UNKNOWN, names["theirs"])
    checks.success("taking back, with numbers that aren't the user's", reply)
    checks.same("taking has no Data", reply.data, None)
    checks.success("taking again", take(caller, a))
    checks.holds(
        "taken numbers are free again", {a, b} <= set(numbers_of(personal(caller, member=False)))
    )
    checks.same(
        "another's number stayed theirs",
        snapshot(caller)[names["theirs"]].get("UserId"),
        names["other_user"],
    )


def binding_lists(caller, names):
    checks, c, d = caller.checks, names["free"], names["third"]
    for attempt in ("binding", "binding again"):
        reply = group_numbers(caller, "AddNumbersToSkillGroup", c, d, c)
        checks.success(attempt, reply)
        checks.same(f"{attempt} has no Data", reply.data, None)
    checks.holds("bound numbers are the group's", {c, d} <= set(numbers_of(of_group(caller))))
    checks.holds(
        "and not bindable again", not {c, d} & set(numbers_of(of_group(caller, member=False)))
    )
    checks.holds("nor assignable", not {c, d} & set(numbers_of(personal(caller, member=False))))
    checks.same("nor can they be given", give(caller, c).data, [c])
    row = snapshot(caller)[c]
    checks.same("ListPhoneNumbers shows the group", groups_of(row), [GROUP])
    checks.contains(
        "its group", row["SkillGroups"][0] if row.get("SkillGroups") else {}, EXPECTATIONS["group"]
    )
    for attempt in ("unbinding", "unbinding again"):
        checks.success(attempt, group_numbers(caller, "RemovePhoneNumbersFromSkillGroup", c, d))
    checks.holds(
        "unbound numbers are free", {c, d} <= set(numbers_of(personal(caller, member=False)))
    )


def binding_one_number(caller, names):
    checks, c, groups = caller.checks, names["second"], names["groups"]
    for attempt in ("binding to groups", "binding to groups again"):
        checks.success(attempt, number_groups(caller, "AddPhoneNumberToSkillGroups", c, groups))
    checks.same("the number is every group's", sorted(groups_of(snapshot(caller)[c])), groups)
    checks.success(
        "leaving one group", number_groups(caller, "RemovePhoneNumberFromSkillGroups", c, [GROUP])
    )
    checks.holds("the group has lost it", c not in numbers_of(of_group(caller)))
    checks.holds("and could bind it", c in numbers_of(of_group(caller, member=False)))
    for attempt in ("leaving all groups", "leaving them again"):
        checks.success(
            attempt, number_groups(caller, "RemovePhoneNumberFromSkillGroups", c, groups)
        )
    checks.holds("the number is free", c in numbers_of(personal(caller, member=False)))


# Being refused.


def fill(value, names):
    """Put the discovered numbers where the tables say `$free`, `$unknown`, `$personal`."""
    for name in ("free", "unknown", "personal"):
        value = value.replace(f"${name}", names[name]) if isinstance(value, str) else value
    return value


def faults(caller, names):
    """Every required parameter of every operation with every fault of its kind; special cases."""
    for action, valid in EXPECTATIONS["valid"].items():
        for name in valid:
            for fault in EXPECTATIONS["faults"]:
                if fault["kind"] in ("any", EXPECTATIONS["kinds"][name]):
                    expected = {
                        key: text.replace("{name}", name) if isinstance(text, str) else text
                        for key, text in fault.items()
                    }
                    refused(caller, action, {name: fault["value"]}, expected, names)
    for case in EXPECTATIONS["cases"]:
        refused(caller, case["action"], case["change"], case, names)


def refused(caller, action, change, expected, names):
    params = {**EXPECTATIONS["valid"][action], **change}
    params = {name: fill(value, names) for name, value in params.items() if value is not None}
    expected = {key: fill(value, names) for key, value in expected.items()}
    what = f"{action} with {change} ({expected.get('why', 'a bad parameter')})"
    caller.checks.refusal(what, caller.call(action, params), expected)


def gateway_refusals(caller):
    action, expected = "ListInstancesOfUser", EXPECTATIONS["gateway"]
    params = EXPECTATIONS["valid"][action]
    stranger, liar = caller.changed(key_id="nobodys-key"), caller.changed(secret="wrong-secret")
    for what, who, name, refusal in (
        ("unknown action", caller, "ListNothingAtAll", expected["unknown_action"]),
        ("wrong version", caller.changed(version="1999-01-01"), action, expected["wrong_version"]),
        ("unknown access key", stranger, action, expected["unknown_key"]),
        ("wrong secret", liar, action, liar.wrong_secret),
    ):
        caller.checks.refusal(what, who.call(name, params), refusal)


def special_characters(caller, rows):
    """A pattern is literal text: what comes back is what a plain substring search finds."""
    for pattern in EXPECTATIONS["patterns"]:
        found = numbers_of(
            everything(caller, "ListPhoneNumbers", InstanceId=INSTANCE, SearchPattern=pattern)
        )
        caller.checks.same(
            f"SearchPattern {pattern!r}", found, [number for number in rows if pattern in number]
        )
        caller.checks.success(
            f"SearchPattern {pattern!r} among personal numbers",
            caller.call(
                "ListPersonalNumbersOfUser",
                {**EXPECTATIONS["valid"]["ListPersonalNumbersOfUser"], "SearchPattern": pattern},
            ),
        )


def replayed_nonces(caller, names):
    checks, used = caller.checks, EXPECTATIONS["gateway"]["used_nonce"]
    read = EXPECTATIONS["valid"]["ListPersonalNumbersOfUser"]
    number, one, two, three = names["free"], *(str(uuid.uuid4()) for _ in range(3))

    checks.success("a read", caller.call("ListPersonalNumbersOfUser", read, nonce=one))
    checks.refusal(
        "the same nonce for a read", caller.call("ListPersonalNumbersOfUser", read, nonce=one), used
    )
    checks.refusal("a read's nonce for a write", give(caller, number, nonce=one), used)

    checks.success("a write", give(caller, number, nonce=two))
    checks.success("undone", take(caller, number))
    checks.refusal("the same nonce for a write", give(caller, number, nonce=two), used)
    checks.refusal(
        "a write's nonce for a read",
        caller.call("ListPersonalNumbersOfUser", read, nonce=two),
        used,
    )
    checks.holds(
        "a refused replay changes nothing", number in numbers_of(personal(caller, member=False))
    )

    liar = caller.changed(secret="wrong-secret")
    checks.refusal(
        "a bad signature",
        liar.call("ListPersonalNumbersOfUser", read, nonce=three),
        liar.wrong_secret,
    )
    checks.success(
        "doesn't use its nonce up", caller.call("ListPersonalNumbersOfUser", read, nonce=three)
    )
