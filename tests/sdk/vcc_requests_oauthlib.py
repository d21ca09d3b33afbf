"""PyPI requests-oauthlib, credentials in the form: `vcc_requests_oauthlib.py HOST:PORT`."""

import os

from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidScopeError
from requests_oauthlib import OAuth2Session

from vcc_checks import CLIENT, SCOPES, SECRET, Account, every_endpoint, start, token_is_usable

# The library refuses plain HTTP otherwise; the server listens on this machine.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def fetch(base, scope, secret=SECRET):
    session = OAuth2Session(client=BackendApplicationClient(client_id=CLIENT, scope=scope))
    token = session.fetch_token(
        token_url=f"{base}/Auth/connect/token",
        client_id=CLIENT,
        client_secret=secret,
        include_client_id=True,
    )
    return session, token


def refused(checks, what, error, attempt):
    try:
        attempt()
        checks.holds(what, False, "not refused")
    except error as refusal:
        checks.holds(what, refusal.description, repr(refusal))


def run(checks, base):
    session, token = fetch(base, SCOPES)
    token_is_usable(checks, token)
    every_endpoint(checks, Account(checks, session, base))
    reader, _ = fetch(base, SCOPES[:1])
    Account(checks, reader, base).call("PUT", "/users/x/groups", expected=403, json={})
    refused(checks, "a wrong secret", InvalidClientError, lambda: fetch(base, SCOPES, "wrong"))
    refused(checks, "an unknown scope", InvalidScopeError, lambda: fetch(base, ["agents:read"]))


if __name__ == "__main__":
    start(run)
