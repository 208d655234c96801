"""Templates: one generator for each family of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fuzz import values
from tests.fuzz.calls import CALLS, LITERAL_NUMBERS, Expressions, literal, printf_format, quoted
from tests.fuzz.reference import Question

if TYPE_CHECKING:
    from tests.fuzz.source import Source

_DEEP = {"a": {"b": {"c": {"d": "bottom"}}}}


def calls(source: Source) -> Question:
    """One pipeline."""
    return _question(source, "{{ " + Expressions(source).pipeline() + " }}")


def each_function(source: Source) -> Question:
    """One call of one function; every function as often as any other."""
    expressions = Expressions(source)
    name, sorts, _ = source.pick(CALLS)
    arguments = " ".join(expressions._arguments(sorts, 1))  # noqa: SLF001 - the same module in two files
    call = f"sortAlpha (keys {arguments})" if name == "sortedkeys" else f"{name} {arguments}"
    return _question(source, "{{ " + call + source.pick(("", " | toJson", ' | printf "%T %#v"')) + " }}")


def printf(source: Source) -> Question:
    """Formats over numbers, strings and data."""
    expressions = Expressions(source)
    sorts = ("num", "s", "any", "bool", "i", "f")
    arguments = source.several(lambda: expressions.operand(source.pick(sorts), 1), 4)
    return _question(source, f"{{{{ printf {quoted(printf_format(source))} {' '.join(arguments)} }}}}")


def numbers(source: Source) -> Question:
    """One number, of the data or written, in all its printed forms."""
    shown = source.pick(LITERAL_NUMBERS) if source.chance(40) else "."
    verbs = "".join(source.several(lambda: "%" + source.pick("vdsqxXobeEfFgGtcUT") + " ", 4))
    function = source.pick(
        ("int", "int64", "float64", "toJson", "toString", "quote", "print", "ceil", "floor", "add1", "toDecimal", "list", "html", "urlquery", "js", "add1f", "duration", "round 2 |", "seq", "kindOf", "not", "empty", "len")  # fmt: skip
    )
    again = f" {shown}" * verbs.count("%")
    text = f"{{{{ {shown} }}}}|{{{{ printf {quoted(verbs)}{again} }}}}|{{{{ {function} {shown} }}}}"
    return Question("template", text, values.number(source))


def structure(source: Source) -> Question:
    """Control structures, variables, templates, comments, trim markers."""
    return _question(source, _Structure(source).template())


def mutated(source: Source) -> Question:
    """A template that somebody mistyped."""
    text = _Structure(source).template() if source.chance(60) else "{{ " + Expressions(source).pipeline(1) + " }}"
    for _ in range(1 + source.below(3)):
        place = source.below(len(text) + 1)
        what = source.below(3)
        if what == 0:
            text = text[:place] + text[place + 1 + source.below(3) :]
        elif what == 1:
            text = text[:place] + source.pick(_MISTAKES) + text[place:]
        else:
            other = source.below(len(text) + 1)
            text = text[:place] + text[min(place, other) : min(place, other) + 8] + text[place:]
    return _question(source, text)


GENERATORS = {
    "calls": calls,
    "each_function": each_function,
    "printf": printf,
    "numbers": numbers,
    "structure": structure,
    "mutated": mutated,
}

_MISTAKES = (
    "{{", "}}", "{{-", "-}}", "(", ")", '"', "'", "`", "|", ".", "$", " ", "\n", "{{end}}", "{{else}}", "end", "else", "if", "range", "with",
    "define", "template", "block", "break", "continue", ":=", "=", ",", "$x", "nil", "true", "/*", "*/", "{{/*", "*/}}", "-", "1", "1x", "0x", "é",
    "\x00", "\t", "..", ".x", "$x.y", "{{end", "\\", "@", "#", "!", "&", ":", "{", "}", "{{else if", "{{else with .a}}", " .", "| |", "()", "'ab'", '"\n"',
    "1.2.3", "--", "+1", ".1", "_", "\u00a0", "|upper", "printf", "nofunc", "{{break}}", "{{continue}}", '{{define "x"}}', '{{template "x"}}', "\r\n", "[",
)  # fmt: skip


class _Structure:
    """Makes a template with control structures."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.expressions = Expressions(source)
        self.loops = 0
        self.defined: list[str] = []

    def template(self) -> str:
        return self.body(3)

    def body(self, depth: int) -> str:
        scope = list(self.expressions.variables)
        text = "".join(self.source.several(lambda: self.node(depth), 4))
        self.expressions.variables = scope
        return text

    def node(self, depth: int) -> str:
        kinds = (self.text, self.action, self.variable, self.comment)
        deep = (self.conditional, self.with_, self.range_, self.range_, self.definition, self.call, self.jump)
        choices = kinds if not depth else kinds + deep
        make = choices[self.source.below(len(choices))]
        return make(depth)

    def text(self, _depth: int) -> str:
        return self.source.pick((" ", "x", "\n", " a b ", "}}", "é\n", "{", "\t\n ", "- ", "日"))

    def action(self, depth: int) -> str:
        return self.braces(self.pipeline(depth))

    def pipeline(self, depth: int) -> str:
        return self.expressions.pipeline(min(depth, 1))

    def braces(self, inside: str) -> str:
        left = "{{- " if self.source.chance(15) else "{{"
        right = " -}}" if self.source.chance(15) else "}}"
        return left + inside + right

    def comment(self, _depth: int) -> str:
        return self.source.pick(("{{/* c */}}", "{{- /* c */ -}}", "{{/*\n*/}}", "{{/**/}}", "{{ /* c */}}", "{{/* c */ }}", "{{/* } */}}"))

    def variable(self, depth: int) -> str:
        name = self.source.pick(("$x", "$y", "$i", "$v"))
        assign = "=" if name in self.expressions.variables and self.source.chance(50) else ":="
        if self.source.chance(5):
            assign = "="
        text = self.braces(f"{name} {assign} {self.pipeline(depth)}")
        self.expressions.variables.append(name)
        return text

    def conditional(self, depth: int) -> str:
        text = self.braces(f"if {self.pipeline(1)}") + self.body(depth - 1)
        for _ in range(self.source.below(3) if self.source.chance(30) else 0):
            text += self.braces(f"else if {self.pipeline(1)}") + self.body(depth - 1)
        return text + self.otherwise(depth)

    def otherwise(self, depth: int) -> str:
        text = ""
        if self.source.chance(40):
            text = self.braces("else") + self.body(depth - 1)
        return text + self.braces("end")

    def with_(self, depth: int) -> str:
        declared = "$w := " if self.source.chance(20) else ""
        text = self.braces(f"with {declared}{self.pipeline(1)}") + self.body(depth - 1)
        if self.source.chance(15):
            text += self.braces(f"else with {self.pipeline(1)}") + self.body(depth - 1)
        return text + self.otherwise(depth)

    def range_(self, depth: int) -> str:
        head = self.source.pick(("", "$i, $v := ", "$v := ", "$x, $y = ", "$x = ", "$k, $v := "))
        over = self.source.pick((".l", ".ns", ".m", ".maps", "3", ".el", ".ints", "(until 2)", ".deep", ".s", ".n", ".missing", "(list 1 2 3)", ".", "(dict \"a\" 1)", "nil", ".a", "1.0", "0", "-1", '(splitList "," "a,b")', "(semver \"1.2.3\")", ".t", "hello"))  # fmt: skip
        scope = list(self.expressions.variables)
        if ":=" in head:
            self.expressions.variables += [one.strip() for one in head.partition(":=")[0].split(",")]
        self.loops += 1
        text = self.braces(f"range {head}{over}") + self.body(depth - 1)
        self.loops -= 1
        self.expressions.variables = scope
        return text + self.otherwise(depth)

    def jump(self, depth: int) -> str:
        if self.loops or self.source.chance(5):
            jump = self.braces(self.source.pick(("break", "continue")))
            return self.braces(f"if {self.pipeline(1)}") + jump + "{{end}}" if self.source.chance(60) else jump
        return self.text(depth)

    def definition(self, depth: int) -> str:
        # A body calls templates of later names alone: recursion ends at a depth of 100000, in both.
        name = self.source.pick("abc")
        scope, loops = self.expressions.variables, self.loops
        self.expressions.variables, self.loops = [], 0
        later, self.defined = self.defined, [one for one in "abcz" if one > name]
        body = self.body(min(depth - 1, 1))
        self.defined = later
        self.expressions.variables, self.loops = scope, loops
        if self.source.chance(30) and not self.inside(name):
            return self.braces(f'block "{name}" {self.pipeline(0)}') + body + "{{end}}"
        return self.braces(f'define "{name}"') + body + "{{end}}"

    def inside(self, name: str) -> bool:
        return bool(self.defined) and name not in self.defined

    def call(self, _depth: int) -> str:
        name = self.source.pick(self.defined or list("abcz"))
        argument = "" if self.source.chance(20) else " " + self.pipeline(0)
        return self.braces(f'template "{name}"{argument}')


