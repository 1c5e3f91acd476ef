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

from coursekit.authoring.files import replace_file
from coursekit.authoring.report import Problem, listing
from coursekit.authoring.rules import rule_findings
from coursekit.authoring.script import script_findings, split_script
from coursekit.errors import CourseError, SourceError, UnknownNameError

__all__ = ["Skeleton", "write_skeleton"]

_LAB = re.compile(r"(\d\d)_([a-z0-9_]+)")
_EXERCISE = re.compile(r"[A-Za-z]\w*", re.ASCII)

_CELLS = '''\
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
'''

_VISIBLE = '''\
# EXERCISE


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
'''

_HIDDEN = '''\
@checks("EXERCISE")
def EXERCISE_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random numbers are doubled. TODO: a sentence for the feedback page."""
    x = rng.normal(scale=100, size=(4, 3))
    right = [[entry + entry for entry in row] for row in x]  # TODO: another way than the answer's
    expect_close(student.call("EXERCISE", x), right, hint="TODO: what to try when this is wrong.")
'''

_VARIANTS = '''\
"""Right and wrong answers to the exercise EXERCISE."""

# %% setup
import numpy as np


# %% right sum
# TODO: right answers in other styles, two at least.
def EXERCISE(x):
    return x + x


# %% right loop
def EXERCISE(x):
    return np.array([2 * entry for entry in np.ravel(x)]).reshape(np.shape(x))


# %% wrong square -> EXERCISE_of_known_values
# TODO: mistakes that students make, four at least, each with the check that must catch it.
def EXERCISE(x):
    return x**2


# %% wrong not_at_all -> EXERCISE_of_known_values
def EXERCISE(x):
    return x


# %% wrong flattened -> EXERCISE_keeps_the_shape
def EXERCISE(x):
    return 2 * np.ravel(x)


# %% wrong capped -> EXERCISE_of_random_numbers
def EXERCISE(x):
    return np.clip(2 * x, -10, 10)
'''

_SOURCE_HEAD = """\
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

from coursekit.checking import checks_for

check = checks_for("LAB")
"""

_VISIBLE_HEAD = '''\
"""Visible checks of lab NUMBER. TODO: what it is about.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer.
"""

from __future__ import annotations

import numpy as np

from coursekit.checking import Student, checks, expect_close

#: What each exercise is worth, in the order of the lab.
POINTS = {}

Rng = np.random.Generator
'''

