"""What Gradescope needs to grade a lab by itself: a zip for the assignment's *Configure Autograder* page.

Gradescope unpacks it to ``/autograder/source``, runs ``setup.sh`` once, as root, to build an image, and
``run_autograder`` in a fresh container for each submission
(https://gradescope-autograders.readthedocs.io/en/latest/specs/).
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from coursekit.authoring.build import build_labs
from coursekit.authoring.bundle import package_files, zipped
from coursekit.errors import CourseError, UnknownNameError
from coursekit.files import replace_file

__all__ = ["RUNNER", "write_autograder"]

RUNNER = "run_autograder"
_PROGRAMS = ("setup.sh", RUNNER)
_SECRET = ".grading-secret"  # noqa: S105 - a file's name
_README = "# coursekit\n\nA course and its grader, as Gradescope's containers install it. It holds hidden checks.\n"
_CONFIG = '''"""The course, in a container of Gradescope's: one lab and, each time, one submission."""

from coursekit.grading import configure

c = get_config()  # noqa: F821 - traitlets defines it
configure(c, __file__)
'''


def write_autograder(lab: str, file: Path, *, root: Path, settings: Mapping[str, object], secret: bytes) -> int:
    """Write the zip. The same course gives the same bytes.

    Args:
        lab: The lab's stem.
        file: Where to write. An earlier one is replaced; nobody but you can read it, because it holds hidden checks.
        root: The course's folder, with ``labs/``.
        settings: What the course's configuration says about how students' code is run.
        secret: What the inputs of hidden checks are drawn from.

    Returns:
        How many files it holds.

    Raises:
        CourseError: The lab is not what its sources build, or the zip cannot be written there.
        UnknownNameError: There is no such lab.
    """
    known = sorted(path.parent.name for path in (root / "notebooks").glob("*/*.ipynb"))
    if lab not in known:
        raise UnknownNameError("lab", lab, known)
    report = build_labs(root, labs=[lab], check=True)
    if report.problems:
        raise CourseError(f"The lab is not ready for students.\n{report.text()}")
    if file.exists() and not _is_autograder(file):
        raise CourseError(
            f"{file} is not an earlier autograder, and was left as it is. Name another with --output FILE."
        )
    files = _files(lab, root, settings) | {f"course/{_SECRET}": secret}
    try:
        replace_file(file, zipped(dict(sorted(files.items())), programs=_PROGRAMS), mode=0o600)
    except OSError as error:
        raise CourseError(f"{file} cannot be written: {error.strerror}. Name another with --output FILE.") from error
    return len(files)


def _files(lab: str, root: Path, settings: Mapping[str, object]) -> dict[str, bytes]:
    package = {
        f"package/{path.relative_to(root).as_posix()}": path for path in package_files(root / "src" / "coursekit")
    }
    package |= {f"package/{name}": root / name for name in ("pyproject.toml", "LICENSE", "CHANGELOG.md")}
    course = {
        f"course/hidden/{lab}.py": root / "autograde" / "hidden" / f"{lab}.py",
        f"course/release/{lab}/{lab}.ipynb": root / "notebooks" / lab / f"{lab}.ipynb",
        "constraints.txt": root / "constraints.txt",
    }
    try:
        files = {name: path.read_bytes() for name, path in (package | course).items()}
    except OSError as error:
        raise CourseError(f"{error.filename} cannot be read: {error.strerror}. The autograder needs it.") from error
    # Which sandbox there can be is found out in the container.
    kept = [f"c.GradingStep.{name} = {value!r}\n" for name, value in sorted(settings.items()) if name != "sandbox"]
    files["course/nbgrader_config.py"] = "".join([_CONFIG, *kept]).encode()
    files["package/README.md"] = _README.encode()
    templates = resources.files("coursekit.authoring").joinpath("gradescope_files")
    return files | {name: templates.joinpath(name).read_bytes() for name in _PROGRAMS}


def _is_autograder(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as opened:
            return RUNNER in opened.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
