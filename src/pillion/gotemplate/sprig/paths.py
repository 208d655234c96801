"""Slash-separated paths, by the rules of Go's ``path``; ``path/filepath`` on Unix has the same."""

from __future__ import annotations

from pillion.gotemplate.functions import Function


def clean(path: str) -> str:
    """The shortest path that names the same: ``path.Clean``."""
    rooted = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part in {"", "."}:
            continue
        if part == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif part != ".." or not rooted:
            kept.append(part)
    return "/" * rooted + "/".join(kept) or "."


def base(path: str) -> str:
    """The last element: ``path.Base``."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def directory(path: str) -> str:
    """All but the last element: ``path.Dir``."""
    before, slash, _ = path.rpartition("/")
    return clean(before + slash)


def extension(path: str) -> str:
    """What follows the last dot of the last element, with the dot: ``path.Ext``."""
    _, dot, after = path.rpartition("/")[2].rpartition(".")
    return dot + after if dot else ""


def is_absolute(path: str) -> bool:
    """Whether the path starts at the root: ``path.IsAbs``."""
    return path.startswith("/")


FUNCTIONS = {
    "base": Function(base, ("string",), result="string"),
    "dir": Function(directory, ("string",), result="string"),
    "clean": Function(clean, ("string",), result="string"),
    "ext": Function(extension, ("string",), result="string"),
    "isAbs": Function(is_absolute, ("string",), result="bool"),
    "osBase": Function(base, ("string",), result="string"),
    "osDir": Function(directory, ("string",), result="string"),
    "osClean": Function(clean, ("string",), result="string"),
    "osExt": Function(extension, ("string",), result="string"),
    "osIsAbs": Function(is_absolute, ("string",), result="bool"),
}
