"""PyPI alibabacloud-tea-rpc, the runtime of the first Tea SDKs.

Usage: `ccc_python_tea_rpc.py HOST:PORT [query|body] [--first-day]`.
"""

from alibabacloud_tea_rpc.client import Client
from alibabacloud_tea_rpc.models import Config
from alibabacloud_tea_util.models import RuntimeOptions
from Tea.exceptions import TeaException

import ccc_scenario
from ccc_checks import Caller, Reply, start


class TeaRpc(Caller):
    """The generic `do_request`, as the generated clients of 2020 call it."""

    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        self.sdk = f"alibabacloud-tea-rpc ({settings['mode']})"
        self.client = Client(
            Config(
                access_key_id=self.key_id,
                access_key_secret=self.secret,
                endpoint=self.endpoint,
                region_id="cn-shanghai",
                protocol="http",
            )
        )

    def send(self, action, params, nonce):
        params = {name: str(value) for name, value in params.items()}
        query, body = ({}, params) if self.settings["mode"] == "body" else (params, None)
        try:
            reply = self.client.do_request(
                action, "HTTP", "POST", self.version, "AK", query, body, RuntimeOptions()
            )
        except TeaException as error:
            return Reply(error.code, None, error.data["Message"], error.data["RequestId"])
        return Reply(reply["Code"], None, reply["Message"], reply["RequestId"], reply)


if __name__ == "__main__":
    start(
        lambda checks, endpoint, mode: TeaRpc(checks, endpoint, mode=mode),
        ccc_scenario.run,
        modes=("query", "body"),
    )
