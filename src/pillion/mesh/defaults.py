"""The configuration of a mesh and its proxies where nobody says anything.

The messages are made once and shared: whoever changes one takes a copy.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pillion.mesh import decoding
from pillion.mesh.descriptors import current_api, legacy_api
from pillion.mesh.message import Message

if TYPE_CHECKING:
    from pillion.mesh.descriptors import Api

_MESH_CONFIG: Final = "istio.mesh.v1alpha1.MeshConfig"
_PROXY_CONFIG: Final = "istio.mesh.v1alpha1.ProxyConfig"


@cache
def proxy_config() -> Message:
    """Istio 1.30's ``DefaultProxyConfig``."""
    return _message(current_api(), _PROXY_CONFIG, _PROXY)


@cache
def mesh_config() -> Message:
    """Istio 1.30's ``DefaultMeshConfig``."""
    return _message(current_api(), _MESH_CONFIG, {**_MESH, "defaultConfig": _PROXY})


@cache
def legacy_proxy_config() -> Message:
    """Istio 1.1's ``DefaultProxyConfig``."""
    return _message(legacy_api(), _PROXY_CONFIG, _LEGACY_PROXY)


@cache
def legacy_mesh_config() -> Message:
    """Istio 1.1's ``DefaultMeshConfig``."""
    return _message(legacy_api(), _MESH_CONFIG, {**_LEGACY_MESH, "defaultConfig": _LEGACY_PROXY})


def _message(api: Api, name: str, value: dict[str, Any]) -> Message:
    message = Message(api.message(name))
    decoding.apply(message, value)
    return message


_EXPORTS: Final = {
    "defaultServiceExportTo": ["*"],
    "defaultVirtualServiceExportTo": ["*"],
    "defaultDestinationRuleExportTo": ["*"],
}
_PROXY: Final = {
    "configPath": "./etc/istio/proxy",
    "binaryPath": "/usr/local/bin/envoy",
    "serviceCluster": "istio-proxy",
    "drainDuration": "45s",
    "terminationDrainDuration": "5s",
    "proxyAdminPort": 15000,
    "controlPlaneAuthPolicy": "MUTUAL_TLS",
    "discoveryAddress": "istiod.istio-system.svc:15012",
    "statNameLength": 189,
    "statusPort": 15020,
}
_MESH: Final = {
    **_EXPORTS,
    "enableTracing": True,
    "protocolDetectionTimeout": "0s",
    "ingressService": "istio-ingressgateway",
    "ingressControllerMode": "STRICT",
    "ingressClass": "istio",
    "trustDomain": "cluster.local",
    "enableAutoMtls": True,
    "outboundTrafficPolicy": {"mode": "ALLOW_ANY"},
    "inboundTrafficPolicy": {},
    "localityLbSetting": {"enabled": True},
    "rootNamespace": "istio-system",
    "proxyListenPort": 15001,
    "proxyInboundListenPort": 15006,
    "connectTimeout": "10s",
    "dnsRefreshRate": "60s",
    "enablePrometheusMerge": True,
    "defaultProviders": {},
    "extensionProviders": [
        {"name": "prometheus", "prometheus": {}},
        {"name": "stackdriver", "stackdriver": {}},
        {"name": "envoy", "envoyFileAccessLog": {"path": "/dev/stdout"}},
    ],
}
_LEGACY_PROXY: Final = {
    "configPath": "/etc/istio/proxy",
    "binaryPath": "/usr/local/bin/envoy",
    "serviceCluster": "istio-proxy",
    "drainDuration": "45s",
    "parentShutdownDuration": "60s",
    "discoveryAddress": "istio-pilot:15010",
    "connectTimeout": "1s",
    "proxyAdminPort": 15000,
    "statNameLength": 189,
}
_LEGACY_MESH: Final = {
    **_EXPORTS,
    "disablePolicyChecks": True,
    "rootNamespace": "istio-system",
    "proxyListenPort": 15001,
    "connectTimeout": "1s",
    "ingressService": "istio-ingressgateway",
    "enableTracing": True,
    "accessLogFile": "/dev/stdout",
    "outboundTrafficPolicy": {"mode": "ALLOW_ANY"},
    "dnsRefreshRate": "5s",
}
