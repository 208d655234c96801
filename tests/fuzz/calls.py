"""Expressions: calls of Go's and sprig's functions over literals, variables and data.

Each function stands in a table with the sorts of its arguments and its result, so that most calls go
well and show what they compute; some are given what they do not take and show how they fail.

What cannot be compared is left out. ``keys`` and ``values`` give Go's random order of a map, and
stand only below ``sortAlpha``. ``now``, ``ago``, a date of what is neither a time nor a number, and
``durationRound`` of a time tell the time. ``rand*``, ``shuffle``, ``uuidv4``, ``bcrypt``,
``htpasswd``, ``encryptAES`` and ``gen*`` are random. ``env``, ``expandenv`` and ``getHostByName``
ask the machine. Counts stay small (``repeat``, ``until``, ``indent``): what they could allocate is
no question of rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz import values

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.source import Source

# Name, the sorts of the arguments, and the sort of the result; a star repeats the last sort.
SIGNATURES = """
upper s s / lower s s / title s s / untitle s s / trim s s / nospace s s / initials s s / swapcase s s
snakecase s s / camelcase s s / kebabcase s s / toString any s / quote any* s / squote any* s
b64enc s s / b64dec b64 s / b32enc s s / b32dec b64 s
sha1sum s s / sha256sum s s / sha512sum s s / adler32sum s s
trunc i s s / abbrev i s s / abbrevboth i i s s / substr i i s s / repeat small s s
trimPrefix w s s / trimSuffix w s s / trimAll w s s / trimall w s s
contains w s bool / hasPrefix w s bool / hasSuffix w s bool
wrap small s s / wrapWith small s s s / replace w s s s / plural s s i s / cat any* s
indent small s s / nindent small s s / split w s dict / splitList w s list / splitn w small s dict
join s list s / toStrings list list / sortAlpha list list
atoi word i / int num i / int64 num i / float64 num f / toDecimal word i
add num* i / add1 num i / sub num num i / div num num i / mod num num i / mul num num* i
addf num* f / add1f num f / subf num num* f / divf num num* f / mulf num num* f
max num num* i / min num num* i / biggest num num* i / maxf num num* f / minf num num* f
ceil num f / floor num f / round num small f / round num small num f
seq small* s / until small list / untilStep small small i list
first list any / last list any / rest list list / initial list list / reverse list list / uniq list list
compact list list / append list any list / prepend list any list / push list any list
without list any* list / has any list bool / slice list small* list / concat list* list / chunk small list list
list any* list / tuple any* list
mustFirst list any / mustLast list any / mustRest list list / mustInitial list list / mustReverse list list
mustUniq list list / mustCompact list list / mustAppend list any list / mustPrepend list any list
mustPush list any list / mustWithout list any* list / mustHas any list bool / mustSlice list small* list
mustChunk small list list
get dict k any / set dict k any dict / unset dict k dict / hasKey dict k bool / pluck k dict* list
pick dict k* dict / omit dict k* dict / merge dict dict* dict / mergeOverwrite dict dict* dict
mustMerge dict dict* dict / mustMergeOverwrite dict dict* dict / deepCopy any any / mustDeepCopy any any
dig k any dict any / dig k k any dict any / sortedkeys dict list
default any any any / empty any bool / coalesce any* any / all any* bool / any any* bool
ternary any any bool any / fail s any
fromJson json any / mustFromJson json any / toJson any s / toPrettyJson any s / toRawJson any s
mustToJson any s / mustToPrettyJson any s / mustToRawJson any s
typeOf any s / kindOf any s / typeIs type any bool / typeIsLike type any bool / kindIs kind any bool
deepEqual any any bool
regexMatch re s bool / regexFind re s s / regexFindAll re s i list / regexReplaceAll re s repl s
regexReplaceAllLiteral re s repl s / regexSplit re s i list / regexQuoteMeta s s
mustRegexMatch re s bool / mustRegexFind re s s / mustRegexFindAll re s i list
mustRegexReplaceAll re s repl s / mustRegexReplaceAllLiteral re s repl s / mustRegexSplit re s i list
semver version any / semverCompare constraint version bool
urlParse url dict / urlJoin urldict s
base path s / clean path s / dir path s / ext path s / isAbs path bool
osBase path s / osClean path s / osDir path s / osExt path s / osIsAbs path bool
date layout when s / dateInZone layout when zone s / dateModify dur time time / mustDateModify dur time time
date_in_zone layout when zone s / date_modify dur time time
htmlDate when s / htmlDateInZone when zone s / toDate layout stamp time / mustToDate layout stamp time
unixEpoch time s / duration word s / durationRound dur s
and any any* any / or any any* any / not any bool / len list i / index list small any / index dict k any
eq any any* bool / ne any any bool / lt num num bool / le num num bool / gt num num bool / ge num num bool
eq s s* bool / lt s s bool / le s s bool / gt s s bool / eq num num* bool / index any any any / len any i
print any* s / println any* s / printf format any* s / html any* s / js any* s / urlquery any* s
call any any any / hello s
"""


def _table() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    entries = " / ".join(SIGNATURES.strip().split("\n")).split(" / ")
    rows = (entry.split() for entry in entries)
    return tuple((name, tuple(sorts), result) for name, *sorts, result in rows)


CALLS = _table()
RESULTS = {result for _, _, result in CALLS}
GIVING = {result: tuple(call for call in CALLS if call[2] == result) for result in RESULTS}

LITERAL_NUMBERS = (
    "0", "1", "2", "3", "-1", "5", "10", "1.5", "-1.5", "2.5", "0.1", "1e3", "1e6", "1e0", "1.0", "0x10", "0b101", "0o17", "017",
    "1_000", "'a'", "'\\n'", "'日'", "1e20", "1e21", "1e-7", "9223372036854775807", "-9223372036854775808", "100000", "0x1p4",
    "0x1.8p1", "1i", "2+3i", "1e400", "9223372036854775808", "+1", "123456789.5", "1e19", "-0.0", "3.0e0", ".5", "5.", "08", "1e6i",
)  # fmt: skip

WORDS = (
    "a", "l", "", " ", "-", ",", "o w", "A", "é", "ab", "x", "1", "日", "=", "hello", "\n", ".", "😀",
)  # fmt: skip

NUMERALS = (
    "1", "010", "08", "0x10", "1_000", " 5 ", "1e3", "1.9", "-1", "+5", "", "abc", "0b11", "0o17", "9223372036854775807",
    "9223372036854775808", "1h", "90", "3661", "-61", "1h30m", "0", "00", "0777", "1.0", "1.", ".5", "Inf", "nan", "true", "0.0",
    "3600", "86400", "10000000", "31536000000", "-0", "1.500",
)  # fmt: skip

PATHS = (
    "", "/", "a", "a/b/c.txt", "/a/b/", "a//b/../c", "..", "../x", ".hidden", "a.b.c", "/../x", "./a", "a/.", "a/..", "//", "dir.d/file",
    "x.tar.gz", "é/日.本", "a/b/../../..", "~", "/a/./b", "a\\b", ".", "a/b.c/", "...", "/..", "a/../..",
)  # fmt: skip

PATTERNS = (
    "a", "[a-z]+", "^h", "o$", "a(x*)b", "(?i)HELLO", "(?P<n>l+)", "\\d+", "\\w+", "\\s", ".", "", "a*", "a|ab", "(a)(b)?", "[^a-z]", "x{2,3}",
    "(", "a**", "[a", "\\", "(?z)", "x{1001}", "\\bw", "[[:alpha:]]+", "\\pL+", "(?s).", "(?m)^", "é", "\\Q.\\E", "\\x41", "[b-a]", "a{,2}",
    "(?:a|b)+", "\\C", "(?=a)", "a{2}{3}", "*", "+", "(?P<n", "(?P<1>a)", "\\8", "[[:foo:]]", "\\pX", "(?U)a+", "a??", "\\z", "\\A", "$", "l+?",
    "(?<n>l)(?P<m>o)", "\\p{Greek}", "[\\d_]", "\\x{1F600}", "(a|b", "a)", "(?i", "(?-i)a", "(?i:A)b", "[]a]", "[a-]", "\\07", "x*?y", "(|a)*",
    "(?i)ß", "(?i)k", "[^\\x00-\\x7F]", "\\pN", "\\PL", "(?P<n>a)(?P<n>b)", "\\h", "[a-\\d]", "a{1,0}", "x{0}", "()", "(?i)σ", "\\v", "\\n",
    "(?P<name>[a-z]+)-(?P<num>[0-9]+)", "^$", "\\B", "(?:)", "(?is)a.b", "[[:^alpha:]]", "\\W", "a{1000}", "(a{10}){101}", "((((a))))",
)  # fmt: skip

REPLACEMENTS = (
    "", "X", "$1", "${1}W", "$0$0", "$1W", "${n}", "$n", "$$", "$", "${", "${1", "a$", "$9", "\\1", "$é", "${}", "$x1", "${1}${2}", "$name $num",
    "$_", "$01", "${01}", "$-", "$10", "$$1", "\n",
)  # fmt: skip

VERSIONS = (
    "1.2.3", "v1.2.3", "1.2", "1", "0.0.0", "1.2.3-beta.2", "1.2.3+build", "1.2.3-alpha+b.1", "01.2.3", "1.02", "2.0.0", "1.3.0", "0.2.4", "0.0.3",
    "1.2.3-01", "", "x", "1.2.3.4", "1.2.3-", "99999999999999999999.0.0", "1.2.3-rc.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-1", "v1", "1.x",
    " 1.2.3", "1.2.3-a..b", "1.2.3-é", "1.2.3+", "V1.2.3", "18446744073709551615.0.0", "1.2.3-0", "1.2.4", "1.9.9", "1.2.0-0", "1.2.3-x.7.z",
)  # fmt: skip

CONSTRAINTS = (
    "=1.2.3", "1.2.3", "1.2", "1", "^1.2.3", "^1.2", "^0.2.3", "^0.0.3", "^0", "^0.0", "~1.2.3", "~1.2", "~1", "~0", ">1.2", ">=1.2.3", "<2", "<=1.2",
    "!=1.2.3", "!=1.2", ">=1.2,<2", ">=1.2 <2||>3", "1.2.x", "1.*", "*", "x", "1.2 - 1.4", "1.2.3 - 2", "", ">", "=>1.2", "=<1", "<>1", ">=1.2-0",
    "^1.2.3-beta.1", "~1.2.3-beta.1", ">1.2.3-alpha", "1.2 || 3", "^2 || ~1.2", ">= 1.2.3, < 1.5", "~>1.2", "==1.2", "^x", ">1.x", ">=1.x", "<1.2.x",
    "1.2.3+build", "= 1.2.3", ">=01.2", "||", ",", "1.2,", "1.2||", "^1.x", "~1.x", "!=1.x", "=1.x", ">*", "!=*", "~*", "^*", "1.2.3 2", "v1.2.3", "=v1",
    ">=1.2.3 <2.0.0", ">1 - 2", "^99999999999999999999", "<=1.x", "a", "1.2.3-", "*-beta", "1.2.*-beta", ">=1.2.3-0 <1.3", "1.2 -1.4",
)  # fmt: skip

LAYOUTS = (
    "2006-01-02", "2006-01-02T15:04:05Z07:00", "Mon Jan _2 15:04:05 2006", "January 2, 06", "15:04:05.000", "3:04PM", "03:04pm", "002", "__2",
    "2006-01-02 15:04:05 -0700 MST", "Monday", "Jan", "05.999", "Z0700", "-07", "Z07", "-07:00:00", "x", "", "01/02/06", "2 1 4 5", "20060102150405",
    ".000000", ",999", "5.00", "MST", "PM", "_2006", "Janx", "00", "January", "Mon", "15", "2006-01-02T15:04:05.999999999Z07:00", "4:5", "1/2", "-0700",
    "Z070000", "2006-002", "02 Jan 06 15:04 -0700", "Monday, 02-Jan-06 15:04:05 MST", "15:04:05,000", "2006年01月02日", "Z07:00:00",
)  # fmt: skip

STAMPS = (
    "2017-12-31", "2020-02-29T12:30:45Z", "2020-02-30", "2020-13-01", "Sun Dec 31 23:59:59 2017", "December 31, 17", "12:30:45.123", "3:04PM", "x", "",
    "12/31/17", "2017-12-31 23:59:59 +0200 CEST", "2021-06-01T00:00:00+02:00", "20171231235959", "Monday", "13:04PM", "2017-1-2", "2017-12-31x", "25:00:00",
    "2016-366", "2017-366", "31 Dec 17 10:00 -0800", "2017-12-31T23:59:60Z", "2017-12-31T24:00:00Z", "2020-02-29T12:30:45.5Z", "0000-01-01", "9999-12-31",
    "Jan", "sunday", "JAN", "MST", "GMT+3", "+05", "4:61", "1/32", "2017年12月31日", "Z", "-0000", "+99:99", "PM",
)  # fmt: skip

ZONES = ("UTC", "", "Local", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Nowhere/X", "EST", "GMT", "Asia/Tokyo", "../x", "Australia/Lord_Howe")

DURATIONS = (
    "1h", "24h", "-1h", "1h30m", "90s", "1.5h", "100ms", "1us", "1µs", "1ns", "0", "", "x", "1d", "-1.5h30m", "+5s", "1h1h", ".5s", "1.s", "9999999h",
    "2562047h47m16.854775807s", "3", "1 h", "-0", "48h", "8760h", "729h59m", "119m", "0.5s", "1e3s", "-", ".s", "26h", "800h", "9000h",
)  # fmt: skip

URLS = (
    "proto://host:80/path", "http://user:pass@host/p?q=1#f", "", "a", "/a/b", "//host/p", "mailto:x@y", "http://[::1]:80/", "http://h/%41%zz", "http://h/ä b",
    "http://h:x/", "%", "http://", "?q", "#f", "a:b", "http://u@h", "http://h/a%2Fb", "http://h?a=b c", "1http://x", ":x", "http://h h/", "http://u:p:q@h/",
    "http://[::1", "http://h/\n", "//", "///p", "http://h/p;a=b", "HTTP://H/P", "http://%41/", "a/b:c", "./a:b", "*", "http://h/*", "http://a b@h/",
    "http://h/p#f%41", "http://[fe80::1%25en0]/", "a?b?c", "http://h/?", "http://h#", "http:a/b", "http:/a", "file:///x", "urn:x:y?z#w",
)  # fmt: skip

JSON_TEXTS = (
    '{"a":1}', "[1,2,3]", "1", "1.5e3", '"x"', "null", "true", "{", "", "[1,]", '{"a":1,"a":2}', '"\\u00e9\\ud83d\\ude00"', '"\\ud800"', "[1] x", "nul", "01",
    "-", "1e400", '"\t"', " {} ", '{"a":{"b":[null,{"c":false}]}}', "{a:1}", "'x'", '"\\x"', '{"a"}', '{"a":}', "[1 2]", "-0", "1e5", "123456789012345678901",
    '{"<&>":"<&>"}', '"\\/\\b\\f"', "tru", "[", '{"a":1', '"abc', "\ufeff1", "1.", ".1", "+1", "1e", "-a", '{"a":1,}', "{,}", "[,]", "]", "nulls", "falsy",
)  # fmt: skip

TYPES = ("string", "int", "float64", "*string", "[]interface {}", "map[string]interface {}", "bool", "int64", "<nil>", "", "*int", "[]string", "x", "time.Time")
KINDS = ("string", "int", "float64", "slice", "map", "bool", "invalid", "ptr", "struct", "int64", "", "func")

ENCODED = ("", "YQ==", "YQ", "Y29mZmVl", "//8=", "!!!", "YQ==\n", "Y Q==", "ME======", "ME", "MFRGG===", "me======", "ÿ", "YWI=YWI=", "====", "Y", "YWJj\r\nZGVm")  # fmt: skip

DATA = {
    "s": (".s", ".m.M.x", ".e", ".word", "$.s", ".deep.a.b.c.d", '(index .ns 0)', ".json", ".x.y", ".missing"),
    "i": (".a", ".missing", ".n"),
    "small": (".one", ".missing"),
    "num": (".a", ".b", ".big", ".small", ".neg", ".word", ".n", ".missing", ".t", "(index .ints 0)", ".l"),
    "list": (".l", ".ns", ".ints", ".el", ".maps", ".n", ".missing", ".s"),
    "dict": (".m", ".deep", ".em", ".", "$", ".n", ".missing", "(index .maps 0)", ".m.M"),
    "bool": (".t", ".f"),
    "any": (
        ".", ".a", ".b", ".s", ".e", ".n", ".t", ".f", ".l", ".el", ".m", ".em", ".deep", ".ns", ".ints", ".maps", ".big", ".small",
        ".neg", ".missing", ".missing.x", ".x.y", ".m.A", ".m.A.b", "$", "$.m.M.x", ".m.z", ".s.x", ".l.x", ".n.x", ".word", ".json",
    ),
}  # fmt: skip

_TEXTS = {
    "w": WORDS, "word": NUMERALS, "k": ("a", "b", "M", "x", "z", "missing", "A", "", "b-c"), "path": PATHS, "re": PATTERNS,
    "repl": REPLACEMENTS, "version": VERSIONS, "constraint": CONSTRAINTS, "layout": LAYOUTS, "stamp": STAMPS, "zone": ZONES,
    "dur": DURATIONS, "url": URLS, "json": JSON_TEXTS, "type": TYPES, "kind": KINDS, "b64": ENCODED,
}  # fmt: skip

_SORTS = ("s", "i", "num", "bool", "list", "dict", "any", "f")

SMALL = ("1", "2", "0", "3", "-1", "5", "10", "7", "-3", "1.0", "12", "4")

MOMENTS = ("0", "1", "1560458379", "-1", "1500000000", "951782400", "253402300799", "86399", "(int64 1456790399)")


class Expressions:
    """Makes expressions; ``variables`` are those that stand in scope."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.variables: list[str] = []
        self._sorts: dict[str, Callable[[int], str]] = {
            "any": self._any,
            "s": self._string,
            "i": self._number_literal,
            "f": self._number_literal,
            "num": self._number_literal,
            "small": lambda _: self.source.pick(SMALL),
            "bool": lambda _: self.source.pick(("true", "false")),
            "list": self._list,
            "dict": self._dict,
            "format": self._format,
            "time": self._time,
            "when": self._when,
            "urldict": self._url_dict,
        }

    def pipeline(self, depth: int = 2) -> str:
        """An expression, sometimes with a pipe."""
        first = self.bare(self.source.pick(_SORTS), depth)
        for _ in range(self.source.below(3) if self.source.chance(25) else 0):
            first += " | " + self._stage(depth - 1)
        return first

    def bare(self, sort: str, depth: int) -> str:
        """An expression that stands for itself: a call has no parentheses."""
        calls = GIVING.get(sort, CALLS) if sort != "any" else CALLS
        if depth and self.source.chance(75):
            return self._call(self.source.pick(calls), depth)
        return self.operand(sort, 0)

    def operand(self, sort: str, depth: int) -> str:
        """An expression that can be an argument."""
        source = self.source
        if sort not in _NEVER_OTHER and source.chance(4):
            sort = "any"
        if sort in DATA and source.chance(35):
            return source.pick(DATA[sort])
        if self.variables and sort in _SORTS and source.chance(15):
            return source.pick(self.variables)
        if depth and sort in GIVING and source.chance(35):
            return f"({self._call(source.pick(GIVING[sort]), depth - 1)})"
        if sort in _TEXTS:
            return self._text_of(sort)
        return self._sorts[sort](depth)

    def _call(self, call: tuple[str, tuple[str, ...], str], depth: int) -> str:
        name, sorts, _ = call
        arguments = self._arguments(sorts, depth - 1)
        if name == "sortedkeys":
            return f"sortAlpha (keys {' '.join(arguments)})"
        if name not in _KEEP_ARGUMENTS and self.source.chance(3):
            arguments = arguments[:-1]
        return " ".join((name, *arguments))

    def _arguments(self, sorts: tuple[str, ...], depth: int) -> list[str]:
        made: list[str] = []
        for sort in sorts:
            one = sort.removesuffix("*")
            count = self.source.below(4) if sort != one else 1
            made += [self.operand(one, depth) for _ in range(count)]
        return made

    def _stage(self, depth: int) -> str:
        """A call that takes its last argument from the pipe."""
        name, sorts, _ = self.source.pick(_PIPED)
        return " ".join((name, *self._arguments(sorts[:-1], max(depth, 0))))

    def _text_of(self, sort: str) -> str:
        return quoted(self.source.pick(_TEXTS[sort]))

    def _string(self, _depth: int) -> str:
        return literal(self.source)

    def _number_literal(self, _depth: int) -> str:
        return self.source.pick(LITERAL_NUMBERS)

    def _any(self, depth: int) -> str:
        sort = self.source.pick(("s", "i", "bool", "nil", "list", "dict", "word", "version"))
        if sort == "nil":
            return "nil"
        return self.operand(sort, depth)

    def _list(self, depth: int) -> str:
        inner = max(depth - 1, 0)
        sort = self.source.pick(("any", "s", "i", "list"))
        return f"(list {' '.join(self.source.several(lambda: self.operand(sort, inner), 4))})"

    def _dict(self, depth: int) -> str:
        inner = max(depth - 1, 0)
        pairs = self.source.several(
            lambda: f"{self.operand('k', 0)} {self.operand('any', inner)}", 3
        )
        return f"(dict {' '.join(pairs)})"

    def _url_dict(self, depth: int) -> str:
        names = ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo", "hostname")
        pairs = self.source.several(
            lambda: f"{quoted(self.source.pick(names))} {self.operand('s', 0)}", 5
        )
        if self.source.chance(50):
            return f"(urlParse {self.operand('url', depth)})"
        return f"(dict {' '.join(pairs)})"

    def _time(self, _depth: int) -> str:
        if self.source.chance(20):
            return f"(dateModify {self.operand('dur', 0)} {self._time(0)})"
        layout, stamp = self.source.pick(_TIMES)
        return f"(toDate {quoted(layout)} {quoted(stamp)})"

    def _when(self, depth: int) -> str:
        if self.source.chance(50):
            return self._time(depth)
        return self.source.pick(MOMENTS)

    def _format(self, _depth: int) -> str:
        return quoted(printf_format(self.source, _SAFE_VERBS))


