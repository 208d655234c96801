"""URLs as Go's ``net/url`` reads and writes them."""

from __future__ import annotations

import re
import string
from typing import Final, NamedTuple

from pillion.errors import PillionError
from pillion.golang.net import AddressError, parse_addr
from pillion.golang.strconv import quote
from pillion.golang.strings import from_bytes, to_bytes

_UNRESERVED = string.ascii_letters + string.digits + "-._~"
_HOST = _UNRESERVED + "!\"$&'()*+,:;<=>[]"

# What stands for itself in each part of a URL.
_PLAIN: Final = {
    "path": frozenset((_UNRESERVED + "$&+,/:;=@").encode()),
    "host": frozenset(_HOST.encode()),
    "user": frozenset((_UNRESERVED + "$&+,;=").encode()),
    "fragment": frozenset((_UNRESERVED + "!$&()*+,/:;=?@").encode()),
}
_MAY_STAY = frozenset(b"!$&'()*+,;=:@[]%")
_HEX_PAIR = re.compile(r"[0-9A-Fa-f]{2}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_USERINFO = re.compile(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*")
_PORT = re.compile(r"(?::[0-9]*)?")


class URLError(PillionError):
    """A text is no URL; worded as Go words it."""


class URL(NamedTuple):
    """A URL in its parts, unescaped but for ``opaque`` and ``query``.

    ``raw_path`` and ``raw_fragment`` hold what was read where that differs from how Go would escape
    the part; ``user`` is escaped, and None where the URL has none.
    """

    scheme: str = ""
    opaque: str = ""
    user: str | None = None
    host: str = ""
    path: str = ""
    raw_path: str = ""
    query: str = ""
    force_query: bool = False
    omit_host: bool = False
    fragment: str = ""
    raw_fragment: str = ""

    @property
    def hostname(self) -> str:
        """The host without its port and without brackets."""
        before, colon, port = self.host.rpartition(":")
        name = before if colon and _PORT.fullmatch(colon + port) else self.host
        return name[1:-1] if name.startswith("[") and name.endswith("]") else name

    def string(self) -> str:
        """The URL as a text: ``URL.String``."""
        text = f"{self.scheme}:" if self.scheme else ""
        text += self.opaque or self._hierarchy(text)
        if self.force_query or self.query:
            text += f"?{self.query}"
        if self.fragment:
            text += f"#{_escaped(self.fragment, self.raw_fragment, 'fragment')}"
        return text

    def _hierarchy(self, before: str) -> str:
        """The authority and the path."""
        authority = self._authority()
        path = self.path if self.path == "*" else _escaped(self.path, self.raw_path, "path")
        if path and not path.startswith("/") and self.host:
            return f"{authority}/{path}"
        if not before and not authority and ":" in path.partition("/")[0]:
            # Without the dot, what stands before the colon would be a scheme.
            return f"./{path}"
        return authority + path

    def _authority(self) -> str:
        if not (self.scheme or self.host) and self.user is None:
            return ""
        if self.omit_host and not self.host and self.user is None:
            return ""
        slashes = "//" if self.host or self.path or self.user is not None else ""
        user = "" if self.user is None else f"{self.user}@"
        return slashes + user + _escape(self.host, "host")


def parse(text: str) -> URL:
    """Read a URL: ``url.Parse``.

    Raises:
        URLError: the text is no URL.
    """
    whole, _, fragment = text.partition("#")
    try:
        url = _parse(whole)
        if not fragment:
            return url
        whole = text
        unescaped = _unescape(fragment, "fragment")
    except _PartError as error:
        raise URLError(f"parse {quote(whole)}: {error}") from error
    raw = "" if _escape(unescaped, "fragment") == fragment else fragment
    return url._replace(fragment=unescaped, raw_fragment=raw)


class _PartError(Exception):
    """Why a part of a text is not that part of a URL."""


