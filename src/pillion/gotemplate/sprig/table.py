"""The table of sprig's functions: which topic defines which name.

A template uses a few of some two hundred functions, so a topic's module is imported when the first
of its names is looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from pillion.gotemplate.sprig.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pillion.gotemplate.functions import Function

_TOPICS = {
    "strings": (
        "abbrev abbrevboth cat contains hasPrefix hasSuffix hello indent initials join lower"
        " nindent nospace plural quote repeat replace sortAlpha split splitList splitn squote"
        " substr title toString toStrings trim trimAll trimPrefix trimSuffix trimall trunc"
        " untitle upper wrap wrapWith"
    ),
    "wordcase": "camelcase kebabcase snakecase swapcase",
    "numeric": (
        "add add1 atoi biggest div int int64 max min mod mul seq sub toDecimal until untilStep"
    ),
    "floats": "add1f addf ceil divf float64 floor maxf minf mulf round subf",
    "lists": (
        "append chunk compact concat first has initial last list mustAppend mustChunk"
        " mustCompact mustFirst mustHas mustInitial mustLast mustPrepend mustPush mustRest"
        " mustReverse mustSlice mustUniq mustWithout prepend push rest reverse slice tuple uniq"
        " without"
    ),
    "dicts": (
        "deepCopy dict dig get hasKey keys merge mergeOverwrite mustDeepCopy mustMerge"
        " mustMergeOverwrite omit pick pluck set unset values"
    ),
    "defaults": (
        "all any coalesce default empty fromJson mustFromJson mustToJson mustToPrettyJson"
        " mustToRawJson ternary toJson toPrettyJson toRawJson"
    ),
    "dates": (
        "ago date dateInZone dateModify date_in_zone date_modify duration durationRound"
        " htmlDate htmlDateInZone mustDateModify mustToDate must_date_modify now toDate"
        " unixEpoch"
    ),
    "reflection": "deepEqual kindIs kindOf typeIs typeIsLike typeOf",
    "regex": (
        "mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll"
        " mustRegexReplaceAllLiteral mustRegexSplit regexFind regexFindAll regexMatch"
        " regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit"
    ),
    "versions": "semver semverCompare",
    "urls": "urlJoin urlParse",
    "paths": "base clean dir ext isAbs osBase osClean osDir osExt osIsAbs",
    "encoding": "b32dec b32enc b64dec b64enc",
    "hashes": "adler32sum sha1sum sha256sum sha512sum",
    "flow": "fail",
    "randomness": ("randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4"),
    "ciphers": "decryptAES encryptAES",
    "passwords": "bcrypt derivePassword htpasswd",
    "certificates": (
        "buildCustomCert genCA genCAWithKey genPrivateKey genSelfSignedCert"
        " genSelfSignedCertWithKey genSignedCert genSignedCertWithKey"
    ),
    "system": "env expandenv getHostByName",
}

_TOPIC_OF = {name: topic for topic, names in _TOPICS.items() for name in names.split()}

_IMPURE_TOPICS = ("dates", "randomness", "ciphers", "passwords", "certificates", "system")

IMPURE = frozenset(
    {
        *(name for topic in _IMPURE_TOPICS for name in _TOPICS[topic].split()),
        *("merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"),
    }
)
"""What depends on more than its arguments (the time, chance, the environment), or changes a map.

``set`` and ``unset`` are not among them: they change plain maps only, which hardly outlive a run,
where the others reach into maps of any type.
"""

_HELD_TO_POLICY = {"certificates", "passwords", "system"}


class _Table(Mapping[str, "Function"]):
    """A read-only table that imports each topic when it is first asked for one of its names."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._loaded: dict[str, Function] = {}

    def __getitem__(self, name: str) -> Function:
        if name not in self._loaded:
            self._load(_TOPIC_OF[name])
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in _TOPIC_OF

    def __iter__(self) -> Iterator[str]:
        return iter(_TOPIC_OF)

    def __len__(self) -> int:
        return len(_TOPIC_OF)

    def _load(self, topic: str) -> None:
        module = import_module(f"pillion.gotemplate.sprig.{topic}")
        if topic in _HELD_TO_POLICY:
            self._loaded |= module.functions(self._policy)
        else:
            self._loaded |= module.FUNCTIONS


def functions(policy: Policy = Policy()) -> Mapping[str, Function]:  # noqa: B008 - immutable
    """Sprig's functions by name, as ``policy`` allows them."""
    return _Table(policy)


FUNCTIONS = functions()
"""Sprig's functions by name, with neither environment, network nor key generation."""
