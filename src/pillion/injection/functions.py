"""The functions that Istio's injector adds to the template language.

They come on top of sprig's and replace some of them: ``contains``, ``indent``, ``omit`` and ``env``
mean something else here. Follows ``template.go`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pillion.golang import json, strings
from pillion.golang.fmt import sprint, sprintf
from pillion.golang.values import Map, Struct, type_of
from pillion.gotemplate.functions import function
from pillion.injection import proxy_json
from pillion.injection.containers import PROXY
from pillion.injection.multus import append_network
from pillion.injection.otel import resource_attributes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pillion.gotemplate.functions import FunctionTable

STRINGS = "map[string]string"
_CONTAINERS = "[]v1.Container"
_NOT_TCP = frozenset({"UDP", "SCTP"})
_WIDEST = 10**6  # the widest padding that Go's formatting allows


@function("*durationpb.Duration", result="string")
def _format_duration(duration: Struct) -> str:
    return proxy_json.duration_text(duration)


@function(STRINGS, "string", result="bool")
def _isset(mapping: dict[str, str], key: str) -> bool:
    return key in mapping


@function("interface {}", "string", result="string")
def _exclude_inbound_port(port: Any, excluded: str) -> str:
    wanted = strings.trim_space(sprint(port))
    if wanted in {"", "0"}:
        return excluded
    ports = excluded.split(",")
    if wanted in ports:
        return excluded
    return ",".join([*filter(None, map(strings.trim_space, ports)), wanted])


@function("[]v1.Container", result="string")
def _include_inbound_ports(containers: Iterable[Struct]) -> str:
    return container_ports(containers, without=_NOT_TCP)


@function("[]v1.Container", result="string")
def _application_ports(containers: Iterable[Struct]) -> str:
    applications = (one for one in containers if one.field("Name") != PROXY)
    return container_ports(applications, without=_NOT_TCP)


def container_ports(containers: Iterable[Struct], *, without: frozenset[str] = frozenset()) -> str:
    """The ports of ``containers`` but for those of the protocols ``without``, for a template."""
    return ",".join(
        str(int(port.field("ContainerPort")))
        for container in containers
        for port in container.field("Ports")
        if port.field("Protocol") not in without
    )


@function("string", result="string")
def _unchanged(text: str) -> str:
    return text


@function("v1.ObjectMeta", "string", "interface {}", result="string")
def _annotation(meta: Struct, name: str, default: Any) -> str:
    value = meta.field("Annotations").get(name)
    return sprint(default) if value is None else str(value)


@function("interface {}", "interface {}")
def _value_or_default(value: Any, default: Any) -> Any:
    return default if value is None or (type(value) is str and not value) else value


@function(STRINGS, result="string")
def _to_json(mapping: Map) -> str:
    return json.marshal(dict(mapping))


@function("string")
def _from_json(text: str) -> Any:
    try:
        return json.unmarshal(text)
    except json.JSONError:
        return "{}"


@function("interface {}", result="string")
def _struct_to_json(value: Any) -> str:
    if value is None:
        return "{}"
    try:
        return json.marshal(value)
    except json.JSONError:
        return "{}"


@function("protoreflect.ProtoMessage", result="string")
def _proto_to_json(message: Any) -> str:
    return proxy_json.to_json(message)


@function("interface {}", result="string")
def _to_yaml(value: Any) -> str:
    try:
        text = json.marshal(value)
    except json.JSONError:
        return ""
    return _yaml_of(text)


@lru_cache(maxsize=256)
def _yaml_of(text: str) -> str:
    """The JSON ``text`` as YAML; templates mostly print the same parts of the values."""
    from pillion.kubernetes import yaml_reader, yaml_writer

    return yaml_writer.dump(yaml_reader.load(text))


@function("int", "string", result="string")
def _indent(spaces: int, source: str) -> str:
    first, *lines = source.split("\n")
    if abs(spaces) > _WIDEST:
        return "\n".join([first, *(sprintf(f"% {spaces}s%s", "", line) for line in lines)])
    return f"\n{' ' * abs(spaces)}".join([first, *lines])


@function("string", result="string")
def _directory(path: str) -> str:
    return path[: path.rfind("/") + 1]


@function("string", "string", result="bool")
def _contains(needle: str, haystack: str) -> bool:
    return needle in haystack


@function("string", result="string")
def _to_lower(text: str) -> str:
    return strings.lower(text)


@function("string", "string", result="string")
def _append_multus_network(existing: str, network: str) -> str:
    return append_network(existing, network)


@function("string", "string", result="string")
def _env(key: str, default: str) -> str:
    import os

    return os.environ.get(key) or default


@function(STRINGS, "string", variadic=True, result=STRINGS)
def _omit(mapping: Map, *keys: str) -> Map:
    return _strings({key: value for key, value in mapping.items() if key not in keys})


@function("string", variadic=True, result=STRINGS)
def _strdict(*items: str) -> Map:
    values = [*items, ""]
    return _strings(dict(zip(values[0 : len(items) : 2], values[1::2], strict=False)))


@function(STRINGS, variadic=True, result="string")
def _to_json_map(*mappings: Map) -> str:
    return json.marshal(_merged(mappings)) if mappings else "null"


@function(STRINGS, variadic=True, result=STRINGS)
def _merge_maps(*mappings: Map) -> Map:
    return _strings(_merged(mappings), is_nil=not mappings)


def _merged(mappings: Iterable[Map]) -> dict[str, str]:
    return {key: value for mapping in mappings for key, value in mapping.items()}


def _strings(items: dict[str, str], *, is_nil: bool = False) -> Map:
    return Map(STRINGS, items, zero="", is_nil=is_nil)


@function("interface {}")
def _omit_nil(value: Any) -> Any:
    return without_nil(value)


def without_nil(value: Any) -> Any:
    """``value`` without nulls in its maps and lists, and without those that this leaves empty."""
    return _filtered(value)[0]


def _filtered(value: Any) -> tuple[Any, bool]:
    """``value`` without nulls, and whether anything was left out."""
    if value is None:
        return None, True
    if type(value) is dict:
        pairs = [(key, *_filtered(item)) for key, item in value.items()]
        if not any(changed for _, _, changed in pairs):
            return value, False
        return {key: item for key, item, _ in pairs if item is not None} or None, True
    if type_of(value) == "[]interface {}":
        items = [_filtered(item) for item in value]
        if not any(changed for _, changed in items):
            return value, False
        return [item for item, _ in items if item is not None] or None, True
    return value, False


@function("*v1alpha1.MeshConfig", STRINGS, STRINGS, "string", "[]v1.Container", result="string")
def _otel_resource_attributes(
    mesh: Struct, annotations: Map, labels: Map, namespace: str, containers: list[Struct]
) -> str:
    return resource_attributes(mesh, annotations, labels, namespace, containers)


FUNCTIONS: FunctionTable = {
    "formatDuration": _format_duration,
    "isset": _isset,
    "excludeInboundPort": _exclude_inbound_port,
    "includeInboundPorts": _include_inbound_ports,
    "kubevirtInterfaces": _unchanged,
    "excludeInterfaces": _unchanged,
    "applicationPorts": _application_ports,
    "annotation": _annotation,
    "valueOrDefault": _value_or_default,
    "toJSON": _to_json,
    "fromJSON": _from_json,
    "structToJSON": _struct_to_json,
    "protoToJSON": _proto_to_json,
    "toYaml": _to_yaml,
    "indent": _indent,
    "directory": _directory,
    "contains": _contains,
    "toLower": _to_lower,
    "appendMultusNetwork": _append_multus_network,
    "env": _env,
    "omit": _omit,
    "strdict": _strdict,
    "toJsonMap": _to_json_map,
    "mergeMaps": _merge_maps,
    "omitNil": _omit_nil,
    "otelResourceAttributes": _otel_resource_attributes,
}
"""Istio's own functions, without sprig's."""
