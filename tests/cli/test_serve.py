"""The flags of serve, and the files that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pillion.cli import (
    arguments,
    configuration,
    serve_cluster,
    serve_configuration,
    serve_flags,
    serve_settings,
)
from pillion.cli.errors import UsageError
from pillion.cli.values import duration, port
from pillion.server.ca_bundle import Own

if TYPE_CHECKING:
    from pathlib import Path

    from pillion.server.settings import ClusterSettings

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
    found = given("--set=a=1", "--set", "b=2", "--port", "9443", "--log_target=x")
    assert found.lists["set"] == ("a=1", "b=2")
    assert found.values["port"] == "9443"
    assert found.values["monitoringPort"] == "15014"
    assert [flag.name for flag in found.ignored] == ["log_target"]


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
    assert sources(f"--injectConfig={config}").options.values_file is None
    (tmp_path / "values").touch()
    found = sources(f"--injectConfig={config}")
    assert found.options.values_file == str(tmp_path / "values")
    assert found.paths == [str(config), str(tmp_path / "values")]
    named = sources(f"--injectConfig={config}", "--injectValues=mine")
    assert named.options.values_file == "mine"


INJECT, MESH = "istio-sidecar-injector", "istio"


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ([], {"config": INJECT, "values": INJECT, "mesh": MESH}),
        (
            ["--revision=canary"],
            {"config": f"{INJECT}-canary", "values": f"{INJECT}-canary", "mesh": f"{MESH}-canary"},
        ),
        (["--injectConfigMapName=mine"], {"config": "mine", "values": "mine", "mesh": MESH}),
        (["--meshConfig=FILE"], {"config": INJECT, "values": INJECT}),
        (["--injectConfig=FILE"], {}),
        (["--injectConfig=FILE", "--meshConfigMapName=mine"], {"mesh": "mine"}),
        (["--profile=istio-1.30"], {}),
    ],
)
def test_what_no_file_gives_comes_from_the_cluster(
    tmp_path: Path, flags: list[str], wanted: dict[str, str]
) -> None:
    named = [flag.replace("FILE", str(tmp_path / "file")) for flag in flags]
    assert sources(*named, has_cluster=True).config_maps == wanted
    if flags and "Map" not in "".join(flags) and "revision" not in "".join(flags):
        return
    with pytest.raises(UsageError, match="no configuration"):
        sources()


def sources(*flags: str, has_cluster: bool = False) -> serve_configuration.Sources:
    return serve_configuration.sources_of(given(*flags), has_cluster=has_cluster)


def test_files_that_change_while_they_are_read_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, mesh = tmp_path / "config", tmp_path / "mesh"
    config.write_text("policy: enabled\ntemplates: {sidecar: '{}'}\n")
    mesh.write_text("rootNamespace: old\n")
    loads = []
    load_parts = configuration.load_parts

    def load(*given: Any) -> configuration.Loaded:
        loads.append(given)
        found = load_parts(*given)
        if len(loads) == 1:  # both change, and the first was read before
            config.write_text("policy: disabled\ntemplates: {sidecar: '{}'}\n")
        return found

    monkeypatch.setattr(configuration, "load_parts", load)
    made = serve_configuration.loader(sources(f"--injectConfig={config}", f"--meshConfig={mesh}"))
    assert made(None).injector.config.policy == "disabled"
    assert len(loads) == 2


KUBECONFIG = """\
current-context: here
contexts: [{name: here, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: https://c}}]
"""


@pytest.mark.parametrize("name", ["certSecret", "injectConfigMapName", "meshConfigMapName"])
def test_what_needs_a_cluster_says_so(name: str) -> None:
    with pytest.raises(UsageError, match=f"--{name} needs a cluster"):
        serve_cluster.access_of(given(f"--{name}=x"))


def test_the_cluster_is_that_of_a_kubeconfig_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text(KUBECONFIG)
    monkeypatch.setenv("KUBECONFIG", str(file))
    assert serve_cluster.access_of(given()) is None, "outside of a pod only where it is asked for"
    found = serve_cluster.access_of(given(f"--kubeconfig={file}"))
    assert found is not None
    assert found.context == "here"
    assert serve_cluster.access_of(given("--context=here")) == found
    assert serve_cluster.access_of(given("--context=here", "--offline")) is None
    file.write_text("")
    with pytest.raises(UsageError, match="--kubeconfig: there is no kubeconfig that names"):
        serve_cluster.access_of(given(f"--kubeconfig={file}"))


def cluster_settings(*flags: str) -> ClusterSettings:
    found = given("--profile=istio-1.30", *flags)
    return serve_cluster.settings_of(found, sources("--profile=istio-1.30"))


def test_the_server_knows_its_service(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster_settings().own == Own("istio-sidecar-injector", "istio-system")
    monkeypatch.setenv("POD_NAMESPACE", "mesh")
    monkeypatch.setenv("POD_NAME", "injector-1")
    monkeypatch.setenv("POD_UID", "u-1")
    found = cluster_settings("--service=istiod", "--certSecret=s", "--certHost=10.0.0.1")
    assert found.own == Own("istiod", "mesh")
    assert (found.pod, found.pod_uid) == ("injector-1", "u-1")
    assert found.lease == "istiod-leader"
    assert found.hosts[0] == "istiod.mesh.svc"
    assert found.hosts[-1] == "10.0.0.1"
    assert cluster_settings("-i=other", "--webhookConfigName=x", "--webhookName=y").own == Own(
        "istio-sidecar-injector", "other", "x", "y"
    )


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--events=loud"], "--events loud: there are none, failures, all"),
        (["--certLifetime=long"], "--certLifetime: time: invalid duration"),
        (["--certSecret=s", "--tlsKeyFile=k"], "leave out --tlsCertFile"),
        (["--certSecret=s", "--caCertFile=k"], "leave out --caCertFile"),
        (["--workers=0"], "--workers 0: not a number from 1 up"),
    ],
)
def test_wrong_settings(flags: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        serve_settings.settings_of(given(*flags), cluster_settings(*flags))


@pytest.mark.parametrize(("text", "wanted"), [("2s", 2.0), ("1m30s", 90.0), ("0", 0.0)])
def test_durations(text: str, wanted: float) -> None:
    assert duration("flag", text) == wanted


@pytest.mark.parametrize("text", ["", "x", "-1", "65536", "1.5", "\u0661"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(UsageError, match="not a port"):
        port("port", text)
