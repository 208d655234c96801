"""Log lines, and the levels of their scopes."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import TYPE_CHECKING

import pytest

from pillion.server import logs
from server.serving import pod, review, wait_for

if TYPE_CHECKING:
    from server.serving import Running


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("default:debug", {"default": "debug", "http": "debug"}),
        ("http:debug", {"default": "info", "http": "debug"}),
        ("warn", {"default": "warn", "http": "warn"}),
        ("all:none,http:error", {"default": "none", "http": "error"}),
        ("default:error, admission:info", {"default": "error", "admission": "info"}),
    ],
)
def test_levels(text: str, wanted: dict[str, str]) -> None:
    logs.set_up(text, as_json=False, stream=io.StringIO())
    assert {scope: logs.levels()[scope] for scope in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [("http:loud", "'loud' is no log level"), ("nothing:info", "nothing is no log scope")],
)
def test_wrong_levels_change_nothing(text: str, message: str) -> None:
    logs.set_up("default:info", as_json=False, stream=io.StringIO())
    before = logs.levels()
    with pytest.raises(logs.LevelError, match=message):
        logs.set_levels(f"default:debug,{text}")
    assert logs.levels() == before


def test_a_line_of_text() -> None:
    stream = io.StringIO()
    logs.set_up("default:info", as_json=False, stream=stream)
    fields = {"pod": "web", "why": 'a "b"', "empty": "", "lines": "a\nb"}
    logs.say(logs.logger("admission"), logging.INFO, "injected", fields)
    wanted = r"^[-0-9]{10}T[:.0-9]{15}Z\tinfo\tadmission\tinjected\tpod=web "
    assert re.match(wanted, stream.getvalue())
    assert stream.getvalue().endswith('why="a \\"b\\"" empty="" lines="a\\nb"\n')


def test_a_line_of_json() -> None:
    stream = io.StringIO()
    logs.set_up("default:info", as_json=True, stream=stream)
    logs.say(logs.logger("http"), logging.WARNING, "100 % odd", {"status": 400})
    logs.logger(logs.DEFAULT).error("failed", exc_info=ValueError("bug"))
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("time").endswith("Z")
    assert first == {"level": "warn", "scope": "http", "msg": "100 % odd", "status": 400}
    assert second["scope"] == "default"
    assert "ValueError: bug" in second["error"]


def test_each_decision_has_a_line(running: Running) -> None:
    stream = io.StringIO()
    logs.set_up("default:info", as_json=True, stream=stream)
    running.ask(review())
    running.ask(review(pod(annotations={"status.sidecar.istio.io/port": "no"})))
    wait_for(lambda: stream.getvalue().count("\n") == 2)
    first, second = map(json.loads, stream.getvalue().splitlines())
    wanted = {
        "level": "info",
        "scope": "admission",
        "msg": "injected",
        "reason": "policy-enabled",
        "rule": "policy",
        "template": "sidecar",
        "pod": "web",
        "owner": "Pod/web",
        "namespace": "shop",
        "uid": "u-1",
    }
    assert wanted.items() <= first.items()
    assert first["duration_ms"] > 0
    assert (second["level"], second["msg"], second["reason"]) == (
        "error",
        "failed",
        "bad-annotation",
    )
    assert "status.sidecar.istio.io/port" in second["message"]
    logs.set_levels("admission:debug")
    running.ask(review())
    wait_for(lambda: stream.getvalue().count("\n") == 4)
    told = json.loads(stream.getvalue().splitlines()[-1])
    assert told["rules"].endswith("policy 'enabled': inject")
    assert json.loads(told["patch"])
    stream.truncate(0)
    logs.set_levels("admission:none")
    running.ask(review())
    assert "\n" not in stream.getvalue()
