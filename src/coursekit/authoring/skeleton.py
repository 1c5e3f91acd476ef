"""The skeleton of a new exercise: its cells, its checks, and the answers that test them.

The skeleton is whole: an exercise that doubles numbers, with everything that the tests ask of one. An author
replaces it piece by piece and has a course that builds at every step. What is still the skeleton's is marked TODO, and
a test lists the places.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.build import LABS_FOLDER, lab_folders
from coursekit.authoring.files import replace_file
from coursekit.authoring.lab import LAB_FILE, check_names
from coursekit.authoring.modules import module_lines
from coursekit.authoring.reading import lab_source
from coursekit.authoring.sections import split_sections
from coursekit.cells import check_cell_name
from coursekit.errors import CourseError, UnknownNameError

__all__ = ["Skeleton", "write_skeleton"]

_LAB = re.compile(r"(\d\d)_([a-z0-9_]+)")
_EXERCISE = re.compile(r"[A-Za-z]\w*", re.ASCII)

_EXERCISE_FILE = '''\
# %% [markdown]
# ## EXERCISE
#
# TODO: what it is, why it matters and what is to be written, in a dozen lines at most. So far, it doubles numbers.


# %% nbgrader={"grade_id": "EXERCISE", "solution": true}
def EXERCISE(x):
    """Return twice x, entry by entry. TODO: what your exercise returns.

    x: array of any shape. TODO: each argument, with its shape
    Returns an array of x's shape.
    """
    ### BEGIN SOLUTION
    return 2 * np.asarray(x)  # TODO: the answer
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_EXERCISE", "grade": true, "points": 1}
check("EXERCISE")


# %% visible
@checks("EXERCISE")
def EXERCISE_of_known_values(student: Student, rng: Rng) -> None:
    """3 becomes 6, and -1 becomes -2. TODO: a sentence for students, with numbers worked out by hand."""
    got = student.call("EXERCISE", np.array([3.0, -1.0]))
    expect_close(got, [6, -2], hint="TODO: what to try when this is wrong.")


@checks("EXERCISE")
def EXERCISE_keeps_the_shape(student: Student, rng: Rng) -> None:
    """A matrix gives a matrix of its shape. TODO: what else must hold of any right answer."""
    got = student.call("EXERCISE", np.ones((2, 3)))
    expect_close(got, np.full((2, 3), 2.0), hint="TODO: what to try when this is wrong.")


# %% hidden
@checks("EXERCISE")
def EXERCISE_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers are doubled. TODO: a sentence for the feedback page."""
    x = rng.normal(scale=100, size=(4, 3))
    right = [[entry + entry for entry in row] for row in x]  # TODO: another way than the answer's
    expect_close(student.call("EXERCISE", x), right, hint="TODO: what to try when this is wrong.")


# %% right sum
# TODO: right answers in other styles, two at least.
def EXERCISE(x):
    return x + x


# %% right loop
def EXERCISE(x):
    return np.array([2 * entry for entry in np.ravel(x)]).reshape(np.shape(x))


# %% wrong square -> EXERCISE_of_known_values
# TODO: mistakes that students make, four at least, each with the check that must catch it. This one is an edit of the
# answer above: a line taken out, and one put in its place.
# - return 2 * np.asarray(x)  # TODO: the answer
# + return np.asarray(x) ** 2


# %% wrong not_at_all of sum -> EXERCISE_of_known_values
# - return x + x
# + return x


# %% wrong flattened of sum -> EXERCISE_keeps_the_shape
# - return x + x
# + return 2 * np.ravel(x)


# %% wrong capped of sum -> EXERCISE_of_random_numbers
# - return x + x
# + return np.clip(x + x, -10, 10)
'''

_LAB_TEXT = '''\
# %% [markdown]
# # Lab NUMBER · TITLE
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# TODO: what this lab asks, and what will be possible at its end.
#
# Under each exercise is a *check* cell. When your work is graded, further checks run that you do not see here.
#
# TODO: how many hours.

# %%
import numpy as np

from coursekit import checks_for

check = checks_for("LAB")

# %% visible
"""Visible checks of lab NUMBER. TODO: what it is about.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer.
"""

import numpy as np

from coursekit.checking import Student, checks, expect_close

Rng = np.random.Generator

