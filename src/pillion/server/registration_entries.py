"""The entries of webhook configurations as an API server holds them.

Other tools write them too (istioctl, Helm, istiod), so nothing is taken for granted but what an API
server makes sure of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.kubernetes import selector
from pillion.kubernetes.selector import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.kubernetes.selector import Selector

Configuration = dict[str, Any]

REVISION = "istio.io/rev"
_INJECTORS = re.compile(r"(istiod|istio-sidecar-injector)(-.+)?")
_NAME = "sidecar-injector.istio.io"
_APP = "sidecar-injector"
_DEACTIVATED = Requirement("istio.io/deactivated", "=", ("never-match",))
"""What istioctl makes of the selectors of a webhook that a revision tag stands in for."""

_PODS = frozenset(("pods", "*", "*/*"))


class Entry(NamedTuple):
    """A webhook of a configuration; ``said`` is all that it says, ``place`` where it leads."""

    configuration: str
    name: str
    place: str
    namespaces: Selector
    pods: Selector
    said: dict[str, Any]

    @property
    def deactivated(self) -> bool:
        """Whether istioctl has seen to it that it is called for no pod."""
        return _DEACTIVATED in (*self.namespaces.requirements, *self.pods.requirements)

    @property
    def ca_bundle(self) -> str:
        """The certificates to trust, in the base64 that objects carry; empty without any."""
        return str(self.said["clientConfig"].get("caBundle") or "")

    @property
    def rules(self) -> list[dict[str, Any]]:
        """What it is called for."""
        return self.said.get("rules") or []

    @property
    def creates_pods(self) -> bool:
        """Whether it is called for the creation of pods."""
        return any(map(_creates_pods, self.rules))


def name_of(configuration: Configuration) -> str:
    """The name of a configuration."""
    return str(configuration["metadata"]["name"])


def revision_of(configuration: Configuration) -> str:
    """The revision that its label names; empty without one."""
    return str((configuration["metadata"].get("labels") or {}).get(REVISION, ""))


def entries(configuration: Configuration) -> list[Entry]:
    """The webhooks of a configuration, in the order in which they are called."""
    name = name_of(configuration)
    return [_entry(name, said) for said in configuration.get("webhooks") or ()]


def injecting(configurations: Iterable[Configuration]) -> list[Configuration]:
    """The configurations of which an entry injects sidecars, in the order of calls: by name."""
    return sorted(filter(_injects, configurations), key=name_of)


def written(rule: dict[str, Any]) -> str:
    """A rule in short, as ``CREATE pods`` or ``CREATE,UPDATE apps/deployments``."""
    groups = [f"{group}/" if group else "" for group in rule.get("apiGroups") or ()]
    resources = [f"{group}{one}" for group in groups for one in rule.get("resources") or ()]
    return f"{','.join(rule.get('operations') or ())} {','.join(resources)}"


def _entry(configuration: str, said: dict[str, Any]) -> Entry:
    return Entry(
        configuration,
        str(said["name"]),
        _place(said["clientConfig"]),
        selector.parse(said.get("namespaceSelector") or {}),
        selector.parse(said.get("objectSelector") or {}),
        said,
    )


def _place(client: dict[str, Any]) -> str:
    service = client.get("service")
    if not service:
        return str(client.get("url", ""))
    path = str(service.get("path") or "/")
    return f"{service['namespace']}/{service['name']}:{service.get('port', 443)}{path}"


def _injects(configuration: Configuration) -> bool:
    labels = configuration["metadata"].get("labels") or {}
    webhooks = configuration.get("webhooks") or ()
    return labels.get("app") == _APP or any(map(_leads_to_injector, webhooks))


def _leads_to_injector(said: dict[str, Any]) -> bool:
    service = said["clientConfig"].get("service") or {}
    return str(said["name"]).endswith(_NAME) or bool(
        _INJECTORS.fullmatch(str(service.get("name", "")))
    )


def _creates_pods(rule: dict[str, Any]) -> bool:
    return (
        _has(rule, "operations", "CREATE")
        and _has(rule, "apiGroups", "")
        and _has(rule, "apiVersions", "v1")
        and not _PODS.isdisjoint(rule.get("resources") or ())
        and rule.get("scope") != "Cluster"
    )


def _has(rule: dict[str, Any], key: str, value: str) -> bool:
    return not {value, "*"}.isdisjoint(rule.get(key) or ())
