from __future__ import annotations

from pathlib import Path

import pytest

from pillion.cli.errors import InputError
from pillion.cli.sources import STANDARD_INPUT, sources


def found(*names: Path | str) -> list[str]:
    return [source.path for source in sources([str(name) for name in names])]


def test_files_come_in_the_order_they_were_named(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.txt"):
        (tmp_path / name).write_text("x")
    wanted = [str(tmp_path / "b.yaml"), str(tmp_path / "a.txt")]
    assert found(*wanted) == wanted


def test_a_folder_is_read_recursively_and_only_its_manifests(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.json", "notes.txt", "sub/c.yml", "sub/deep/d.yaml", "A.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    relative = [str(Path(path).relative_to(tmp_path)) for path in found(tmp_path)]
    assert relative == ["A.yaml", "a.json", "b.yaml", "sub/c.yml", "sub/deep/d.yaml"]


def test_standard_input_is_a_dash() -> None:
    assert found("-") == [STANDARD_INPUT]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        found(tmp_path / "nope.yaml")
    assert str(raised.value) == f"{tmp_path}/nope.yaml: No such file or directory"


def test_a_folder_without_manifests_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        found(tmp_path)
    assert str(raised.value) == f"{tmp_path}: the folder holds no manifest (.yaml, .yml, .json)"
