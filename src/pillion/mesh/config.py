"""The configuration of a mesh and of its proxies, read over the defaults.

Istio decodes a mesh's YAML over the default configuration, field by field of the top level, and
treats a few fields otherwise: ``defaultConfig`` and ``defaultProviders`` are merged one level
further down, ``extensionProviders`` by their names, and ``trustDomainAliases`` add up. A proxy's
configuration in a pod's annotation is decoded over the mesh's ``defaultConfig`` in the same way.
Nothing else is merged: a pod that sets ``tracing.sampling`` replaces the whole of ``tracing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pillion.golang.strings import to_bytes
from pillion.kubernetes import yaml_reader
from pillion.kubernetes.errors import YAMLError
from pillion.mesh import (
    decoding,
    defaults,
    encoding,
    failures,
    mesh_validation,
    proxy_validation,
)
from pillion.mesh.decoding import CURRENT, GOGO
from pillion.mesh.errors import MeshError
from pillion.mesh.message import Message
from pillion.mesh.views import view

if TYPE_CHECKING:
    from pillion.golang.values import Struct

Generation: TypeAlias = Literal["1.30", "1.1"]

PROXY_ANNOTATION = "proxy.istio.io/config"
"""The annotation in which a pod configures its own proxy."""


class ProxyConfig:
    """How a proxy is configured; it does not change."""

    __slots__ = ("message",)

    def __init__(self, message: Message) -> None:
        self.message = message

    def get(self, name: str) -> Any:
        """The value of the field ``name`` (protobuf's name), or its zero value."""
        return self.message.get(name)

    def view(self) -> Struct:
        """What templates see as ``.ProxyConfig``."""
        return view(self.message)

    def merge(self, text: str) -> ProxyConfig:
        """This configuration with the YAML of ``proxy.istio.io/config`` over it, not validated.

        Follows Istio's ``mesh.MergeProxyConfig``.

        Raises:
            MeshError: ``text`` is not YAML, or does not fit the fields it names.
        """
        try:
            value = yaml_reader.load(text)
        except YAMLError as error:
            raise MeshError(f"could not parse proxy config: {error}") from error
        return ProxyConfig(_merge_proxy(self.message, value))

    def without_defaults(self) -> ProxyConfig:
        """This configuration less what every proxy knows by itself, as Istio's templates print it.

        Follows ``cleanProxyConfig`` of Istio's injector, which looks at some fields only.
        """
        kept = self.message.values.copy()
        for name, value in defaults.proxy_config().values.items():
            if kept.get(name) == value:
                del kept[name]
        return ProxyConfig(Message(self.message.type, kept))

    def to_json(self) -> str:
        """The JSON that jsonpb makes of this configuration.

        Raises:
            MeshError: a duration is longer than protobuf allows.
        """
        return encoding.to_json(self.message)


class MeshConfig:
    """How a mesh is configured; it does not change."""

    __slots__ = ("message", "proxy_config")

    def __init__(self, message: Message) -> None:
        self.message = message
        self.proxy_config = ProxyConfig(message.get("default_config"))

    def get(self, name: str) -> Any:
        """The value of the field ``name`` (protobuf's name), or its zero value."""
        return self.message.get(name)

    def view(self) -> Struct:
        """What templates see as ``.MeshConfig``."""
        return view(self.message)

    def merge_proxy_config(self, text: str) -> MeshConfig:
        """This mesh with the YAML of ``proxy.istio.io/config`` over its ``defaultConfig``.

        Raises:
            MeshError: ``text`` is not YAML, or does not fit the fields it names.
        """
        merged = self.message.copy()
        merged.set("default_config", self.proxy_config.merge(text).message)
        return MeshConfig(merged)

    def to_yaml(self) -> str:
        """The YAML that Istio prints of this configuration.

        Raises:
            MeshError: a duration is longer than protobuf allows.
        """
        return encoding.to_yaml(self.message)


def load_mesh(text: str, generation: Generation = "1.30") -> MeshConfig:
    """Read the YAML of a mesh's configuration over the defaults of a generation, and validate it.

    Follows ``ApplyMeshConfigDefaults`` of Istio 1.30 and of Istio 1.1.

    Raises:
        MeshError: ``text`` is not YAML, does not fit the fields it names, or makes no sense; the
            message is Istio's.
    """
    try:
        value = yaml_reader.load(text)
    except YAMLError as error:
        raise MeshError(f"failed to convert to proto. {error}") from error
    return MeshConfig(
        _over_defaults(value) if generation == "1.30" else _over_legacy_defaults(value)
    )


def check_proxy_config(text: str) -> None:
    """Check the annotation ``proxy.istio.io/config`` over Istio's defaults, whatever the mesh says.

    Raises:
        MeshError: ``text`` is not YAML, does not fit the fields it names, or makes no sense; the
            message is that of the injector's annotation check.
    """
    config = defaults.proxy_config().copy()
    try:
        decoding.apply(config, yaml_reader.load(text))
    except (YAMLError, MeshError) as error:
        raise MeshError(f"failed to convert to apply proxy config: {error}") from error
    problems = proxy_validation.validate(config)
    if problems is not None:
        raise MeshError(failures.render(problems))


def _over_defaults(value: Any) -> Message:
    before = defaults.mesh_config()
    mesh = before.copy()
    _convert(mesh, value, CURRENT)
    named = value if isinstance(value, dict) else {}
    proxy = _merge_proxy(before.get("default_config"), named.get("defaultConfig"))
    mesh.set("default_config", proxy)
    providers = before.get("default_providers").copy()
    decoding.apply(providers, named.get("defaultProviders"))
    mesh.set("default_providers", providers)
    added = mesh.get("extension_providers")
    mesh.set("extension_providers", _merge_providers(before.get("extension_providers"), added))
    aliases = set(mesh.get("trust_domain_aliases"))
    mesh.set("trust_domain_aliases", sorted(aliases, key=to_bytes))
    problems = mesh_validation.validate(mesh)
    if problems is not None:
        raise MeshError(failures.render(problems))
    return mesh


def _over_legacy_defaults(value: Any) -> Message:
    """The mesh of Istio 1.1, which merges what its own printer says of ``defaultConfig``."""
    from pillion.mesh import legacy_validation

    mesh = defaults.legacy_mesh_config().copy()
    _convert(mesh, value, GOGO)
    proxy = defaults.legacy_proxy_config().copy()
    for name, item in mesh.get("default_config").values.items():
        proxy.set(name, item)
    mesh.set("default_config", proxy)
    problems = legacy_validation.validate(mesh)
    if problems is not None:
        raise MeshError(failures.render_legacy(problems))
    return mesh


def _convert(mesh: Message, value: Any, dialect: decoding.Dialect) -> None:
    try:
        decoding.apply(mesh, value, dialect)
    except MeshError as error:
        raise MeshError(f"failed to convert to proto. {error}") from error


def _merge_proxy(base: Message, value: Any) -> Message:
    """A new proxy configuration: ``value`` over ``base``, metadata and headers key by key."""
    merged = base.copy()
    try:
        decoding.apply(merged, value)
    except MeshError as error:
        raise MeshError(f"could not parse proxy config: {error}") from error
    merged.set("proxy_metadata", {**base.get("proxy_metadata"), **merged.get("proxy_metadata")})
    headers, former = merged.get("proxy_headers"), base.get("proxy_headers")
    if headers is not None and former is not None:
        kept = {name: former.values[name] for name in _KEPT_HEADERS if name in former.values}
        merged.set("proxy_headers", Message(headers.type, {**kept, **headers.values}))
    return merged


_KEPT_HEADERS = (
    "forwarded_client_cert",
    "request_id",
    "attempt_count",
    "server",
    "envoy_debug_headers",
)
"""The headers that an annotation leaves as they are in the mesh unless it names them."""


def _merge_providers(before: list[Message], added: list[Message]) -> list[Message]:
    """The providers of both lists; of two with one name the later says what it is."""
    by_name: dict[str, Message] = {provider.get("name"): provider for provider in before}
    for provider in added:
        by_name[provider.get("name")] = provider
    return list(by_name.values())
