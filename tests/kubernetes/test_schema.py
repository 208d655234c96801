from __future__ import annotations

import pytest

from pillion.kubernetes import schema


def test_fields_carry_what_go_tags_say() -> None:
    fields = {field.name: field for field in schema.fields("core/v1.PodSpec")}

    volumes = fields["Volumes"]
    assert volumes.json_name == "volumes"
    assert volumes.type == "[]core/v1.Volume"
    assert volumes.omit_empty
    assert volumes.patch_strategy == ("merge", "retainKeys")
    assert volumes.merge_key == "name"
    assert volumes.number == 1
    assert not fields["Containers"].omit_empty
    assert fields["TerminationGracePeriodSeconds"].type == "*int64"


def test_embedded_structs_are_inline_only_without_a_json_name() -> None:
    type_meta, object_meta, *_ = schema.fields("core/v1.Pod")

    assert type_meta.embedded
    assert type_meta.inline
    assert object_meta.embedded
    assert object_meta.json_name == "metadata"
    assert not object_meta.inline


def test_json_fields_hold_those_of_inline_structs() -> None:
    field, parents = schema.json_fields("core/v1.Volume")["hostPath"]

    assert field.name == "HostPath"
    assert [parent.name for parent in parents] == ["VolumeSource"]


@pytest.mark.parametrize(
    ("struct", "name", "parents"),
    [
        ("core/v1.Pod", "Spec", []),
        ("core/v1.Pod", "Labels", ["ObjectMeta"]),
        ("core/v1.Volume", "Secret", ["VolumeSource"]),
        ("core/v1.Probe", "HTTPGet", ["ProbeHandler"]),
    ],
)
def test_go_fields_are_promoted(struct: str, name: str, parents: list[str]) -> None:
    found = schema.field_named(struct, name)

    assert found is not None
    assert [parent.name for parent in found.parents] == parents


def test_a_field_that_go_does_not_have() -> None:
    assert schema.field_named("core/v1.Pod", "labels") is None


@pytest.mark.parametrize(
    ("name", "underlying", "go_type"),
    [
        ("core/v1.Pod", "struct", "v1.Pod"),
        ("core/v1.PullPolicy", "string", "v1.PullPolicy"),
        ("core/v1.ResourceList", "map[core/v1.ResourceName]resource.Quantity", "v1.ResourceList"),
        ("resource.Quantity", "special", "resource.Quantity"),
        ("[]core/v1.Container", "[]core/v1.Container", "[]v1.Container"),
        ("*core/v1.Probe", "*core/v1.Probe", "*v1.Probe"),
        ("apps.openshift.io/v1.LifecycleHook", "struct", "v1.LifecycleHook"),
        ("map[string]string", "map[string]string", "map[string]string"),
        ("int32", "int32", "int32"),
    ],
)
def test_types(name: str, underlying: str, go_type: str) -> None:
    assert schema.underlying(name) == underlying
    assert schema.go_type(name) == go_type


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("[]core/v1.Container", "core/v1.Container"),
        ("*int64", "int64"),
        ("core/v1.ResourceList", "resource.Quantity"),
        ("map[string][]string", "[]string"),
    ],
)
def test_elements(name: str, element: str) -> None:
    assert schema.element(name) == element


@pytest.mark.parametrize("name", ["core/v1.Node", "Pod", ""])
def test_an_unknown_type_is_a_mistake_of_the_caller(name: str) -> None:
    assert not schema.known(name)
    with pytest.raises(schema.UnknownTypeError):
        schema.fields(name)


def test_every_type_that_a_field_names_is_known() -> None:
    waiting = ["core/v1.Pod", "core/v1.List", "apps/v1.StatefulSet", "batch/v1.CronJob"]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        underlying = schema.underlying(name)
        if underlying == "struct":
            waiting += [field.type for field in schema.fields(name)]
        elif underlying.startswith(("[]", "*", "map[")):
            waiting.append(schema.element(underlying))
    assert "core/v1.SeccompProfile" in seen
