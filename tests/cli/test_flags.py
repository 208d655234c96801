from __future__ import annotations

import pytest

from pillion.cli import arguments, flags
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


parse = arguments.parse


@pytest.mark.parametrize("name", [*ISTIOCTL, *OF_1_1])
def test_every_flag_of_istioctl_is_known_by_name(name: str) -> None:
    flag = next(flag for flag in flags.ALL if flag.name == name)
    argument = f"--{name}=x" if flag.metavar else f"--{name}"
    if flag.hint is None:
        parse([argument])
        return
    with pytest.raises(UsageError, match=f"^--{name} is not supported here: "):
        parse([argument])


@pytest.mark.parametrize(
    ("given", "option", "wanted"),
    [
        (["-f", "a.yaml", "-f", "b.yaml"], "manifests", ("a.yaml", "b.yaml")),
        (["--filename=a.yaml"], "manifests", ("a.yaml",)),
        (["-fa.yaml"], "manifests", ("a.yaml",)),
        (["-f=a.yaml"], "manifests", ("a.yaml",)),
        (["-f", "-"], "manifests", ("-",)),
        (["-o", "out.yaml"], "output", "out.yaml"),
        (["--output="], "output", ""),
        (["-r", "canary"], "revision", "canary"),
        (["--revision=canary", "--revision", "stable"], "revision", "stable"),
        (["--set", "a=1", "--set=b=2"], "assignments", ("a=1", "b=2")),
        (["--injectConfigFile", "c.yaml"], "config_file", "c.yaml"),
        (["--meshConfigFile=m.yaml"], "mesh_file", "m.yaml"),
        (["--valuesFile", "v.yaml"], "values_file", "v.yaml"),
        (["--profile", "istio-1.1"], "profile", "istio-1.1"),
        (["-n", "shop"], "namespace", "shop"),
        ([], "namespace", None),
        (["-h"], "help", True),
        (["--help"], "help", True),
        (["--help=false"], "help", False),
        ([], "help", False),
        (["--"], "manifests", ()),
    ],
)
def test_values(given: list[str], option: str, wanted: object) -> None:
    assert getattr(parse(given), option) == wanted


@pytest.mark.parametrize("argument", ["--log_as_json", "--log_as_json=false", "--log_as_json=T"])
def test_a_boolean_stands_alone_or_with_its_value(argument: str) -> None:
    assert [flag.name for flag in parse([argument]).ignored] == ["log_as_json"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--nope"], "unknown flag: --nope"),
        (["--nope=1"], "unknown flag: --nope"),
        (["-z"], "unknown flag: -z"),
        (["--file", "a"], "unknown flag: --file (did you mean --filename?)"),
        (["--valuesfile=x"], "unknown flag: --valuesfile (did you mean --valuesFile?)"),
        (["app.yaml"], "unexpected argument 'app.yaml': a manifest is named by -f FILE"),
        (["-f", "a", "--", "b"], "unexpected argument 'b': a manifest is named by -f FILE"),
        (["--log_as_json", "false"], "unexpected argument 'false': "),
        (["--log_as_json=maybe"], "--log_as_json is true or false, not 'maybe'"),
        (["-f"], "-f/--filename: expected one argument"),
        (["--profile"], "--profile: expected one argument"),
        (["--hub=x"], "--hub is not supported here: it belongs to the configuration"),
        (["--operatorFileName", "x"], "--operatorFileName is not supported here: render"),
        (["--webhookConfig", "x"], "--webhookConfig is not supported here: pillion injects"),
        (["--timeout", "5s"], "--timeout is not supported here: pillion injects"),
        (["--emitTemplate"], "--emitTemplate is not supported here: "),
    ],
)
def test_a_wrong_call_is_named(given: list[str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(given)
    assert str(raised.value).startswith(message)
