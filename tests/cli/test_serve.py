"""The flags of serve, and the files that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pillion.cli import arguments, serve, serve_flags
from pillion.cli.errors import UsageError
from pillion.cli.values import duration, port

if TYPE_CHECKING:
    from pathlib import Path

OF_1_1 = [
    "caCertFile",
    "healthCheckFile",
    "healthCheckInterval",
    "injectConfig",
    "kubeconfig",
    "log_output_level",
    "meshConfig",
    "port",
    "tlsCertFile",
    "tlsKeyFile",
    "webhookConfigName",
    "webhookName",
]
LATER = ["injectValues", "monitoringPort", "reconcileWebhookConfig"]


def given(*flags: str) -> arguments.Given:
    return arguments.parse_table(list(flags), serve_flags.ALL)


def test_the_flags_of_istios_injector_are_all_known() -> None:
    known = {flag.name for flag in serve_flags.ALL if flag.hint is None}
    assert known >= {*OF_1_1, *LATER}


def test_flags_have_defaults_and_repeat() -> None:
    found = given("--set=a=1", "--set", "b=2", "--port", "9443", "--webhookName=x")
    assert found.lists["set"] == ("a=1", "b=2")
    assert found.values["port"] == "9443"
    assert found.values["monitoringPort"] == "15014"
    assert [flag.name for flag in found.ignored] == ["webhookName"]


@pytest.mark.parametrize(
    ("flags", "wanted"), [([], False), (["--shadow"], True), (["--shadow=false"], False)]
)
def test_a_boolean(flags: list[str], wanted: bool) -> None:
    assert given(*flags).flag("shadow") is wanted


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--injectconf=x"], r"unknown flag: --injectconf \(did you mean --injectConfig\?\)"),
        (["--port"], "--port: expected one argument"),
        (["--shadow=perhaps"], "--shadow is true or false, not 'perhaps'"),
        (["config"], "unexpected argument 'config'$"),
        (["--grpcAddr=x"], "--grpcAddr is not supported here: it is a port of the whole"),
    ],
)
def test_wrong_flags(flags: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        given(*flags)


def test_the_values_beside_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config"
    found = serve._sources(given(f"--injectConfig={config}"))  # noqa: SLF001 - no server is started
    assert found.values_file is None
    (tmp_path / "values").touch()
    found = serve._sources(given(f"--injectConfig={config}"))  # noqa: SLF001 - as above
    assert found.values_file == str(tmp_path / "values")
    named = given(f"--injectConfig={config}", "--injectValues=mine")
    assert serve._sources(named).values_file == "mine"  # noqa: SLF001 - as above


@pytest.mark.parametrize(("text", "wanted"), [("2s", 2.0), ("1m30s", 90.0), ("0", 0.0)])
def test_durations(text: str, wanted: float) -> None:
    assert duration("flag", text) == wanted


@pytest.mark.parametrize("text", ["", "x", "-1", "65536", "1.5", "\u0661"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(UsageError, match="not a port"):
        port("port", text)
