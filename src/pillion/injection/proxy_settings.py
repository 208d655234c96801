"""The proxy's configuration for one pod: the mesh's, and the pod's annotation over it.

kube-inject lays the annotation over the whole mesh configuration first. The webhook has
:func:`~pillion.mesh.proxy_resources.effective` do it, which knows the cluster's ProxyConfig
resources too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.injection.errors import InjectionError
from pillion.mesh.config import PROXY_ANNOTATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.golang.values import Struct
    from pillion.mesh.config import MeshConfig, ProxyConfig
    from pillion.mesh.proxy_resources import Layers

    _Key = tuple[str | None, Layers | None]

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
    """The settings of pods in one mesh.

    Pods with the same annotation share theirs where the same ProxyConfig resources count for them.
    """

    __slots__ = ("_admitted", "_local", "_mesh")

    def __init__(self, mesh: MeshConfig) -> None:
        self._mesh = mesh
        self._local: dict[_Key, ProxySettings] = {}
        self._admitted: dict[_Key, ProxySettings] = {}

    def local(self, annotations: Mapping[str, str]) -> ProxySettings:
        """The settings of a pod in kube-inject.

        Raises:
            InjectionError: the annotation cannot be read.
        """
        key = (annotations.get(PROXY_ANNOTATION), None)
        found = self._local.get(key)
        if found is None:
            mesh = self._merged(key[0])
            found = ProxySettings(mesh, mesh.proxy_config, mesh)
            _keep(self._local, key, found)
        return found

    def admitted(
        self, annotations: Mapping[str, str], layers: Layers | None = None
    ) -> ProxySettings:
        """The settings of a pod in the webhook; ``layers`` are the resources that count for it.

        An annotation that cannot be read is ignored here; checking the annotations names it.
        """
        key = (annotations.get(PROXY_ANNOTATION), layers)
        found = self._admitted.get(key)
        if found is None:
            found = self._effective(*key)
            _keep(self._admitted, key, found)
        return found

    def _merged(self, text: str | None) -> MeshConfig:
        from pillion.mesh.errors import MeshError

        if text is None:
            return self._mesh
        try:
            return self._mesh.merge_proxy_config(text)
        except MeshError as error:
            raise InjectionError(error.message) from error

    def _effective(self, text: str | None, layers: Layers | None) -> ProxySettings:
        from pillion.mesh import proxy_resources

        mesh = self._mesh
        proxy = proxy_resources.effective(mesh, layers or proxy_resources.NO_LAYERS, text)
        return ProxySettings(mesh, proxy, self._held(text))

    def _held(self, text: str | None) -> MeshConfig:
        """The mesh with the annotation, or without one that cannot be read."""
        from pillion.mesh.errors import MeshError

        try:
            return self._mesh if text is None else self._mesh.merge_proxy_config(text)
        except MeshError:
            return self._mesh


def _keep(cache: dict[_Key, ProxySettings], key: _Key, found: ProxySettings) -> None:
    if len(cache) >= _LARGEST_CACHE:
        cache.clear()
    cache[key] = found


def _flag(wrapper: Any, *, default: bool) -> bool:
    """The value of a protobuf BoolValue, which may be unset."""
    return default if wrapper is None else bool(wrapper.get("value"))


def _inbound_mode(mesh: Struct) -> str:
    policy = mesh.field("InboundTrafficPolicy")
    mode = "PASSTHROUGH" if policy.is_nil else policy.field("Mode").string()
    return "localhost" if mode == "LOCALHOST" else "passthrough"
