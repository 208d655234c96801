"""sprig's functions on URLs."""

from __future__ import annotations

from typing import Any

from pillion.golang import url
from pillion.golang.values import Kind, kind_of
from pillion.gotemplate.functions import Function, FunctionError
from pillion.gotemplate.sprig.panics import nil_dereference
from pillion.gotemplate.sprig.reflection import kind_name
from pillion.gotemplate.sprig.signatures import DICT


def url_parse(text: str) -> dict[str, Any]:
    """The parts of a URL by name.

    Raises:
        FunctionError: the text is no URL.
    """
    try:
        parsed = url.parse(text)
    except url.URLError as error:
        raise FunctionError(f"unable to parse url: {error}") from error
    return {
        "scheme": parsed.scheme,
        "host": parsed.host,
        "hostname": parsed.hostname,
        "path": parsed.path,
        "query": parsed.query,
        "opaque": parsed.opaque,
        "fragment": parsed.fragment,
        "userinfo": parsed.user or "",
    }


def url_join(parts: dict[str, Any]) -> str:
    """The URL of parts named as ``urlParse`` names them.

    Raises:
        FunctionError: a part is no text, or the userinfo cannot be one.
    """
    joined = url.URL(
        scheme=_part(parts, "scheme"),
        host=_part(parts, "host"),
        path=_part(parts, "path"),
        query=_part(parts, "query"),
        opaque=_part(parts, "opaque"),
        fragment=_part(parts, "fragment"),
    )
    userinfo = _part(parts, "userinfo")
    if not userinfo:
        return joined.string()
    try:
        parsed = url.parse(f"proto://{userinfo}@host")
    except url.URLError as error:
        raise FunctionError(f"unable to parse userinfo in dict: {error}") from error
    return joined._replace(user=parsed.user).string()


def _part(parts: dict[str, Any], name: str) -> str:
    value = parts.get(name, "")
    if value is None:
        raise nil_dereference()
    if kind_of(value) is not Kind.STRING:
        raise FunctionError(
            f"unable to parse {name} key, must be of type string, but {kind_name(value)} found"
        )
    return str(value)


FUNCTIONS = {
    "urlParse": Function(url_parse, ("string",), result=DICT),
    "urlJoin": Function(url_join, (DICT,), result="string"),
}
