"""The oldest typed client, PyPI alibabacloud-ccc20200701 2.0.16, on the runtime of its time:
`ccc_python_oldest.py HOST:PORT [--first-day]`.
Its own calls sign V1; what it doesn't know goes through `call_api`, in V3."""

import inspect
import re

from alibabacloud_ccc20200701 import models
from alibabacloud_ccc20200701.client import Client
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_util.models import RuntimeOptions
from Tea.exceptions import TeaException

import ccc_scenario
from ccc_checks import Caller, Reply, start


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


class OldestPython(Caller):
    """Typed where this version has the operation and its parameters, `call_api` for the rest."""

    sdk = "alibabacloud-ccc20200701 2.0.16"

    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        self.client = Client(
            Config(
                access_key_id=self.key_id,
                access_key_secret=self.secret,
                endpoint=self.endpoint,
                protocol="http",
            )
        )

    def send(self, action, params, nonce):
        try:
            return self.typed(
                action, {snake(name): value for name, value in params.items()}
            ) or self.generic(action, {name: str(value) for name, value in params.items()})
        except TeaException as error:
            return Reply(error.code, None, error.data["Message"], error.data["RequestId"])

    def typed(self, action, arguments):
        make = getattr(models, f"{action}Request", None)
        if make is None or not set(arguments) <= set(inspect.signature(make).parameters):
            return None
        response = getattr(self.client, f"{snake(action)}_with_options")(
            make(**arguments), RuntimeOptions()
        )
        body = response.body
        self.checks.same(
            f"{action}: x-acs-request-id", response.headers.get("x-acs-request-id"), body.request_id
        )
        return Reply(body.code, None, body.message, body.request_id, body.to_map())

    def generic(self, action, query):
        params = Params(
            action=action,
            version=self.version,
            protocol="HTTP",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        reply = self.client.call_api(params, OpenApiRequest(query=query), RuntimeOptions())
        body = reply["body"]
        return Reply(body["Code"], reply["statusCode"], body["Message"], body["RequestId"], body)


if __name__ == "__main__":
    start(
        lambda checks, endpoint, mode: OldestPython(checks, endpoint, mode=mode), ccc_scenario.run
    )
