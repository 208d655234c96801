"""JSON values into messages, by the rules of both jsonpb packages.

The wanted values and texts are those of golang/protobuf 1.5.4 and gogo/protobuf 1.1.1.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.mesh import decoding, encoding
from pillion.mesh.decoding import CURRENT, GOGO, Dialect
from pillion.mesh.descriptors import current_api, legacy_api, values_api
from pillion.mesh.errors import MeshError
from pillion.mesh.message import Message

PROXY = "istio.mesh.v1alpha1.ProxyConfig"
VALUES = "istio.operator.v1alpha1.Values"


def read(value: Any, dialect: Dialect = CURRENT, name: str = PROXY) -> Message:
    api = current_api() if dialect is CURRENT else legacy_api()
    message = Message((values_api() if name == VALUES else api).message(name))
    decoding.apply(message, value, dialect)
    return message


@pytest.mark.parametrize(
    ("value", "field", "wanted"),
    [
        ({"statusPort": 1}, "status_port", 1),
        ({"status_port": 1}, "status_port", 1),
        ({"status_port": 1, "statusPort": 2}, "status_port", 2),
        ({"statusPort": 2.0}, "status_port", 2),
        ({"statusPort": "3"}, "status_port", 3),
        ({"statusPort": " 3 "}, "status_port", 3),
        ({"statusPort": "null"}, "status_port", 0),
        ({"statusPort": None}, "status_port", 0),
        ({"StatusPort": 1}, "status_port", 0),
        ({"interceptionMode": "TPROXY"}, "interception_mode", 1),
        ({"interceptionMode": 9}, "interception_mode", 9),
        ({"interceptionMode": 1.0}, "interception_mode", 1),
        ({"extraStatTags": ["a", None]}, "extra_stat_tags", ["a", ""]),
        ({"extraStatTags": []}, "extra_stat_tags", []),
        ({"proxyMetadata": {"a": "b", "": "c"}}, "proxy_metadata", {"a": "b", "": "c"}),
        ({"serviceCluster": ""}, "service_cluster", ""),
    ],
)
def test_fields(value: dict[str, Any], field: str, wanted: Any) -> None:
    assert read(value).get(field) == wanted


@pytest.mark.parametrize(
    ("text", "seconds", "nanos"),
    [
        ("45s", 45, 0),
        ("1m30s", 90, 0),
        ("1.5s", 1, 500_000_000),
        ("-1.5s", -1, -500_000_000),
        ("1us", 0, 1000),
        ("0", 0, 0),
    ],
)
def test_durations(text: str, seconds: int, nanos: int) -> None:
    duration = read({"drainDuration": text}).get("drain_duration")
    assert (duration.get("seconds"), duration.get("nanos")) == (seconds, nanos)


def test_wrappers_tell_false_from_nothing() -> None:
    assert read({}).get("hold_application_until_proxy_starts") is None
    held = read({"holdApplicationUntilProxyStarts": False})
    assert held.get("hold_application_until_proxy_starts").get("value") is False


def test_of_a_oneof_the_later_declared_field_wins() -> None:
    message = read({"tracingServiceName": "CANONICAL_NAME_ONLY", "serviceCluster": "a"})
    assert message.values == {"tracing_service_name": 1}


def test_a_message_that_is_named_again_starts_anew() -> None:
    message = read({"tracing": {"sampling": 5, "maxPathTagLength": 9}})
    decoding.apply(message, {"tracing": {"sampling": 7}})
    assert message.get("tracing").values == {"sampling": 7.0}


def test_null_and_unknown_fields_change_nothing() -> None:
    message = read({"statusPort": 1})
    decoding.apply(message, {"statusPort": None, "nobody": {"knows": 1}})
    decoding.apply(message, None)
    assert message.values == {"status_port": 1}


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_not_finite(text: str) -> None:
    sampling = read({"tracing": {"sampling": text}}).get("tracing").get("sampling")
    assert not math.isfinite(sampling)


def test_a_negative_zero_counts_as_set() -> None:
    tracing = read({"tracing": {"sampling": "-0"}}).get("tracing")
    assert encoding.to_json(tracing) == '{"sampling":-0}'


OBJECT = "map[string]json.RawMessage"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ([], f"json: cannot unmarshal array into Go value of type {OBJECT}"),
        (5, f"json: cannot unmarshal number into Go value of type {OBJECT}"),
        ({"tracing": "x"}, f"json: cannot unmarshal string into Go value of type {OBJECT}"),
        ({"proxyMetadata": []}, f"json: cannot unmarshal array into Go value of type {OBJECT}"),
        (
            {"extraStatTags": {}},
            "json: cannot unmarshal object into Go value of type []json.RawMessage",
        ),
        ({"meshId": 5}, "json: cannot unmarshal number into Go value of type string"),
        ({"meshId": True}, "json: cannot unmarshal bool into Go value of type string"),
        ({"statusPort": 1.5}, "json: cannot unmarshal number 1.5 into Go value of type int32"),
        ({"statusPort": "1.5"}, "json: cannot unmarshal number 1.5 into Go value of type int32"),
        (
            {"statusPort": 2147483648},
            "json: cannot unmarshal number 2147483648 into Go value of type int32",
        ),
        (
            {"statusPort": 1e21},
            "json: cannot unmarshal number 1e+21 into Go value of type int32",
        ),
        ({"statusPort": True}, "json: cannot unmarshal bool into Go value of type int32"),
        ({"statusPort": {}}, "json: cannot unmarshal object into Go value of type int32"),
        ({"statusPort": "{}"}, "json: cannot unmarshal object into Go value of type int32"),
        ({"statusPort": "true"}, "json: cannot unmarshal bool into Go value of type int32"),
        ({"statusPort": "abc"}, "invalid character 'a' looking for beginning of value"),
        ({"statusPort": ""}, "unexpected end of JSON input"),
        ({"statusPort": "007"}, "invalid character '0' after top-level value"),
        ({"statusPort": 'a"b'}, "invalid character 'a' looking for beginning of value"),
        (
            {"fileFlushMinSizeKb": -1},
            "json: cannot unmarshal number -1 into Go value of type uint32",
        ),
        (
            {"fileFlushMinSizeKb": "-0"},
            "json: cannot unmarshal number -0 into Go value of type uint32",
        ),
        (
            {"holdApplicationUntilProxyStarts": "true"},
            "json: cannot unmarshal string into Go value of type bool",
        ),
        ({"drainDuration": 45}, "json: cannot unmarshal number into Go value of type string"),
        ({"drainDuration": "45"}, 'bad Duration: time: missing unit in duration "45"'),
        ({"drainDuration": "1d"}, 'bad Duration: time: unknown unit "d" in duration "1d"'),
        (
            {"interceptionMode": "OFF"},
            f'unknown value "\\"OFF\\"" for enum {PROXY}.InboundInterceptionMode',
        ),
        (
            {"interceptionMode": False},
            "json: cannot unmarshal bool into Go value of type protoreflect.EnumNumber",
        ),
        (
            {"interceptionMode": 1.5},
            "json: cannot unmarshal number 1.5 into Go value of type protoreflect.EnumNumber",
        ),
        (
            {"tracing": {"sampling": "x"}},
            "invalid character 'x' looking for beginning of value",
        ),
    ],
)
def test_errors(value: Any, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        read(value)
    assert caught.value.message == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"concurrency": "2"}, "json: cannot unmarshal string into Go value of type int32"),
        ({"drainDuration": 45}, "invalid syntax"),
        ({"drainDuration": "45"}, 'bad Duration: time: missing unit in duration "45"'),
        (
            {"interceptionMode": "OFF"},
            'unknown value "OFF" for enum istio.mesh.v1alpha1.ProxyConfig_InboundInterceptionMode',
        ),
        (
            {"interceptionMode": False},
            (
                "json: cannot unmarshal bool into Go value of type "
                "v1alpha1.ProxyConfig_InboundInterceptionMode"
            ),
        ),
    ],
)
def test_errors_of_1_1(value: Any, wanted: str) -> None:
    with pytest.raises(MeshError) as caught:
        read(value, GOGO)
    assert caught.value.message == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"global": {"tag": None}}, None),
        ({"global": {"tag": 1.5}}, None),
        ({"meshConfig": [{"deep": [1, None]}]}, None),
        ({"pilot": {"rollingMaxSurge": "25%", "rollingMaxUnavailable": 1}}, None),
        ({"pilot": {"rollingMaxSurge": None}}, None),
        (
            {"pilot": {"rollingMaxSurge": 1.5}},
            "json: cannot unmarshal number 1.5 into Go value of type int32",
        ),
        (
            {"pilot": {"rollingMaxSurge": []}},
            "json: cannot unmarshal array into Go value of type int32",
        ),
        (
            {"pilot": {"env": []}},
            f"bad StructValue: json: cannot unmarshal array into Go value of type {OBJECT}",
        ),
    ],
)
def test_the_types_of_chart_values(value: Any, wanted: str | None) -> None:
    if wanted is None:
        read(value, name=VALUES)
        return
    with pytest.raises(MeshError) as caught:
        read(value, name=VALUES)
    assert caught.value.message == wanted


def test_depth_is_bounded_where_the_type_recurses_not() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    message = read({"meshConfig": deep}, name=VALUES)
    assert "meshConfig" in message.values
    # Taken apart from the outside, or freeing it would recurse.
    while isinstance(deep, list):
        deep = deep.pop()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from([field.json_name for field in current_api().message(PROXY).fields.values()]),
    JSON,
    max_size=4,
)


@given(FIELDS)
def test_what_is_read_is_printed_so_that_it_reads_the_same(value: dict[str, Any]) -> None:
    for dialect in (CURRENT, GOGO):
        with suppress(MeshError):
            message = read(value, dialect)
            assert read(encoding.to_value(message), dialect) == message
