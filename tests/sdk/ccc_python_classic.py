"""PyPI aliyun-python-sdk-ccc: `ccc_python_classic.py HOST:PORT [POST|GET] [--expect-expired]`."""

import importlib
import json
import logging
from contextlib import nullcontext
from unittest.mock import patch
from xml.etree import ElementTree

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

from ccc_checks import DEMO, EXPECTATIONS, REQUEST_ID, Caller, Reply, start
import ccc_scenario


class ClassicPython(Caller):
    """Typed request classes and their setters; a CommonRequest for what has no class."""

    sdk = "aliyun-python-sdk-ccc"
    # The SDK recognises its own string to sign in the refusal and draws the conclusion itself.
    wrong_secret = {
        "http": 400,
        "code": "InvalidAccessKeySecret",
        "message": "The AccessKeySecret is incorrect. Please check your AccessKeyId and AccessKeySecret.",
    }

    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        self.client = AcsClient(self.key_id, self.secret, "cn-shanghai")

    def send(self, action, params, nonce):
        try:
            # The classic core has no public way to choose a nonce: the driver replaces its random
            # source.
            with fixed_nonce(nonce):
                body = json.loads(
                    self.client.do_action_with_exception(self.request(action, params))
                )
        except ServerException as error:
            return Reply(
                error.get_error_code(),
                error.get_http_status(),
                error.get_error_msg(),
                error.get_request_id(),
            )
        # The SDK keeps the status of a success to itself.
        return Reply(body["Code"], None, body["Message"], body["RequestId"], body)

    def request(self, action, params):
        try:
            module = importlib.import_module(f"aliyunsdkccc.request.v20200701.{action}Request")
        except ModuleNotFoundError:
            return self.common_request(action, params)
        request = getattr(module, f"{action}Request")()
        for name, value in params.items():
            getattr(
                request, f"set_{name}", lambda text, key=name: request.add_query_param(key, text)
            )(value)
        return self.directed(request)

    def common_request(self, action, params):
        request = CommonRequest(domain=self.endpoint, version=self.version, action_name=action)
        for name, value in params.items():
            request.add_query_param(name, value)
        return self.directed(request)

    def directed(self, request):
        request.set_endpoint(self.endpoint)
        request.set_protocol_type("http")
        request.set_version(self.version)
        request.set_method(self.settings["mode"])
        return request


def fixed_nonce(nonce):
    if nonce is None:
        return nullcontext()
    return patch("aliyunsdkcore.utils.parameter_helper.get_uuid", lambda: nonce)


def raw(caller, action, params, accept_format):
    """Status, headers and body as they came, in the format asked for."""
    request = caller.request(action, params)
    request.set_accept_format(accept_format)
    return caller.client.get_response(request)


def xml_says_the_same(caller):
    """The XML of a reply holds exactly what its JSON holds, each list as a repeated element."""
    checks, valid = caller.checks, EXPECTATIONS["valid"]
    bound = ccc_scenario.numbers_of(ccc_scenario.of_group(caller))[0]
    refused_twice = json.dumps([DEMO["unknown_number"], bound])
    give = {"InstanceId": DEMO["instance"], "UserId": DEMO["user"]}
    for action, params in (
        ("ListInstancesOfUser", valid["ListInstancesOfUser"]),
        ("ListPersonalNumbersOfUser", valid["ListPersonalNumbersOfUser"]),
        (
            "ListPersonalNumbersOfUser",
            {**valid["ListPersonalNumbersOfUser"], "SearchPattern": "nothing"},
        ),
        ("ListPhoneNumbers", {**valid["ListPhoneNumbers"], "PageSize": 100}),
        ("ListPhoneNumbersOfSkillGroup", valid["ListPhoneNumbersOfSkillGroup"]),
        ("AddPersonalNumbersToUser", {**give, "NumberList": refused_twice}),
        ("AddPersonalNumbersToUser", {**give, "NumberList": json.dumps([DEMO["number"]])}),
        (
            "RemovePersonalNumbersFromUser",
            {**give, "NumberList": json.dumps([DEMO["unknown_number"]])},
        ),
    ):
        status, headers, body = raw(caller, action, params, "XML")
        checks.same(f"{action} as XML: status", status, 200)
        checks.same(f"{action} as XML: type", headers.get("Content-Type"), "text/xml;charset=utf-8")
        root = ElementTree.fromstring(body)
        checks.same(f"{action}: root element", root.tag, f"{action}Response")
        status, headers, body = raw(caller, action, params, "JSON")
        checks.same(
            f"{action} as JSON: type", headers.get("Content-Type"), "application/json;charset=utf-8"
        )
        for difference in unlike(root, json.loads(body), action):
            checks.holds("XML and JSON agree", False, difference)


