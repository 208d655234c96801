"""The flags of ``pillion serve``: those of Istio's own injector, 1.1 and later, and its own."""

from __future__ import annotations

from pillion.cli.flags import LOG_FLAGS, Flag
from pillion.server.registration import DEFAULT_NAME

AUTHORITY_FILE = "/etc/istio/certs/root-cert.pem"
"""Where Istio mounts the authority of its certificate."""

CERTIFICATE_FILE, KEY_FILE = "/etc/istio/certs/cert-chain.pem", "/etc/istio/certs/key.pem"
"""Where it mounts the certificate and its key."""

CONFIG_FILE, MESH_FILE = "/etc/istio/inject/config", "/etc/istio/config/mesh"
"""Where Istio mounts the configuration and the mesh."""

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
        f"the server's certificate chain ({CERTIFICATE_FILE})",
    ),
    Flag(
        "tlsKeyFile",
        "FILE",
        f"its key ({KEY_FILE})",
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
    Flag(
        "kubeconfig",
        "FILE",
        "talk to the cluster of this kubeconfig (in a pod: to the pod's own)",
        short="c",
    ),
    Flag("context", "NAME", "its context"),
    Flag("offline", None, "talk to no cluster, not even to the pod's own"),
    Flag(
        "istioNamespace",
        "NAME",
        "the server's own namespace (POD_NAMESPACE, or that of the pod, or istio-system)",
        short="i",
    ),
    Flag("service", "NAME", f"the server's Service ({DEFAULT_NAME})", default=DEFAULT_NAME),
    Flag(
        "injectConfigMapName",
        "NAME",
        "the ConfigMap of configuration and values, watched where no file gives them "
        "(istio-sidecar-injector, with the revision)",
    ),
    Flag(
        "meshConfigMapName",
        "NAME",
        "the ConfigMap of the mesh, watched where no file gives it (istio, with the revision)",
    ),
    Flag(
        "reconcileWebhookConfig",
        None,
        "keep the caBundle of the webhooks right that lead to the Service (true)",
        default="true",
    ),
    Flag("webhookConfigName", "NAME", "of the webhooks of this configuration instead"),
    Flag("webhookName", "NAME", "of those alone that are named so, whatever stands before it"),
    Flag("caCertFile", "FILE", f"the authority to write there ({AUTHORITY_FILE}, if there is one)"),
    Flag(
        "certSecret",
        "NAME",
        "serve a certificate that the server makes, keeps in this Secret, and renews",
    ),
    Flag("certHost", "NAME", "a further name or address that it is for", repeated=True),
    Flag("certLifetime", "DURATION", "how long it lives (2160h)", default="2160h"),
    Flag(
        "events",
        "WHICH",
        "write Events about pods: none, failures, all (failures); none behind a webhook that "
        "promises no side effects",
        default="failures",
    ),
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

WORKING = (*_CONFIGURATION, *_TLS, *_CLUSTER, *_PORTS, *_RUNNING)
ALL = (*WORKING, *_LOGGING, *_OF_ISTIOD)
