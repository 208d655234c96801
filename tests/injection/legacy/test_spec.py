"""What a template of 1.1 renders reads the same whatever was read before it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pillion.injection.errors import RenderError
from pillion.injection.legacy import spec
from pillion.kubernetes import codec, scheme, younger_fields
from pillion.kubernetes.errors import KubernetesError

if TYPE_CHECKING:
    from collections.abc import Iterator

SCALARS = st.sampled_from(
    ["a", "b", "1", "2", "true", "yes", "null", '""', '"x y"', "500m", "80", "1.0", "$(A)", "1e3"]
)
RENDERED = """\
rewriteAppHTTPProbe: {}
initContainers:
- {{name: {}, image: {}, restartPolicy: {}}}
{}:
- name: {}
  args: [{}, a.{}]
  env: [{{name: A, value: {}}}]
  resources: {{requests: {{cpu: {}}}}}
  ports: [{{containerPort: {}, protocol: {}}}]
  securityContext: {{runAsUser: {}}}
volumes:
- {{name: {}, emptyDir: {}}}
dnsConfig: {{searches: [{}]}}
{}"""
KEYS = st.sampled_from(["containers", "Containers", "other"])
ENDS = st.sampled_from(["", "Volumes: []", "other: [a]", "volumes: []", "imagePullSecrets: [null]"])


def series() -> st.SearchStrategy[list[str]]:
    """Texts of which each differs from the one before it in one place."""
    before, after = 4, RENDERED.count("{}") - 6
    holes = st.tuples(*[SCALARS] * before, KEYS, *[SCALARS] * after, ENDS)
    edits = st.lists(st.tuples(st.integers(0, before + after), SCALARS), min_size=2, max_size=6)
    return st.tuples(holes, edits).map(lambda drawn: list(filled(*drawn)))


def filled(holes: tuple[str, ...], edits: list[tuple[int, str]]) -> Iterator[str]:
    filling = list(holes)
    yield RENDERED.format(*filling)
    for place, scalar in edits:
        filling[place] = scalar
        yield RENDERED.format(*filling)


def wanted(text: str) -> str:
    try:
        found = codec.decode_yaml(text, spec.TYPE, scheme.LEGACY)
    except KubernetesError as error:
        return str(error)
    found = younger_fields.without(found, spec.TYPE)
    lists = {
        "initContainers": found["InitContainers"],
        "containers": found["Containers"],
        "volumes": found["Volumes"],
        "imagePullSecrets": found["ImagePullSecrets"],
    }
    read = {key: items or [] for key, items in lists.items()}
    return json.dumps([found["RewriteAppHTTPProbe"], read, found["DNSConfig"]])


@given(series())
def test_every_text_is_read_as_if_it_were_the_first(rendered: list[str]) -> None:
    for text in rendered:
        try:
            found = json.dumps(list(spec.read(text)))
        except RenderError as error:
            found = str(error)
        assert found == wanted(text)
