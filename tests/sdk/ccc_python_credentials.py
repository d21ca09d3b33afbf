"""The kinds of PyPI alibabacloud-credentials that ask nobody but the endpoint:
`ccc_python_credentials.py HOST:PORT KIND-v3|KIND-v1 --first-day`;
KIND is access_key, sts or bearer."""

from alibabacloud_credentials.client import Client as Credential
from alibabacloud_credentials.models import Config

from ccc_checks import start
from ccc_python import NewPython, run

# The demo's API token, for what sends a token instead of a signature.
TOKEN = "demo-token"


class WithCredential(NewPython):
    """The typed client, with a credential instead of a key and its secret."""

    def credential(self):
        kind = self.settings["mode"].partition("-")[0]
        keys = {"access_key_id": self.key_id, "access_key_secret": self.secret}
        known = {
            "access_key": keys,
            "sts": {**keys, "security_token": "any"},
            "bearer": {"bearer_token": TOKEN},
        }
        return {"credential": Credential(Config(type=kind, **known[kind]))}


if __name__ == "__main__":
    start(
        lambda checks, endpoint, mode: WithCredential(checks, endpoint, mode=mode),
        run,
        modes=[
            f"{kind}-{signature}"
            for kind in ("access_key", "sts", "bearer")
            for signature in ("v3", "v1")
        ],
    )
