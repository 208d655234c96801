from __future__ import annotations

import os
from pathlib import Path

import pytest

from pillion.cli.errors import InputError
from pillion.cli.output import Output


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, text: bytes) -> None:
    with Output(str(path)) as file:
        file.write(text)


def write_half(path: Path) -> None:
    with Output(str(path)) as file:
        file.write(b"half")
        raise ZeroDivisionError


def fail(path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_half(path)


def test_a_file_is_written(tmp_path: Path) -> None:
    write(tmp_path / "out.yaml", b"new")
    assert (tmp_path / "out.yaml").read_bytes() == b"new"
    assert names(tmp_path) == ["out.yaml"]


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.yaml"
    path.write_bytes(b"old")
    fail(path)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["out.yaml"]


def test_an_error_leaves_no_new_file(tmp_path: Path) -> None:
    fail(tmp_path / "out.yaml")
    assert names(tmp_path) == []


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(b"old")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    write(tmp_path / "link.yaml", b"new")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"new"


def test_what_is_no_regular_file_is_written_directly() -> None:
    write(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()


def test_a_pipe_is_written_directly() -> None:
    reading, writing = os.pipe()
    write(Path(f"/dev/fd/{writing}"), b"through")
    os.close(writing)
    with open(reading, "rb") as file:
        assert file.read() == b"through"


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nope" / "out.yaml"
    with pytest.raises(InputError) as raised:
        write(path, b"x")
    assert str(raised.value) == f"{path}: No such file or directory"


def test_an_interruption_while_it_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").write_text("old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "chmod", interrupted)
    with pytest.raises(KeyboardInterrupt), Output(str(tmp_path / "out")):
        raise AssertionError
    assert os.listdir(tmp_path) == ["out"]
    assert (tmp_path / "out").read_text() == "old"
