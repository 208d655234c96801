"""Answers that are given again are those that would be given anew."""

from __future__ import annotations

import copy
import json
import string
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injection.small import SIDECAR, injector
from pillion import mesh, profiles
from pillion.injection import replicas
from pillion.injection.admission import answer
from pillion.injection.config import load_config
from pillion.injection.injector import Injector

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADERS = {"content-type": "application/json"}
SUFFIXES = ("abcde", "x7k2p", "00000", "zzzzz", "abcde", "q1w2e")
TOKENS = "/var/run/secrets/kubernetes.io/serviceaccount"
POD: dict[str, Any] = {
    "kind": "Pod",
    "metadata": {"generateName": "web-1-", "labels": {"app": "web"}},
    "spec": {
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "TOKEN", "projected": {}}],
        "containers": [
            {
                "name": "app",
                "image": "i",
                "resources": {},
                "volumeMounts": [{"name": "TOKEN", "mountPath": TOKENS}],
            }
        ],
    },
}

VOLUME = "spec: {{volumes: [{{name: {}, emptyDir: {{}}}}]}}"
TEMPLATES = {
    "names": "metadata: {annotations: {of: '{{ range .Spec.Volumes }}{{ .Name }} {{ end }}'}}",
    "last": (
        "metadata: {annotations: {of: '{{ range .Spec.Volumes }}"
        '{{ if hasSuffix "zzz" .Name }}yes{{ end }}{{ end }}\'}}'
    ),
    "whole": "metadata: {annotations: {of: {{ toJson .Spec | quote }}}}",
    "mounts": "metadata: {annotations: {of: {{ toJson (index .Spec.Containers 0) | quote }}}}",
    "printed": 'metadata: {annotations: {of: {{ printf "%v" .Spec.Volumes | quote }}}}',
    "count": "metadata: {annotations: {of: '{{ len .Spec.Volumes }}'}}",
    "generated": "metadata: {annotations: {of: '{{ .ObjectMeta.GenerateName }}'}}",
    "labels": "metadata: {annotations: {of: {{ toJson .ObjectMeta.Labels | quote }}}}",
    "annotations": "metadata: {annotations: {of: {{ toJson .ObjectMeta.Annotations | quote }}}}",
    "clash": VOLUME.format("kube-api-access-abcde"),
    "hidden clash": VOLUME.format('"kube\\x2dapi-access-x7k2p"'),
    "deletion": "spec: {volumes: [{name: kube-api-access-zzzzz, $patch: delete}]}",
    "proxy": SIDECAR,
}


def pod(suffix: str, of: dict[str, Any] = POD) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(of).replace("TOKEN", f"kube-api-access-{suffix}"))
    return made


