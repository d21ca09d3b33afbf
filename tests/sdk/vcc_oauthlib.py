"""PyPI oauthlib alone, which makes and reads the requests that something else sends.

Usage: `vcc_oauthlib.py HOST:PORT`.
"""

import os

import requests
from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from vcc_checks import CLIENT, SCOPES, SECRET, Account, every_endpoint, start, token_is_usable

# oauthlib wants TLS; the demo listens on the loopback.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def fetch(base, scope, secret=SECRET):
    client = BackendApplicationClient(CLIENT)
    url, headers, body = client.prepare_token_request(
        f"{base}/Auth/connect/token", scope=scope, include_client_id=True, client_secret=secret
    )
    reply = requests.post(url, headers=headers, data=body)
    token = client.parse_request_body_response(reply.text, scope=scope)
    return client, token


class Session:
    """The requests of a client, with the token where oauthlib puts it."""

    def __init__(self, client):
        self.client = client

    def request(self, method, url, headers, **arguments):
        url, headers, _ = self.client.add_token(url, http_method=method, headers=dict(headers))
        return requests.request(method, url, headers=headers, **arguments)


def run(checks, base):
    client, token = fetch(base, SCOPES)
    token_is_usable(checks, token)
    every_endpoint(checks, Account(checks, Session(client), base))
    reader, _ = fetch(base, SCOPES[:1])
    Account(checks, Session(reader), base).call("PUT", "/users/x/groups", expected=403, json={})
    for what, code, wrong in (
        ("a wrong secret", "invalid_client", {"scope": SCOPES, "secret": "wrong"}),
        ("an unknown scope", "invalid_scope", {"scope": ["agents:read"]}),
    ):
        try:
            fetch(base, **wrong)
            checks.holds(what, False, "not refused")
        except OAuth2Error as refusal:
            checks.same(what, refusal.error, code)


if __name__ == "__main__":
    start(run)
