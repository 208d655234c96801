"""A template's output, or a user's container, laid over a pod.

Follows ``applyOverlayYAML`` and ``applyOverlay`` of Istio's ``pkg/kube/inject``: a strategic merge
of JSON, whose result is read into the type again. Only the first of them goes through float64:
Istio decodes both its inputs with encoding/json's rules for untyped values. Integers past 2**53
then lose digits, and one that no longer fits its field is an error.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.kubernetes import codec, fast_decode, similar_decode, strategic_merge
from pillion.kubernetes.errors import DecodeError, KubernetesError, MergeError, YAMLError
from pillion.kubernetes.float64 import as_float64
from pillion.kubernetes.schema import POD
from pillion.kubernetes.yaml_similar import SimilarTexts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from pillion.injection.generation import JSON

    Known: TypeAlias = Sequence[tuple[Any, JSON]]

NOT_JSON = "invalid JSON document"

EMPTY_POD: JSON = {"metadata": {}, "spec": {"containers": None}, "status": {}}
"""The canonical pod that says nothing."""

_MOST_BASES = 32
_bases: dict[int, Alone] = {}
"""The last overlay of each number of lines that was laid over the empty pod element by element."""


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


class Alone(NamedTuple):
    """What an overlay makes of the empty pod.

    ``patch`` is the overlay's value. ``keeps_places`` says that all of it stands in ``pod`` where
    it stands there.
    """

    pod: JSON
    patch: JSON
    keeps_places: bool


@lru_cache(maxsize=64)
def alone(text: str) -> Alone:
    """What the partial pod in ``text`` makes of the empty pod.

    Two texts for two pods mostly differ in a few scalars; what the first made then says what the
    second makes.

    Raises:
        MergeError: the text is no YAML object, or it cannot be merged.
        DecodeError: a value does not fit its field.
    """
    try:
        patch = parse(text)
    except MergeError as error:
        raise MergeError(f"strategic merge: {error}") from error
    lines = text.count("\n")
    base = _bases.get(lines)
    if base is not None:
        pod = similar_decode.decode(POD, patch, base.patch, base.pod)
        if pod is not None:
            return Alone(pod, patch, keeps_places=True)
    pod = apply_overlay_yaml(EMPTY_POD, text)
    found = Alone(pod, patch, similar_decode.keeps_places(patch))
    if found.keeps_places:
        if len(_bases) >= _MOST_BASES:
            _bases.clear()
        _bases[lines] = found
    return found


def lay(pod: JSON, text: str) -> JSON:
    """As :func:`apply_overlay_yaml` for a ``pod`` that is canonical down to the order of its keys.

    What comes out of the merge as it went in is not read again.
    """
    try:
        merged = merge_yaml(pod, text)
    except MergeError as error:
        raise MergeError(f"strategic merge: {error}") from error
    known = [(pod["spec"], pod["spec"])]
    try:
        found = alone(text)
        if found.keeps_places:
            known.append((found.patch.get("spec"), found.pod["spec"]))
    except KubernetesError:
        pass  # it may fit this pod nevertheless
    return _decode(merged, known)


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


def _decode(merged: JSON, known: Known = ()) -> JSON:
    try:
        pod: JSON = fast_decode.reader(POD)(_marked(merged, known))
    except fast_decode.NotPlainError:
        pod = _decode_in_order(merged)
    return pod


def _marked(merged: JSON, known: Known) -> JSON:
    """``merged`` with those elements of its spec's lists marked whose canonical form is known.

    ``known`` are specs with their canonical forms. All elements there that are objects are structs.
    """
    spec = merged.get("spec")
    if not known or spec.__class__ is not dict:
        return merged
    marked = spec.copy()
    for key, items in spec.items():
        if items.__class__ is list:
            found = _elements(key, known)
            marked[key] = [found.get(id(item), item) for item in items]
    return {**merged, "spec": marked}


def _elements(key: str, known: Known) -> dict[int, fast_decode.Known]:
    """The elements of the lists under ``key``, by their identity.

    One with a null inside is not among them: where it is merged decides whether the null is left
    out, and reading it again may put it in another place.
    """
    return {
        id(item): fast_decode.Known(canonical)
        for value, canonicals in known
        if value.__class__ is dict
        for item, canonical in zip(value.get(key) or (), canonicals.get(key) or (), strict=False)
        if item.__class__ is dict and not _has_null(item) and not _has_null(canonical)
    }


def _has_null(value: JSON) -> bool:
    for item in value.values():
        if item is None:
            return True
        if item.__class__ is dict:
            if _has_null(item):
                return True
        elif item.__class__ is list and any(
            one.__class__ is dict and _has_null(one) for one in item
        ):
            return True
    return False


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