def _parse(text: str) -> URL:
    if _CONTROL.search(text):
        raise _PartError("net/url: invalid control character in URL")
    if text == "*":
        return URL(path="*")
    scheme, rest = _split_scheme(text)
    force_query = rest.endswith("?") and rest.count("?") == 1
    rest, _, query = rest.partition("?")
    url = URL(scheme=scheme, query=query, force_query=force_query)
    if not rest.startswith("/"):
        if scheme:
            return url._replace(opaque=rest)
        if ":" in rest.partition("/")[0]:
            raise _PartError("first path segment in URL cannot contain colon")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, after = rest[2:].partition("/")
        user, host = _parse_authority(scheme, authority)
        url, rest = url._replace(user=user, host=host), slash + after
    elif scheme and rest.startswith("/"):
        url = url._replace(omit_host=True)
    path = _unescape(rest, "path")
    return url._replace(path=path, raw_path="" if _escape(path, "path") == rest else rest)


def _split_scheme(text: str) -> tuple[str, str]:
    if text.startswith(":"):
        raise _PartError("missing protocol scheme")
    scheme = _SCHEME.match(text)
    if scheme is None:
        return "", text
    return scheme[0][:-1].lower(), text[scheme.end() :]


def _parse_authority(scheme: str, authority: str) -> tuple[str | None, str]:
    userinfo, at, host = authority.rpartition("@")
    host = _parse_host(scheme, host)
    if not at:
        return None, host
    if not _USERINFO.fullmatch(userinfo):
        raise _PartError("net/url: invalid userinfo")
    name, colon, password = userinfo.partition(":")
    return colon.join(
        _escape(_unescape(part, "user"), "user")
        for part in ((name, password) if colon else (name,))
    ), host


def _parse_host(scheme: str, host: str) -> str:
    bracket = host.rfind("[")
    if bracket > 0:
        raise _PartError("invalid IP-literal")
    if bracket == 0:
        return _parse_ip_literal(host)
    # http and https must not have a second colon; others may, before the port.
    colon = host.find(":") if scheme in {"http", "https"} else host.rfind(":")
    if colon >= 0:
        _check_port(host[colon:])
    return _unescape(host, "host")


def _parse_ip_literal(host: str) -> str:
    end = host.rfind("]")
    if end < 0:
        raise _PartError("missing ']' in host")
    port = host[end + 1 :]
    _check_port(port)
    name, percent, zone = host[1:end].partition("%25")
    address = _unescape(name, "host") + _unescape(percent + zone, "zone")
    try:
        found = parse_addr(address)
    except AddressError as error:
        raise _PartError(f"invalid host: {error}") from error
    if not found.is_v6:
        raise _PartError("invalid IP-literal")
    return f"[{address}]{port}"


def _check_port(port: str) -> None:
    if not _PORT.fullmatch(port):
        raise _PartError(f"invalid port {quote(port)} after host")


def _unescape(text: str, part: str) -> str:
    """``text`` with every ``%XX`` replaced by its byte.

    Hosts have no other escapes than those of bytes outside ASCII and ``%25``, and zones none of
    what could not stand there as it is, but for spaces.
    """
    is_host = part in {"host", "zone"}
    at = 0
    pieces = []
    while at < len(text):
        char = text[at]
        if char == "%":
            pieces.append(_unescape_byte(text, at, part))
            at += 3
            continue
        if is_host and char.isascii() and ord(char) not in _PLAIN["host"]:
            raise _PartError(f"invalid character {quote(char)} in host name")
        pieces.append(to_bytes(char))
        at += 1
    return from_bytes(b"".join(pieces))


def _unescape_byte(text: str, at: int, part: str) -> bytes:
    escape = text[at : at + 3]
    if not _HEX_PAIR.fullmatch(escape[1:]):
        raise _PartError(f"invalid URL escape {quote(_first_bytes(escape))}")
    byte = int(escape[1:], 16)
    if escape != "%25" and (
        (part == "host" and byte < _RUNE_SELF)
        or (part == "zone" and byte != ord(" ") and byte not in _PLAIN["host"])
    ):
        raise _PartError(f"invalid URL escape {quote(escape)}")
    return bytes((byte,))


_RUNE_SELF = 0x80


def _first_bytes(escape: str) -> str:
    return from_bytes(to_bytes(escape)[:3])


def _escape(text: str, part: str) -> str:
    plain = _PLAIN[part]
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in to_bytes(text))


def _escaped(text: str, raw: str, part: str) -> str:
    """The part as it was read, where that is a valid way to write it, else as Go escapes it."""
    if raw and all(byte in _MAY_STAY or byte in _PLAIN[part] for byte in to_bytes(raw)):
        return raw
    return _escape(text, part)
