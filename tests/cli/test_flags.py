from __future__ import annotations

import pytest

from pillion.cli import flags
from pillion.cli.errors import UsageError

ISTIOCTL = [
    "as",
    "as-group",
    "as-uid",
    "authority",
    "cert-dir",
    "context",
    "filename",
    "injectConfigFile",
    "injectConfigMapName",
    "insecure",
    "istioNamespace",
    "kube-timeout",
    "kubeconfig",
    "log_as_json",
    "log_caller",
    "log_output_level",
    "log_rotate",
    "log_rotate_max_age",
    "log_rotate_max_backups",
    "log_rotate_max_size",
    "log_stacktrace_level",
    "log_target",
    "meshConfigFile",
    "meshConfigMapName",
    "namespace",
    "operatorFileName",
    "output",
    "plaintext",
    "revision",
    "timeout",
    "valuesFile",
    "vklog",
    "webhookConfig",
    "xds-address",
    "xds-label",
    "xds-port",
]
OF_1_1 = [
    "coreDump",
    "debug",
    "emitTemplate",
    "excludeIPRanges",
    "excludeInboundPorts",
    "hub",
    "imagePullPolicy",
    "includeIPRanges",
    "includeInboundPorts",
    "setVersionString",
    "sidecarProxyUID",
    "tag",
    "verbosity",
]


def parse(*arguments: str) -> dict[str, object]:
    return vars(flags.parser("kube-inject", "", "").parse_args(list(arguments)))


@pytest.mark.parametrize("name", [*ISTIOCTL, *OF_1_1])
def test_every_flag_of_istioctl_is_known_by_name(name: str) -> None:
    flag = next(flag for flag in flags.ALL if flag.name == name)
    if flag.hint is None:
        parse(f"--{name}=x")
        return
    with pytest.raises(UsageError, match=f"^--{name} is not supported here: "):
        parse(f"--{name}=x")


@pytest.mark.parametrize(
    ("arguments", "name", "wanted"),
    [
        (["-f", "a.yaml", "-f", "b.yaml"], "filename", ["a.yaml", "b.yaml"]),
        (["--filename=a.yaml"], "filename", ["a.yaml"]),
        (["-f", "-"], "filename", ["-"]),
        (["-o", "out.yaml"], "output", "out.yaml"),
        (["-r", "canary"], "revision", "canary"),
        (["--revision=canary", "--revision", "stable"], "revision", "stable"),
        (["--set", "a=1", "--set", "b=2"], "set", ["a=1", "b=2"]),
    ],
)
def test_values(arguments: list[str], name: str, wanted: object) -> None:
    assert parse(*arguments)[name] == wanted


@pytest.mark.parametrize("argument", ["--log_as_json", "--log_as_json=false"])
def test_a_boolean_stands_alone_or_with_its_value(argument: str) -> None:
    ignored = parse(argument)["ignored"]
    assert [flag.name for flag in ignored] == ["log_as_json"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nope"], "unrecognized arguments: --nope"),
        (["app.yaml"], "unrecognized arguments: app.yaml"),
        (["--file", "a"], "unrecognized arguments: --file a"),
        (["-f"], "argument -f/--filename: expected one argument"),
        (["--hub=x"], "--hub is not supported here: it belongs to the configuration"),
        (["--operatorFileName", "x"], "--operatorFileName is not supported here: render"),
        (["--webhookConfig", "x"], "--webhookConfig is not supported here: pillion injects"),
        (["--timeout", "5s"], "--timeout is not supported here: pillion injects"),
        (["--emitTemplate"], "--emitTemplate is not supported here: "),
    ],
)
def test_a_wrong_call_is_named(arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(*arguments)
    assert str(raised.value).startswith(message)
