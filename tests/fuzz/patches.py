"""Strategic merge patches with all directives, over pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.kubernetes import schema
from tests.fuzz import values
from tests.fuzz.reference import Question
from tests.fuzz.yaml_text import block

if TYPE_CHECKING:
    from tests.fuzz.source import Source

_NAMES = ("a", "b", "c", "v")

Names = tuple[str, ...]


def directives(source: Source) -> Question:
    """Lists that merge by a key, with every directive."""
    return _question(source, _Pods(source), 45)


def plain(source: Source) -> Question:
    """Patches without directives."""
    return _question(source, _Pods(source), 0)


def odd(source: Source) -> Question:
    """Patches and pods in which anything may stand anywhere."""
    return _question(source, _Pods(source, odd=12), 20)


def documents(source: Source) -> Question:
    """Texts that may be no objects."""
    make = lambda: source.pick(_DOCUMENTS)  # noqa: E731 - two draws of the same
    return Question("smp", make(), make())


GENERATORS = {"directives": directives, "plain": plain, "odd": odd, "documents": documents}

_DOCUMENTS = (
    '{"metadata": {"name": "p"}}', "{}", "null", "[]", "1", "", "{", '{"a": 1, "a": 2}', '{"a": 1e400}', "a: b", '{"a": null}', '"x"', '{"$patch": "delete"}',
    '{"$patch": "replace", "a": 1}', '{"$patch": "merge"}', '{"$patch": 1}', "a: .nan", "a: !!binary x", "<<: {a: b}", "a: 1.0", "? [a]\n: b", "true", "---\na: b\n---\nc: d",
    '{"a": 12345678901234567890, "b": 1e21, "c": 1.5}', '{"spec": null}', '{"spec": {"containers": null}}', '{"$deleteFromPrimitiveList/finalizers": ["a"]}',
    '{"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}}', '{"metadata": {"finalizers": ["a", "b"]}}', '{"$retainKeys": ["a"], "a": 1}', '{"a": {"b": 1}, "$retainKeys": []}',
    "~", "# c", "a: {b: [1, 2]}", "{a: {b: [3]}}", '{"a": {"$patch": "replace", "b": null}}', '{"spec": {"$patch": "x"}}', "{y: n}", "{1: 2}", "{a: 9007199254740993}",
)  # fmt: skip


def _question(source: Source, pods: _Pods, directives: int) -> Question:
    original = pods.object("core/v1.Pod", 4, 0)
    patch = pods.object("core/v1.Pod", 4, directives)
    text = values.json_text(patch) if source.chance(70) or not patch else block(source, patch, 0)
    return Question("smp", text, values.json_text(original))


class _Pods:
    """Makes pods and patches out of few names, so that they meet."""

    def __init__(self, source: Source, odd: int = 1) -> None:
        self.source = source
        self.odd = odd

    def object(self, type_name: str, depth: int, directives: int) -> dict[str, Any]:
        fields = schema.json_fields(type_name)
        names = _COMMON.get(type_name, ()) or tuple(fields)
        made: dict[str, Any] = {}
        for _ in range(1 + self.source.below(3)):
            name = self.source.pick(names if not self.source.chance(8) else tuple(fields))
            field = fields[name].field
            made[name] = self._field(field, depth - 1, directives)
            if directives and self.source.chance(directives // 3):
                made |= self._list_directives(name, field, depth)
        if directives and self.source.chance(directives // 4):
            made |= self._map_directive(tuple(fields))
        return made

    def _map_directive(self, names: Names) -> dict[str, Any]:
        kind = self.source.below(2)
        if kind == 0:
            return {"$patch": self._patch_kind()}
        return {"$retainKeys": self._odd_or([self.source.pick(names) for _ in range(self.source.below(3))])}

    def _patch_kind(self) -> Any:
        return self._odd_or(self.source.pick(("replace", "merge", "delete", "x")))

    def _list_directives(self, name: str, field: schema.Field, depth: int) -> dict[str, Any]:
        key = field.merge_key
        if key or self.source.chance(20):
            items = [{key or "name": self._key_value(key)} for _ in range(self.source.below(3))]
            if self.source.chance(15):
                items.append(self.object("core/v1.EnvVar", 1, 0))
            return {f"$setElementOrder/{name}": self._odd_or(items)}
        kind = self.source.pick(("$setElementOrder/", "$deleteFromPrimitiveList/", "$retainKeys/"))
        del depth
        return {kind + name: self._odd_or([self.source.pick(_NAMES) for _ in range(self.source.below(3))])}

    def _key_value(self, key: str) -> Any:
        if self.source.chance(self.odd):
            return values.value(self.source, 0)
        if key in {"containerPort", "port"}:
            return values.Number(self.source.pick(("80", "8080", "53", "80.0")))
        if key in {"mountPath", "devicePath"}:
            return self.source.pick(("/a", "/b", "/v"))
        return self.source.pick(_NAMES)

    def _odd_or(self, value: Any) -> Any:
        return values.value(self.source, 1) if self.source.chance(self.odd) else value

    def _field(self, field: schema.Field, depth: int, directives: int) -> Any:
        if directives and self.source.chance(6):
            return None
        if self.source.chance(self.odd):
            return values.value(self.source, 1)
        kind = schema.underlying(field.type)
        while kind.startswith("*"):
            kind = schema.underlying(kind[1:]) if schema.underlying(kind[1:]) != "struct" else kind[1:]
        name = kind if schema.known(kind) else field.type.removeprefix("*")
        if kind == "struct" or schema.known(name) and schema.underlying(name) == "struct":
            return self.object(name, depth, directives) if depth > 0 else {}
        if kind.startswith("[]"):
            return self._list(kind[2:], field.merge_key, depth, directives)
        if kind.startswith("map["):
            return self._map(directives)
        return self._scalar(kind)

    def _list(self, element: str, merge_key: str, depth: int, directives: int) -> Any:
        count = self.source.below(4) if depth > 0 else self.source.below(2)
        if schema.known(element) and schema.underlying(element) == "struct":
            items = [self._element(element, merge_key, depth, directives) for _ in range(count)]
            if directives and self.source.chance(directives // 8):
                items.append({"$patch": self._patch_kind()})
            return items
        return [self._odd_or(self.source.pick(_NAMES)) for _ in range(count)]

    def _element(self, element: str, merge_key: str, depth: int, directives: int) -> Any:
        item = self.object(element, min(depth - 1, 2), directives) if depth > 0 else {}
        if merge_key and not self.source.chance(3):
            item[merge_key] = self._key_value(merge_key)
        if directives and self.source.chance(directives // 4):
            item["$patch"] = self._patch_kind()
        return self._odd_or(item)

    def _map(self, directives: int) -> Any:
        made: dict[str, Any] = {
            self.source.pick(_NAMES): None if directives and self.source.chance(20) else self.source.pick(("1", "2", "x"))
            for _ in range(self.source.below(4))
        }
        if directives and self.source.chance(directives // 4):
            made["$patch"] = self._patch_kind()
        return made

    def _scalar(self, kind: str) -> Any:
        if kind == "bool":
            return self.source.chance(50)
        if kind.startswith("int"):
            return values.Number(self.source.pick(("1", "0", "80", "8080", "1e3", "9007199254740993")))
        return self.source.pick(("x", "y", "app:1", ""))


_COMMON: dict[str, Names] = {
    "core/v1.Pod": ("spec", "metadata", "spec", "apiVersion", "status"),
    "core/v1.PodSpec": ("containers", "containers", "volumes", "initContainers", "tolerations", "imagePullSecrets", "nodeSelector", "hostAliases", "securityContext", "dnsConfig", "hostNetwork", "nodeName", "topologySpreadConstraints", "ephemeralContainers", "schedulingGates", "readinessGates", "resourceClaims"),
    "core/v1.Container": ("env", "ports", "volumeMounts", "image", "args", "resources", "securityContext", "envFrom", "volumeDevices", "livenessProbe", "lifecycle"),
    "core/v1.Volume": ("emptyDir", "configMap", "secret", "projected", "hostPath"),
    "meta/v1.ObjectMeta": ("labels", "annotations", "finalizers", "ownerReferences", "name", "managedFields"),
}  # fmt: skip
