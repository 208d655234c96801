"""The Unicode classes that Go's regular expressions know by name."""

from __future__ import annotations

from functools import cache
from itertools import groupby

_CATEGORY_NAMES = (
    "Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z"
    " Zl Zp Zs"
)
_CATEGORIES = frozenset(_CATEGORY_NAMES.split())

_ALIASES = {
    "Casedletter": "Lc",
    "Closepunctuation": "Pe",
    "Combiningmark": "M",
    "Connectorpunctuation": "Pc",
    "Control": "Cc",
    "Currencysymbol": "Sc",
    "Dashpunctuation": "Pd",
    "Decimalnumber": "Nd",
    "Enclosingmark": "Me",
    "Finalpunctuation": "Pf",
    "Format": "Cf",
    "Initialpunctuation": "Pi",
    "Letter": "L",
    "Letternumber": "Nl",
    "Lineseparator": "Zl",
    "Lowercaseletter": "Ll",
    "Mark": "M",
    "Mathsymbol": "Sm",
    "Modifierletter": "Lm",
    "Modifiersymbol": "Sk",
    "Nonspacingmark": "Mn",
    "Number": "N",
    "Openpunctuation": "Ps",
    "Other": "C",
    "Otherletter": "Lo",
    "Othernumber": "No",
    "Otherpunctuation": "Po",
    "Othersymbol": "So",
    "Paragraphseparator": "Zp",
    "Privateuse": "Co",
    "Punctuation": "P",
    "Separator": "Z",
    "Spaceseparator": "Zs",
    "Spacingmark": "Mc",
    "Surrogate": "Cs",
    "Symbol": "S",
    "Titlecaseletter": "Lt",
    "Unassigned": "Cn",
    "Uppercaseletter": "Lu",
    "Cntrl": "Cc",
    "Digit": "Nd",
    "Punct": "P",
}

# Scripts with an underscore or an inner capital in their names are missing, as Go cannot find them:
# it looks for names without underscores and with one capital.
_SCRIPT_NAMES = (
    "Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi"
    " Braille Buginese Buhid Carian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform"
    " Cypriot Cyrillic Deseret Devanagari Dogra Duployan Elbasan Elymaic Ethiopic Georgian"
    " Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han Hangul Hanunoo Hatran Hebrew"
    " Hiragana Inherited Javanese Kaithi Kannada Katakana Kawi Kharoshthi Khmer Khojki Khudawadi"
    " Lao Latin Lepcha Limbu Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean"
    " Marchen Medefaidrin Miao Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari Newa Nko"
    " Nushu Ogham Oriya Osage Osmanya Palmyrene Phoenician Rejang Runic Samaritan Saurashtra"
    " Sharada Shavian Siddham Sinhala Sogdian Soyombo Sundanese Syriac Tagalog Tagbanwa Takri"
    " Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi"
    " Wancho Yezidi Yi"
)
_SCRIPTS = frozenset(_SCRIPT_NAMES.split())

_WITHOUT_SEPARATORS = str.maketrans("", "", "_- ")
_MAX_RUNE = 0x10FFFF
_NO_OTHERS = "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}"

# What the names that RE2 lacks, or takes otherwise, stand for, and their negations; Cn is for the
# ranges of what Unicode has not assigned.
_COMPOSED = {
    "Any": ("\\x{0}-\\x{10ffff}", "\\P{Any}"),
    "Ascii": ("\\x{0}-\\x{7f}", "\\x{80}-\\x{10ffff}"),
    "Assigned": (_NO_OTHERS + "\\p{C}", "Cn"),
    "C": ("\\p{C}Cn", _NO_OTHERS),
    "Cn": ("Cn", _NO_OTHERS + "\\p{C}"),
    "Lc": ("\\p{Lu}\\p{Ll}\\p{Lt}", "\\p{Lm}\\p{Lo}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}\\p{C}Cn"),
}


def unicode_class(name: str, *, negated: bool) -> str | None:
    """What stands in RE2's brackets for the Unicode class ``name``, or None where Go knows none.

    Names are compared without case, spaces, hyphens and underscores.
    """
    canonical = name.translate(_WITHOUT_SEPARATORS).capitalize()
    canonical = _ALIASES.get(canonical, canonical)
    if canonical in _COMPOSED:
        composed = _COMPOSED[canonical][negated]
        return composed.replace("Cn", _unassigned()) if "Cn" in composed else composed
    if canonical in _CATEGORIES or canonical in _SCRIPTS:
        return f"\\{'P' if negated else 'p'}{{{canonical}}}"
    return None


@cache
def _unassigned() -> str:
    """The ranges of the code points that Unicode has not assigned."""
    from unicodedata import category

    ranges = []
    start = 0
    for unassigned, run in groupby(range(_MAX_RUNE + 1), lambda rune: category(chr(rune)) == "Cn"):
        end = start + sum(1 for _ in run)
        if unassigned:
            ranges.append(f"\\x{{{start:x}}}-\\x{{{end - 1:x}}}")
        start = end
    return "".join(ranges)
