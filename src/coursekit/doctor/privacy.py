"""Whether git would take what names students: downloads, rosters, grades, reports, work that was handed in."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

from coursekit.doctor.finding import GRADING, Finding
from coursekit.errors import CoursekitError

__all__ = ["look_at_git", "tells_of_students"]

_MAX_SIZE_BYTES = 200_000_000
_MAX_FILES = 20_000
_N_NAMED = 5
#: Names that only what comes of grading a class has.
_NAMES = {"gradebook.db", "lms.json", "submission_metadata.yml", "submission_secret.txt", ".grading-secret"}
_FOLDERS = {"submitted", "autograded", "feedback"}
#: What the report and the files of ``--json`` begin with.
_REPORT = b'content="coursekit report"'
_RECORDS = re.compile(rb'\s*\[\s*\{\s*"student":')
_REMEDY = (
    "Move them into downloads/ or results/, which git ignores, or name them in .gitignore. What was committed stays"
    " in git's history: take it out with `git rm --cached FILE`, and ask who has a copy."
)


def look_at_git(folder: Path) -> list[Finding]:
    """Look whether git would take what names students, or has it; nothing is said outside of a repository.

    Args:
        folder: A folder of the repository.
    """
    if shutil.which("git") is None:
        return []
    top = _git(folder, "rev-parse", "--show-toplevel").strip()
    if not top:
        return []
    root = Path(top)
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    found = [name for name in filter(None, listed[:_MAX_FILES]) if tells_of_students(root, PurePosixPath(name))]
    if not found:
        return [Finding(GRADING, "privacy", True, "git would take nothing that names students")]
    more = f" and {len(found) - _N_NAMED} more" if len(found) > _N_NAMED else ""
    said = f"git would take what names students: {', '.join(found[:_N_NAMED])}{more}"
    return [Finding(GRADING, "privacy", False, said, _REMEDY)]


def tells_of_students(root: Path, path: PurePosixPath) -> bool:
    """Tell whether a file holds what names students, by its name, its place or what it begins with."""
    file = root / path
    if path.name in _NAMES or any((root / part / "nbgrader_config.py").is_file() for part in _courses_around(path)):
        return True
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _MAX_SIZE_BYTES:
            return False
        kind = path.suffix.lower()
        if kind == ".csv":
            return _is_roster(file)
        if kind == ".zip":
            return _is_download(file)
        if kind in (".html", ".json"):
            with file.open("rb") as stream:
                head = stream.read(2000)
            return _REPORT in head if kind == ".html" else _RECORDS.match(head) is not None
    except (OSError, ValueError):
        return False
    return False


def _courses_around(path: PurePosixPath) -> list[PurePosixPath]:
    """List the folders that hold one of a course's folders of students' work that the path lies in."""
    return [PurePosixPath(*path.parts[:i]) for i, part in enumerate(path.parts[:-1]) if part in _FOLDERS]


def _is_roster(file: Path) -> bool:
    from coursekit.lms.roster import read_groups, read_roster

    for read in (read_roster, read_groups):
        try:
            read(file)
        except CoursekitError:
            continue
        return True
    return False


def _is_download(file: Path) -> bool:
    from coursekit.lms import canvas, gradescope_export, moodle

    try:
        with zipfile.ZipFile(file) as packed:
            names = [PurePosixPath(name) for name in packed.namelist()[:1000]]
    except (zipfile.BadZipFile, NotImplementedError):
        return False
    found = (canvas.read_names(names, ""), moodle.read_names(names, ""), gradescope_export.read_names(names))
    return any(2 * len(read) > len(names) for read in found)


def _git(folder: Path, *arguments: str) -> str:
    """Return what git prints; nothing if it fails."""
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", "-C", str(folder), *arguments],  # noqa: S607 - found on the path
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else ""
