from __future__ import annotations

from typing import Any

import pytest

from pillion.golang.fmt import sprint, sprintf
from pillion.golang.json import marshal
from pillion.golang.values import MISSING, Kind, Map, Pointer, Slice, Struct, kind_of, type_of
from pillion.kubernetes import codec
from pillion.kubernetes.schema import POD
from pillion.kubernetes.views import view


@pytest.fixture
def pod() -> Struct:
    text = """
        metadata:
          name: cart
          labels: {app: cart}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            imagePullPolicy: Always
            ports: [{containerPort: 80}]
            livenessProbe: {httpGet: {port: http}, tcpSocket: {port: 80}}
            resources: {limits: {cpu: 1500m, memory: 1Gi}}
          volumes:
          - {name: data, hostPath: {path: /data}}
    """
    found: Struct = view(codec.decode_yaml(text, POD), f"*{POD}")
    return found


def look(value: Any, *names: str | int) -> Any:
    for name in names:
        value = value[name] if isinstance(name, int) else value.field(name)
    return value


def test_types_are_named_as_go_names_them(pod: Struct) -> None:
    container = look(pod, "Spec", "Containers", 0)

    assert type_of(pod) == "*v1.Pod"
    assert kind_of(pod) is Kind.POINTER
    assert type_of(look(pod, "Spec")) == "v1.PodSpec"
    assert kind_of(look(pod, "Spec")) is Kind.STRUCT
    assert type_of(look(pod, "Spec", "Containers")) == "[]v1.Container"
    assert type_of(look(container, "ImagePullPolicy")) == "v1.PullPolicy"
    assert type_of(look(container, "Ports", 0, "ContainerPort")) == "int32"
    assert type_of(look(container, "Resources", "Limits")) == "v1.ResourceList"
    assert type_of(look(pod, "Name")) == "string"
    assert type_of(look(pod, "Spec", "HostNetwork")) == "bool"


def test_fields_of_embedded_structs_are_promoted(pod: Struct) -> None:
    assert look(pod, "Name") == look(pod, "ObjectMeta", "Name") == "cart"
    volume = look(pod, "Spec", "Volumes", 0)
    assert look(volume, "HostPath", "Path") == look(volume, "VolumeSource", "HostPath", "Path")
    assert pod.field("name") is MISSING


def test_missing_fields_read_as_zero_values(pod: Struct) -> None:
    spec = look(pod, "Spec")

    assert look(spec, "ServiceAccountName") == ""
    assert look(spec, "Containers", 0, "ImagePullPolicy") == "Always"
    assert look(spec, "RestartPolicy") == ""
    assert type_of(look(spec, "RestartPolicy")) == "v1.RestartPolicy"
    assert look(spec, "InitContainers") == Slice("[]v1.Container", is_nil=True)
    assert look(spec, "InitContainers").is_nil
    assert look(pod, "Annotations").is_nil
    assert look(spec, "SecurityContext").is_nil
    assert type_of(look(spec, "SecurityContext")) == "*v1.PodSecurityContext"


def test_maps_know_their_zero(pod: Struct) -> None:
    labels = look(pod, "Labels")

    assert isinstance(labels, Map)
    assert labels == {"app": "cart"}
    assert labels.zero == ""


def test_pointers_to_numbers(pod: Struct) -> None:
    grace = look(pod, "Spec", "TerminationGracePeriodSeconds")

    assert isinstance(grace, Pointer)
    assert type_of(grace) == "*int64"
    assert not grace.is_nil
    assert grace.target == 0
    assert look(pod, "Spec", "ActiveDeadlineSeconds").is_nil


def call(value: Any, method: str) -> Any:
    found = value.method(method)
    assert found is not None
    return found()