_PIPED = tuple(
    call
    for call in CALLS
    if call[1] and call[1][-1] in {"s", "any", "num", "list", "dict", "any*", "num*", "bool"} and call[0] != "sortedkeys"
)
# Date functions take the present time for what is no time; counts would grow without bound.
_NEVER_OTHER = {"when", "small", "time", "dur"}
_KEEP_ARGUMENTS = {"sortedkeys"}

_TIMES = (
    ("2006-01-02", "2017-12-31"),
    ("2006-01-02T15:04:05Z07:00", "2020-02-29T12:30:45Z"),
    ("2006-01-02T15:04:05Z07:00", "2021-06-01T00:00:00.123456789+02:00"),
    ("2006-01-02 15:04:05 -0700 MST", "2017-12-31 23:59:59 +0200 CEST"),
    ("2006", "x"),
)

VERBS = "vdsqxXobeEfFgGtcUTwOz!"  # not p: an address of memory
# Of a time or a version, the other verbs print addresses of memory.
_SAFE_VERBS = "vsqTxX"
FLAGS = ("", "+", "-", "#", " ", "0", "+v"[:1], "+#", "-0", "0-", " #", "+ ", "#+", "# ")


def printf_format(source: Source, verbs: str = VERBS) -> str:
    """A format for ``printf``."""
    return "".join(source.several(lambda: _directive(source, verbs), 3))