_HIDDEN_HEAD = '''\
"""Hidden checks of lab NUMBER: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

from __future__ import annotations

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
        places: What stands where: the file, relative to the course's root, the line, and what begins there.
    """

    exercise: str
    places: tuple[tuple[Path, int, str], ...]

    def text(self) -> str:
        """Return the report for the command line."""
        shown = [(f"{path.as_posix()}:{line}", what) for path, line, what in self.places]
        width = max(len(place) for place, _ in shown)
        return "\n".join(
            [
                *(f"{place:<{width}}  {what}" for place, what in shown),
                "So far the exercise doubles numbers. Replace what is marked TODO, then:",
                "  coursekit build",
                f'  pytest tests/test_labs.py -k "{self.exercise} or left_to_be_written"',
            ]
        )


def write_skeleton(exercise: str, *, lab: str, root: Path) -> Skeleton:
    """Add the skeleton of an exercise to a lab, as its last one; write nothing unless all of it can be written.

    A lab with a number that no other has is begun anew. The authors' own lines stay as they are.

    Args:
        exercise: The slug: the name of the function to be written.
        lab: The lab's stem, such as ``03_mlp``.
        root: The course's folder, with ``solutions/``.

    Raises:
        UnknownNameError: There is no such lab, and its number is taken.
        SourceError: The lab's source breaks rules of authoring already.
        CourseError: The slug is no name or is taken, or a file cannot be read, added to or written.
    """
    if not _EXERCISE.fullmatch(exercise) or keyword.iskeyword(exercise):
        raise CourseError(
            f"An exercise is named as its function is, such as leaky_relu: letters, digits and '_'. Got {exercise!r}."
        )
    labs = [path.stem for path in (root / "solutions").glob("*.py")]
    if not (root / "solutions").is_dir():
        raise CourseError(f"There is no folder {root / 'solutions'}; name the course's folder with --root.")
    if lab not in labs:
        _require_new_lab(lab, labs)
    source = root / "solutions" / f"{lab}.py"
    visible = root / "src" / "coursekit" / "checks" / f"{lab}.py"
    hidden = root / "autograde" / "hidden" / f"{lab}.py"
    variants = root / "autograde" / "variants" / lab / f"{exercise}.py"
    texts = {
        source: _text(source, _headed(_SOURCE_HEAD, lab)),
        visible: _text(visible, _headed(_VISIBLE_HEAD, lab)),
        hidden: _text(hidden, _headed(_HIDDEN_HEAD, lab)),
    }
    if lab in labs and not visible.is_file():
        raise CourseError(f"Lab {lab} has no visible checks: there is no {visible}. Write it first, with its POINTS.")
    _require_sound(source, texts[source])
    _require_free(exercise, texts, variants)
    source_text, cells_line = _with_cells(texts[source], _CELLS.replace("EXERCISE", exercise))
    visible_text, points_line = _with_points(texts[visible], exercise, visible)
    visible_text, visible_line = _appended(visible_text, _VISIBLE.replace("EXERCISE", exercise))
    hidden_text, hidden_line = _appended(texts[hidden], _HIDDEN.replace("EXERCISE", exercise))
    written = {
        source: source_text,
        visible: visible_text,
        hidden: hidden_text,
        variants: _VARIANTS.replace("EXERCISE", exercise),
    }
    _require_sound(source, source_text)
    _write_all(written)
    places = (
        (source, cells_line, "the exercise: its text, its answer"),
        (visible, points_line, "its points"),
        (visible, visible_line, "its visible checks"),
        (hidden, hidden_line, "its hidden check"),
        (variants, 1, "right and wrong answers"),
    )
    return Skeleton(exercise, tuple((path.relative_to(root), line, what) for path, line, what in places))


def _require_new_lab(lab: str, labs: list[str]) -> None:
    """Raise unless a name may be that of a new lab, so that a slip of the pen does not make one."""
    match = _LAB.fullmatch(lab)
    if not match or any(name.startswith(f"{match[1]}_") for name in labs):
        raise UnknownNameError("lab", lab, labs)


def _headed(text: str, lab: str) -> str:
    number, _, topic = lab.partition("_")
    return text.replace("LAB", lab).replace("NUMBER", number).replace("TITLE", topic.replace("_", " ").capitalize())


def _text(path: Path, otherwise: str) -> str:
    """Return a file's text with its own line ends, or another text where there is no file."""
    try:
        return path.read_bytes().decode("utf-8") if path.is_file() else otherwise
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from error


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _parsed(path: Path, text: str) -> ast.Module:
    try:
        return ast.parse(_plain(text))
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno} is not Python: {error.msg}. Mend it first.") from error


def _require_sound(path: Path, text: str) -> None:
    findings = list(script_findings(_plain(text))) or rule_findings(split_script(_plain(text)))
    if findings:
        raise SourceError(listing(Problem(path, message, line) for line, message in findings))


def _require_free(exercise: str, texts: Mapping[Path, str], variants: Path) -> None:
    """Raise if a name that the skeleton would define is taken, or one that it uses is missing."""
    if variants.exists():
        raise CourseError(f"The exercise {exercise!r} exists already: {variants}.")
    source = next(iter(texts))
    for path, text in texts.items():
        defined = dict(_defined(_parsed(path, text)))
        added, used = ([exercise], _USED_BY_CELLS) if path == source else (_added_checks(exercise), _USED_BY_CHECKS)
        if taken := [name for name in added if name in defined]:
            raise CourseError(
                f"{path}:{defined[taken[0]]} defines {taken[0]!r} already; name the exercise differently."
            )
        if missing := [name for name in used if name not in defined]:
            raise CourseError(f"{path} lacks {', '.join(missing)}, which the skeleton uses; import or define it first.")
    ids = {cell.grade_id for cell in split_script(_plain(texts[source]))}
    if {exercise, f"check_{exercise}"} & ids:
        raise CourseError(f"{source} has a cell of that name, {exercise!r}, already; name the exercise differently.")


def _added_checks(exercise: str) -> list[str]:
    added = ast.parse((_VISIBLE + _HIDDEN).replace("EXERCISE", exercise))
    return [name for name, _ in _defined(added)]


def _defined(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the names that a module defines, with their lines."""
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node.lineno
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield (alias.asname or alias.name).partition(".")[0], node.lineno
        else:
            for name in ast.walk(node):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    yield name.id, name.lineno


def _with_cells(text: str, cells: str) -> tuple[str, int]:
    """Return a source with cells at the end of its exercises: before the first heading below the last of them."""
    parsed = split_script(_plain(text))
    below = False
    place = None
    for cell in parsed:
        if cell.role == "check":
            below, place = True, None
        elif below and place is None and cell.cell_type == "markdown" and cell.source.startswith("## "):
            place = cell.marker_line - 1
    if place is None:
        return _appended(text, cells, blank=1)
    return _inserted(text, place, cells + "\n"), place + 1


def _with_points(text: str, exercise: str, path: Path) -> tuple[str, int]:
    """Return a module of checks with a point for an exercise at the end of its POINTS."""
    for node in _parsed(path, text).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="POINTS")], value=ast.Dict() as points):
                break
            case ast.AnnAssign(target=ast.Name(id="POINTS"), value=ast.Dict() as points):
                break
    else:
        raise CourseError(f'{path} has no POINTS = {{"exercise": points}}; write it first.')
    entry = f'"{exercise}": 1'
    if not points.values:
        return _spliced(text, points, f"{{\n    {entry},\n}}"), points.lineno + 1
    last = points.values[-1]
    if last.end_lineno == points.end_lineno:
        inside = ast.get_source_segment(_plain(text), points) or ""
        return _spliced(text, points, f"{inside[:-1].rstrip().rstrip(',')}, {entry}}}"), points.lineno
    behind = _plain(text).encode().split(b"\n")[(last.end_lineno or 1) - 1][last.end_col_offset :]
    if not behind.lstrip().startswith(b","):
        raise CourseError(f"{path}:{last.end_lineno}: the last entry of POINTS has no comma behind it; put one there.")
    return _inserted(text, (points.end_lineno or 1) - 1, f"    {entry},\n"), points.end_lineno or 1


def _spliced(text: str, node: ast.expr, replacement: str) -> str:
    """Return a text with other words in the place of an expression."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.encode().split(b"\n")
    begin, end = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    head, tail = lines[begin][: node.col_offset], lines[end][node.end_col_offset :]
    middle = replacement.replace("\n", newline).encode()
    return b"\n".join([*lines[:begin], head + middle + tail, *lines[end + 1 :]]).decode()


def _inserted(text: str, index: int, block: str) -> str:
    """Return a text with whole lines before the line of an index, in the text's own line ends."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split("\n")
    return "\n".join(lines[:index]) + "\n" + block.replace("\n", newline) + "\n".join(lines[index:])


def _appended(text: str, block: str, *, blank: int = 2) -> tuple[str, int]:
    """Return a text with lines at its end, below blank ones, and the line on which they begin."""
    newline = "\r\n" if "\r\n" in text else "\n"
    above = text.rstrip() + newline * (1 + blank)
    return above + block.replace("\n", newline), above.count("\n") + 1


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
