"""The flags of ``pillion serve``: those of Istio's own injector, 1.1 and later, and its own."""

from __future__ import annotations

from pillion.cli.flags import LOG_FLAGS, Flag

CONFIG_FILE, MESH_FILE = "/etc/istio/inject/config", "/etc/istio/config/mesh"
"""Where Istio mounts the configuration and the mesh."""

_NO_CLUSTER = "the server does not talk to the API server; see to the webhook's caBundle yourself"
_STANDARD_ERROR = "the log goes to standard error, with every field on its line"
_ON_EVERY_PORT = (
    "it is a port of the whole control plane; use --port, --monitoringPort, --adminPort"
)

_CONFIGURATION = (
    Flag("injectConfig", "FILE", f"the injection configuration ({CONFIG_FILE})"),
    Flag("meshConfig", "FILE", f"the mesh configuration ({MESH_FILE})"),
    Flag("injectValues", "FILE", "the injection values (the file values beside --injectConfig)"),
    Flag("profile", "NAME", "an embedded configuration: istio-1.30 or istio-1.1"),
    Flag("set", "KEY=VALUE", "override one of the values, as Helm's --set does", repeated=True),
    Flag("revision", "NAME", "the control plane's revision (default)", default="default"),
)

_TLS = (
    Flag(
        "tlsCertFile",
        "FILE",
        "the server's certificate chain (/etc/istio/certs/cert-chain.pem)",
        default="/etc/istio/certs/cert-chain.pem",
    ),
    Flag(
        "tlsKeyFile",
        "FILE",
        "its key (/etc/istio/certs/key.pem)",
        default="/etc/istio/certs/key.pem",
    ),
    Flag("clientCACertFile", "FILE", "require client certificates of this authority"),
)

_PORTS = (
    Flag("address", "IP", "where to listen (every address)", default=""),
    Flag("port", "PORT", "the HTTPS port (443)", default="443"),
    Flag("monitoringPort", "PORT", "the port of /metrics, /ready, /live (15014)", default="15014"),
    Flag("adminPort", "PORT", "the port of /debug, on loopback alone (9876)", default="9876"),
)

_RUNNING = (
    Flag("healthCheckInterval", "DURATION", "write the health file this often", default="0s"),
    Flag("healthCheckFile", "FILE", "the health file", default=""),
    Flag(
        "workers",
        "COUNT",
        "answer with so many processes, which share the port (1: this process alone)",
        default="1",
    ),
    Flag("shadow", None, "allow every pod unchanged, and record what would have been done"),
    Flag("drainDuration", "DURATION", "answer on this long after SIGTERM (5s)", default="5s"),
    Flag(
        "log_output_level",
        "LEVELS",
        "log levels by scope, as in default:info,http:debug",
        default="default:info",
    ),
    Flag("log_as_json", None, "log one JSON object a line"),
    Flag("help", None, "print this help", short="h"),
)

_CLUSTER = (
    Flag("caCertFile", "FILE", ignored=_NO_CLUSTER),
    Flag("kubeconfig", "FILE", short="c", ignored=_NO_CLUSTER),
    Flag("webhookConfigName", "NAME", ignored=_NO_CLUSTER),
    Flag("webhookName", "NAME", ignored=_NO_CLUSTER),
    Flag("reconcileWebhookConfig", None, ignored=_NO_CLUSTER),
)

_LOGGING = tuple(
    Flag(name, metavar, ignored=_STANDARD_ERROR)
    for name, metavar in LOG_FLAGS
    if name not in {flag.name for flag in _RUNNING}
)

_OF_ISTIOD = tuple(
    Flag(name, "ADDRESS", hint=_ON_EVERY_PORT)
    for name in ("httpsAddr", "httpAddr", "grpcAddr", "secureGRPCAddr", "monitoringAddr")
)

WORKING = (*_CONFIGURATION, *_TLS, *_PORTS, *_RUNNING)
ALL = (*WORKING, *_CLUSTER, *_LOGGING, *_OF_ISTIOD)