def body(of: Any, uid: str, **request: Any) -> bytes:
    review = {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1"}
    request = {"uid": uid, "namespace": "shop", "object": of, **request}
    return json.dumps({**review, "request": request}).encode()


def bodies(of: dict[str, Any] = POD) -> Iterator[bytes]:
    for index, suffix in enumerate(SUFFIXES):
        yield body(pod(suffix, of), f"uid-{index}")


def assert_same(warm: Injector, fresh: Injector, text: bytes, **how: Any) -> None:
    fresh.replicas = replicas.Replicas(fresh)
    given_again = answer(warm, "/inject", HEADERS, text, **how)
    assert given_again == answer(fresh, "/inject", HEADERS, text, **how)


def known(of: Injector) -> list[replicas.Replica | None]:
    return list(of.replicas._known.values())  # noqa: SLF001 - nothing else shows what is remembered


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_replica_gets_its_own_answer(name: str) -> None:
    warm, fresh = (injector(templates={"sidecar": TEMPLATES[name]}) for _ in range(2))
    for text in (*bodies(), *bodies()):
        assert_same(warm, fresh, text)


@pytest.mark.parametrize("name", ["count", "generated", "labels", "annotations", "proxy"])
def test_what_no_template_reads_is_known_for_all_replicas(name: str) -> None:
    warm = injector(templates={"sidecar": TEMPLATES[name]})
    for text in bodies():
        answer(warm, "/inject", HEADERS, text)
    assert [type(one) for one in known(warm)] == [replicas.Replica]


@pytest.mark.parametrize(
    "name", ["names", "last", "whole", "mounts", "printed", "clash", "hidden clash", "deletion"]
)
def test_what_a_template_reads_or_names_is_answered_anew(name: str) -> None:
    warm = injector(templates={"sidecar": TEMPLATES[name]})
    for text in bodies():
        answer(warm, "/inject", HEADERS, text)
    assert known(warm) == [None]


@pytest.mark.parametrize("profile", profiles.NAMES)
@pytest.mark.parametrize("shadow", [False, True])
def test_the_profiles_answer_replicas_as_they_do_pods(profile: str, shadow: bool) -> None:
    found = profiles.load(profile)
    config = load_config(found.config)
    values = mesh.load_values(found.values) if found.values is not None else None
    warm, fresh = (
        Injector(config, mesh.load_mesh(found.mesh, config.generation.value), values)
        for _ in range(2)
    )
    for text in bodies():
        assert_same(warm, fresh, text, shadow=shadow)
    assert [type(one) for one in known(warm)] == [replicas.Replica]


@pytest.mark.parametrize(
    "called",
    ['{{ env "PILLION_X" "none" }}', '{{ merge .Values (dict "a" "b") | len }}', "{{ now }}"],
)
def test_a_template_that_depends_on_more_than_the_pod_renders_for_each(called: str) -> None:
    template = f"metadata: {{annotations: {{of: '{called}'}}}}"
    warm = injector(templates={"other": template})
    for text in bodies():
        answer(warm, "/inject", HEADERS, text)
    assert known(warm) == []


def test_values_that_a_template_changed_are_seen_by_the_next_pod() -> None:
    counting = (
        '{{ $n := int (index .Values "n" | default 0) }}{{ $_ := set .Values "n" (add $n 1) }}'
        "metadata: {annotations: {n: '{{ $n }}'}}"
    )
    warm = injector(templates={"sidecar": counting})
    answers = [answer(warm, "/inject", HEADERS, text).response.body for text in bodies()]
    assert len(set(answers)) == len(answers)


def test_a_local_map_may_be_set() -> None:
    local = "{{ $d := dict }}{{ $_ := set $d \"a\" 1 }}metadata: {annotations: {n: '{{ $d }}'}}"
    warm = injector(templates={"sidecar": local})
    for text in bodies():
        answer(warm, "/inject", HEADERS, text)
    assert [type(one) for one in known(warm)] == [replicas.Replica]


def changed(edit: str) -> dict[str, Any]:
    made = copy.deepcopy(POD)
    if edit == "a volume of the same name in an annotation":
        made["metadata"]["annotations"] = {"note": "kube-api-access-abcde"}
    elif edit == "an earlier injection":
        names = {"containers": ["istio-proxy"], "volumes": ["kube-api-access-abcde"]}
        made["metadata"]["annotations"] = {"sidecar.istio.io/status": json.dumps(names)}
    elif edit == "two such volumes":
        made["spec"]["volumes"].append({"name": "kube-api-access-zzzzz", "emptyDir": {}})
    elif edit == "an unknown field":
        made["spec"]["newer"] = {"volume": "TOKEN"}
    elif edit == "an environment variable":
        made["spec"]["containers"][0]["env"] = [{"name": "V", "value": "TOKEN"}]
    elif edit == "the user's own proxy":
        proxy = copy.deepcopy(made["spec"]["containers"][0])
        made["spec"]["containers"].append({**proxy, "name": "istio-proxy", "image": "auto"})
    return made


@pytest.mark.parametrize(
    "edit",
    [
        "a volume of the same name in an annotation",
        "an earlier injection",
        "two such volumes",
        "an unknown field",
        "an environment variable",
        "the user's own proxy",
    ],
)
def test_odd_pods_get_their_own_answers(edit: str) -> None:
    warm, fresh = injector(), injector()
    for text in (*bodies(changed(edit)), *bodies(changed(edit))):
        assert_same(warm, fresh, text)


def test_the_users_own_proxy_keeps_the_name_of_its_volume() -> None:
    warm = injector()
    made = [
        answer(warm, "/inject", HEADERS, one) for one in bodies(changed("the user's own proxy"))
    ]
    patch = made[-1].review.patch if made[-1].review else None
    assert "kube-api-access-q1w2e" in json.dumps(patch)
    assert known(warm)[0] is not None


@pytest.mark.parametrize(
    "text",
    [
        b"{" + b"\x00" + body(pod("abcde"), "u")[1:],
        body(pod("abcde"), "u") + b"x",
        body(pod("abcde"), "u").replace(b'"uid"', b'"u\\u0069d"'),
        body(pod("abcde"), "u", kind={"group": "", "kind": "Node"}),
        body({**pod("abcde"), "metadata": {"uid": "p"}}, "u", uidx="uid"),
        b'{"other": {"uid": "o"}, ' + body(pod("abcde"), "u")[1:],
        body(pod("abcde"), "u", namespace="kube-system"),
        body({**pod("abcde"), "spec": {"containers": 1}}, "u"),
        b"kind: AdmissionReview\n",
    ],
)
def test_any_body_is_answered_the_same_again(text: bytes) -> None:
    warm, fresh = injector(), injector()
    for _ in range(4):
        assert_same(warm, fresh, text)


def test_the_url_and_the_shadow_count() -> None:
    warm = injector()
    for _ in range(4):
        found = [
            answer(warm, path, HEADERS, body(pod("abcde"), "u"), shadow=shadow).response.body
            for path in ("/inject", "/inject/cluster/other")
            for shadow in (False, True)
        ]
        fresh = injector()
        wanted = [
            answer(fresh, path, HEADERS, body(pod("abcde"), "u"), shadow=shadow).response.body
            for path in ("/inject", "/inject/cluster/other")
            for shadow in (False, True)
        ]
        assert found == wanted


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "_MOST_BYTES", 5000)
    monkeypatch.setattr(replicas, "_MOST_SEEN", 3)
    warm, fresh = injector(), injector()
    for number in range(30):
        made = copy.deepcopy(POD)
        made["metadata"]["labels"]["number"] = str(number)
        for text in list(bodies(made))[:3]:
            assert_same(warm, fresh, text)
    assert 0 < len(known(warm)) < 15
    assert len(warm.replicas._seen) <= 3  # noqa: SLF001
    shared = sum(len(key[1]) for key in warm.replicas._known)  # noqa: SLF001
    assert shared == warm.replicas._bytes <= 5000  # noqa: SLF001


