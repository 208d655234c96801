"""Reading an AdmissionReview out of a request's body, and writing the answer.

Follows the universal deserializer of k8s.io/apimachinery: a body that begins with a brace is JSON,
one that begins with ``k8s`` and a zero byte is protobuf, anything else is tried as YAML. The texts
of errors are those it gives.
"""

from __future__ import annotations

import re
from json import JSONEncoder
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.errors import PillionError
from pillion.golang import json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pillion.injection.admission import Review

KIND = "AdmissionReview"
_PROTOBUF = b"k8s\x00"
_TYPES = {
    "admission.k8s.io/v1": "admission/v1.AdmissionReview",
    "admission.k8s.io/v1beta1": "admission/v1beta1.AdmissionReview",
}
_OLDEST = "admission.k8s.io/v1beta1"
_CORE_KINDS = frozenset(
    (
        *("Binding", "ComponentStatus", "ConfigMap", "Endpoints", "Event", "LimitRange", "List"),
        *("Namespace", "Node", "PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate"),
        *("ReplicationController", "ResourceQuota", "Secret", "Service", "ServiceAccount"),
    )
)
_META_TYPE = (
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; '
    'Kind string "json:\\"kind,omitempty\\"" }'
)
_NUMBER = re.compile(r"cannot unmarshal number (?!into )(\S+)")
_NOTHING: Mapping[str, str] = {}
_TOO_LARGE = "json: cannot unmarshal number "
_COMPACT = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_LARGEST = 1.7976931348623157e308
_LONGEST_INT = 19  # a shorter number fits an int64
_RAW = frozenset({"object", "oldObject", "options"})
_JSON_NAMES = {str: "string", bool: "bool", int: "number", float: "number", list: "array"}


class ReviewError(PillionError):
    """The body is not an admission review that can be answered."""


class AdmissionRequest(NamedTuple):
    """What a review asks: the uid to answer to, the namespace, and the JSON of the object.

    ``has_object`` is false where the review holds none. ``kind`` is the group and the kind of the
    object, both empty where the review does not say.
    """

    api_version: str
    uid: str
    namespace: str
    value: Any
    has_object: bool
    kind: tuple[str, str] = ("", "")
    dry_run: bool = False


def read(body: bytes, *, typed: bool = False) -> AdmissionRequest:
    """The request in ``body``.

    ``typed`` takes a body that does not say what it is for a review of v1beta1, as Istio 1.1 did.

    Raises:
        ReviewError: there is none.
    """
    value = _load(body)
    api_version, kind = _interpret(value, body, (_OLDEST, KIND) if typed else ("", ""))
    type_name = _TYPES.get(api_version) if kind == KIND else None
    if type_name is None:
        raise ReviewError(_unsupported(api_version, kind))
    _check_types(value, type_name)
    request = value.get("request")
    if request is None:
        raise ReviewError("the review holds no request")
    found = request.get("object")
    object_kind = request.get("kind") or {}
    return AdmissionRequest(
        api_version,
        request.get("uid") or "",
        request.get("namespace") or "",
        found,
        found is not None,
        (object_kind.get("group") or "", object_kind.get("kind") or ""),
        bool(request.get("dryRun")),
    )


def _load(body: bytes) -> Any:
    from pillion.kubernetes import yaml_reader
    from pillion.kubernetes.errors import YAMLError

    if body.startswith(_PROTOBUF):  # never a whole review: API servers send webhooks JSON
        raise ReviewError("unexpected EOF" if len(body) > len(_PROTOBUF) else "empty body")
    text = body.decode("utf-8", "surrogateescape")
    if not text.lstrip().startswith("{"):
        try:
            return yaml_reader.load(body)
        except YAMLError as error:
            raise ReviewError(str(error)) from error
    try:
        return json.unmarshal(text, integers=True)
    except json.JSONError as error:
        if error.message.startswith(_TOO_LARGE):
            return _with_large_numbers(text)
        raise ReviewError(f"couldn't get version/kind; json parse error: {error}") from error


def _with_large_numbers(text: str) -> Any:
    """The value of ``text``, which is JSON, with the largest float64 for any number past it.

    Go reads each number when it meets the field it is for, and only then sees that it does not fit.
    """
    from json import loads

    return loads(text, parse_int=_bounded, parse_float=_bounded)


def _bounded(number: str) -> float:
    if len(number) < _LONGEST_INT and number.lstrip("-").isdigit():
        return int(number)
    return max(-_LARGEST, min(float(number), _LARGEST))


