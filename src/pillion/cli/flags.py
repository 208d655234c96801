"""The flags of the injecting commands, as one table.

Every flag that ``istioctl kube-inject`` has, or had in 1.1, stands here, so that none ends in
"unrecognized arguments": it works, or it is accepted because it changes nothing here, or it is
refused with a hint at what to do instead.
"""

from __future__ import annotations

from typing import NamedTuple

_AS_HINT = (
    "take a context of a user who may read Istio's ConfigMaps, or save them with kubectl and pass "
    "--injectConfigFile"
)
_IN_CONFIGURATION = (
    "it belongs to the configuration: write it into the template or the values, and pass "
    "--injectConfigFile, --valuesFile or --set"
)


class Flag(NamedTuple):
    """A flag: its name, how it is written, and what becomes of it.

    ``hint`` is set on a flag that is refused. ``ignored`` marks one that is accepted and changes
    nothing, with the reason. ``metavar`` is None for a boolean. ``option`` is the
    attribute of :class:`~pillion.cli.arguments.Options` that a working flag sets. ``default`` is
    what a flag of another command stands for when it is not given.
    """

    name: str
    metavar: str | None = None
    help: str = ""
    short: str | None = None
    option: str = ""
    repeated: bool = False
    hint: str | None = None
    ignored: str | None = None
    default: str = ""


WORKING = (
    Flag(
        "filename",
        "FILE",
        "a manifest: a file, a folder (read recursively), a pipe, or - for standard input; "
        "may be given several times",
        short="f",
        option="manifests",
        repeated=True,
    ),
    Flag(
        "output",
        "FILE",
        "where to write instead of standard output; replaced only when all went well",
        short="o",
        option="output",
    ),
    Flag(
        "injectConfigFile",
        "FILE",
        "the injection configuration, or the ConfigMap that holds it",
        option="config_file",
    ),
    Flag(
        "meshConfigFile",
        "FILE",
        "the mesh configuration, or the ConfigMap that holds it",
        option="mesh_file",
    ),
    Flag(
        "valuesFile",
        "FILE",
        "the injection values, or the ConfigMap that holds them; those beside the injection "
        "configuration are found by themselves",
        option="values_file",
    ),
    Flag(
        "set",
        "KEY=VALUE",
        "override one of the values, as Helm's --set does; may be given several times",
        option="assignments",
        repeated=True,
    ),
    Flag(
        "profile",
        "NAME",
        "an embedded configuration, for every part that no file gives: istio-1.30 or istio-1.1",
        option="profile",
    ),
    Flag("revision", "NAME", "the control plane's revision", short="r", option="revision"),
    Flag(
        "namespace",
        "NAME",
        "the namespace of objects that name none; kube-inject takes no notice of it",
        short="n",
        option="namespace",
    ),
    Flag(
        "kubeconfig",
        "FILE",
        "the kubeconfig, in whose cluster the configuration is looked for where no file and no "
        "profile is named",
        short="c",
        option="kubeconfig",
    ),
    Flag("context", "NAME", "its context", option="context"),
    Flag(
        "istioNamespace",
        "NAME",
        "the namespace of Istio's ConfigMaps (istio-system)",
        short="i",
        option="istio_namespace",
    ),
    Flag(
        "injectConfigMapName",
        "NAME",
        "the ConfigMap of the injection configuration and the values (istio-sidecar-injector, with "
        "the revision)",
        option="config_map",
    ),
    Flag(
        "meshConfigMapName",
        "NAME",
        "the ConfigMap of the mesh configuration (istio, with the revision)",
        option="mesh_map",
    ),
    Flag("help", None, "print this help", short="h", option="help"),
)

_CLUSTER = (
    Flag("as", "USER", hint=_AS_HINT),
    Flag("as-uid", "UID", hint=_AS_HINT),
    Flag("as-group", "GROUP", repeated=True, hint=_AS_HINT),
    Flag("kube-timeout", "DURATION", ignored="a cluster that does not answer in 3s is an error"),
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

LOG_FLAGS = (
    ("log_as_json", None),
    ("log_caller", "SCOPES"),
    ("log_output_level", "LEVELS"),
    ("log_rotate", "FILE"),
    ("log_rotate_max_age", "DAYS"),
    ("log_rotate_max_backups", "COUNT"),
    ("log_rotate_max_size", "MEGABYTES"),
    ("log_stacktrace_level", "LEVELS"),
    ("log_target", "FILE"),
)
"""The name and the metavariable of each flag of Istio's log that all its commands have."""

_LOG_REASON = "the command writes no log"
_LOGGING = tuple(
    Flag(name, metavar, ignored=_LOG_REASON) for name, metavar in (*LOG_FLAGS, ("vklog", "LEVEL"))
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
