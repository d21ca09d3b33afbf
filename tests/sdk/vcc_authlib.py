"""PyPI Authlib, with the credentials as HTTP Basic and in the form: `vcc_authlib.py HOST:PORT`."""

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from vcc_checks import CLIENT, SCOPES, SECRET, Account, every_endpoint, start, token_is_usable


def fetch(base, method, scope, secret=SECRET):
    session = OAuth2Session(
        CLIENT,
        secret,
        scope=scope,
        token_endpoint=f"{base}/Auth/connect/token",
        token_endpoint_auth_method=method,
    )
    token = session.fetch_token(grant_type="client_credentials")
    return session, token


def refused(checks, what, code, attempt):
    try:
        attempt()
        checks.holds(what, False, "not refused")
    except OAuthError as refusal:
        checks.same(what, refusal.error, code)


def run(checks, base):
    session, token = fetch(base, "client_secret_basic", SCOPES)
    token_is_usable(checks, token)
    every_endpoint(checks, Account(checks, session, base))
    reader, _ = fetch(base, "client_secret_post", SCOPES[:1])
    Account(checks, reader, base).call("PUT", "/users/x/groups", expected=403, json={})
    for method in ("client_secret_basic", "client_secret_post"):
        refused(
            checks,
            f"a wrong secret ({method})",
            "invalid_client",
            lambda: fetch(base, method, SCOPES, "wrong"),
        )
    refused(
        checks,
        "an unknown scope",
        "invalid_scope",
        lambda: fetch(base, "client_secret_basic", ["agents:read"]),
    )


if __name__ == "__main__":
    start(run)
