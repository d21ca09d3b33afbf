"""The asynchronous half of PyPI alibabacloud-ccc20200701.

Usage: `ccc_python_async.py HOST:PORT [v3|v1] [--first-day]`.
"""

import asyncio

from ccc_checks import start
from ccc_python import NewPython, run


class AsyncPython(NewPython):
    """The same calls; each runs in an event loop of its own."""

    def call_typed(self, method, request, runtime):
        return asyncio.run(getattr(self.client, f"{method}_with_options_async")(request, runtime))

    def call_generic(self, params, request, runtime):
        return asyncio.run(self.client.call_api_async(params, request, runtime))


if __name__ == "__main__":
    start(
        lambda checks, endpoint, mode: AsyncPython(checks, endpoint, mode=mode),
        run,
        modes=("v3", "v1"),
    )
