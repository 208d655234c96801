"""Kubernetes objects in and out of their Go types.

An object is read as Go would read it into its type and printed as Go would print it again:
fields that the type does not have are gone, zero values stand or do not stand as its tags say,
quantities are in their canonical form. The result is a plain JSON value, the *canonical* form
that the rest of pillion works on. Errors speak Go's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.kubernetes import exact_decode, fast_decode, scheme, yaml_typed
from pillion.kubernetes.errors import DecodeError, YAMLError
from pillion.kubernetes.schema import TYPE_META
from pillion.kubernetes.yaml_reader import load_untyped

if TYPE_CHECKING:
    from collections.abc import Callable


def decode(value: Any, type_name: str) -> Any:
    """The canonical form of the JSON ``value`` in the type ``type_name`` (``core/v1.Pod``).

    Follows encoding/json's ``Unmarshal`` and then ``Marshal``. A float reads as its number in
    Go's spelling. ``value`` is left as it is; strings, and what stands in a raw field, are
    shared with it.

    Raises:
        DecodeError: a value does not fit the type of its field.
    """
    if value is not None:
        try:
            return fast_decode.reader(type_name)(value)
        except fast_decode.NotPlainError:
            pass
    return exact_decode.decode(value, type_name)


def decode_yaml(
    text: str | bytes,
    type_name: str,
    known: scheme.Scheme = scheme.CURRENT,
    load: Callable[[str], Any] | None = None,
) -> Any:
    """The canonical form of the first YAML document of ``text`` in the type ``type_name``.

    Follows sigs.k8s.io/yaml's ``Unmarshal``: a number or a boolean where the type wants a string
    becomes one. ``known`` settles which YAML it is; ``load`` reads a text as it says, and may know
    a faster way.

    Raises:
        DecodeError: a value does not fit the type of its field.
        YAMLError: the text is not YAML, or holds what JSON cannot.
    """
    return _decode_loaded(_load(text, known, load), type_name, text, known)


def decode_manifest(text: str | bytes, known: scheme.Scheme = scheme.CURRENT) -> tuple[str, Any]:
    """The type name and the canonical form of the object in ``text``, found out from its kind.

    Follows the order of istioctl: the kind is read first, so that an object of another kind is
    never read into a type.

    Raises:
        UnknownKindError: ``known`` has no type of that kind.
        DecodeError: a value does not fit the type of its field.
        YAMLError: the text is not YAML, or holds what JSON cannot.
    """
    loaded = _load(text, known)
    type_meta = _decode_loaded(loaded, TYPE_META, text, known)
    type_name = known.type_for(type_meta.get("apiVersion", ""), type_meta.get("kind", ""))
    return type_name, _decode_loaded(loaded, type_name, text, known)


def encode(value: Any, type_name: str) -> str:
    """The JSON text that Go prints of ``value``, a canonical value of the type ``type_name``.

    A struct's fields stand in the order of their declaration, keys of maps are sorted.
    """
    from pillion.golang.json import marshal
    from pillion.kubernetes.views import view

    return marshal(view(value, type_name))


def _load(text: str | bytes, known: scheme.Scheme, load: Callable[[str], Any] | None = None) -> Any:
    try:
        if load is not None and isinstance(text, str):
            return load(text)
        return load_untyped(text, known.resolve)
    except YAMLError as error:
        raise _while_converting(error) from error


def _decode_loaded(loaded: Any, type_name: str, text: str | bytes, known: scheme.Scheme) -> Any:
    if loaded is not None:
        try:
            return fast_decode.reader(type_name)(loaded)
        except fast_decode.NotPlainError:
            pass
    try:
        return decode(yaml_typed.to_json(loaded, type_name), type_name)
    except YAMLError as error:
        raise _while_converting(error) from error
    except DecodeError as error:
        raise _while_decoding(error, text, known) from error


def _while_converting(error: YAMLError) -> YAMLError:
    return YAMLError(f"error converting YAML to JSON: {error.message}", error.line)


def _while_decoding(error: DecodeError, text: str | bytes, known: scheme.Scheme) -> DecodeError:
    from pillion.kubernetes.yaml_place import locate

    return DecodeError(known.wrong_type + error.message, error.path, *locate(text, error.path))
