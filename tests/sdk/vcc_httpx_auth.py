"""PyPI httpx-auth over httpx: `vcc_httpx_auth.py HOST:PORT`."""

import httpx
from httpx_auth import InvalidGrantRequest, OAuth2ClientCredentials

from vcc_checks import CLIENT, SCOPES, SECRET, Account, every_endpoint, start


def session(base, scope, secret=SECRET):
    auth = OAuth2ClientCredentials(
        f"{base}/Auth/connect/token", client_id=CLIENT, client_secret=secret, scope=scope
    )
    return httpx.Client(auth=auth, trust_env=False)


def run(checks, base):
    every_endpoint(checks, Account(checks, session(base, SCOPES), base))
    Account(checks, session(base, SCOPES[:1]), base).call(
        "PUT", "/users/x/groups", expected=403, json={}
    )
    for what, wrong in (
        ("a wrong secret", {"scope": SCOPES, "secret": "wrong"}),
        ("an unknown scope", {"scope": ["agents:read"]}),
    ):
        try:
            session(base, **wrong).get(f"{base}/useradmin/users")
            checks.holds(what, False, "not refused")
        except InvalidGrantRequest as refusal:
            code = "invalid_scope" if "scope" in what else "invalid_client"
            checks.holds(what, code in str(refusal), str(refusal))


if __name__ == "__main__":
    start(run)
