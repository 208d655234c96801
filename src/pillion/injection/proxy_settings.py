"""The proxy's configuration for one pod: the mesh's, and the pod's annotation over it.

kube-inject lays the annotation over the whole mesh configuration first. The webhook asks Istio's
``EffectiveProxyConfig``, which prints what the annotation sets and reads that over the mesh's: a
zero that the annotation names is not printed, and so the mesh's value stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.injection.errors import InjectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.golang.values import Struct
    from pillion.mesh.config import MeshConfig, ProxyConfig

ANNOTATION = "proxy.istio.io/config"

_LARGEST_CACHE = 256


class ProxySettings:
    """What injection needs to know of a mesh and a proxy configuration; it does not change.

    ``mesh`` is what decides about metrics, probes and the order of containers; ``proxy`` is what
    templates see. ``held`` is the mesh with the annotation, which decides whether the application
    waits.
    """

    __slots__ = (
        "hold",
        "image_type",
        "inbound_mode",
        "interception_mode",
        "merges_metrics",
        "mesh_view",
        "proxy_view",
        "status_port",
    )

    def __init__(self, mesh: MeshConfig, proxy: ProxyConfig, held: MeshConfig) -> None:
        self.mesh_view: Struct = mesh.view()
        self.proxy_view: Struct = proxy.view()
        self.status_port = int(mesh.proxy_config.message.get("status_port"))
        self.hold = _flag(
            held.proxy_config.message.get("hold_application_until_proxy_starts"), default=False
        )
        self.merges_metrics = _flag(mesh.message.get("enable_prometheus_merge"), default=True)
        self.inbound_mode = _inbound_mode(mesh.view())
        image = proxy.message.get("image")
        self.image_type = "" if image is None else str(image.get("image_type"))
        self.interception_mode = str(proxy.view().field("InterceptionMode").string())


class ProxySettingsCache:
    """The settings of pods in one mesh; pods with the same annotation share theirs."""

    __slots__ = ("_admitted", "_local", "_mesh")

    def __init__(self, mesh: MeshConfig) -> None:
        self._mesh = mesh
        self._local: dict[str | None, ProxySettings] = {}
        self._admitted: dict[str | None, ProxySettings] = {}

    def local(self, annotations: Mapping[str, str]) -> ProxySettings:
        """The settings of a pod in kube-inject.

        Raises:
            InjectionError: the annotation cannot be read.
        """
        text = annotations.get(ANNOTATION)
        found = self._local.get(text)
        if found is None:
            mesh = self._merged(text)
            found = ProxySettings(mesh, mesh.proxy_config, mesh)
            _keep(self._local, text, found)
        return found

    def admitted(self, annotations: Mapping[str, str]) -> ProxySettings:
        """The settings of a pod in the webhook.

        An annotation that cannot be read is ignored here; checking the annotations names it.
        """
        text = annotations.get(ANNOTATION)
        found = self._admitted.get(text)
        if found is None:
            found = ProxySettings(self._mesh, *self._effective(text))
            _keep(self._admitted, text, found)
        return found

    def _merged(self, text: str | None) -> MeshConfig:
        from pillion.mesh.errors import MeshError

        if text is None:
            return self._mesh
        try:
            return self._mesh.merge_proxy_config(text)
        except MeshError as error:
            raise InjectionError(error.message) from error

    def _effective(self, text: str | None) -> tuple[ProxyConfig, MeshConfig]:
        from pillion.mesh import defaults
        from pillion.mesh.config import ProxyConfig
        from pillion.mesh.errors import MeshError

        proxy = ProxyConfig(defaults.proxy_config()).merge(_printed(self._mesh.proxy_config))
        if text is None:
            return proxy, self._mesh
        try:
            wanted = proxy.merge(_printed(_empty_like(proxy).merge(text)))
            return wanted, self._mesh.merge_proxy_config(text)
        except MeshError:
            return proxy, self._mesh


def _empty_like(proxy: ProxyConfig) -> ProxyConfig:
    message = proxy.message
    return type(proxy)(type(message)(message.type))


def _printed(proxy: ProxyConfig) -> str:
    """What ``proxy`` sets, as YAML; a zero is not printed."""
    from pillion.mesh import encoding

    return encoding.to_yaml(proxy.message)


def _keep(cache: dict[str | None, ProxySettings], text: str | None, found: ProxySettings) -> None:
    if len(cache) >= _LARGEST_CACHE:
        cache.clear()
    cache[text] = found


def _flag(wrapper: Any, *, default: bool) -> bool:
    """The value of a protobuf BoolValue, which may be unset."""
    return default if wrapper is None else bool(wrapper.get("value"))


def _inbound_mode(mesh: Struct) -> str:
    policy = mesh.field("InboundTrafficPolicy")
    mode = "PASSTHROUGH" if policy.is_nil else policy.field("Mode").string()
    return "localhost" if mode == "LOCALHOST" else "passthrough"
