"""What injection itself reads of the values; the rest is for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pillion.mesh.values import Values


class InjectorValues:
    """The values as templates see them, and the few that the injector looks at."""

    __slots__ = (
        "cluster",
        "holds_application",
        "hub",
        "image",
        "init_image",
        "is_nil",
        "map",
        "network",
        "rewrites_probes",
        "tag",
        "variant",
    )

    def __init__(self, values: Values) -> None:
        self.is_nil = values.is_nil
        self.map: dict[str, Any] = values.data
        top = values.message
        own = _sub(top, "global")
        proxy = _sub(own, "proxy")
        self.hub = _text(own, "hub")
        self.tag = _tag(own)
        self.variant = _text(own, "variant")
        self.image = _text(proxy, "image")
        self.init_image = _text(_sub(own, "proxy_init"), "image")
        self.cluster = _text(_sub(own, "multiCluster"), "clusterName")
        self.network = _text(own, "network")
        self.holds_application = _flag(proxy, "holdApplicationUntilProxyStarts")
        self.rewrites_probes = _flag(_sub(top, "sidecarInjectorWebhook"), "rewriteAppHTTPProbe")


def _sub(message: Any, name: str) -> Any:
    return None if message is None else message.get(name)


def _text(message: Any, name: str) -> str:
    return "" if message is None else str(message.get(name))


def _flag(message: Any, name: str) -> bool:
    wrapper = _sub(message, name)
    return wrapper is not None and bool(wrapper.get("value"))


def _tag(message: Any) -> str:
    from pillion.golang.fmt import sprintf
    from pillion.mesh.message import JSON_VALUE

    tag = _sub(message, "tag")
    return "" if tag is None else sprintf("%v", tag.values.get(JSON_VALUE))