@pytest.mark.parametrize(
    ("quantity", "value", "milli", "sign"),
    [
        ("0", 0, 0, 0),
        ("1500m", 2, 1500, 1),
        ("1Gi", 2**30, 2**30 * 1000, 1),
        ("1e3", 1000, 1000000, 1),
        ("100n", 1, 1, 1),
        ("-1500m", -2, -1500, -1),
        ("8E", 8 * 10**18, 0, 1),  # beyond 64 bits, as Go has it
        ("7Ei", 7 * 2**60, -(2**63), 1),
        ("-100E", 0, 0, -1),
        (None, 0, 0, 0),
    ],
)
def test_quantities_have_methods(quantity: str | None, value: int, milli: int, sign: int) -> None:
    found = view(quantity, "resource.Quantity")

    assert call(found, "String") == (quantity or "0")
    assert call(found, "Value") == value
    assert call(found, "MilliValue") == milli
    assert call(found, "Sign") == sign
    assert call(found, "IsZero") is (sign == 0)


def test_quantities_in_a_map_have_no_address(pod: Struct) -> None:
    cpu = look(pod, "Spec", "Containers", 0, "Resources", "Limits")["cpu"]

    assert type_of(cpu) == "resource.Quantity"
    assert cpu.method("String") is None
    assert sprint(cpu) == "{{1500 -3} {<nil>} 1500m DecimalSI}"


def test_a_quantity_that_nobody_wrote_has_no_format() -> None:
    assert sprint(view("0", "resource.Quantity")) == "{{0 0} {<nil>}  }"
    assert (
        sprint(view({"cpu": "0"}, "core/v1.ResourceList")) == "map[cpu:{{0 0} {<nil>} 0 DecimalSI}]"
    )


def test_raw_json_prints_as_json() -> None:
    assert view({"a": "b"}, "*meta/v1.FieldsV1").string() == '{"a":"b"}'


def test_resources_have_methods(pod: Struct) -> None:
    limits = look(pod, "Spec", "Containers", 0, "Resources", "Limits")

    assert call(limits, "Cpu").string() == "1500m"
    assert call(limits, "Storage").string() == "0"
    assert limits.method("cpu") is None


def test_int_or_string(pod: Struct) -> None:
    probe = look(pod, "Spec", "Containers", 0, "LivenessProbe")
    name, number = look(probe, "HTTPGet", "Port"), look(probe, "TCPSocket", "Port")

    assert [look(name, field) for field in ("Type", "IntVal", "StrVal")] == [1, 0, "http"]
    assert [look(number, field) for field in ("Type", "IntVal", "StrVal")] == [0, 80, ""]
    assert call(name, "String") == "http"
    assert call(number, "String") == "80"
    assert call(number, "IntValue") == 80
    assert number.string() is None
    assert view(80, "*intstr.IntOrString").string() == "80"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("http", 0), ("80", 80), ("+5", 5), ("5_0", 0), ("1" + "0" * 19, 2**63 - 1)],
)
def test_the_number_of_a_text(text: str, wanted: int) -> None:
    assert call(view(text, "intstr.IntOrString"), "IntValue") == wanted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "0001-01-01 00:00:00 +0000 UTC"),
        ("2020-01-02T03:04:05Z", "2020-01-02 03:04:05 +0000 UTC"),
        ("2020-01-02T03:04:05.120000Z", "2020-01-02 03:04:05.12 +0000 UTC"),
    ],
)
def test_times_print_themselves(value: str | None, text: str) -> None:
    found = view(value, "meta/v1.Time")

    assert found.string() == text
    assert call(found, "IsZero") is (value is None)


def test_metadata_has_getters(pod: Struct) -> None:
    metadata = look(pod, "ObjectMeta")

    assert call(metadata, "GetName") == "cart"
    assert metadata.method("GetNothing") is None
    assert metadata.method("Name") is None