def unlike(element, value, where):
    """What an XML element says differently from a JSON object, but for the request id."""
    tags = {child.tag for child in element} - {"RequestId"}
    extra = tags - set(value)
    if extra:
        yield f"{where}: only in the XML: {sorted(extra)}"
    for name, part in value.items():
        found = element.findall(name)
        if name == "RequestId":
            continue
        if isinstance(part, list):
            # An empty list may be an empty element or none.
            found = (
                []
                if not part and len(found) == 1 and not len(found[0]) and not found[0].text
                else found
            )
        else:
            part = [part]
        if len(found) != len(part):
            yield f"{where}.{name}: {len(found)} elements for {len(part)} values"
        for child, item in zip(found, part):
            if isinstance(item, dict):
                yield from unlike(child, item, f"{where}.{name}")
            elif (child.text or "") != as_xml_text(item):
                yield f"{where}.{name}: {child.text!r} for {item!r}"


def as_xml_text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def xml_errors(caller):
    """A refusal in XML, read from the body: the SDK's own error parser reads JSON only."""
    checks = caller.checks
    for change, code, text, http in (
        (
            {"InstanceId": "nowhere"},
            "NotExists.InstanceId",
            "The specified instance nowhere does not exist.",
            404,
        ),
        (
            {"UserId": "<&>\"'号@ccc-test"},
            "NotExists.UserId",
            "The user <&>\"'号@ccc-test does not exist in instance ccc-test.",
            404,
        ),
        (
            {"PageSize": 0},
            "Parameter.Minimum",
            "The parameter PageSize must be greater than or equal to 1.",
            400,
        ),
    ):
        params = {**EXPECTATIONS["valid"]["ListPersonalNumbersOfUser"], **change}
        status, headers, body = raw(caller, "ListPersonalNumbersOfUser", params, "XML")
        root = ElementTree.fromstring(body)
        found = (
            status,
            headers.get("Content-Type"),
            root.tag,
            root.findtext("Code"),
            root.findtext("Message"),
        )
        checks.same("an error in XML", found, (http, "text/xml;charset=utf-8", "Error", code, text))
        checks.matches("an XML error's request id", root.findtext("RequestId"), REQUEST_ID)


def form_body(caller):
    """Business parameters in a form body, and split over body and query."""
    params = EXPECTATIONS["valid"]["ListPersonalNumbersOfUser"]
    for in_query in ((), ("UserId", "IsMember")):
        request = caller.request(
            "ListPersonalNumbersOfUser", {name: params[name] for name in in_query}
        )
        for name, value in params.items():
            if name not in in_query:
                request.add_body_params(name, value)
        request.set_method("POST")
        body = json.loads(caller.client.do_action_with_exception(request))
        caller.checks.same(f"parameters in a body, {in_query} in the query", body["Code"], "OK")


def python_list(caller):
    """A Python list goes out as its repr, which is no JSON; saying so beats guessing."""
    params = {
        "InstanceId": DEMO["instance"],
        "UserId": DEMO["user"],
        "NumberList": [DEMO["number"]],
    }
    caller.checks.same(
        "a list object", caller.call("AddPersonalNumbersToUser", params).code, "Parameter.Format"
    )


def run(caller):
    for check in (form_body, python_list, xml_says_the_same, xml_errors, ccc_scenario.run):
        check(caller)


if __name__ == "__main__":
    # The SDK logs every refusal as an error; here refusals are what is wanted.
    logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL)
    start(
        lambda checks, endpoint, mode: ClassicPython(checks, endpoint, mode=mode),
        run,
        modes=("POST", "GET"),
    )
