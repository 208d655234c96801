"""Protobuf messages as the functions of templates need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pillion.golang.values import Struct

_PROXY_CONFIG = "*v1alpha1.ProxyConfig"
_texts: dict[int, tuple[Any, str]] = {}
"""The JSON of messages by identity, with the message, so that the identity stays taken."""

_MOST_TEXTS = 64
_ENRICHMENT = "OTEL_SEMANTIC_CONVENTIONS"


def to_json(message: Any) -> str:
    """The JSON of ``message``; of a proxy configuration only what differs from the defaults.

    Leaving those out keeps pods small. What has no JSON is ``{}``.
    """
    if message is None or message.is_nil:
        return "{}"
    known = _texts.get(id(message))
    if known is None or known[0] is not message:
        if len(_texts) >= _MOST_TEXTS:
            _texts.clear()
        known = _texts[id(message)] = (message, _to_json(message))
    return known[1]


def _to_json(message: Any) -> str:
    from pillion.mesh import encoding
    from pillion.mesh.config import ProxyConfig
    from pillion.mesh.errors import MeshError

    found = message.message
    if message.go_type == _PROXY_CONFIG:
        found = ProxyConfig(found).without_defaults().message
    try:
        return encoding.to_json(found)
    except MeshError:
        return "{}"


def duration_text(duration: Struct) -> str:
    """A protobuf duration as Go prints a ``time.Duration``: ``1m30s``."""
    from pillion.mesh.views import as_duration

    return str(as_duration(duration).string())


def enriches_services(mesh: Struct | None) -> bool:
    """Tell whether a tracing provider of ``mesh`` wants OpenTelemetry's names for services."""
    return mesh is not None and any(
        _enriches(provider) for provider in mesh.field("ExtensionProviders")
    )


def _enriches(provider: Struct) -> bool:
    get = provider.method("GetOpentelemetry")
    otel = get() if get is not None else None
    if otel is None or otel.is_nil:
        return False
    return bool(otel.field("ServiceAttributeEnrichment").string() == _ENRICHMENT)
