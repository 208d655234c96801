"""The flags of the injecting commands, as one table.

Every flag that ``istioctl kube-inject`` has, or had in 1.1, stands here, so that none ends in
"unrecognized arguments": it works, or it is accepted because it changes nothing here, or it is
refused with a hint at what to do instead.
"""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from pillion.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_FROM_CLUSTER = "pillion does not read from clusters yet"
_SAVE_CONFIG = (
    "kubectl -n istio-system get configmap istio-sidecar-injector -o jsonpath='{.data.config}'"
)
_IN_CONFIGURATION = (
    "it belongs to the configuration: write it into the template or the values, and pass "
    "--injectConfigFile, --valuesFile or --set"
)


class Flag(NamedTuple):
    """A flag: its name, how it is written, and what becomes of it.

    ``hint`` is set on a flag that is refused. ``ignored`` marks one that is accepted and changes
    nothing, with the reason. ``metavar`` is None for a boolean.
    """

    name: str
    metavar: str | None = None
    help: str = ""
    short: str | None = None
    repeated: bool = False
    hint: str | None = None
    ignored: str | None = None
    default: str | None = None


WORKING = (
    Flag(
        "filename",
        "FILE",
        "a manifest: a file, a folder (read recursively), a pipe, or - for standard input; "
        "may be given several times",
        short="f",
        repeated=True,
    ),
    Flag("output", "FILE", "where to write; replaced only when all went well", short="o"),
    Flag("injectConfigFile", "FILE", "the injection configuration, or the ConfigMap that holds it"),
    Flag("meshConfigFile", "FILE", "the mesh configuration, or the ConfigMap that holds it"),
    Flag("valuesFile", "FILE", "the injection values, or the ConfigMap that holds them"),
    Flag("set", "KEY=VALUE", "override one of the values, as Helm's --set does", repeated=True),
    Flag("profile", "NAME", "an embedded configuration: istio-1.30 or istio-1.1"),
    Flag("revision", "NAME", "the control plane's revision", short="r"),
    Flag("namespace", "NAME", "the namespace of objects that name none", short="n"),
)

_CLUSTER = (
    Flag("kubeconfig", "FILE", short="c", ignored=_FROM_CLUSTER),
    Flag("context", "NAME", ignored=_FROM_CLUSTER),
    Flag("istioNamespace", "NAME", short="i", ignored=_FROM_CLUSTER),
    Flag("as", "USER", ignored=_FROM_CLUSTER),
    Flag("as-uid", "UID", ignored=_FROM_CLUSTER),
    Flag("as-group", "GROUP", repeated=True, ignored=_FROM_CLUSTER),
    Flag("kube-timeout", "DURATION", ignored=_FROM_CLUSTER),
    Flag(
        "injectConfigMapName",
        "NAME",
        hint=f"{_FROM_CLUSTER}; save it with {_SAVE_CONFIG} and pass --injectConfigFile",
    ),
    Flag(
        "meshConfigMapName",
        "NAME",
        hint=f"{_FROM_CLUSTER}; save it with kubectl and pass --meshConfigFile",
    ),
    Flag(
        "webhookConfig",
        "NAME",
        hint="pillion injects by itself and asks no webhook; pass --injectConfigFile",
    ),
    Flag(
        "operatorFileName",
        "FILE",
        hint="render the operator's resource first, and pass --meshConfigFile and --valuesFile",
    ),
)

_XDS_HINT = "pillion injects by itself and asks no control plane; leave it out"
_XDS = tuple(
    Flag(name, metavar, hint=_XDS_HINT)
    for name, metavar in (
        ("timeout", "DURATION"),
        ("xds-address", "ADDRESS"),
        ("xds-label", "LABEL"),
        ("xds-port", "PORT"),
        ("cert-dir", "FOLDER"),
        ("authority", "NAME"),
        ("insecure", None),
        ("plaintext", None),
    )
)

_LOG_REASON = "the command writes no log"
_LOGGING = tuple(
    Flag(name, metavar, ignored=_LOG_REASON)
    for name, metavar in (
        ("log_as_json", None),
        ("log_caller", "SCOPES"),
        ("log_output_level", "LEVELS"),
        ("log_rotate", "FILE"),
        ("log_rotate_max_age", "DAYS"),
        ("log_rotate_max_backups", "COUNT"),
        ("log_rotate_max_size", "MEGABYTES"),
        ("log_stacktrace_level", "LEVELS"),
        ("log_target", "FILE"),
        ("vklog", "LEVEL"),
    )
)

_OF_1_1 = tuple(
    Flag(name, metavar, hint=_IN_CONFIGURATION)
    for name, metavar in (
        ("coreDump", None),
        ("debug", None),
        ("emitTemplate", None),
        ("excludeIPRanges", "RANGES"),
        ("excludeInboundPorts", "PORTS"),
        ("hub", "HUB"),
        ("imagePullPolicy", "POLICY"),
        ("includeIPRanges", "RANGES"),
        ("includeInboundPorts", "PORTS"),
        ("setVersionString", "VERSION"),
        ("sidecarProxyUID", "UID"),
        ("tag", "TAG"),
        ("verbosity", "LEVEL"),
    )
)

ALL = (*WORKING, *_CLUSTER, *_XDS, *_LOGGING, *_OF_1_1)


class Parser(ArgumentParser):
    """An argument parser that raises :class:`UsageError` and knows near misses."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise UsageError(message)


def parser(command: str, description: str, epilog: str, table: Sequence[Flag] = ALL) -> Parser:
    """The parser of a command, an injecting one by default; ``parse_args`` raises ``UsageError``.

    What it returns has one attribute for each flag that works, and ``ignored``: the flags that were
    given and change nothing.
    """
    made = Parser(
        prog=f"pillion {command}",
        description=description,
        epilog=epilog,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.set_defaults(ignored=[])
    for flag in table:
        _add(made, flag)
    return made


def _add(to: Parser, flag: Flag) -> None:
    names = [f"-{flag.short}"] if flag.short else []
    settings: dict[str, Any] = {"help": flag.help or SUPPRESS, "dest": flag.name}
    if flag.metavar is None:
        # Go's booleans: --name or --name=false, never --name false
        settings.update(nargs="?", const="true")
    else:
        settings.update(metavar=flag.metavar)
    if flag.hint is not None:
        settings.update(action=_Refuse, const=flag.hint, default=SUPPRESS)
    elif flag.ignored is not None:
        settings.update(action=_Ignore, const=flag, default=SUPPRESS)
    elif flag.repeated:
        settings.update(action="append", default=[])
    elif flag.default is not None:
        settings.update(default=flag.default)
    to.add_argument(*names, f"--{flag.name}", **settings)


class _Refuse(Action):
    """Refuse a flag by its name, with the hint that stands in ``const``."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> NoReturn:
        del parser, namespace, values
        raise UsageError(f"{option_string} is not supported here: {self.const}")


class _Ignore(Action):
    """Note that a flag without effect was given; the flag stands in ``const``."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        del parser, values, option_string
        namespace.ignored.append(self.const)
