"""sprig's functions on versions."""

from __future__ import annotations

from pillion.gotemplate.functions import Function
from pillion.gotemplate.sprig.constraints import parse_constraints, satisfies
from pillion.gotemplate.sprig.semver import parse


def compare(constraint: str, version: str) -> bool:
    """Whether the version is in the range.

    Raises:
        FunctionError: either text is wrong.
    """
    groups = parse_constraints(constraint)
    return satisfies(parse(version), groups)


FUNCTIONS = {
    "semver": Function(parse, ("string",), result="*semver.Version"),
    "semverCompare": Function(compare, ("string", "string"), result="bool"),
}