def _directive(source: Source, verbs: str) -> str:
    if source.chance(10):
        return source.pick(("%%", "%", "x", "é", "% ", "%!", "%[", "%[]d", "%[x]d", "%.", "%-", "100%"))
    index = source.pick(("[1]", "[2]", "[3]", "[0]", "[9]", "[-1]")) if source.chance(10) else ""
    width = source.pick(("5", "1", "10", "0", "20", "*", "[1]*", "[2]*", "03")) if source.chance(35) else ""
    precision = source.pick((".2", ".", ".0", ".5", ".10", ".*", ".[1]*", ".1", ".20")) if source.chance(30) else ""
    flags = source.pick(FLAGS) if source.chance(50) else ""
    return f"%{flags}{width}{precision}{index}{source.pick(verbs)}"


def literal(source: Source) -> str:
    """A string literal of any text."""
    content = values.text(source)
    if source.chance(10) and "`" not in content and "\r" not in content:
        return f"`{content}`"
    if source.chance(10):
        content_literal = quoted(content)[:-1]
        return content_literal + source.pick(("\\x41", "\\xff", "\\101", "\\u00e9", "\\U0001F600", "\\a\\b\\f\\v", "\\xe9\\x80", "\\'", "\\400", "\\ud800", "\\z", "\\u12")) + '"'  # fmt: skip
    return quoted(content)


def quoted(content: str) -> str:
    """A text as an interpreted string of Go."""
    escaped = content.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
