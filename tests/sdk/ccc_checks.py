"""What every Python driver shares: a reply, the list of checks, and the way a driver is started."""

import json
import pathlib
import re
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any, Optional

import ccc_first_day

EXPECTATIONS = json.loads(
    pathlib.Path(__file__).with_name("expectations.json").read_text(encoding="utf-8")
)
DEMO = EXPECTATIONS["demo"]
REQUEST_ID = r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"


@dataclass
class Reply:
    """An answer as the SDK surfaced it; `http` is None where the SDK keeps the status to itself."""

    code: str
    http: Optional[int] = None
    message: Optional[str] = None
    request_id: Optional[str] = None
    body: dict = field(default_factory=dict)

    @property
    def data(self) -> Any:
        return self.body.get("Data")

    @property
    def rows(self) -> list:
        return self.data["List"]


class Checks:
    """Counts what was checked and remembers what differed; a difference doesn't stop the run."""

    def __init__(self):
        self.count = 0
        self.differences = []

    def same(self, what, actual, expected):
        self.count += 1
        if actual != expected or type(actual) is not type(expected):
            self.differences.append(f"{what}: got {actual!r}, expected {expected!r}")

    def holds(self, what, condition, shown=""):
        self.count += 1
        if not condition:
            self.differences.append(f"{what}: {shown}")

    def matches(self, what, text, pattern):
        self.count += 1
        if not isinstance(text, str) or not re.fullmatch(pattern, text, re.DOTALL):
            self.differences.append(f"{what}: got {text!r}, expected a match of {pattern!r}")

    def contains(self, what, actual, expected):
        """Every field of `expected` is in `actual`, with the same value and type."""
        for name, value in expected.items():
            self.same(f"{what}.{name}", actual.get(name), value)

    def success(self, what, reply):
        self.same(f"{what}: code (message {reply.message!r})", reply.code, "OK")
        self.matches(f"{what}: request id", reply.request_id, REQUEST_ID)

    def refusal(self, what, reply, expected):
        self.same(f"{what}: code (message {reply.message!r})", reply.code, expected["code"])
        if reply.http is not None:
            self.same(f"{what}: HTTP status", reply.http, expected["http"])
        self.matches(f"{what}: request id", reply.request_id, REQUEST_ID)
        if "message" in expected:
            self.same(f"{what}: message", reply.message, expected["message"])
        if "pattern" in expected:
            self.matches(f"{what}: message", reply.message, expected["pattern"])

    def finish(self):
        for difference in self.differences:
            print(f"differs: {difference}")
        print(f"checks: {self.count}")
        return 1 if self.differences else 0


class Caller:
    """One SDK's client. A driver derives from it and says how its SDK sends a call."""

    sdk = "?"
    # What the SDK makes of a signature that doesn't match; the classic SDK has its own opinion.
    wrong_secret = EXPECTATIONS["gateway"]["wrong_secret"]

    def __init__(
        self,
        checks,
        endpoint,
        key_id=DEMO["access_key_id"],
        secret=DEMO["access_key_secret"],
        version="2020-07-01",
        **settings,
    ):
        self.checks, self.endpoint, self.key_id, self.secret = checks, endpoint, key_id, secret
        self.version, self.settings = version, settings

    def changed(self, **changes):
        same = {
            "key_id": self.key_id,
            "secret": self.secret,
            "version": self.version,
            **self.settings,
        }
        return type(self)(self.checks, self.endpoint, **{**same, **changes})

    def call(self, action, params, nonce=None):
        reply = self.send(action, params, nonce)
        print(json.dumps({"sdk": self.sdk, "action": action, "outcome": reply.code}), flush=True)
        if reply.code == "OK":
            self.checks.same(f"{action}: HttpStatusCode", reply.body.get("HttpStatusCode"), 200)
            self.checks.holds(
                f"{action}: Message is a string",
                isinstance(reply.message, str),
                repr(reply.message),
            )
        return reply

    def send(self, action, params, nonce):
        raise NotImplementedError


def start(make_caller, run, modes=("",)):
    """Run a driver as `DRIVER HOST:PORT [MODE] [--expect-expired | --first-day]`."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    mode = arguments[1] if len(arguments) > 1 else modes[0]
    if not arguments or mode not in modes:
        sys.exit(
            f"usage: {sys.argv[0]} HOST:PORT [{'|'.join(modes)}] [--expect-expired | --first-day]"
        )
    checks = Checks()
    caller = make_caller(checks, arguments[0], mode)
    if "--expect-expired" in sys.argv:
        reply = caller.call("ListInstancesOfUser", EXPECTATIONS["valid"]["ListInstancesOfUser"])
        checks.refusal("a skewed clock", reply, EXPECTATIONS["gateway"]["expired"])
    else:
        try:
            (ccc_first_day.run if "--first-day" in sys.argv else run)(caller)
        except Exception:
            # A reply so unlike the expected one that the story can't go on is a difference too.
            checks.differences.append(f"the run broke off:\n{traceback.format_exc()}")
    sys.exit(checks.finish())