def test_structs_have_the_generated_string(pod: Struct) -> None:
    container = look(pod, "Spec", "Containers", 0)

    assert call(look(pod, "TypeMeta"), "String") == "&TypeMeta{Kind:,APIVersion:,}"
    assert look(container, "LivenessProbe").string() == (
        "&Probe{ProbeHandler:ProbeHandler{Exec:nil,HTTPGet:&HTTPGetAction{Path:,"
        "Port:{1 0 http},Host:,Scheme:,HTTPHeaders:[]HTTPHeader{},},"
        "TCPSocket:&TCPSocketAction{Port:{0 80 },Host:,},GRPC:nil,},InitialDelaySeconds:0,"
        "TimeoutSeconds:0,PeriodSeconds:0,SuccessThreshold:0,FailureThreshold:0,"
        "TerminationGracePeriodSeconds:nil,}"
    )
    assert call(look(container, "Resources"), "String") == (
        "&ResourceRequirements{Limits:ResourceList{cpu: {{1500 -3} {<nil>} 1500m DecimalSI},"
        "memory: {{1073741824 0} {<nil>} 1Gi BinarySI},},Requests:ResourceList{},"
        "Claims:[]ResourceClaim{},}"
    )
    assert look(pod, "Spec", "SecurityContext").string() == "nil"
    assert container.string() is None


def test_the_generated_string_names_types_of_other_packages() -> None:
    term = view(
        {"topologyKey": "a", "labelSelector": {"matchLabels": {"b": "c"}}},
        "*core/v1.PodAffinityTerm",
    )
    source = view({"sizeLimit": "1Gi"}, "*core/v1.EmptyDirVolumeSource")

    assert term.string() == (
        "&PodAffinityTerm{LabelSelector:&v1.LabelSelector{MatchLabels:map[string]string{b: c,},"
        "MatchExpressions:[]LabelSelectorRequirement{},},Namespaces:[],TopologyKey:a,"
        "NamespaceSelector:nil,MatchLabelKeys:[],MismatchLabelKeys:[],}"
    )
    assert source.string() == "&EmptyDirVolumeSource{Medium:,SizeLimit:1Gi,}"


def test_namespaced_names_print_themselves() -> None:
    found = view({"Namespace": "ns", "Name": "x"}, "types.NamespacedName")

    assert found.string() == "ns/x"
    assert list(found.fields()) == [("Namespace", "ns"), ("Name", "x")]


def test_fields_stand_in_the_order_of_declaration(pod: Struct) -> None:
    port = look(pod, "Spec", "Containers", 0, "Ports", 0)

    assert list(port.fields()) == [
        ("Name", ""),
        ("HostPort", 0),
        ("ContainerPort", 80),
        ("Protocol", ""),
        ("HostIP", ""),
    ]


def test_json_keeps_the_order_of_declaration(pod: Struct) -> None:
    assert marshal(look(pod, "Spec", "Volumes", 0)) == (
        '{"name":"data","hostPath":{"path":"/data"}}'
    )
    assert marshal(look(pod, "Spec", "Volumes", 0, "VolumeSource")) == (
        '{"hostPath":{"path":"/data"}}'
    )
    assert marshal(look(pod, "Spec", "SecurityContext")) == "null"
    assert marshal(view(None, POD)) == '{"metadata":{},"spec":{"containers":null},"status":{}}'
    assert marshal(view({"kind": "Pod", "apiVersion": "v1"}, "meta/v1.TypeMeta")) == (
        '{"kind":"Pod","apiVersion":"v1"}'
    )


def test_times_print_themselves_as_go_source() -> None:
    meta = view({"creationTimestamp": "2020-01-02T03:04:05Z"}, "meta/v1.ObjectMeta")
    created, deleted = meta.field("CreationTimestamp"), meta.field("DeletionTimestamp")
    assert sprintf("%#v", created) == "time.Date(2020, time.January, 2, 3, 4, 5, 0, time.Local)"
    assert sprintf("%#v", deleted) == "<nil>"
    assert "time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)" in sprintf(
        "%#v", view({}, "meta/v1.ObjectMeta")
    )
