"""Messages as JSON and YAML."""

from __future__ import annotations

from typing import Any

import pytest

from pillion.mesh import decoding, encoding
from pillion.mesh.descriptors import current_api
from pillion.mesh.errors import MeshError
from pillion.mesh.message import Message

MESH = "istio.mesh.v1alpha1.MeshConfig"


def mesh(value: dict[str, Any]) -> Message:
    message = Message(current_api().message(MESH))
    decoding.apply(message, value)
    return message


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({}, "{}"),
        # Declared first, printed first.
        ({"trustDomain": "t", "proxyListenPort": 1}, '{"proxyListenPort":1,"trustDomain":"t"}'),
        ({"proxyListenPort": 0, "enableTracing": False}, "{}"),
        ({"enableAutoMtls": False}, '{"enableAutoMtls":false}'),
        ({"ingressControllerMode": 3}, '{"ingressControllerMode":"STRICT"}'),
        ({"ingressControllerMode": 77}, '{"ingressControllerMode":77}'),
        ({"defaultConfig": {}}, '{"defaultConfig":{}}'),
        (
            {"defaultConfig": {"proxyMetadata": {"b": "<1>", "a": "2"}}},
            '{"defaultConfig":{"proxyMetadata":{"a":"2","b":"\\u003c1\\u003e"}}}',
        ),
        (
            {"defaultConfig": {"tracing": {"sampling": "NaN"}}},
            '{"defaultConfig":{"tracing":{"sampling":"NaN"}}}',
        ),
        (
            {"defaultConfig": {"tracing": {"sampling": 1e21}}},
            '{"defaultConfig":{"tracing":{"sampling":1e+21}}}',
        ),
        (
            {
                "extensionProviders": [
                    {
                        "name": "a",
                        "envoyFileAccessLog": {"logFormat": {"labels": {"z": 1, "b": [None]}}},
                    }
                ]
            },
            (
                '{"extensionProviders":[{"name":"a","envoyFileAccessLog":'
                '{"logFormat":{"labels":{"b":[null],"z":1}}}}]}'
            ),
        ),
    ],
)
def test_json(value: dict[str, Any], wanted: str) -> None:
    assert encoding.to_json(mesh(value)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0s", "0s"),
        ("1m30s", "90s"),
        ("1500ms", "1.500s"),
        ("1us", "0.000001s"),
        ("1ns", "0.000000001s"),
        ("-5s", "-5s"),
        ("-500ms", "-0.500s"),
        ("1s1ms1us", "1.001001s"),
    ],
)
def test_durations_have_0_3_6_or_9_digits(text: str, wanted: str) -> None:
    assert encoding.to_value(mesh({"connectTimeout": text})) == {"connectTimeout": wanted}


def test_a_duration_can_be_too_long() -> None:
    message = mesh({"connectTimeout": "1s"})
    message.get("connect_timeout").set("seconds", 315_576_000_001)
    with pytest.raises(MeshError, match=r"^seconds out of range 315576000001$"):
        encoding.to_json(message)


def test_yaml_sorts_its_keys() -> None:
    message = mesh({"trustDomain": "t", "proxyListenPort": 1, "rootNamespace": "yes"})
    assert encoding.to_yaml(message) == (
        'proxyListenPort: 1\nrootNamespace: "yes"\ntrustDomain: t\n'
    )
