"""Whether submissions can be graded here, and safely."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from coursekit.doctor.finding import GRADING, Finding
from coursekit.doctor.requirements import Needs, look_at_package, pip_install, short
from coursekit.errors import CourseError

if TYPE_CHECKING:
    from coursekit.grading.sandbox import Sandbox

__all__ = ["look_at_grading", "look_at_sandbox", "look_for_alembic"]

#: Settings of the kernel that keep users from making namespaces, with the value that does so and one that does not:
#: AppArmor's (Ubuntu has it set), Debian's, and the kernel's own.
_KERNEL_SETTINGS = (
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("user.max_user_namespaces", "0", "10000"),
)
_SETTINGS_FOLDER = Path("/proc/sys")
_NOT_ALLOWED = (
    "Something keeps bubblewrap from working, often a container around it (`docker run --privileged` allows it)."
    " Grade outside, or on another Linux machine; or, if you trust the students, without a sandbox:\n"
    "coursekit grade LAB --sandbox none"
)
_NO_GROUP = (
    "Not needed. To have one, grade in a login session on a machine with systemd, where this works:\n"
    "systemd-run --user --scope true"
)
_NOT_SAFE = (
    "Do not grade here whom you do not trust. Update bubblewrap, or grade on another Linux machine:\n"
    "sudo apt-get update && sudo apt-get install bubblewrap"
)


def look_at_grading(needs: Needs, errors: Mapping[str, str]) -> list[Finding]:
    """Look at what only those need who grade.

    Args:
        needs: What coursekit needs.
        errors: Why packages cannot be imported; empty for those that can.
    """
    packages = [look_at_package(GRADING, package, error=errors.get(package.name, "")) for package in needs.of("grade")]
    if errors.get("numpy"):
        return [*packages, look_for_alembic(), Finding(GRADING, "sandbox", None, "not tried without numpy")]
    return [*packages, look_for_alembic(), *look_at_sandbox()]


def look_for_alembic() -> Finding:
    """Look for the program that nbgrader calls by its name when it makes a gradebook."""
    own, found = Path(sys.executable).with_name("alembic"), shutil.which("alembic")
    if not own.exists() and found is None:
        remedy = pip_install("--force-reinstall", "alembic")
        return Finding(GRADING, "alembic", False, "not found; nbgrader makes gradebooks with it", remedy)
    if found is not None and (Path(found) == own or not own.exists()):
        return Finding(GRADING, "alembic", True, short(Path(found)))
    place = "not on PATH" if found is None else f"but PATH leads to {found}"
    what = f"{place}: `coursekit` finds it anyway, plain `nbgrader` commands do not"
    return Finding(GRADING, "alembic", None, what, f'export PATH={shlex.quote(str(own.parent))}:"$PATH"')


def look_at_sandbox() -> list[Finding]:
    """Look whether there can be a sandbox here; open one, and try whether it holds."""
    from coursekit.grading.sandbox import why_unavailable

    bwrap = shutil.which("bwrap")
    if sys.platform == "linux" and bwrap is None:
        remedy = "Debian, Ubuntu: sudo apt-get install bubblewrap\nFedora: sudo dnf install bubblewrap"
        return [Finding(GRADING, "bubblewrap", False, "not found; it keeps students' code in while you grade", remedy)]
    if why := why_unavailable():
        reason, _, remedy = why.partition(". ")
        return [Finding(GRADING, "sandbox", False, reason, remedy)]
    said = subprocess.run([str(bwrap), "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    program = Finding(GRADING, "bubblewrap", True, f"{said.strip().rpartition(' ')[2]}, {bwrap}")
    return [program, *_open_and_try_sandbox()]


def _open_and_try_sandbox() -> list[Finding]:
    from coursekit.doctor.trials import TRIAL_LIMITS, try_sandbox
    from coursekit.grading.sandbox import Sandbox

    try:
        with contextlib.closing(Sandbox(limits=TRIAL_LIMITS)) as sandbox:
            outcomes, counted = try_sandbox(sandbox), _look_at_group(sandbox)
    except CourseError as error:
        # The remedy that follows in its last line is for a machine without bubblewrap, which is here.
        said = str(error).rpartition("\n")[0].rpartition("It said: ")[2].splitlines()[-1]
        return [Finding(GRADING, "sandbox", False, f"does not open: {said}", _how_to_open())]
    except OSError as error:
        return [Finding(GRADING, "sandbox", False, f"cannot be tried: {error}", "Mend that, and run this again.")]
    return [
        Finding(GRADING, "sandbox", True, "opens; code that misbehaves was run in it:"),
        *(Finding(GRADING, tried.name, tried.held, tried.found, "" if tried.held else _NOT_SAFE) for tried in outcomes),
        counted,
    ]


def _look_at_group(sandbox: Sandbox) -> Finding:
    """Say who counts what a submission takes up: the kernel, or the sandbox's own limits alone."""
    if sandbox.group is None:
        found = "none to be had; what sockets and small files take up is bounded by their number instead"
        return Finding(GRADING, "control group", None, found, _NO_GROUP)
    by = "made by systemd" if sandbox.group.kind == "systemd" else "made here"
    found = f"{by}: the kernel counts all that a submission takes up, in sockets and files too"
    return Finding(GRADING, "control group", True, found)


def _how_to_open() -> str:
    """Return how to let bubblewrap work, which is known if a setting of the kernel forbids it to users."""
    commands = []
    for name, forbidding, allowing in _KERNEL_SETTINGS if os.geteuid() != 0 else ():
        with contextlib.suppress(OSError):
            if _SETTINGS_FOLDER.joinpath(*name.split(".")).read_text().strip() == forbidding:
                commands.append(f"sudo sysctl -w {name}={allowing}")
    if commands:
        return "\n".join(["The system forbids it. To allow it until the next start:", *commands])
    return _NOT_ALLOWED