def test_a_large_body_is_not_remembered() -> None:
    made = copy.deepcopy(POD)
    made["metadata"]["labels"]["long"] = "x" * 70_000
    warm = injector()
    for text in bodies(made):
        answer(warm, "/inject", HEADERS, text)
    assert known(warm) == []


def test_a_deep_pod_is_answered_each_time() -> None:
    made = copy.deepcopy(POD)
    made["spec"]["newer"] = "DEEP"
    text = body(pod("abcde", made), "u").replace(b'"DEEP"', b"[" * 900 + b"]" * 900)
    warm = injector()
    answers = {answer(warm, "/inject", HEADERS, text).response.body for _ in range(4)}
    assert len(answers) == 1


_WORDS = st.sampled_from(["TOKEN", "tmp", "web", "kube-api-access-abcde", "é", "<&>", ""])
_KEYS = st.sampled_from(["app", "note", "sidecar.istio.io/inject", "proxy.istio.io/overrides"])
_VOLUMES = st.lists(
    st.fixed_dictionaries({"name": _WORDS}, optional={"emptyDir": st.just({}), "newer": _WORDS}),
    max_size=3,
)
_CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["app", "istio-proxy", "other"]), "image": _WORDS},
        optional={
            "volumeMounts": st.lists(
                st.fixed_dictionaries(
                    {"name": _WORDS, "mountPath": st.sampled_from([TOKENS, "/tmp"])}  # noqa: S108
                ),
                max_size=2,
            ),
            "ports": st.just([{"containerPort": 80}]),
        },
    ),
    max_size=3,
)
_PODS = st.fixed_dictionaries(
    {
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "name": _WORDS,
                "generateName": st.just("web-"),
                "labels": st.dictionaries(_KEYS, _WORDS, max_size=2),
                "annotations": st.dictionaries(_KEYS, _WORDS, max_size=2),
            },
        ),
        "spec": st.fixed_dictionaries(
            {"containers": _CONTAINERS},
            optional={"volumes": _VOLUMES, "initContainers": _CONTAINERS},
        ),
    }
)
_SUFFIX = st.text(string.ascii_lowercase + string.digits, min_size=5, max_size=5)


@given(
    name=st.sampled_from(sorted(TEMPLATES)),
    of=_PODS,
    suffixes=st.lists(_SUFFIX | st.just("abcde"), min_size=3, max_size=5),
)
def test_any_pod_gets_the_same_with_and_without_memory(
    name: str, of: dict[str, Any], suffixes: list[str]
) -> None:
    warm, fresh = _pair(name)
    for index, suffix in enumerate(suffixes):
        assert_same(warm, fresh, body(pod(suffix, of), f"uid-{index}"))


_PAIRS: dict[str, tuple[Injector, Injector]] = {}


def _pair(name: str) -> tuple[Injector, Injector]:
    """The injectors of a template; the first keeps what it remembers between examples."""
    if name not in _PAIRS:
        templates = {"sidecar": TEMPLATES[name]}
        _PAIRS[name] = injector(templates=templates), injector(templates=templates)
    return _PAIRS[name]
