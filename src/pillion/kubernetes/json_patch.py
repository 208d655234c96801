"""JSON patches (RFC 6902): made the way Istio's webhook makes them, and applied in full.

A patch is a list of operations, each a dict as JSON has it. Documents are plain JSON values; none
is ever changed in place, and a result shares with its document what the patch did not touch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.kubernetes.errors import PatchError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Operation = dict[str, Any]
"""One operation of a patch: ``op``, ``path``, and ``value`` or ``from`` where it has one."""

TOO_DEEP = "the document is nested too deeply"


def diff(before: Any, after: Any, received: Any = None) -> list[Operation]:
    """The patch that turns ``before`` into ``after``.

    It has the shape of gomodules.xyz/jsonpatch/v2, which Istio sends: objects are compared key by
    key, lists position by position, and a value whose type changed is replaced whole. Operations
    come in the order of ``after``, followed by what each object lost.

    ``received`` is the object that the patch is for where ``before`` is only its canonical form,
    which has structs and zero values that nobody wrote down. Istio overlooks that, so that its
    patch may add to a struct that is not there; here such a struct is added whole.

    Raises:
        PatchError: the documents are nested too deeply.
    """
    operations: list[Operation] = []
    try:
        _compare(before if received is None else received, before, after, "", operations)
    except RecursionError as error:
        raise PatchError(TOO_DEEP) from error
    return operations


_MISSING = object()
"""What stands in the received object where only the canonical form has a value."""


def _compare(
    received: Any, before: Any, after: Any, path: str, operations: list[Operation]
) -> None:
    kind = type(before)
    same_kind = kind is type(after)
    if same_kind and kind is dict and type(received) is dict:
        _compare_objects(received, before, after, path, operations)
    elif same_kind and kind is list and type(received) is list and len(received) == len(before):
        _compare_lists(received, before, after, path, operations)
    elif not same_kind or before != after:
        name = "add" if received is _MISSING else "replace"
        operations.append({"op": name, "path": path, "value": after})


def _compare_objects(
    received: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
    path: str,
    operations: list[Operation],
) -> None:
    for key, value in after.items():
        if key not in before:
            operations.append({"op": "add", "path": f"{path}/{escape(key)}", "value": value})
        elif (old := before[key]) is not value:
            place = f"{path}/{escape(key)}"
            _compare(received.get(key, _MISSING), old, value, place, operations)
    operations.extend(
        {"op": "remove", "path": f"{path}/{escape(key)}"}
        for key in before
        if key not in after and key in received
    )


def _compare_lists(
    received: list[Any],
    before: list[Any],
    after: list[Any],
    path: str,
    operations: list[Operation],
) -> None:
    common = min(len(before), len(after))
    operations.extend(
        {"op": "remove", "path": f"{path}/{index}"}
        for index in range(len(before) - 1, common - 1, -1)
    )
    operations.extend(
        {"op": "add", "path": f"{path}/{index}", "value": after[index]}
        for index in range(common, len(after))
    )
    for index in range(common):
        if (old := before[index]) is not (new := after[index]):
            _compare(received[index], old, new, f"{path}/{index}", operations)


def apply(document: Any, operations: Sequence[Operation]) -> Any:
    """The document after the operations, of which each sees what those before it did.

    Raises:
        PatchError: an operation is malformed, names a place that is not there, or tests for a value
            that is not there. Nothing of the patch is done then.
    """
    for position, operation in enumerate(operations):
        try:
            document = _apply_one(document, operation)
        except RecursionError as error:
            raise PatchError(TOO_DEEP) from error
        except _OperationError as error:
            raise PatchError(
                f"operation {position + 1} ({_summary(operation)}): {error}"
            ) from error
    return document


def escape(key: str) -> str:
    """A key as one part of a JSON pointer (RFC 6901)."""
    if "~" in key or "/" in key:
        return key.replace("~", "~0").replace("/", "~1")
    return key


class _OperationError(Exception):
    """Why one operation cannot be done; :func:`apply` adds which one."""


def _summary(operation: Any) -> str:
    if not isinstance(operation, dict):
        return "not an object"
    return f"{operation.get('op')} {operation.get('path')}"


def _apply_one(document: Any, operation: Any) -> Any:
    if not isinstance(operation, dict):
        raise _OperationError("an operation must be an object")
    name = operation.get("op")
    if not isinstance(name, str) or name not in _OPERATIONS:
        raise _OperationError(f"unknown operation {name!r}")
    return _OPERATIONS[name](document, _pointer(operation, "path"), operation)


def _add(document: Any, path: list[str], operation: Operation) -> Any:
    return _edit(document, path, _put, _value(operation))


def _remove(document: Any, path: list[str], operation: Operation) -> Any:
    del operation
    if not path:
        raise _OperationError("the whole document cannot be removed")
    return _edit(document, path, _drop, None)


def _replace(document: Any, path: list[str], operation: Operation) -> Any:
    return _edit(document, path, _set, _value(operation))


def _move(document: Any, path: list[str], operation: Operation) -> Any:
    source = _pointer(operation, "from")
    if len(path) > len(source) and path[: len(source)] == source:
        raise _OperationError("a value cannot be moved into itself")
    value = _get(document, source)
    if path == source:
        return document
    return _edit(_edit(document, source, _drop, None), path, _put, value)


def _copy(document: Any, path: list[str], operation: Operation) -> Any:
    return _edit(document, path, _put, _get(document, _pointer(operation, "from")))


def _test(document: Any, path: list[str], operation: Operation) -> Any:
    if not _equal(_get(document, path), _value(operation)):
        raise _OperationError("the value there is another one")
    return document


_OPERATIONS: dict[str, Callable[[Any, list[str], Operation], Any]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _value(operation: Operation) -> Any:
    if "value" not in operation:
        raise _OperationError('the member "value" is missing')
    return operation["value"]


def _pointer(operation: Operation, member: str) -> list[str]:
    """The pointer in ``member`` as its decoded parts."""
    text = operation.get(member)
    if not isinstance(text, str):
        raise _OperationError(f'the member "{member}" must be a string')
    if not text:
        return []
    if text[0] != "/":
        raise _OperationError(f"{text!r} is not a JSON pointer: it must start with /")
    parts = text[1:].split("/")
    return [_unescape(part) for part in parts] if "~" in text else parts


def _unescape(part: str) -> str:
    if "~" in part.replace("~0", "").replace("~1", ""):
        raise _OperationError(f"{part!r} is not part of a JSON pointer: ~ must be ~0 or ~1")
    return part.replace("~1", "/").replace("~0", "~")


def _get(document: Any, path: list[str]) -> Any:
    for part in path:
        document = document[_existing(document, part)]
    return document


def _edit(
    document: Any, path: list[str], change: Callable[[Any, str, Any], None], value: Any
) -> Any:
    """A copy of the document with one change; only the containers on the way there are copied."""
    if not path:
        return value
    root = container = _shallow_copy(document, path[0])
    for depth, part in enumerate(path[:-1], 1):
        place = _existing(container, part)
        container[place] = inner = _shallow_copy(container[place], path[depth])
        container = inner
    change(container, path[-1], value)
    return root


def _shallow_copy(container: Any, part: str) -> Any:
    if not isinstance(container, dict | list):
        raise _OperationError(f"{part!r} is not there: its parent is neither an object nor a list")
    return container.copy()


def _put(container: Any, part: str, value: Any) -> None:
    if isinstance(container, dict):
        container[part] = value
    else:
        container.insert(len(container) if part == "-" else _index(part, len(container)), value)


def _drop(container: Any, part: str, value: Any) -> None:
    del value
    del container[_existing(container, part)]


def _set(container: Any, part: str, value: Any) -> None:
    container[_existing(container, part)] = value


def _existing(container: Any, part: str) -> Any:
    """The key or index that ``part`` names in ``container``, where there is a value."""
    if isinstance(container, list):
        return _index(part, len(container) - 1)
    if not isinstance(container, dict) or part not in container:
        raise _OperationError(f"{part!r} is not there")
    return part


def _index(part: str, largest: int) -> int:
    if not (part.isascii() and part.isdigit()) or (part[0] == "0" and part != "0"):
        raise _OperationError(f"{part!r} is not an index of a list")
    # An index of more digits than the largest one is out of range whatever it says.
    if len(part) > len(str(largest)) or int(part) > largest:
        raise _OperationError(f"the list has no index {part}")
    return int(part)


def _equal(left: Any, right: Any) -> bool:
    """Equality as JSON has it: 1 and 1.0 are the same number, true is not 1."""
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(_equal(value, right[key]) for key, value in left.items())
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(_equal, left, right))
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)
