from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.kubernetes import codec, exact_decode, fast_decode, schema, special_types
from pillion.kubernetes.errors import DecodeError, UnknownKindError, YAMLError
from pillion.kubernetes.schema import OBJECT_META, POD, POD_SPEC

CONTAINER = "core/v1.Container"
EMPTY_POD = {"metadata": {}, "spec": {"containers": None}, "status": {}}


@pytest.mark.parametrize(
    ("type_name", "value", "wanted"),
    [
        pytest.param(POD, {}, EMPTY_POD, id="structs stand even when empty"),
        pytest.param(POD, None, EMPTY_POD, id="null changes nothing"),
        pytest.param(POD, {"x": [1.5], "spec": {"y": None}}, EMPTY_POD, id="unknown fields go"),
        pytest.param(POD_SPEC, {"containers": []}, {"containers": []}, id="an empty list stays"),
        pytest.param(
            POD_SPEC,
            {"volumes": [], "hostNetwork": False, "nodeName": "", "nodeSelector": {}},
            {"containers": None},
            id="omitempty omits zero values",
        ),
        pytest.param(
            POD_SPEC,
            {"enableServiceLinks": False, "priority": 0, "affinity": {}},
            {"containers": None, "enableServiceLinks": False, "priority": 0, "affinity": {}},
            id="pointers are not empty",
        ),
        pytest.param(
            "[]core/v1.Container",
            [None, {"name": "a"}],
            [{"name": "", "resources": {}}, {"name": "a", "resources": {}}],
            id="null among items is a zero value",
        ),
        pytest.param(
            OBJECT_META, {"labels": {"a": None}}, {"labels": {"a": ""}}, id="null in a map"
        ),
        pytest.param(OBJECT_META, {"LABELS": {"a": "b"}}, {"labels": {"a": "b"}}, id="any case"),
        pytest.param(
            OBJECT_META,
            {"Labels": {"a": "1", "b": "2"}, "labels": {"a": "3"}},
            {"labels": {"a": "3", "b": "2"}},
            id="a key that comes twice is read over the first",
        ),
        pytest.param(
            "core/v1.Pod",
            {"spec": {"containers": [{"name": "a"}, {}]}, "Spec": {"containers": [{"image": "b"}]}},
            EMPTY_POD
            | {"spec": {"containers": [{"name": "a", "image": "b", "resources": {}}]}},
            id="items too",
        ),
        pytest.param(
            "core/v1.PodCondition",
            {"lastProbeTime": "2020-01-02T03:04:05Z", "LASTPROBETIME": None, "type": "a"},
            {"type": "a", "status": "", "lastProbeTime": None, "lastTransitionTime": None},
            id="a null makes a time zero",
        ),
        pytest.param(
            "core/v1.HTTPGetAction", {"port": 80, "PORT": None}, {"port": 80}, id="but not a port"
        ),
        pytest.param(
            OBJECT_META,
            {"creationTimestamp": "0001-01-01T00:00:00Z", "deletionTimestamp": None},
            {},
            id="the zero time is omitted",
        ),
        pytest.param(
            OBJECT_META,
            {"deletionTimestamp": "0001-01-01T00:00:00Z"},
            {"deletionTimestamp": None},
            id="a pointer to it is not",
        ),
        pytest.param(
            OBJECT_META,
            {"creationTimestamp": "2020-01-02T03:04:05Z"},
            {"creationTimestamp": "2020-01-02T03:04:05Z"},
            id="a plain time",
        ),
        pytest.param(
            OBJECT_META,
            {"creationTimestamp": "2020-01-02T03:04:05.6+02:00"},
            {"creationTimestamp": "2020-01-02T01:04:05Z"},
            id="times are printed in UTC, in seconds",
        ),
        pytest.param(
            CONTAINER,
            {"resources": {"limits": {"cpu": 0.5, "memory": "1024Ki", "x": None}}},
            {"name": "", "resources": {"limits": {"cpu": "500m", "memory": "1Mi", "x": "0"}}},
            id="quantities are canonical",
        ),
        pytest.param(
            "core/v1.HTTPGetAction", {"port": "http"}, {"port": "http"}, id="a name for a port"
        ),
        pytest.param("core/v1.HTTPGetAction", {}, {"port": 0}, id="no port is 0"),
        pytest.param(
            "core/v1.List",
            {"items": [{"b": 1, "a": [None]}, None]},
            {"metadata": {}, "items": [{"b": 1, "a": [None]}, None]},
            id="raw items stay as they are",
        ),
        pytest.param(
            "core/v1.Volume",
            {"name": "v", "hostPath": {"path": "/x"}},
            {"name": "v", "hostPath": {"path": "/x"}},
            id="inline structs",
        ),
        pytest.param(
            "admission/v1.AdmissionResponse",
            {"patch": "W10="},
            {"uid": "", "allowed": False, "patch": "W10="},
            id="bytes",
        ),
    ],
)  # fmt: skip
def test_decode(type_name: str, value: Any, wanted: Any) -> None:
    assert codec.decode(value, type_name) == wanted


