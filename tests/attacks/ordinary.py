"""Running a program as an ordinary user, from root: as most instructors grade."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

__all__ = ["USER", "USERS", "as_ordinary_user", "run_as"]

#: A user that is nobody else's.
USER = 54_321
#: Who grades: root on a server, most instructors not.
USERS = ("whoever runs the tests", "an ordinary user")
#: Shows a folder that lies in one that is closed to others, in a namespace of mounts of its own.
_SHOW = """
closed=$1 shown=$2 aside=$3; shift 3
mount --bind "$shown" "$aside" && mount -t tmpfs -o mode=755 none "$closed" && mkdir -p "$shown" &&
mount --bind "$aside" "$shown" && exec "$@"
"""


def as_ordinary_user(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str] | None:
    """Run a program as an ordinary user.

    Args:
        command: The program and its arguments.
        folder: A folder for its temporary files; it becomes the user's.
        **environment: Variables to set.

    Returns:
        What came of it; None where that cannot be done: by who is not root, or where Python cannot be read by others.
    """
    if os.geteuid() != 0 or shutil.which("setpriv") is None or shutil.which("unshare") is None:
        return None
    os.chown(folder, USER, USER)
    command = ["setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups", *command]
    shown = Path(sys.base_prefix)
    closed = next((parent for parent in reversed(shown.parents) if not parent.stat().st_mode & 0o001), None)
    if closed is not None:
        aside = folder / "python"
        aside.mkdir(exist_ok=True)
        command = ["unshare", "--mount", "bash", "-c", _SHOW, "_", str(closed), str(shown), str(aside), *command]
    place = {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    settings: Mapping[str, str] = os.environ | place | environment
    done = subprocess.run(command, env=settings, cwd="/", capture_output=True, text=True, check=False)
    return None if "Permission denied" in done.stderr and not done.stdout else done


def run_as(user: str, command: list[str], folders: pytest.TempPathFactory) -> str:
    """Run a program that needs a sandbox as one of :data:`USERS`, and return what it printed.

    The test is skipped where that cannot be done.
    """
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    done: subprocess.CompletedProcess[str] | None
    if user == "an ordinary user":
        folder = folders.mktemp("ordinary")
        for parent in (folder, *folder.parents[:2]):
            parent.chmod(0o755)
        done = as_ordinary_user(command, folder)
    else:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done is None:
        pytest.skip("needs root, and a Python that others can read")
    assert done.returncode == 0, done.stderr
    return done.stdout