# %% hidden
"""Hidden checks of lab NUMBER: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

import numpy as np

from coursekit.checking import Student, checks, expect_close

Rng = np.random.Generator
'''

_USED_BY_CELLS = ("check", "np")
_USED_BY_CHECKS = ("Rng", "Student", "checks", "expect_close", "np")


@dataclass(frozen=True)
class Skeleton:
    """The outcome of :func:`write_skeleton`.

    Args:
        exercise: The exercise's slug.
        lab: The lab's stem.
        places: What stands where: the file, relative to the course's root, the line, and what begins there.
    """

    exercise: str
    lab: str
    places: tuple[tuple[Path, int, str], ...]

    def text(self) -> str:
        """Return the report for the command line."""
        shown = [(f"{path.as_posix()}:{line}", what) for path, line, what in self.places]
        width = max(len(place) for place, _ in shown)
        return "\n".join(
            [
                *(f"{place:<{width}}  {what}" for place, what in shown),
                "So far the exercise doubles numbers. Replace what is marked TODO in its file, then build and test it:",
                f'  coursekit build && pytest tests/test_labs.py -k "{self.exercise} or left_to_be_written"',
            ]
        )


def write_skeleton(exercise: str, *, lab: str, root: Path) -> Skeleton:
    """Add the skeleton of an exercise to a lab, as its last one; write nothing unless all of it can be written.

    The exercise gets a file of its own, and a line in the lab's ``lab.py``. A lab with a number that no other has is
    begun anew. The authors' own lines stay as they are.

    Args:
        exercise: The slug: the name of the function to be written.
        lab: The lab's stem, such as ``03_mlp``.
        root: The course's folder, with ``labs/``.

    Raises:
        UnknownNameError: There is no such lab, and its number is taken.
        SourceError: The lab's sources break rules of authoring already.
        CourseError: The slug is no name or is taken, or a file cannot be written.
    """
    if not _EXERCISE.fullmatch(exercise) or keyword.iskeyword(exercise) or exercise == "lab":
        raise CourseError(
            f"An exercise is named as its function is, such as leaky_relu: letters, digits and '_'. Got {exercise!r}."
        )
    labs = [folder.name for folder in lab_folders(root)]
    folder = root / LABS_FOLDER / lab
    if lab not in labs:
        _require_new_lab(lab, labs)
        top_text = _headed(_LAB_TEXT, lab)
    else:
        _require_free(exercise, folder)
        top_text = _text(folder / LAB_FILE)
    top_text, place = _with_place(top_text, exercise)
    text = _EXERCISE_FILE.replace("EXERCISE", exercise)
    path = folder / f"{exercise}.py"
    _write_all({path: text, folder / LAB_FILE: top_text})
    lines = {s.kind: s.marker_line for s in reversed(split_sections(path, text)) if s.kind != "cell"}
    places = (
        (path, 1, "the exercise: its text, its answer, its points"),
        (path, lines["visible"], "its visible checks"),
        (path, lines["hidden"], "its hidden check"),
        (path, lines["right"], "right and wrong answers"),
        (folder / LAB_FILE, place, "its place in the lab"),
    )
    return Skeleton(exercise, lab, tuple((path.relative_to(root), line, what) for path, line, what in places))


def _require_new_lab(lab: str, labs: list[str]) -> None:
    """Raise unless a name may be that of a new lab, so that a slip of the pen does not make one."""
    match = _LAB.fullmatch(lab)
    if not match or any(name.startswith(f"{match[1]}_") for name in labs):
        raise UnknownNameError("lab", lab, labs)


def _headed(text: str, lab: str) -> str:
    number, _, topic = lab.partition("_")
    return text.replace("LAB", lab).replace("NUMBER", number).replace("TITLE", topic.replace("_", " ").capitalize())


def _text(path: Path) -> str:
    """Return a file's text with its own line ends."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from error


def _require_free(exercise: str, folder: Path) -> None:
    """Raise if a name that the skeleton would define is taken, or one that it uses is missing."""
    path = folder / f"{exercise}.py"
    if path.exists():
        raise CourseError(f"The exercise {exercise!r} exists already: {path}.")
    lab = lab_source(folder)
    if {exercise, check_cell_name(exercise)} & {cell.grade_id for cell in lab.cells}:
        raise CourseError(f"Lab {lab.stem} has a cell named {exercise!r} already; name the exercise differently.")
    sections = split_sections(path, _EXERCISE_FILE.replace("EXERCISE", exercise))
    cells = [(cell.place, cell.source) for cell in lab.cells if cell.cell_type == "code"]
    _require_names(cells, [exercise], _USED_BY_CELLS, f"the cells of lab {lab.stem}")
    for kind in ("visible", "hidden"):
        lines = module_lines(lab, kind)
        if not lines:
            raise CourseError(f"{folder / LAB_FILE} has no section '# %% {kind}'; write it first, with its imports.")
        added = [name for section in sections if section.kind == kind for name, _, _ in check_names(section)]
        text = "\n".join(line.text for line in lines)
        _require_names([(f"the {kind} checks", text)], added, _USED_BY_CHECKS, f"'# %% {kind}' in {LAB_FILE}")


def _require_names(texts: list[tuple[str, str]], added: list[str], used: tuple[str, ...], where: str) -> None:
    defined = {name: place for place, text in texts for name in _defined(ast.parse(text))}
    if taken := [name for name in added if name in defined]:
        raise CourseError(f"{defined[taken[0]]} defines {taken[0]!r} already; name the exercise differently.")
    if missing := [name for name in used if name not in defined]:
        raise CourseError(f"{where} lacks {', '.join(missing)}, which the skeleton uses; import or define it first.")


def _defined(module: ast.Module) -> Iterator[str]:
    """Yield the names that a module defines."""
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield (alias.asname or alias.name).partition(".")[0]
        else:
            for name in ast.walk(node):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    yield name.id


def _with_place(text: str, exercise: str) -> tuple[str, int]:
    """Return the text of a ``lab.py`` with a line for an exercise behind all others, and that line's number."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    sections = split_sections(Path(LAB_FILE), "\n".join(lines))
    places = [section.marker_line for section in sections if section.kind == "exercise"]
    marker = f"# %% exercise {exercise}"
    if places:
        return newline.join([*lines[: places[-1]], marker, *lines[places[-1] :]]), places[-1] + 1
    index = next((s.marker_line - 1 for s in sections if s.kind != "cell"), len(lines))
    return newline.join([*lines[:index], marker, "", *lines[index:]]), index + 1


def _write_all(texts: Mapping[Path, str]) -> None:
    """Write every text, or leave every file as it was."""
    before = {path: path.read_bytes() if path.is_file() else None for path in texts}
    done: list[Path] = []
    try:
        for path, text in texts.items():
            replace_file(path, text.encode())
            done.append(path)
    except CourseError:
        for path in done:
            data = before[path]
            path.unlink() if data is None else replace_file(path, data)
        raise
