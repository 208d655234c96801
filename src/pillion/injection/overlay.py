"""A template's output, or a user's container, laid over a pod.

Follows ``applyOverlayYAML`` and ``applyOverlay`` of Istio's ``pkg/kube/inject``: a strategic merge
of JSON, whose result is read into the type again. Only the first of them goes through float64:
Istio decodes both its inputs with encoding/json's rules for untyped values. Integers past 2**53
then lose digits, and one that no longer fits its field is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pillion.kubernetes import codec, strategic_merge, yaml_reader
from pillion.kubernetes.errors import DecodeError, MergeError, YAMLError
from pillion.kubernetes.float64 import as_float64
from pillion.kubernetes.schema import POD

if TYPE_CHECKING:
    from pillion.injection.generation import JSON

NOT_JSON = "invalid JSON document"


def apply_overlay_yaml(pod: JSON, text: str) -> JSON:
    """The canonical pod that a partial pod, as YAML, makes of the canonical ``pod``.

    Raises:
        MergeError: the text is no YAML object, or it cannot be merged.
        DecodeError: a value does not fit its field.
    """
    try:
        merged = merge_yaml(pod, text)
    except MergeError as error:
        raise MergeError(f"strategic merge: {error}") from error
    return _decode(merged)


def apply_overlay(pod: JSON, overlay: JSON) -> JSON:
    """The canonical pod that a partial pod, as a JSON object, makes of the canonical ``pod``.

    Raises:
        MergeError: the overlay cannot be merged.
        DecodeError: a value does not fit its field.
    """
    try:
        merged = strategic_merge.merge(pod, overlay, POD)
    except MergeError as error:
        raise MergeError(f"strategic merge: {error}") from error
    return _decode(merged)


def merge_yaml(original: JSON, text: str) -> JSON:
    """The strategic merge of a partial pod, as YAML, into a pod's JSON, not yet read into its type.

    Raises:
        MergeError: the text is no YAML object, or it cannot be merged.
    """
    try:
        patch = yaml_reader.load(text)
    except YAMLError as error:
        raise MergeError(NOT_JSON) from error
    if patch is None:
        patch = {}
    if not isinstance(patch, dict):
        raise MergeError(NOT_JSON)
    return strategic_merge.merge(as_float64(original), as_float64(patch), POD)


def _decode(merged: JSON) -> JSON:
    try:
        pod: JSON = codec.decode(merged, POD)
    except DecodeError as error:
        raise DecodeError(f"unmarshal patched pod: {error.message}", error.path) from error
    return pod