QUANTITY = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)


@pytest.mark.parametrize(
    ("type_name", "value", "message", "field"),
    [
        (POD, [], "array into Go value of type v1.Pod", ""),
        (POD, {"spec": 1.5}, "number into Go struct field Pod.spec of type v1.PodSpec", "spec"),
        (POD, {"kind": 1}, "number into Go struct field Pod.TypeMeta.kind of type string", "kind"),
        (
            POD,
            {"spec": {"containers": [{"name": "a", "args": {}}]}},
            "object into Go struct field Container.spec.containers.args of type []string",
            "spec.containers[0].args",
        ),
        (
            POD,
            {"spec": {"containers": [{"livenessProbe": True}]}},
            "bool into Go struct field Container.spec.containers.livenessProbe of type v1.Probe",
            "spec.containers[0].livenessProbe",
        ),
        (
            OBJECT_META,
            {"labels": {"a": "b", "c": 1}},
            "number into Go struct field ObjectMeta.labels of type string",
            "labels.c",
        ),
        (
            "core/v1.Volume",
            {"configMap": {"defaultMode": 2**31}},
            (
                "number 2147483648 into Go struct field "
                "ConfigMapVolumeSource.VolumeSource.configMap.defaultMode of type int32"
            ),
            "configMap.defaultMode",
        ),
        (
            POD_SPEC,
            {"activeDeadlineSeconds": 1.5, "containers": 5},
            "number 1.5 into Go struct field PodSpec.activeDeadlineSeconds of type int64",
            "activeDeadlineSeconds",
        ),
        (
            "core/v1.HTTPGetAction",
            {"port": {}},
            "object into Go struct field HTTPGetAction.port of type int32",
            "port",
        ),
        (
            OBJECT_META,
            {"creationTimestamp": 5},
            "number into Go struct field ObjectMeta.creationTimestamp of type string",
            "creationTimestamp",
        ),
    ],
)  # fmt: skip
def test_wrong_types(type_name: str, value: Any, message: str, field: str) -> None:
    with pytest.raises(DecodeError) as caught:
        codec.decode(value, type_name)
    assert str(caught.value) == f"json: cannot unmarshal {message}"
    assert caught.value.field == field


def test_a_type_that_reads_itself_stops_at_once() -> None:
    value = {"name": 1, "resources": {"limits": {"cpu": "x"}}}

    with pytest.raises(DecodeError) as caught:
        codec.decode(value, CONTAINER)

    assert str(caught.value) == QUANTITY
    assert caught.value.field == "resources.limits.cpu"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2020-13-01T00:00:00Z", 'parsing time "2020-13-01T00:00:00Z": month out of range'),
        ("", 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'),
    ],
)
def test_wrong_times(text: str, message: str) -> None:
    with pytest.raises(DecodeError) as caught:
        codec.decode({"creationTimestamp": text}, OBJECT_META)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "byte"), [("Y", 0), ("Y!Q=", 1), ("YQ", 0), ("YQ=", 3), ("YQ==x", 4), ("YWJj\nY", 5)]
)
def test_wrong_base_64(text: str, byte: int) -> None:
    with pytest.raises(DecodeError) as caught:
        codec.decode({"patch": text}, "admission/v1.AdmissionResponse")
    assert str(caught.value) == f"illegal base64 data at input byte {byte}"


def test_decode_leaves_its_input_alone() -> None:
    value = {"labels": {"a": "b"}}

    decoded = codec.decode(value, OBJECT_META)
    decoded["labels"]["c"] = "d"

    assert value == {"labels": {"a": "b"}}


@pytest.mark.parametrize(
    ("type_name", "text", "wanted"),
    [
        pytest.param(
            OBJECT_META,
            "labels: {a: n, b: 017, c: 1_000, d: 1e6, e: 1.10, f: null, 5: x, y: .inf}",
            {
                "labels": {
                    "a": "false", "b": "15", "c": "1000", "d": "1e+06", "e": "1.1", "f": "",
                    "5": "x", "true": "+Inf",
                }
            },
            id="scalars turn into strings",
        ),
        pytest.param(POD_SPEC, "priority: 3.0", {"containers": None, "priority": 3}, id="3.0 is 3"),
        pytest.param(POD_SPEC, "priority: -0.0", {"containers": None, "priority": 0}, id="-0"),
        pytest.param(
            "core/v1.List",
            "items: [{b: 1.0, a: 2.5, 7: yes}]",
            {"metadata": {}, "items": [{"7": True, "a": 2.5, "b": 1}]},
            id="raw items have no type to follow",
        ),
        pytest.param(POD, "", EMPTY_POD, id="empty text"),
    ],
)  # fmt: skip
def test_decode_yaml(type_name: str, text: str, wanted: Any) -> None:
    assert codec.decode_yaml(text, type_name) == wanted


