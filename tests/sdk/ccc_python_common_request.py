"""PyPI aliyun-python-sdk-core's CommonRequest alone.

Usage: `ccc_python_common_request.py HOST:PORT [POST|GET|body] [--first-day]`.
"""

import logging

import ccc_scenario
from ccc_checks import start
from ccc_python_classic import ClassicPython


class CommonPython(ClassicPython):
    """No typed class for any operation; `body` puts the parameters into a form."""

    def request(self, action, params):
        if self.settings["mode"] != "body":
            return self.common_request(action, params)
        request = self.common_request(action, {})
        for name, value in params.items():
            request.add_body_params(name, value)
        request.set_method("POST")
        return request


if __name__ == "__main__":
    logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL)
    start(
        lambda checks, endpoint, mode: CommonPython(checks, endpoint, mode=mode),
        ccc_scenario.run,
        modes=("POST", "GET", "body"),
    )
