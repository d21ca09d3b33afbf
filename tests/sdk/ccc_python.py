"""PyPI alibabacloud-ccc20200701: `ccc_python.py HOST:PORT [v3|v1] [--expect-expired]`."""

import re
import typing

from alibabacloud_ccc20200701 import models
from alibabacloud_ccc20200701.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from darabonba.model import DaraModel
from darabonba.runtime import ExtendsParameters, RuntimeOptions

from ccc_checks import EXPECTATIONS, REQUEST_ID, Caller, Reply, start
import ccc_scenario


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


class NewPython(Caller):
    """Typed calls where the SDK has the operation, its generic `call_api` for what it can't say."""

    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        self.v1 = settings["mode"].endswith("v1")
        self.sdk = f"alibabacloud-ccc20200701 ({settings['mode']})"
        # "v2" is the SDK's name for the older HMAC-SHA1 signature in the parameters.
        self.client = Client(
            Config(
                endpoint=self.endpoint,
                protocol="http",
                **self.credential(),
                signature_algorithm="v2" if self.v1 else None,
            )
        )

    def credential(self):
        return {"access_key_id": self.key_id, "access_key_secret": self.secret}

    def call_typed(self, method, request, runtime):
        return getattr(self.client, f"{method}_with_options")(request, runtime)

    def call_generic(self, params, request, runtime):
        return self.client.call_api(params, request, runtime)

    def send(self, action, params, nonce):
        runtime = RuntimeOptions(extends_parameters=self.extra(nonce))
        try:
            if self.version == "2020-07-01" and hasattr(models, f"{action}Request"):
                return self.typed(action, params, runtime)
            return self.generic(action, OpenApiRequest(query=as_text(params)), runtime)
        except AlibabaCloudException as error:
            return self.refusal(error)

    def extra(self, nonce):
        """The SDK lets a caller add headers and parameters, and its own nonce gives way to them."""
        if nonce is None:
            return ExtendsParameters()
        if self.v1:
            return ExtendsParameters(queries={"SignatureNonce": nonce})
        return ExtendsParameters(headers={"x-acs-signature-nonce": nonce})

    def typed(self, action, params, runtime):
        request = getattr(models, f"{action}Request")(
            **{snake(name): value for name, value in params.items()}
        )
        response = self.call_typed(snake(action), request, runtime)
        self.checks.same(f"{action}: status_code", response.status_code, 200)
        self.checks.holds(f"{action}: the reply was understood", response.body is not None)
        self.checks.same(
            f"{action}: x-acs-request-id",
            response.headers.get("x-acs-request-id"),
            response.body.request_id,
        )
        for problem in mistyped(response.body, action):
            self.checks.holds("the model's types", False, problem)
        body = response.body
        return Reply(body.code, response.status_code, body.message, body.request_id, body.to_map())

    def generic(self, action, request, runtime):
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
        response = self.call_generic(params, request, runtime)
        body = response["body"]
        return Reply(body["Code"], response["statusCode"], body["Message"], body["RequestId"], body)

    def refusal(self, error):
        """Checks that the exception's message has status and request id; returns the plain one."""
        plain = error.data["Message"]
        self.checks.same(
            "the exception's message",
            error.message,
            f"code: {error.status_code}, {plain} request id: {error.request_id}",
        )
        self.checks.same("a refusal is a client's error", type(error).__name__, "ClientException")
        return Reply(error.code, error.status_code, plain, error.request_id)


def as_text(params):
    return {name: str(value) for name, value in params.items()}


def mistyped(model, where):
    """Fields whose value isn't of the type that the SDK's model declares; it converts nothing."""
    for name, declared in typing.get_type_hints(type(model).__init__).items():
        value = getattr(model, name)
        if value is not None:
            yield from mistyped_value(value, declared, f"{where}.{name}")


def mistyped_value(value, declared, where):
    if typing.get_origin(declared) is list:
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
            return
        for item in value:
            yield from mistyped_value(item, typing.get_args(declared)[0], f"{where}[]")
    elif type(value) is not declared:
        yield f"{where}: {value!r} is {type(value).__name__}, not {declared.__name__}"
    elif isinstance(value, DaraModel):
        yield from mistyped(value, where)


def models_are_checked(caller):
    """Show that the type check would notice a quoted number and a quoted boolean."""
    body = models.ListPersonalNumbersOfUserResponseBody().from_map(
        {"HttpStatusCode": "200", "Data": {"TotalCount": "1", "List": [{"Active": "true"}]}}
    )
    caller.checks.same("quoted values are noticed", len(list(mistyped(body, "body"))), 3)


def form_body(caller):
    """Older SDK generations put the parameters into a form body, and some into the query."""
    params = as_text(EXPECTATIONS["valid"]["ListPersonalNumbersOfUser"])
    query = {"UserId": params.pop("UserId")}
    for what, request in (
        ("body", OpenApiRequest(body={**params, **query})),
        ("query and body", OpenApiRequest(query=query, body=params)),
    ):
        reply = caller.generic("ListPersonalNumbersOfUser", request, RuntimeOptions())
        caller.checks.same(f"parameters in {what}", reply.code, "OK")


def xml_error(caller):
    """The V3 client parses an XML error only under one exact content type."""
    runtime = RuntimeOptions(extends_parameters=ExtendsParameters(queries={"Format": "XML"}))
    request = models.ListPhoneNumbersRequest(instance_id="nowhere", page_number=1, page_size=10)
    try:
        caller.client.list_phone_numbers_with_options(request, runtime)
        caller.checks.holds("an XML error is an error", False)
    except AlibabaCloudException as error:
        caller.checks.same("an XML error's code", error.code, "NotExists.InstanceId")
        caller.checks.same("an XML error's status", error.status_code, 404)
        caller.checks.matches("an XML error's request id", error.request_id, REQUEST_ID)


def run(caller):
    models_are_checked(caller)
    form_body(caller)
    if not caller.v1:
        xml_error(caller)
    ccc_scenario.run(caller)


if __name__ == "__main__":
    start(
        lambda checks, endpoint, mode: NewPython(checks, endpoint, mode=mode),
        run,
        modes=("v3", "v1"),
    )
