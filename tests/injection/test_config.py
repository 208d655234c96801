from __future__ import annotations

import hashlib

import pytest

from pillion.injection import configmap
from pillion.injection.config import load_config
from pillion.injection.errors import ConfigError
from pillion.injection.generation import Generation

CURRENT = """
policy: enabled
template: "{{ Nothing_Like_That }}"
defaultTemplates: [sidecar, extra]
templates:
  sidecar: "spec: {}"
  extra: "metadata: {}"
aliases: {both: [sidecar, extra]}
injectedAnnotations: {a: 1}
"""


def test_a_current_configuration() -> None:
    found = load_config(CURRENT)
    assert found.generation is Generation.CURRENT
    assert found.default_templates == ("sidecar", "extra")
    assert found.aliases == {"both": ["sidecar", "extra"]}
    assert found.injected_annotations == {"a": "1"}
    assert list(found.templates) == ["sidecar", "extra"]
    assert found.sha256 == hashlib.sha256(CURRENT.encode()).hexdigest()
    assert found.notes == ()


def test_a_configuration_of_1_1() -> None:
    found = load_config(b"policy: enabled\ntemplate: 'containers: [[ toJSON .ObjectMeta.Labels ]]'")
    assert found.generation is Generation.LEGACY
    assert list(found.templates) == ["sidecar"]


@pytest.mark.parametrize("key", ["templates", "defaultTemplates", "ALIASES", "injectedAnnotations"])
def test_one_key_makes_a_configuration_current(key: str) -> None:
    assert load_config(f"policy: enabled\n{key}:").generation is Generation.CURRENT


def test_without_a_default_it_is_the_sidecar() -> None:
    assert load_config("templates: {}\ndefaultTemplates: []").default_templates == ("sidecar",)


ERRORS = [
    ("", "not an injection configuration"),
    ("policy: enabled", "not an injection configuration"),
    ("- a", "json: cannot unmarshal array into Go value of type inject.Config"),
    ("5", "json: cannot unmarshal number into Go value of type inject.Config"),
    (
        "a: [",
        "failed to unmarshal injection template: error converting YAML to JSON: yaml: line 1:",
    ),
    ("templates: []", "cannot unmarshal array into Go struct field Config.templates of type map"),
    (
        "templates: {a: []}",
        "cannot unmarshal array into Go struct field Config.templates of type string",
    ),
    (
        "templates: {}\nneverInjectSelector: {}",
        "cannot unmarshal object into Go struct field Config.never",
    ),
    ("templates: {a: '{{ nope }}'}", 'template: inject:1: function "nope" not defined'),
]


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(text)
    assert message in str(error.value)


NOTES = [
    ("false", "false is not a policy; use disabled"),
    ("true", "true is not a policy; use enabled"),
    ("off", "false is not a policy; use disabled"),
    ("Enabled", "Enabled is not a policy; use enabled or disabled"),
    ("''", "no policy is set, so nothing is injected; use enabled or disabled"),
]


@pytest.mark.parametrize(("policy", "note"), NOTES)
def test_a_policy_that_is_none_is_named(policy: str, note: str) -> None:
    assert load_config(f"templates: {{}}\npolicy: {policy}").notes == (note,)


class Cache:
    """A template cache that counts."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.loaded = 0
        self.forgets = False

    def __contains__(self, key: str) -> bool:
        return key in self.stored

    def load(self, key: str) -> bytes | None:
        self.loaded += 1
        return None if self.forgets else self.stored.get(key)

    def store(self, key: str, compiled: bytes) -> None:
        self.stored[key] = compiled


def test_a_cached_template_is_loaded_when_it_is_needed() -> None:
    cache = Cache()
    load_config(CURRENT, cache=cache)
    assert len(cache.stored) == 2
    again = load_config(CURRENT, cache=cache)
    assert cache.loaded == 0
    assert again.templates["sidecar"].render({}) == "spec: {}"
    assert again.templates["sidecar"] is again.templates["sidecar"]
    assert cache.loaded == 1


def test_a_cache_may_forget() -> None:
    cache = Cache()
    load_config(CURRENT, cache=cache)
    again = load_config(CURRENT, cache=cache)
    cache.forgets = True
    assert again.templates["extra"].render({}) == "metadata: {}"


CONFIG_MAP = '{"kind": "ConfigMap", "data": {"config": "policy: enabled", "values": "{}"}}'


def test_a_whole_configmap() -> None:
    assert configmap.data(CONFIG_MAP, "config") == "policy: enabled"
    text = "kind: ConfigMap\ndata:\n  mesh: |-\n    trustDomain: a\n"
    assert configmap.data(text, "mesh") == "trustDomain: a"


def test_anything_else_is_taken_as_it_is() -> None:
    for text in ("policy: enabled", "kind: Pod # no ConfigMap", "ConfigMap: [", "- ConfigMap"):
        assert configmap.data(text, "config") == text


def test_find_is_content_with_nothing() -> None:
    assert configmap.find(CONFIG_MAP, "values") == "{}"
    assert configmap.find(CONFIG_MAP, "mesh") is None
    assert configmap.find("policy: enabled", "config") is None


def test_a_configmap_without_the_key() -> None:
    with pytest.raises(ConfigError, match="no key 'mesh' in its data, which holds config, values"):
        configmap.data(CONFIG_MAP, "mesh")
