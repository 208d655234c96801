"""What stops a start, the probe, and a whole process from start to end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from injection.small import VALUES
from pillion.cli.main import main
from pillion.server import extra, health, settings
from server.serving import Authority, Running, config_text, wait_for

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, authority: Authority) -> Path:
    """The files of a server that would start."""
    authority.issue(tmp_path)
    authority.issue(tmp_path, "other")
    for name, text in (("config", config_text()), ("mesh", ""), ("values", VALUES)):
        (tmp_path / name).write_text(text)
    return tmp_path


def flags(folder: Path, **changed: str | None) -> list[str]:
    given: dict[str, str | None] = {
        "injectConfig": str(folder / "config"),
        "meshConfig": str(folder / "mesh"),
        "tlsCertFile": str(folder / "tls.crt"),
        "tlsKeyFile": str(folder / "tls.key"),
        "port": "0",
        "monitoringPort": "0",
        "adminPort": "0",
        "address": "127.0.0.1",
    }
    return [
        f"--{name}={value}" for name, value in {**given, **changed}.items() if value is not None
    ]


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"nonsense": "1"}, 2, "unknown flag: --nonsense"),
        ({"port": "65536"}, 2, "--port 65536: not a port"),
        ({"drainDuration": "5"}, 2, '--drainDuration: time: missing unit in duration "5"'),
        ({"drainDuration": "-5s"}, 2, "a duration cannot be negative"),
        ({"log_output_level": "default:loud"}, 2, "--log_output_level: 'loud' is no log level"),
        ({"profile": "istio-9"}, 2, "--profile istio-9: no such profile"),
        (
            {"injectConfig": None},
            2,
            "give --injectConfig FILE, --profile NAME or --kubeconfig FILE",
        ),
        ({"httpsAddr": ":1"}, 2, "use --port, --monitoringPort, --adminPort"),
        ({"injectConfig": "FOLDER/none"}, 1, "FOLDER/none: No such file or directory"),
        ({"injectConfig": "FOLDER/broken"}, 1, 'function "nonsense" not defined'),
        ({"injectConfig": "FOLDER/old"}, 1, 'function "nonsense" not defined'),
        ({"injectValues": "FOLDER/tls.crt"}, 1, "FOLDER/tls.crt: "),
        ({"meshConfig": "FOLDER/tls.crt"}, 1, "FOLDER/tls.crt: "),
        ({"tlsCertFile": "FOLDER/none"}, 1, "FOLDER/none: No such file or directory"),
        ({"tlsKeyFile": "FOLDER/none"}, 1, "FOLDER/none: No such file or directory"),
        ({"tlsCertFile": "FOLDER/tls.key"}, 1, "FOLDER/tls.key holds no certificate in PEM"),
        ({"tlsKeyFile": "FOLDER/tls.crt"}, 1, "FOLDER/tls.crt holds no unencrypted private key"),
        ({"tlsKeyFile": "FOLDER/locked"}, 1, "FOLDER/locked holds no unencrypted private key"),
        (
            {"tlsKeyFile": "FOLDER/other.key"},
            1,
            "the key FOLDER/other.key does not belong to the certificate FOLDER/tls.crt",
        ),
        ({"clientCACertFile": "FOLDER/config"}, 1, "FOLDER/config holds no certificate in PEM"),
    ],
)
def test_a_wrong_start_ends_with_one_line(
    folder: Path,
    capfd: pytest.CaptureFixture[str],
    changed: dict[str, str | None],
    status: int,
    message: str,
) -> None:
    (folder / "broken").write_text(config_text(template="{{ nonsense }}"))
    (folder / "old").write_text("policy: enabled\ntemplate: '[[ nonsense ]]'\n")
    (folder / "locked").write_text(LOCKED)
    named = {key: value and value.replace("FOLDER", str(folder)) for key, value in changed.items()}
    assert main(["serve", *flags(folder, **named)]) == status
    [line] = capfd.readouterr().err.splitlines()
    assert line.startswith("pillion: ")
    assert message.replace("FOLDER", str(folder)) in line


LOCKED = """\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBAjDmnkPbgGYHwZ2bmX
-----END ENCRYPTED PRIVATE KEY-----
"""


def test_a_port_that_is_taken(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", *flags(folder, adminPort=port)]) == 1
    [line] = capfd.readouterr().err.splitlines()
    assert f"cannot listen on 127.0.0.1, port {port}: " in line


def test_a_missing_library_is_named(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name == "uvloop" else name)
    assert main(["serve", *flags(folder)]) == 1
    assert capfd.readouterr().err == (
        "pillion: uvloop is missing: install the server with pip install 'pillion[server]'\n"
    )


OF_1_1 = ["--webhookConfigName=istio-sidecar-injector", "--webhookName=sidecar-injector.istio.io"]
NOBODY = """\
current-context: here
contexts: [{name: here, context: {cluster: gone}}]
clusters: [{name: gone, cluster: {server: "http://127.0.0.1:1"}}]
"""


@pytest.mark.parametrize("command", [["serve"], ["sidecar-injector"]])
def test_a_process_from_start_to_end(folder: Path, command: list[str]) -> None:
    """With the flags of Istio 1.1's Deployment, and a cluster that is away; until it is stopped."""
    file = folder / "health"
    (folder / "kubeconfig").write_text(NOBODY)
    own = [f"--healthCheckFile={file}", "--healthCheckInterval=20ms", "--drainDuration=0s"]
    code = "import sys; from pillion.cli.main import process; process()"
    own += [f"--caCertFile={folder / 'tls.crt'}", f"--kubeconfig={folder / 'kubeconfig'}"]
    own += [*OF_1_1, "--log_target=stderr"]
    call = [sys.executable, "-c", code, *command, *flags(folder), *own]
    process = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(file.exists, 30)
        assert main(["probe", f"--probe-path={file}", "--interval=4s"]) == 0
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "--log_target has no effect" in told
    assert "nodes cannot be followed" in told
    assert "\tserving\tport=" in told
    assert told.endswith("stopped\n")
    assert not file.exists()


