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

from pillion.kubernetes import codec, fast_decode, similar_decode, strategic_merge, yaml_reader
from pillion.kubernetes.errors import DecodeError, KubernetesError, MergeError, YAMLError
from pillion.kubernetes.float64 import as_float64
from pillion.kubernetes.schema import POD
from pillion.kubernetes.yaml_similar import SimilarTexts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.injection.generation import JSON

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

    ``patch`` is the overlay's value. ``kept`` has those elements of the lists in its spec, by list
    and place, that any pod gets as they stand in ``pod``, unless they are merged with its own.
    """

    pod: JSON
    patch: JSON
    kept: frozenset[tuple[str, int]]


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
            return Alone(pod, patch, base.kept)
    pod = apply_overlay_yaml(EMPTY_POD, text)
    if not similar_decode.keeps_places(patch):
        return Alone(pod, patch, frozenset())
    if len(_bases) >= _MOST_BASES:
        _bases.clear()
    found = _bases[lines] = Alone(pod, patch, frozenset(_kept(patch, pod)))
    return found


def _kept(patch: JSON, pod: JSON) -> Iterator[tuple[str, int]]:
    """The elements of :class:`Alone`: those without a null, which a merge may leave out or keep.

    All elements of these lists that are objects are structs.
    """
    spec = patch.get("spec")
    for key, items in spec.items() if spec.__class__ is dict else ():
        if items.__class__ is list and key in pod["spec"]:
            for place, item in enumerate(items):
                if item.__class__ is dict and not _has_null(item):
                    yield key, place


def lay(pod: JSON, text: str) -> JSON:
    """As :func:`apply_overlay_yaml`, without reading again what the overlay adds as a whole."""
    try:
        merged = merge_yaml(pod, text)
    except MergeError as error:
        raise MergeError(f"strategic merge: {error}") from error
    try:
        known = alone(text)
    except KubernetesError:  # it may fit this pod nevertheless
        return _decode(merged)
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


def _load(text: str) -> Any:
    return as_float64({"": yaml_reader.load(text)})[""]


_SIMILAR = SimilarTexts(_load)
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
    return patch


def _decode(merged: JSON, known: Alone | None = None) -> JSON:
    plain = merged if known is None else _marked(merged, known)
    try:
        pod: JSON = fast_decode.reader(POD)(plain)
    except fast_decode.NotPlainError:
        pod = _decode_in_order(merged)
    return pod


def _marked(merged: JSON, known: Alone) -> JSON:
    """``merged`` with the elements marked that it has of the overlay, as the very same objects."""
    spec = merged.get("spec")
    if not known.kept or spec.__class__ is not dict:
        return merged
    patched, canonical = known.patch["spec"], known.pod["spec"]
    found = {
        id(patched[key][place]): fast_decode.Known(canonical[key][place])
        for key, place in known.kept
    }
    marked = {
        key: [found.get(id(item), item) for item in spec[key]]
        for key in {key for key, _ in known.kept}
        if spec.get(key).__class__ is list
    }
    return {**merged, "spec": {**spec, **marked}}


def _has_null(value: JSON) -> bool:
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if item is None:
            return True
        if item.__class__ is dict:
            waiting.extend(item.values())
        elif item.__class__ is list:
            waiting.extend(item)
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
