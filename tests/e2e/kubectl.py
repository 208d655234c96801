"""kubectl, as people type it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from e2e.control_plane import ControlPlane

Object = dict[str, Any]
_SECONDS = 60


class Kubectl:
    """The kubectl of the control plane's own version, as its administrator."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self.control_plane = control_plane
        folder = control_plane.folder
        self.program = folder / "kubectl"
        if not self.program.exists():
            self.program.symlink_to(control_plane.binary)
        self.environment = os.environ | {
            "KUBECONFIG": str(control_plane.kubeconfig),
            "HOME": str(folder),  # where kubectl keeps what it knows of the server
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, *arguments: str, given: str | Object = "") -> subprocess.CompletedProcess[str]:
        """Run it to its end, whatever that is; ``given`` is its standard input."""
        text = given if isinstance(given, str) else json.dumps(given)
        return subprocess.run(
            [str(self.program), *arguments],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
            timeout=_SECONDS,
        )

    def __call__(self, *arguments: str, given: str | Object = "") -> str:
        """Its output; a failure fails the test with its words."""
        ended = self.run(*arguments, given=given)
        assert ended.returncode == 0, f"kubectl {' '.join(arguments)}: {ended.stderr}"
        return ended.stdout

    def json(self, *arguments: str, given: str | Object = "") -> Object:
        """Its output as an object."""
        found: Object = json.loads(self(*arguments, "--output=json", given=given))
        return found

    def refused(self, *arguments: str, given: str | Object = "") -> str:
        """What it says when it fails; a success fails the test."""
        ended = self.run(*arguments, given=given)
        assert ended.returncode != 0, f"kubectl {' '.join(arguments)} went well: {ended.stdout}"
        return ended.stderr
