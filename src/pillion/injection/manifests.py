"""Manifests of workloads: which documents hold a pod, where it stands, and putting it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection.errors import InjectionError
from pillion.injection.generation import Generation, Owner
from pillion.injection.owner import owner_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pillion.injection.generation import JSON

_POD_TYPE = "core/v1.Pod"
_LIST_TYPE = "core/v1.List"
_TEMPLATE = ("spec", "template")
_JOB_TEMPLATE = ("spec", "jobTemplate")


class Manifest(NamedTuple):
    """A workload: the object, its owner as templates see it, and where its pod stands.

    ``metadata_at`` and ``spec_at`` lead to the pod's metadata and spec in ``value``.
    """

    value: JSON
    owner: Owner
    metadata_at: tuple[str, ...]
    spec_at: tuple[str, ...]

    @property
    def pod(self) -> JSON:
        """The pod that the workload makes, without a type or a status."""
        metadata = _at(self.value, self.metadata_at)
        return {"metadata": metadata, "spec": _at(self.value, self.spec_at), "status": {}}

    @property
    def title(self) -> str:
        """Kind and name as istioctl's warnings have them: ``Deployment "shop/web"``."""
        name = _at(self.value, self.metadata_at).get("name") or self.owner.name
        if self.owner.namespace:
            name = f"{self.owner.namespace}/{name}"
        return f"{self.owner.kind} {_quote(name)}" if self.owner.kind else _quote(name)

    def with_pod(self, pod: JSON) -> Manifest:
        """The workload with the metadata and the spec of ``pod``."""
        value = _put(self.value, self.metadata_at, pod["metadata"])
        return self._replace(value=_put(value, self.spec_at, pod["spec"]))


def rewrite(
    text: str,
    generation: Generation,
    inject: Callable[[Manifest], Manifest],
    *,
    in_cluster: bool = False,
) -> str:
    """``text``, a document, with ``inject`` applied to its workload, or to those of a List.

    A document that is no workload is returned letter by letter. ``in_cluster`` takes a CronJob's
    pods as they are; istioctl looks for labels and annotations on the job instead.

    Raises:
        PillionError: the document cannot be read, or ``inject`` failed.
    """
    from pillion.kubernetes import codec, yaml_writer
    from pillion.kubernetes.errors import UnknownKindError
    from pillion.kubernetes.scheme import CURRENT, LEGACY

    known = CURRENT if generation is Generation.CURRENT else LEGACY

    def read_and_inject(document: str) -> JSON:
        type_name, value = codec.decode_manifest(document, known)
        if generation is Generation.LEGACY:
            from pillion.kubernetes import younger_fields

            value = younger_fields.without(value, type_name)
        if type_name == _LIST_TYPE:
            items = value.get("items")
            return {**value, "items": items and list(map(item, items))}
        return inject(_manifest(type_name, value, in_cluster=in_cluster)).value

    def item(value: Any) -> Any:
        from pillion.golang import json

        try:
            return read_and_inject(json.marshal(value, False))
        except UnknownKindError:
            return value

    try:
        return yaml_writer.dump(read_and_inject(text))
    except UnknownKindError:
        return text


def _manifest(type_name: str, value: JSON, *, in_cluster: bool) -> Manifest:
    if type_name == _POD_TYPE:
        return Manifest(value, owner_of(value), ("metadata",), ("spec",))
    metadata = value.get("metadata") or {}
    owner = Owner(
        metadata.get("name", ""),
        metadata.get("namespace", ""),
        value.get("kind", ""),
        value.get("apiVersion", ""),
        metadata,
    )
    if type_name.endswith(".CronJob"):
        template = (*_JOB_TEMPLATE, *_TEMPLATE)
        metadata_at = template if in_cluster else _JOB_TEMPLATE
        return Manifest(value, owner, (*metadata_at, "metadata"), (*template, "spec"))
    if (value.get("spec") or {}).get("template") is None:
        raise InjectionError("spec.template is required value")
    return Manifest(value, owner, (*_TEMPLATE, "metadata"), (*_TEMPLATE, "spec"))


def _at(value: JSON, path: tuple[str, ...]) -> JSON:
    for key in path:
        value = value[key]
    return value


def _put(value: JSON, path: tuple[str, ...], new: Any) -> JSON:
    key, *rest = path
    return {**value, key: _put(value[key], tuple(rest), new) if rest else new}


def _quote(text: str) -> str:
    from pillion.golang import strconv

    return strconv.quote(text)
