"""What ``/proc`` tells of a server's processes: how much memory, and whose connection is whose."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_ESTABLISHED = "01"


def children(pid: int) -> set[int]:
    """The processes that ``pid`` started and that still run."""
    found = set()
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it ended meanwhile
            state, parent = stat.rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.add(int(folder.name))
    return found


def family(pid: int) -> set[int]:
    """``pid`` and all below it."""
    return {pid}.union(*(family(child) for child in children(pid)))


def memory(pid: int) -> float:
    """The resident memory of ``pid`` and all below it, in MiB."""
    return sum(_resident(one) for one in family(pid)) / 2**20


def _resident(pid: int) -> int:
    try:
        pages = int((_PROC / str(pid) / "statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def peers(pid: int, port: int) -> set[int]:
    """The ports from which connections come that ``pid`` holds on its own ``port``."""
    inodes = _sockets(pid)
    found = set()
    for line in (_PROC / str(pid) / "net" / "tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        local, remote, state, inode = fields[1], fields[2], fields[3], fields[9]
        if state == _ESTABLISHED and _port(local) == port and inode in inodes:
            found.add(_port(remote))
    return found


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _sockets(pid: int) -> set[str]:
    """The inodes of the sockets that ``pid`` has open."""
    found = set()
    for descriptor in (_PROC / str(pid) / "fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue  # it was closed meanwhile
        if target.startswith("socket:["):
            found.add(target[len("socket:[") : -1])
    return found
