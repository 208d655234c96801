from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.kubernetes import scheme, yaml_reader
from pillion.kubernetes.errors import YAMLError
from pillion.kubernetes.yaml_similar import SimilarTexts

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """\
metadata:
  labels: {app: web, "quoted": 'x'}
  annotations: {
    a: "1",
    b: plain  # noted
  }
spec:
  containers:
  - name: app
    ports: [80, 443]
    args: ["-a", b]
    env:
    - {name: A, value: "x y"}
    - name: LIST
      value: |-
        [
          {"port": 80}

        ]
  - 5
empty:
last: end"""


def read_all(*texts: str) -> tuple[Any, int]:
    """The value of the last of ``texts``, and how many of them were read as a whole."""
    similar, whole = SimilarTexts(), []
    load = yaml_reader.load

    def counted(text: str) -> Any:
        whole.extend([text] if text in texts else [])
        return load(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "load", counted)
        for text in texts:
            value = similar.load(text)
    return value, len(whole)


ADAPTED = [
    ("app: web", "app: we:b"),
    ("name: app", "name: http://app:80/x"),
    ("name: app", "name: 12:30:45"),
    ("app: web", "app: shop"),
    ("'x'", "'y: # z'"),
    ('"quoted": ', '"quoted": '),
    ('a: "1"', 'a: "{}[]"'),
    ("plain  # noted", "5  # noted"),
    ("name: app", "name: yes"),
    ("443", "0x1F"),
    ('"-a"', '""'),
    ('"x y"', '"z"'),
    ('{"port": 80}', '{"port": 9}, # {'),
    ("- 5", "- six"),
    ("last: end", "last: 1_000"),
    ("last: end", "last: app.$(NAME)"),
]


@pytest.mark.parametrize(("old", "new"), ADAPTED)
def test_a_scalar_that_differs_is_replaced(old: str, new: str) -> None:
    text = TEXT.replace(old, new)
    assert read_all(TEXT, text) == (yaml_reader.load(text), 1)


def test_several_scalars_may_differ() -> None:
    text = TEXT.replace("app: web", "app: a").replace("443", "8").replace('"port": 80', '"p": 1')
    assert read_all(TEXT, text) == (yaml_reader.load(text), 1)


WHOLE = [
    ("app: web", "app: &a web"),
    ("app: web", "app: !!str web"),
    ("app: web", "app: we: b"),
    ("name: app", "name: app:"),
    ("name: app", "name: a::b"),
    ("app: web", "app: [web"),
    ("app: web", "other: web"),
    ("app: web, ", "app: web, also: x, "),
    ('a: "1"', 'a: "\\t"'),
    ('a: "1"', "a: '1'"),
    ("plain  # noted", "two words"),
    ("name: app", "name: app # new"),
    ("name: app", "name: é"),
    ("empty:", "empty: x"),
    ("empty:", "empty:x"),
    ('  {"port": 80}', '{"port": 80}'),
    ('  {"port": 80}', '   {"port": 80}'),
    ("value: |-", "value: |+"),
    ("last: end", "- end"),
]


@pytest.mark.parametrize(("old", "new"), WHOLE)
def test_anything_else_is_read_as_a_whole(old: str, new: str) -> None:
    text = TEXT.replace(old, new)
    try:
        wanted = yaml_reader.load(text)
    except YAMLError as error:
        with pytest.raises(YAMLError, match=str(error).replace("[", r"\[")):
            read_all(TEXT, text)
    else:
        assert read_all(TEXT, text) == (wanted, 2)


UNFIT = [
    "a: &x 1\nb: *x\nc: web",
    "a: 1\n<<: {b: 2}\nc: web",
    "c: old\nc: web",
    "c: {x: web}\nc: {y: 1}",
    "a: é\nc: web",
    "a: 1\r\nc: web",
    "1: web",
    "? [a]\n: web",
]


@pytest.mark.parametrize("text", UNFIT)
def test_some_texts_are_never_adapted(text: str) -> None:
    other = text.replace("web", "shop")
    try:
        wanted = yaml_reader.load(other)
    except YAMLError:
        with pytest.raises(YAMLError):
            read_all(text, other)
    else:
        assert read_all(text, other) == (wanted, 2)


def test_nothing_that_was_read_changes() -> None:
    similar = SimilarTexts()
    first = similar.load(TEXT)
    similar.load(TEXT.replace("app: web", "app: shop"))
    assert first == yaml_reader.load(TEXT)


LEGACY = [
    "1",
    "1.0",
    "1e3",
    "0x1F",
    "017",
    "0o17",
    "1_0",
    "yes",
    "off",
    "y",
    "12:30",
    "a$(b)",
    "1.",
]


@pytest.mark.parametrize("new", LEGACY)
def test_texts_of_another_day_are_read_as_they_were_then(new: str) -> None:
    def load(text: str) -> Any:
        return yaml_reader.load_untyped(text, scheme.LEGACY.resolve)

    similar = SimilarTexts(load)
    similar.load("a: old\nb: [x]")
    text = f"a: {new}\nb: [x]"
    assert repr(similar.load(text)) == repr(load(text))


def outcome(load: Callable[[str], Any], text: str) -> Any:
    try:
        return load(text)
    except YAMLError as error:
        return str(error)


@settings(deadline=None)
@given(st.data())
def test_the_value_is_always_that_of_the_text(data: st.DataObject) -> None:
    similar = SimilarTexts()
    similar.load(TEXT)
    lines = TEXT.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        line = lines[index]
        start = data.draw(st.integers(0, len(line)))
        end = data.draw(st.integers(start, min(len(line), start + 6)))
        new = data.draw(st.text("ab1-:#'\"{}[],&*|>! .$()\\", max_size=4))
        lines[index] = line[:start] + new + line[end:]
    text = "\n".join(lines)
    assert outcome(similar.load, text) == outcome(yaml_reader.load, text)
