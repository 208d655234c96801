from __future__ import annotations

import pytest

from pillion.cli import flags
from pillion.cli.errors import UsageError

ISTIOCTL = """
    filename output operatorFileName meshConfigFile meshConfigMapName injectConfigFile
    injectConfigMapName valuesFile webhookConfig revision xds-address xds-label xds-port cert-dir
    authority insecure plaintext timeout kubeconfig context namespace istioNamespace as as-uid as-group
    kube-timeout vklog log_as_json log_caller log_output_level log_rotate log_rotate_max_age
    log_rotate_max_backups log_rotate_max_size log_stacktrace_level log_target
""".split()
OF_1_1 = """
    hub tag verbosity sidecarProxyUID setVersionString coreDump imagePullPolicy includeIPRanges
    excludeIPRanges includeInboundPorts excludeInboundPorts debug emitTemplate
""".split()


def parse(*arguments: str) -> dict[str, object]:
    return vars(flags.parser("kube-inject", "", "").parse_args(list(arguments)))


@pytest.mark.parametrize("name", [*ISTIOCTL, *OF_1_1])
def test_every_flag_of_istioctl_is_known_by_name(name: str) -> None:
    try:
        parse(f"--{name}=x")
    except UsageError as error:
        assert str(error).startswith(f"--{name} is not supported here: ")


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