def _question(source: Source, text: str) -> Question:
    return Question("template", text, values.json_text(_data(source)))


def _data(source: Source) -> Any:
    """What a template is rendered over; its keys are those that expressions name."""
    number = values.Number
    data: dict[str, Any] = {
        "a": number("1"), "b": number("2.5"), "one": number("1"), "s": "hello", "e": "", "n": None, "t": True, "f": False,
        "l": [number("1"), "two", number("3.5"), None, True, [number("1")], {"k": "v"}], "el": [], "em": {}, "deep": _DEEP,
        "m": {"z": number("1"), "a": number("2"), "M": {"x": "y"}, "A": None, "b-c": number("5")},
        "ns": ["b", "a", "c"], "ints": [number("3"), number("1")], "maps": [{"n": number("1"), "a": "x"}, {"n": number("2")}],
        "big": number("1000000"), "small": number("1e-7"), "neg": number("-5"), "word": "12", "json": '{"a":[1,{}]}',
    }  # fmt: skip
    for _ in range(source.below(3) if source.chance(50) else 0):
        name = source.pick(("a", "b", "s", "l", "m", "big", "small", "neg", "ints", "word"))
        data[name] = _like(source, name)
    return data


def _like(source: Source, name: str) -> Any:
    if name in {"s", "word"}:
        return values.text(source)
    if name == "l":
        return source.several(lambda: values.value(source), 4)
    if name == "m":
        return {values.key(source): values.value(source) for _ in range(source.below(4))}
    if name == "ints":
        return source.several(lambda: values.Number(values.number(source)), 4)
    return values.Number(values.number(source))


__all__ = ["GENERATORS", "literal"]
