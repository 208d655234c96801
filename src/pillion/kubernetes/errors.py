"""The errors of reading, writing and changing Kubernetes objects."""

from __future__ import annotations

from pillion.errors import PillionError, dotted


class KubernetesError(PillionError):
    """A Kubernetes object, or a piece of one, is not what it should be."""


class YAMLError(KubernetesError):
    """The text is not YAML that Kubernetes accepts.

    ``message`` is what sigs.k8s.io/yaml says (``yaml: line 3: did not find expected key``).
    ``line`` counts from 1 and is None where the place is not known.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class DecodeError(KubernetesError):
    """A value does not fit the type of its field.

    ``message`` is what Go says. ``path`` leads to the value in the input, as keys and indexes.
    ``line`` and ``column`` count from 1 and are None where the input was not text.
    """

    def __init__(
        self,
        message: str,
        path: tuple[str | int, ...] = (),
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column

    @property
    def field(self) -> str:
        """The path as people write it: ``spec.containers[0].name``."""
        return dotted(self.path)


class UnknownKindError(KubernetesError):
    """No type is known for an object's ``apiVersion`` and ``kind``: it passes untouched."""


class MergeError(KubernetesError):
    """A strategic merge patch cannot be applied."""


class PatchError(KubernetesError):
    """A JSON patch cannot be applied."""


class QuantityError(KubernetesError):
    """The text is not a resource quantity."""


class SelectorError(KubernetesError):
    """Not a label selector."""
