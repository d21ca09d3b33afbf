"""What the Python drivers of the VCC face share: every endpoint, called through an OAuth2 session
that is not part of numberd.

A driver makes the session as its library documents it; only its `request` is used here.
"""

import sys
import traceback

from ccc_checks import Checks

ACCEPT = {"Accept": "application/vnd.newvoicemedia.v4+json"}
SCOPES = ["users:read", "users:write"]
CLIENT, SECRET = "demo-client", "demo-client-secret"
USER = "2f9207ca-8922-4245-bfc5-d8f42939e29a"
SAMPLE = [
    "3be4802b-d8ec-4620-a4da-924d96dea63e",
    "c480e33b-611f-4744-a4cf-e99e17e11fbf",
    "3f33b43b-81c5-4638-ba38-3ece9047886a",
]
SPARE = "c0000000-0000-4000-a000-442079460003"
BOUND = "c0000000-0000-4000-a000-442079460002"
SKILL = "f0000000-0000-4000-a000-000000000006"


class Account:
    """The User Admin API as the session's owner sees it."""

    def __init__(self, checks, session, base):
        self.checks, self.session, self.root = checks, session, f"{base}/useradmin"

    def call(self, method, path, expected=200, **arguments):
        reply = self.session.request(method, f"{self.root}{path}", headers=ACCEPT, **arguments)
        self.checks.same(f"{method} {path}: status", reply.status_code, expected)
        self.checks.holds(
            f"{method} {path}: JSON", reply.headers["content-type"].startswith("application/json")
        )
        return reply.json()

    def numbers(self):
        body = self.call("GET", f"/users/{USER}/callbackNumbers")
        return [number["callbackNumberId"] for number in body["callbackNumbers"]]


def token_is_usable(checks, token):
    checks.same("token_type", token["token_type"].lower(), "bearer")
    checks.same("expires_in", token["expires_in"], 7200)
    checks.holds("no refresh token", "refresh_token" not in token, token.keys())


def every_endpoint(checks, account):
    checks.same("the sample's numbers", account.numbers(), SAMPLE)
    listed = account.call("GET", "/callbackNumbers", params={"limit": 5000})
    ids = [number["callbackNumberId"] for number in listed["callbackNumbers"]]
    checks.holds("callback numbers of the account", SPARE in ids and BOUND not in ids, ids)
    replacement = {
        "callbackNumbers": [{"callbackNumberId": number} for number in SAMPLE[:2] + [SPARE]]
    }
    checks.same(
        "replaced",
        account.call("PUT", f"/users/{USER}/callbackNumbers", json=replacement)["meta"]["count"],
        3,
    )
    checks.same("the new set", sorted(account.numbers()), sorted(SAMPLE[:2] + [SPARE]))
    bound = {"callbackNumbers": [{"callbackNumberId": BOUND}]}
    refusal = account.call("PUT", f"/users/{USER}/callbackNumbers", expected=409, json=bound)
    checks.same("a conflict's body", sorted(refusal), ["error", "message", "statusCode"])
    checks.same(
        "users", account.call("GET", "/users", params={"include": "All"})["meta"]["totalCount"], 7
    )
    checks.same("a user", account.call("GET", f"/users/{USER}")["username"], "annakowalska")
    checks.same("skills", account.call("GET", "/skills")["skills"][0]["skillId"], SKILL)
    skills = {"agentSkills": [{"skillId": SKILL, "agentSkillLevel": 3}]}
    account.call("PUT", f"/users/{USER}/skills", json=skills)
    checks.same(
        "a level is text",
        account.call("GET", f"/users/{USER}/skills")["agentSkills"][0]["agentSkillLevel"],
        "3",
    )
    checks.same("groups", account.call("GET", "/groups")["groups"][0]["groupId"], SKILL)
    checks.same("a group", account.call("GET", f"/groups/{SKILL}")["groupName"], "Support")
    account.call("PUT", f"/users/{USER}/groups", json={"agentGroups": [{"groupId": SKILL}]})
    checks.same(
        "groups of a user", account.call("GET", f"/users/{USER}/groups")["meta"]["totalCount"], 1
    )
    checks.same(
        "users of a group", account.call("GET", f"/groups/{SKILL}/users")["meta"]["totalCount"], 3
    )
    checks.same(
        "users of a skill", account.call("GET", f"/skills/{SKILL}/users")["meta"]["totalCount"], 3
    )
    users = {"users": [{"userId": USER, "agentSkillLevel": 1}]}
    checks.same(
        "users replaced",
        account.call("PUT", f"/skills/{SKILL}/users", json=users)["meta"]["count"],
        1,
    )
    account.call("GET", "/users/00000000-0000-0000-0000-000000000000", expected=404)
    account.call("GET", "/users?limit=0", expected=400)


def start(run):
    """Run a driver as `DRIVER HOST:PORT`."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} HOST:PORT")
    checks = Checks()
    try:
        run(checks, f"http://{sys.argv[1]}")
    except Exception:
        # A reply so unlike the expected one that the story can't go on is a difference too.
        checks.differences.append(f"the run broke off:\n{traceback.format_exc()}")
    sys.exit(checks.finish())
