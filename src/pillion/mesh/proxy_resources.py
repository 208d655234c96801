"""What a cluster's ProxyConfig resources say about the proxy of a pod.

Follows ``ProxyConfigs`` of Istio's ``pilot/pkg/model/proxy_config.go``. At most three resources
count for a pod: one for the mesh, which stands in its root namespace and has no selector; one for
the pod's namespace, which has none either; one of that namespace that selects the pod. Of several
the oldest counts alone, and of those made in the same second the one whose name comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.kubernetes import codec
from pillion.kubernetes.errors import DecodeError
from pillion.kubernetes.schema import OBJECT_META
from pillion.mesh import decoding, defaults, encoding
from pillion.mesh.config import PROXY_ANNOTATION, ProxyConfig
from pillion.mesh.descriptors import current_api
from pillion.mesh.errors import MeshError
from pillion.mesh.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pillion.mesh.config import MeshConfig

_RESOURCE = "istio.networking.v1beta1.ProxyConfig"
_REVISION = "istio.io/rev"


class Layers(NamedTuple):
    """The resources that count for a pod, as proxy configurations; a later goes over an earlier.

    Pods for which the same resources count have equal layers.
    """

    root: ProxyConfig | None = None
    namespace: ProxyConfig | None = None
    workload: ProxyConfig | None = None


NO_LAYERS = Layers()


class _Resource(NamedTuple):
    """A resource: which labels it selects, if any, and the proxy configuration it stands for."""

    created: str
    name: str
    namespace: str
    revision: str | None
    selected: Mapping[str, str] | None
    proxy: ProxyConfig


class ProxyResources:
    """The ProxyConfig resources of a cluster.

    ``objects`` are the items of the API server's list. Those of other revisions than ``revision``
    do not count; an empty revision knows no others. An object that cannot be read is left out, and
    ``problems`` has a sentence about it.

    As in istiod nobody asks here whether what can be read makes sense: the webhook that checks
    resources does when they are made. Namespaces that the mesh's ``discoverySelectors`` leave out
    are for whoever lists the objects to leave out.
    """

    __slots__ = ("_selecting", "_whole", "problems")

    def __init__(self, objects: Iterable[Any], revision: str = "") -> None:
        resources: list[_Resource] = []
        problems: list[str] = []
        for place, raw in enumerate(objects):
            try:
                resources.append(_read(raw))
            except (DecodeError, MeshError) as error:
                problems.append(f"ProxyConfig {_name(raw, place)} is left out: {error}")
        self.problems = tuple(problems)
        self._whole: dict[str, ProxyConfig] = {}
        self._selecting: dict[str, list[_Resource]] = {}
        for resource in sorted(resources, key=lambda one: one[:3]):
            if resource.revision is None or not revision or resource.revision == revision:
                self._add(resource)

    def _add(self, resource: _Resource) -> None:
        if resource.selected is None:
            self._whole.setdefault(resource.namespace, resource.proxy)
        elif resource.selected:  # what is there and selects nothing counts for no pod
            self._selecting.setdefault(resource.namespace, []).append(resource)

    def layers(self, root_namespace: str, namespace: str, labels: Mapping[str, str]) -> Layers:
        """The resources that count for a pod, in a mesh of the given root namespace."""
        return Layers(
            self._whole.get(root_namespace) if root_namespace else None,
            self._whole.get(namespace) if namespace != root_namespace else None,
            self._workload(namespace, labels),
        )

    def _workload(self, namespace: str, labels: Mapping[str, str]) -> ProxyConfig | None:
        for resource in self._selecting.get(namespace, ()):
            if resource.selected and resource.selected.items() <= labels.items():
                return resource.proxy
        return None

    def effective(
        self,
        mesh: MeshConfig,
        namespace: str,
        labels: Mapping[str, str],
        annotations: Mapping[str, str],
    ) -> ProxyConfig:
        """The proxy configuration of a pod in ``mesh``; see :func:`effective`."""
        layers = self.layers(mesh.get("root_namespace"), namespace, labels)
        return effective(mesh, layers, annotations.get(PROXY_ANNOTATION))


def effective(mesh: MeshConfig, layers: Layers, annotation: str | None) -> ProxyConfig:
    """The mesh's ``defaultConfig`` with a pod's resources and its annotation over it.

    The annotation goes over what stands for the mesh and the namespace, and under the resource that
    selects the pod. One that cannot be read is ignored. Follows ``EffectiveProxyConfig``, which
    prints each layer and reads it over the others: a zero that the annotation names is not printed,
    and so what is below it stays.
    """
    found = _over(ProxyConfig(defaults.proxy_config()), mesh.proxy_config)
    for layer in (layers.root, layers.namespace, _of_workload(annotation, layers.workload)):
        found = _over(found, layer)
    return found


def _of_workload(annotation: str | None, selecting: ProxyConfig | None) -> ProxyConfig | None:
    """The pod's own layer: what its annotation says, and the resource that selects it over that."""
    if annotation is None:
        return selecting
    try:
        own = _empty().merge(annotation)
    except MeshError:
        return selecting
    return _over(own, selecting)


def _over(below: ProxyConfig, above: ProxyConfig | None) -> ProxyConfig:
    return below if above is None else below.merge(encoding.to_yaml(above.message))


def _empty() -> ProxyConfig:
    return ProxyConfig(Message(defaults.proxy_config().type))


def _read(raw: Any) -> _Resource:
    """A resource as Go's typed client reads it.

    Raises:
        DecodeError: the metadata are not those of an object.
        MeshError: a value of the spec does not fit its field.
    """
    if not isinstance(raw, dict):
        raise MeshError("it is not an object")
    metadata = codec.decode(raw.get("metadata") or {}, OBJECT_META)
    spec = Message(current_api().message(_RESOURCE))
    decoding.apply(spec, raw.get("spec"))
    selector = spec.get("selector")
    return _Resource(
        metadata.get("creationTimestamp") or "",
        metadata.get("name", ""),
        metadata.get("namespace", ""),
        (metadata.get("labels") or {}).get(_REVISION),
        None if selector is None else selector.get("match_labels"),
        _proxy(spec),
    )


def _proxy(spec: Message) -> ProxyConfig:
    found = _empty()
    for name, field in _FIELDS.items():
        found.message.set(name, spec.get(field))
    return found


_FIELDS = {
    "concurrency": "concurrency",
    "proxy_metadata": "environment_variables",
    "image": "image",
}
"""The fields of a proxy configuration, and those of a resource that they are taken from."""


def _name(raw: Any, place: int) -> str:
    """What a note calls a resource that may be anything."""
    metadata = raw.get("metadata") if isinstance(raw, dict) else None
    if not isinstance(metadata, dict) or not metadata.get("name"):
        return f"number {place + 1} of the list"
    return f"{metadata.get('namespace', '')}/{metadata['name']}"