def test_yaml_errors_name_line_and_column() -> None:
    text = "spec:\n  containers:\n  - name: a\n  - name: b\n    ports: x\n"

    with pytest.raises(DecodeError) as caught:
        codec.decode_yaml(text, POD)

    assert str(caught.value) == (
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into "
        "Go struct field Container.spec.containers.ports of type []v1.ContainerPort"
    )
    assert (caught.value.line, caught.value.column) == (5, 12)


def test_yaml_errors_come_in_the_order_of_the_keys() -> None:
    with pytest.raises(DecodeError, match=r"PodSpec\.containers"):
        codec.decode_yaml("volumes: 5\ncontainers: 5\n", POD_SPEC)


def test_a_key_of_an_inline_struct_is_not_followed() -> None:
    text = "name: v\nsecret: {secretName: n}\n"

    with pytest.raises(
        DecodeError, match=r"cannot unmarshal bool into .*secretName of type string"
    ):
        codec.decode_yaml(text, "core/v1.Volume")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("unknown: .inf", "json: unsupported value: +Inf"),
        ("unknown: [{a: -.inf}]", "json: unsupported value: -Inf"),
        ("spec: .nan", "json: unsupported value: NaN"),
        ("spec: [", "yaml: line 1: did not find expected node content"),
    ],
)
def test_what_json_cannot_say(text: str, message: str) -> None:
    with pytest.raises(YAMLError) as caught:
        codec.decode_yaml(text, POD)
    assert str(caught.value) == f"error converting YAML to JSON: {message}"


def test_decode_manifest_finds_the_type() -> None:
    type_name, value = codec.decode_manifest("kind: Job\nspec: {suspend: true}\n")

    assert type_name == "batch/v1.Job"
    assert value["spec"]["suspend"] is True


def test_decode_manifest_reads_the_kind_first() -> None:
    with pytest.raises(UnknownKindError, match='no kind "5" is registered'):
        codec.decode_manifest("kind: 5\nspec: {}\n")


def test_deep_nesting_under_unknown_fields_is_only_skipped() -> None:
    value: Any = 1.5
    for _ in range(5000):
        value = [value]

    assert codec.decode({"x": value}, POD) == EMPTY_POD


def test_encode_keeps_the_order_of_declaration() -> None:
    value = codec.decode({"port": 80, "path": "/<"}, "core/v1.HTTPGetAction")

    assert codec.encode(value, "core/v1.HTTPGetAction") == '{"path":"/\\u003c","port":80}'


WILD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "a", "5", 5, -1, 2**40, True, [], {}, [None], {"a": "b"}, {"name": 5}]
)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(["", "a"]),
    "bool": st.booleans(),
    "int32": st.integers(0, 9),
    "int64": st.integers(0, 9),
}


def objects(type_name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a type, with now and then something else in their place."""
    underlying = schema.underlying(type_name)
    if underlying == "special":
        return st.just(special_types.ZERO[type_name]) | WILD
    if underlying.startswith("*"):
        return objects(underlying[1:], depth)
    if underlying == "struct":
        return structs(type_name, depth)
    if underlying in SCALARS:
        return st.one_of(*[SCALARS[underlying]] * 9, WILD)
    items = objects(schema.element(underlying), depth + 1)
    if underlying.startswith("map["):
        return st.dictionaries(st.sampled_from("ab"), items, max_size=2) | WILD
    return st.lists(items, max_size=2) | WILD


@st.composite
def structs(draw: st.DrawFn, type_name: str, depth: int) -> Any:
    known = schema.json_fields(type_name)
    names = draw(st.lists(st.sampled_from(sorted(known)), max_size=max(4 - depth, 0)))
    return {
        draw(st.sampled_from([name, name, name, name.upper()])): draw(
            objects(known[name].field.type, depth + 1)
        )
        for name in names
    }


@given(objects(POD))
def test_decoding_twice_is_decoding_once(value: Any) -> None:
    try:
        once = codec.decode(value, POD)
    except DecodeError:
        return
    assert codec.decode(once, POD) == once


@given(objects(POD))
def test_the_fast_way_agrees_with_the_exact_one(value: Any) -> None:
    try:
        fast = fast_decode.reader(POD)(value)
    except fast_decode.NotPlainError:
        return
    assert fast == exact_decode.decode(value, POD)
