"""Which templates a pod gets, what they render, and what that makes of the pod.

Follows ``RunTemplate`` of Istio's ``pkg/kube/inject``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.golang.strings import trim_space
from pillion.injection.containers import PROXY, annotations_of, find, with_spec
from pillion.injection.errors import RenderError
from pillion.injection.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pillion.gotemplate import Template
    from pillion.injection.generation import JSON
    from pillion.injection.template_data import TemplateData
    from pillion.injection.templates import TemplateSet

TEMPLATES_ANNOTATION = "inject.istio.io/templates"
NATIVE_ANNOTATION = "sidecar.istio.io/nativeSidecar"

_NOT_MERGED = "failed parsing generated injected YAML (check Istio sidecar injector configuration)"


class Rendered(NamedTuple):
    """The pod with everything merged in, the pod that the templates alone make, their overlays."""

    pod: JSON
    template_pod: JSON
    overlays: list[JSON]


def chosen(
    pod: JSON, default: Iterable[str], aliases: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    """The names of the templates for ``pod``: those its annotation asks for, else ``default``.

    An alias stands for the templates it names, which are not looked up again.
    """
    wish = annotations_of(pod).get(TEMPLATES_ANNOTATION)
    names = default if wish is None else map(trim_space, wish.split(","))
    for name in names:
        yield from aliases.get(name, (name,))


def render(
    pod: JSON, data: TemplateData, templates: TemplateSet, names: Iterable[str], *, native: bool
) -> Rendered:
    """Merge what the templates ``names`` render for ``data`` into ``pod``, one after another.

    ``native`` says whether the proxy goes among the init containers, unless an annotation decides.

    Raises:
        RenderError: a template does not exist or fails, or what it renders does not fit the pod.
    """
    from pillion.injection import overlay

    template_pod: JSON | None = None
    overlays = []
    for name in names:
        text = _execute(_template(templates, name), data)
        template_pod = _alone(template_pod, text)
        if _native(pod, default=native):
            pod = _with_proxy_among_init(pod, template_pod)
        pod = _merge(pod, text)
        overlays.append(overlay.parse(text))
    return Rendered(pod, template_pod or overlay.EMPTY_POD, overlays)


def _alone(template_pod: JSON | None, text: str) -> JSON:
    """``template_pod`` with ``text`` laid over it; None is a pod that says nothing."""
    from pillion.injection import overlay
    from pillion.kubernetes.errors import KubernetesError

    try:
        return overlay.alone(text).pod if template_pod is None else overlay.lay(template_pod, text)
    except KubernetesError as error:
        message = f"failed applying injection overlay: {error}"
        raise RenderError(message, Reason.MERGE_FAILED) from error


def _template(templates: TemplateSet, name: str) -> Template:
    if name not in templates:
        known = ", ".join(templates)
        message = f'requested template "{name}" not found; have {known}'
        raise RenderError(message, Reason.UNKNOWN_TEMPLATE)
    return templates[name]


def _execute(template: Template, data: Any) -> str:
    from pillion.gotemplate.errors import TemplateError

    try:
        return template.render(data)
    except TemplateError as error:
        raise RenderError(str(error)) from error


def _merge(pod: JSON, text: str) -> JSON:
    from pillion.injection import overlay
    from pillion.kubernetes.errors import KubernetesError

    try:
        return overlay.lay(pod, text)
    except KubernetesError as error:
        message = f"{_NOT_MERGED}: {error}"
        raise RenderError(message, Reason.MERGE_FAILED) from error


def _native(pod: JSON, *, default: bool) -> bool:
    wish = annotations_of(pod).get(NATIVE_ANNOTATION)
    return wish == "true" if wish in {"true", "false"} else default


def _with_proxy_among_init(pod: JSON, template_pod: JSON) -> JSON:
    """``pod`` with the user's own proxy container moved to where the template has it.

    Who customizes the proxy writes it among the containers, whether or not it ends up there.
    """
    own = find(PROXY, pod["spec"].get("containers"))
    if own is None or find(PROXY, template_pod["spec"].get("initContainers")) is None:
        return pod
    items = pod["spec"]["containers"]
    kept = [one for one in items if one is not own]
    return with_spec(
        pod, containers=kept, initContainers=[*(pod["spec"].get("initContainers") or ()), own]
    )