@pytest.mark.parametrize(
    ("age", "status", "message"),
    [
        (0, 0, ""),
        (60, 1, "pillion: fail on inspecting path FILE: it was written 60."),
        (None, 1, "pillion: fail on inspecting path FILE: no such file or directory"),
    ],
)
def test_the_probe_looks_at_the_age(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], age: int | None, status: int, message: str
) -> None:
    file = tmp_path / "health"
    if age is not None:
        file.write_text("ok")
        moment = file.stat().st_mtime - age
        os.utime(file, (moment, moment))
    assert main(["probe", "--probe-path", str(file), "--interval", "4s"]) == status
    told = capsys.readouterr()
    assert told.out == ("" if status else "OK\n")
    assert told.err.startswith(message.replace("FILE", str(file)))


@pytest.mark.parametrize("arguments", [[], ["--probe-path=x"], ["--interval=4s"], ["--other"]])
def test_a_probe_that_is_called_wrongly(arguments: list[str]) -> None:
    assert main(["probe", *arguments]) == 2


@pytest.mark.parametrize("command", ["serve", "probe"])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert f"usage: pillion {command} [flags]" in capsys.readouterr().out


def test_a_health_file_that_cannot_be_written_harms_nothing(
    tmp_path: Path, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    told = settings.Health(str(tmp_path / "none" / "health"), 0.01)
    with Running(tmp_path, authority, health=told) as running:
        wait_for(lambda: caplog.records)
        assert running.monitoring("/ready").status == 200
    assert [record.getMessage() for record in caplog.records if record.name.endswith("health")] == [
        "the health file cannot be written: No such file or directory"
    ]
    assert health.keep.__doc__


def test_a_short_command_loads_no_server() -> None:
    code = """import sys
from pillion.cli.main import main
main(["serve", "--help"])
main(["probe", "--probe-path=none", "--interval=1s"])
print([one for one in ("asyncio", "ssl", "logging", "uvicorn") if one in sys.modules])"""
    call = [sys.executable, "-c", code]
    told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    assert told.endswith("\n[]\n")


def test_a_certificate_that_has_ended_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    authority = Authority(ends=datetime(2020, 1, 1, tzinfo=UTC))
    Running(tmp_path, authority).server.close()
    assert any("not valid now" in record.getMessage() for record in caplog.records)


def test_a_whole_configmap_folder_is_found_by_its_config(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The values beside the configuration count, so breaking them is noticed."""
    shutil.copy(folder / "tls.crt", folder / "values")
    assert main(["serve", *flags(folder)]) == 1
    assert f"{folder / 'values'}: " in capfd.readouterr().err