def with_literal(message: str, body: bytes, path: tuple[str | int, ...]) -> str:
    """``message``, about the value at ``path`` of ``body``, with its number as it is written there.

    Go's messages show a number letter by letter: ``80.0``, ``8e1``.
    """
    from json import loads

    match = _NUMBER.search(message)
    if match is None or not body.lstrip().startswith(b"{"):
        return message
    value = loads(body, parse_int=_Literal, parse_float=_Literal)
    for key in path:
        value = value[key]
    if not isinstance(value, _Literal):
        return message
    return f"{message[: match.start(1)]}{value}{message[match.end(1) :]}"


class _Literal(str):
    """A number as it is written."""

    __slots__ = ()


def _interpret(value: Any, body: bytes, default: tuple[str, str]) -> tuple[str, str]:
    """The apiVersion and the kind of ``value``, each as in ``default`` where it does not say."""
    if value is not None and not isinstance(value, dict):
        raise _not_a_meta(value, f"value of type {_META_TYPE}")
    found = {"apiversion": "", "kind": ""}
    for key, item in (value or {}).items():
        folded = key.lower()
        if folded in found and item is not None:
            if not isinstance(item, str):
                name = "apiVersion" if folded == "apiversion" else "kind"
                raise _not_a_meta(item, f"struct field .{name} of type string")
            found[folded] = item
    group, version = _split(found["apiversion"] or default[0])
    kind = found["kind"] or default[1]
    missing = "Kind" if not kind else "apiVersion" if not version else None
    if missing is not None:
        text = body.decode("utf-8", "replace")
        raise ReviewError(f"Object '{missing}' is missing in '{text}'")
    return (f"{group}/{version}" if group else version), kind


def _split(api_version: str) -> tuple[str, str]:
    if api_version in {"", "/"}:
        return "", ""
    if api_version.count("/") > 1:
        raise ReviewError(f"unexpected GroupVersion string: {api_version}")
    group, _, version = api_version.rpartition("/")
    return group, version


def _not_a_meta(value: Any, target: str) -> ReviewError:
    name = _JSON_NAMES.get(type(value), "object")
    mismatch = f"json: cannot unmarshal {name} into Go {target}"
    return ReviewError(f"couldn't get version/kind; json parse error: {mismatch}")


def _unsupported(api_version: str, kind: str) -> str:
    from pillion.kubernetes.scheme import not_registered

    if api_version == "v1" and kind.removesuffix("List") in _CORE_KINDS:
        return f"unsupported type :&TypeMeta{{Kind:{kind},APIVersion:{api_version},}}"
    return not_registered(api_version, kind)


def _check_types(value: dict[str, Any], type_name: str) -> None:
    from pillion.kubernetes import codec
    from pillion.kubernetes.errors import DecodeError

    try:
        codec.decode(_without_raw(value), type_name)
    except DecodeError as error:
        raise ReviewError(error.message) from error


def _without_raw(value: dict[str, Any]) -> dict[str, Any]:
    """The review without the objects that its type takes as they are, whatever they hold."""
    request = value.get("request")
    if request.__class__ is not dict:
        return value
    kept = {key: None if key in _RAW else item for key, item in request.items()}
    return {**value, "request": kept}


def write(
    request: AdmissionRequest | None,
    review: Review,
    audit_annotations: Mapping[str, str] = _NOTHING,
    warnings: Sequence[str] = (),
) -> bytes:
    """The AdmissionReview that answers ``request``, which is None where it could not be read.

    ``audit_annotations`` go to the API server's audit log, ``warnings`` to who asked it.
    """
    head = ""
    if request is not None:
        version = json.marshal(request.api_version)
        head = f'"kind":"{KIND}","apiVersion":{version},'
    uid = json.marshal(request.uid if request is not None else "")
    parts = [f'"uid":{uid}', f'"allowed":{"true" if review.allowed else "false"}']
    if review.message:
        parts.append(f'"status":{{"metadata":{{}},"message":{json.marshal(review.message)}}}')
    if review.patch is not None:
        parts.append(f'"patch":"{_base64(review.patch)}","patchType":"JSONPatch"')
    if audit_annotations:
        parts.append(f'"auditAnnotations":{json.marshal(dict(audit_annotations))}')
    if warnings:
        parts.append(f'"warnings":{json.marshal(list(warnings))}')
    text = f'{{{head}"response":{{{",".join(parts)}}}}}'
    return text.encode("utf-8", "surrogateescape")


def _base64(patch: list[dict[str, Any]]) -> str:
    import binascii

    try:
        text = _COMPACT.encode(patch).encode()
    except (UnicodeEncodeError, RecursionError):  # bytes that are no UTF-8, or deep nesting
        text = json.marshal(patch, False).encode()
    return binascii.b2a_base64(text, newline=False).decode("ascii")
