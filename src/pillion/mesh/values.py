"""The values of Istio's chart, which templates see as ``.Values``.

Istio reads the text twice: as its message ``Values``, whose only use is a few settings of the
injector, and as a plain map for the templates. Both must succeed, so that a value of a wrong type
is an error even where no template looks at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pillion.kubernetes import yaml_reader
from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.json_tree import with_floats
from pillion.mesh import decoding
from pillion.mesh.descriptors import values_api
from pillion.mesh.errors import MeshError
from pillion.mesh.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES = "istio.operator.v1alpha1.Values"


class Values:
    """Chart values; they do not change.

    ``data`` is the map that templates see, its numbers all floats. ``message`` is the typed form.
    ``is_nil`` says that the text was empty or null, with which Istio refuses to render anything.
    """

    __slots__ = ("data", "is_nil", "message")

    def __init__(self, data: dict[str, Any], message: Message, *, is_nil: bool = False) -> None:
        self.data = data
        self.message = message
        self.is_nil = is_nil

    def text(self, *path: str) -> str:
        """The string at ``path``, empty where it is not set."""
        value = self._at(path)
        return value if isinstance(value, str) else ""

    def flag(self, *path: str) -> bool:
        """The boolean at ``path``, false where it is not set."""
        return self._at(path) is True

    @property
    def tag(self) -> str:
        """The tag of images, which may be written as a number; empty where it is not set."""
        found = self._global.get("tag", "")
        if isinstance(found, str):
            return found
        from pillion.golang.fmt import sprint

        return sprint(found)

    @property
    def holds_application(self) -> bool:
        """Whether applications wait for their proxy."""
        return self.flag("global", "proxy", "holdApplicationUntilProxyStarts")

    @property
    def _global(self) -> dict[str, Any]:
        found = self.data.get("global")
        return found if isinstance(found, dict) else {}

    def _at(self, path: tuple[str, ...]) -> Any:
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value


def load_values(text: str) -> Values:
    """Read the ``values`` of Istio's ConfigMap, JSON or YAML.

    Follows ``NewValuesConfig`` of Istio's injector.

    Raises:
        MeshError: ``text`` is not YAML, or does not fit the message ``Values``.
    """
    try:
        return _values(yaml_reader.load(text))
    except (YAMLError, MeshError) as error:
        raise MeshError(f"could not parse configuration values: {error}") from error


def override(values: Values, assignments: Sequence[str]) -> Values:
    """``values`` with assignments such as ``global.proxy.image=x`` over them, in Helm's language.

    Raises:
        MeshError: an assignment cannot be read, or a value does not fit the message ``Values``.
    """
    if not assignments:
        return values
    from pillion.mesh import strvals

    data = values.data
    for assignment in assignments:
        data = strvals.assign(data, assignment)
    return _values(data)


def _values(value: Any) -> Values:
    message = Message(values_api().message(VALUES))
    decoding.apply(message, value)
    data = with_floats(value)
    return Values(data if isinstance(data, dict) else {}, message, is_nil=data is None)
