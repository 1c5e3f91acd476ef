"""Running a program as an ordinary user, from root: as most instructors grade."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["USER", "as_ordinary_user"]

#: A user that is nobody else's.
USER = 54_321
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
