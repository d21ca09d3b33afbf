"""An administrator's first day, of first_day.json: each operation at least once, by the SDK."""

import json
import pathlib

STEPS = json.loads(pathlib.Path(__file__).with_name("first_day.json").read_text(encoding="utf-8"))


def spelled(value, kept):
    """A parameter as a client sends it: a list as JSON; `$name` is what an earlier step kept."""
    if isinstance(value, str) and value.startswith("$"):
        return kept[value[1:]]
    if isinstance(value, dict) and "range" in value:
        first, count = value["range"]
        value = [str(int(first) + step).zfill(len(first)) for step in range(count)]
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def found(body, path):
    """What stands at a path such as `Data.List.0.City`; `length` is how long a list is."""
    for name in path.split("."):
        if name == "length":
            return len(body)
        body = body[int(name)] if isinstance(body, list) else (body or {}).get(name)
    return body


def run(caller):
    kept = {}
    for step in STEPS:
        params = {name: spelled(value, kept) for name, value in step["params"].items()}
        reply = caller.call(step["action"], params)
        what = f"{step['say']}: {step['action']}"
        code = step["expect"].get("Code", "OK")
        caller.checks.same(f"{what}: code (message {reply.message!r})", reply.code, code)
        for path, value in step["expect"].items():
            if path != "Code":
                caller.checks.same(f"{what}: {path}", found(reply.body, path), value)
        for name, path in step.get("keep", {}).items():
            kept[name] = found(reply.body, path)
