"""The injection configuration: ``data.config`` of the ConfigMap ``istio-sidecar-injector``.

Both generations are read here, and told apart by the keys that only one of them has. A current
configuration may carry the key ``template`` too: Istio's chart puts a template there that fails to
parse, so that an injector of the old generation stops instead of injecting the wrong thing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pillion.injection import config_fields as fields
from pillion.injection.errors import ConfigError
from pillion.injection.generation import Generation
from pillion.injection.templates import TemplateSet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillion.injection.templates import TemplateCache
    from pillion.kubernetes.selector import Selector

SIDECAR = "sidecar"
"""The template of pods that ask for none, and the name of a 1.1 configuration's only one."""

_CURRENT_KEYS = frozenset({"templates", "defaulttemplates", "aliases", "injectedannotations"})
ENABLED, DISABLED = "enabled", "disabled"
_POLICIES = (ENABLED, DISABLED)
_LIKELY = {"false": "disabled", "off": "disabled", "true": "enabled", "on": "enabled"}


class PodSelector(NamedTuple):
    """A label selector of the configuration.

    ``selector`` is None where ``source`` is not a valid one; ``note`` then says why. Such a
    selector, like an empty one, matches nothing.
    """

    source: dict[str, Any]
    selector: Selector | None
    note: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether a pod with ``labels`` is selected."""
        selector = self.selector
        return selector is not None and not selector.empty and selector.matches(labels)


class InjectionConfig(NamedTuple):
    """A configuration as it was loaded.

    ``notes`` are what a person should be told about it: a policy that is none, selectors that are
    skipped.
    """

    generation: Generation
    policy: str
    never: tuple[PodSelector, ...]
    always: tuple[PodSelector, ...]
    templates: TemplateSet
    default_templates: tuple[str, ...]
    aliases: dict[str, list[str]]
    injected_annotations: dict[str, str]
    notes: tuple[str, ...]
    text: str

    @property
    def sha256(self) -> str:
        """The hash of the text as it was given, which tells what is running."""
        return _sha256(self.text)


@lru_cache(maxsize=16)
def _sha256(text: str) -> str:
    """The hash of a configuration's text, which every answer names."""
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def load_config(
    text: str | bytes, *, generation: Generation | None = None, cache: TemplateCache | None = None
) -> InjectionConfig:
    """Load a configuration of either generation.

    ``generation`` settles the matter for a text whose keys do not (an empty one). ``cache`` keeps
    compiled templates between processes.

    Raises:
        ConfigError: the text is not YAML, is of neither generation, has a field of the wrong type,
            or a template that does not parse.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    top = fields.read(text, generation)
    generation = generation or _generation(top)
    never, always = (
        tuple(map(_selector, fields.selectors(top, name)))
        for name in ("neverInjectSelector", "alwaysInjectSelector")
    )
    policy = fields.string(top, "policy")
    return InjectionConfig(
        generation,
        policy,
        never,
        always,
        TemplateSet(_templates(top, generation), generation, cache),
        tuple(fields.strings(top, "defaultTemplates")) or (SIDECAR,),
        fields.string_lists(top, "aliases"),
        fields.string_map(top, "injectedAnnotations"),
        (*_policy_notes(policy), *_selector_notes(never, always)),
        text,
    )


def _generation(top: dict[str, Any]) -> Generation:
    present = {key.lower() for key in top}
    if present & _CURRENT_KEYS:
        return Generation.CURRENT
    if "template" in present:
        return Generation.LEGACY
    raise ConfigError(
        "not an injection configuration: it has neither templates, as Istio's today, "
        "nor a template, as those of Istio 1.1"
    )


def _templates(top: dict[str, Any], generation: Generation) -> dict[str, str]:
    if generation is Generation.CURRENT:
        return fields.string_map(top, "templates")
    return {SIDECAR: fields.string(top, "template")}


def _selector(source: dict[str, Any]) -> PodSelector:
    from pillion.kubernetes import selector
    from pillion.kubernetes.errors import SelectorError

    try:
        parsed = selector.parse(source)
    except SelectorError as error:
        return PodSelector(source, None, f"skipped, it is invalid: {error}")
    note = "an empty selector matches nothing" if parsed.empty else ""
    return PodSelector(source, parsed, note)


def _policy_notes(policy: str) -> tuple[str, ...]:
    if policy in _POLICIES:
        return ()
    likely = _LIKELY.get(policy.lower(), "enabled or disabled")
    if not policy:
        return (f"no policy is set, so nothing is injected; use {likely}",)
    return (f"{policy} is not a policy; use {likely}",)


def _selector_notes(never: tuple[PodSelector, ...], always: tuple[PodSelector, ...]) -> list[str]:
    named = (("neverInjectSelector", never), ("alwaysInjectSelector", always))
    return [
        f"{name}[{index}] is {selector.note}"
        for name, selectors in named
        for index, selector in enumerate(selectors)
        if selector.selector is None
    ]
