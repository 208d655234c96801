"""A template's output, or a user's container, laid over a pod.

Follows ``applyOverlayYAML`` and ``applyOverlay`` of Istio's ``pkg/kube/inject``: a strategic merge
of JSON, whose result is read into the type again. Only the first of them goes through float64:
Istio decodes both its inputs with encoding/json's rules for untyped values. Integers past 2**53
then lose digits, and one that no longer fits its field is an error.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from pillion.kubernetes import codec, fast_decode, strategic_merge
from pillion.kubernetes.errors import DecodeError, MergeError, YAMLError
from pillion.kubernetes.float64 import as_float64
from pillion.kubernetes.schema import POD
from pillion.kubernetes.yaml_similar import SimilarTexts

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

    The result shares what it can with ``original`` and must not be changed.

    Raises:
        MergeError: the text is no YAML object, or it cannot be merged.
    """
    return strategic_merge.merge(as_float64(original), parse(text), POD)


_SIMILAR = SimilarTexts()
"""What a template renders for one pod is much like what it renders for the next."""


@lru_cache(maxsize=64)
def parse(text: str) -> JSON:
    """The partial pod in ``text``, which must not be changed.

    Pods of one workload mostly render to the same text.

    Raises:
        MergeError: the text is no YAML object.
    """
    try:
        patch = _SIMILAR.load(text)
    except YAMLError as error:
        raise MergeError(NOT_JSON) from error
    if patch is None:
        return {}
    if not isinstance(patch, dict):
        raise MergeError(NOT_JSON)
    return as_float64(patch)


def _decode(merged: JSON) -> JSON:
    try:
        pod: JSON = fast_decode.reader(POD)(merged)
    except fast_decode.NotPlainError:
        pod = _decode_in_order(merged)
    return pod


def _decode_in_order(merged: JSON) -> JSON:
    """Read the merged pod with its keys sorted, as Go prints it before it reads it again.

    The order says which of several errors is the first, and which of two keys that differ in case
    is the last.
    """
    try:
        pod: JSON = codec.decode(json.loads(json.dumps(merged, sort_keys=True)), POD)
    except DecodeError as error:
        raise DecodeError(f"unmarshal patched pod: {error.message}", error.path) from error
    except RecursionError as error:
        raise DecodeError("unmarshal patched pod: exceeded max depth") from error
    return pod
