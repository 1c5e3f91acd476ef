from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coursekit.authoring import write_skeleton
from coursekit.errors import CourseError, SourceError, UnknownNameError

if TYPE_CHECKING:
    from conftest import Course

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "handbook" / "authors.md"
HEAD = """\
# %% [markdown]
# # A title

# %%
import numpy as np

from coursekit import checks_for

check = checks_for("01_lab")
"""
EXERCISE = """
# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_double", "grade": true, "points": 1}
check("double")
"""
CLOSING = """
# %% tags=["explore"]
print(double(2))

# %% [markdown]
# ## Why?
"""
VISIBLE = '''\
"""Visible checks."""

import numpy as np

from coursekit.checking import Student, checks, expect_close

POINTS = {
    "double": 1,  # ½ would do
}

Rng = np.random.Generator
'''
HIDDEN = VISIBLE.replace('POINTS = {\n    "double": 1,  # ½ would do\n}\n\n', "")


@pytest.fixture
def whole(course: Course) -> Course:
    """A course with a lab of one exercise."""
    course.write(HEAD + EXERCISE + CLOSING)
    for name, text in {"src/coursekit/checks/01_lab.py": VISIBLE, "autograde/hidden/01_lab.py": HIDDEN}.items():
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).write_text(text, encoding="utf-8")
    return course


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def points(text: str) -> dict[str, int]:
    namespace: dict[str, dict[str, int]] = {}
    exec(text[text.index("POINTS") :].partition("\n\n")[0], namespace)
    return namespace["POINTS"]


# what is written


def test_the_course_builds_at_once(whole: Course) -> None:
    write_skeleton("halve", lab="01_lab", root=whole.root)
    assert len(whole.build().written) == 2
    assert not whole.build(check=True).problems
    assert "raise NotImplementedError" in whole.student().read_text(encoding="utf-8")


def test_every_line_of_the_authors_own_stays(whole: Course) -> None:
    before = content(whole.root)
    write_skeleton("halve", lab="01_lab", root=whole.root)
    after = content(whole.root)
    assert set(after) - set(before) == {"autograde/variants/01_lab/halve.py"}
    for path, data in before.items():
        added = iter(after[path].split(b"\n"))
        assert all(line in added for line in data.split(b"\n")), path


def test_the_cells_come_after_the_last_exercise_and_what_it_shows(whole: Course) -> None:
    write_skeleton("halve", lab="01_lab", root=whole.root)
    text = (whole.root / "solutions" / "01_lab.py").read_text(encoding="utf-8")
    assert text.index("print(double(2))") < text.index("def halve(") < text.index('check("halve")')
    assert text.index('check("halve")') < text.index("# ## Why?")


def test_without_a_closing_the_cells_come_last(whole: Course) -> None:
    whole.write(HEAD + EXERCISE)
    write_skeleton("halve", lab="01_lab", root=whole.root)
    assert (whole.root / "solutions" / "01_lab.py").read_text(encoding="utf-8").endswith('check("halve")\n')


def test_the_places_are_where_things_begin(whole: Course) -> None:
    skeleton = write_skeleton("halve", lab="01_lab", root=whole.root)
    lines = [(whole.root / p).read_text(encoding="utf-8").splitlines()[line - 1] for p, line, _ in skeleton.places]
    assert lines == [
        "# %% [markdown]",
        '    "halve": 1,',
        "# halve",
        '@checks("halve")',
        '"""Right and wrong answers to the exercise halve."""',
    ]
    assert all(f"{path.as_posix()}:{line} " in skeleton.text() for path, line, _ in skeleton.places)


@pytest.mark.parametrize(
    "written",
    [
        'POINTS = {"double": 1}',
        'POINTS = {"double": 1,}',
        'POINTS: dict[str, float] = {\n    "double": 1,\n}',
        'POINTS = {\n    "double": 1,\n    # more to come\n}',
        'POINTS = {  # "½"\n    "double": 1}',
        "POINTS = {}",
        "POINTS = {\n}",
        "POINTS = dict(  # wrong: ½\n)\nPOINTS = {}",
    ],
)
def test_the_points_come_last_however_they_are_written(whole: Course, written: str) -> None:
    path = whole.root / "src" / "coursekit" / "checks" / "01_lab.py"
    path.write_text(VISIBLE.replace('POINTS = {\n    "double": 1,  # ½ would do\n}', written), encoding="utf-8")
    write_skeleton("halve", lab="01_lab", root=whole.root)
    before = {"double": 1} if "double" in written else {}
    assert list(points(path.read_text(encoding="utf-8")).items()) == [*before.items(), ("halve", 1)]
    assert all(line in path.read_text(encoding="utf-8") for line in re.findall("#.*", written))


def test_line_ends_are_those_of_the_file(whole: Course) -> None:
    paths = [whole.root / "solutions" / "01_lab.py", whole.root / "src" / "coursekit" / "checks" / "01_lab.py"]
    for path in paths:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    write_skeleton("halve", lab="01_lab", root=whole.root)
    for path in paths:
        assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_a_second_exercise_comes_after_the_first(whole: Course) -> None:
    write_skeleton("halve", lab="01_lab", root=whole.root)
    write_skeleton("treble", lab="01_lab", root=whole.root)
    text = (whole.root / "solutions" / "01_lab.py").read_text(encoding="utf-8")
    assert text.index("def halve(") < text.index("def treble(")
    assert [*points((whole.root / "src/coursekit/checks/01_lab.py").read_text(encoding="utf-8"))][1:] == [
        "halve",
        "treble",
    ]
    whole.build()


def test_a_lab_with_a_number_of_its_own_is_begun(whole: Course) -> None:
    write_skeleton("gate", lab="02_rnn", root=whole.root)
    assert (
        (whole.root / "solutions" / "02_rnn.py").read_text(encoding="utf-8").startswith("# %% [markdown]\n# # Lab 02")
    )
    report = whole.build()
    assert report.labs == ("01_lab", "02_rnn")
    assert not report.problems


# what is refused


def refused(whole: Course, exercise: str, lab: str, error: type[CourseError | SourceError | UnknownNameError]) -> str:
    before = content(whole.root)
    with pytest.raises(error) as caught:
        write_skeleton(exercise, lab=lab, root=whole.root)
    assert content(whole.root) == before
    return str(caught.value)


@pytest.mark.parametrize("name", ["", "two words", "2x", "class", "a-b", "größe", "_x", "../x", "x\n"])
def test_a_name_that_is_none_is_refused(whole: Course, name: str) -> None:
    assert "An exercise is named as its function is, such as leaky_relu" in refused(whole, name, "01_lab", CourseError)


@pytest.mark.parametrize("name", ["double", "np", "check"])
def test_a_name_that_is_taken_in_the_lab_is_refused(whole: Course, name: str) -> None:
    assert f"defines {name!r} already" in refused(whole, name, "01_lab", CourseError)


def test_a_name_that_is_a_cells_is_refused(whole: Course) -> None:
    whole.write(HEAD + EXERCISE.replace("def double", "def halve_").replace("double", "twofold"))
    assert "a cell of that name, 'twofold', already" in refused(whole, "twofold", "01_lab", CourseError)


def test_a_check_of_the_name_is_not_lost(whole: Course) -> None:
    path = whole.root / "autograde" / "hidden" / "01_lab.py"
    path.write_text(HIDDEN + "\n\ndef halve_of_random_numbers():\n    pass\n", encoding="utf-8")
    assert "defines 'halve_of_random_numbers' already" in refused(whole, "halve", "01_lab", CourseError)


def test_variants_that_exist_are_left_alone(whole: Course) -> None:
    path = whole.root / "labs" / "01_lab" / "halve.py"
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    assert "'halve' exists already" in refused(whole, "halve", "01_lab", CourseError)


@pytest.mark.parametrize("lab", ["01_lob", "01", "lab", "2_rnn", "02-rnn", "02_RNN"])
def test_a_lab_that_does_not_exist_is_told_the_known_ones(whole: Course, lab: str) -> None:
    assert "Known: 01_lab" in refused(whole, "halve", lab, UnknownNameError)


def test_a_source_that_breaks_rules_is_not_added_to(whole: Course) -> None:
    whole.write(HEAD + EXERCISE.replace('check("double")', "pass"))
    assert "must end with check" in refused(whole, "halve", "01_lab", SourceError)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("expect_close", "expect", "lacks expect_close"),
        ("POINTS =", "MARKS =", "has no POINTS"),
        ("Rng = ", "Rng == (", "is not Python"),
    ],
)
def test_checks_that_cannot_be_added_to_are_refused(whole: Course, old: str, new: str, words: str) -> None:
    path = whole.root / "src" / "coursekit" / "checks" / "01_lab.py"
    path.write_text(VISIBLE.replace(old, new), encoding="utf-8")
    assert words in refused(whole, "halve", "01_lab", CourseError)


def test_a_lab_without_visible_checks_is_refused(whole: Course) -> None:
    (whole.root / "src" / "coursekit" / "checks" / "01_lab.py").unlink()
    assert "has no visible checks" in refused(whole, "halve", "01_lab", CourseError)


def test_nothing_is_written_if_not_all_can_be(whole: Course) -> None:
    (whole.root / "autograde" / "variants").write_text("a file in the folder's place", encoding="utf-8")
    assert "Cannot write" in refused(whole, "halve", "01_lab", CourseError)


def test_a_folder_that_is_no_course_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no folder .*solutions"):
        write_skeleton("halve", lab="01_lab", root=tmp_path)


# the authors' page


@pytest.fixture(scope="module")
def blocks() -> list[tuple[str, str]]:
    """The page's code blocks in order: the language and the text of each."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of lab 03 and of the package, in which a person follows the page."""
    ignore = shutil.ignore_patterns("__pycache__", "0[!3]_*")
    for name in ("src", "solutions", "notebooks", "autograde"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    (tmp_path / "tests").mkdir()
    for name in ("tests/test_labs.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(clone: Path, *command: str) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(clone / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=clone, env=environment
    )
    return done.returncode, done.stdout + done.stderr


def verdicts_of(clone: Path) -> tuple[int, str]:
    chosen = "leaky_relu or left_to_be_written"
    return run(clone, "pytest", "-q", "-p", "no:cacheprovider", "tests/test_labs.py", "-k", chosen)


def replaced(path: Path, begin: str, end: str, block: str) -> None:
    """Put a block in the place of what stands from one text to the end of another, or to the end of the file."""
    text = path.read_text(encoding="utf-8")
    start = text.index(begin)
    stop = text.index(end, start) + len(end) if end else len(text)
    path.write_text(text[:start] + block.rstrip("\n") + ("" if end else "\n") + text[stop:], encoding="utf-8")


def test_who_follows_the_authors_page_has_a_graded_exercise(clone: Path, blocks: list[tuple[str, str]]) -> None:
    (console,) = (text for kind, text in blocks if kind == "console")
    cells, visible, hidden, variants, *_ = (text for kind, text in blocks if kind == "python")
    command, _, printed = console.partition("\n")
    code, said = run(clone, *command.removeprefix("$ ").split())
    assert (code, re.sub(r":\d+ +", " ", said)) == (0, re.sub(r":\d+ +", " ", printed))

    # At once: it builds, and all that fails is that something is left to be written.
    assert run(clone, "coursekit", "build")[0] == 0
    code, said = verdicts_of(clone)
    assert code == 1
    assert re.search(r"\b1 failed, \d\d passed", said), said
    assert "Still to be written:" in said
    assert "autograde/variants/03_mlp/leaky_relu.py:8: # TODO" in said

    # Filled in as on the page, it passes.
    source = clone / "solutions" / "03_mlp.py"
    replaced(source, "# %% [markdown]\n# ## leaky_relu\n", 'check("leaky_relu")', cells)
    replaced(clone / "src/coursekit/checks/03_mlp.py", "# leaky_relu\n", "", visible)
    replaced(clone / "autograde/hidden/03_mlp.py", '@checks("leaky_relu")', "", hidden)
    replaced(clone / "autograde/variants/03_mlp/leaky_relu.py", '"""Right', "", variants)
    assert run(clone, "coursekit", "build")[0] == 0
    code, said = verdicts_of(clone)
    assert code == 0, said
    assert len(re.findall("passed", said)) == 1


def test_the_pages_exercise_is_written_as_the_project_writes(clone: Path, blocks: list[tuple[str, str]]) -> None:
    for number, text in enumerate(text for kind, text in blocks if kind == "python" and "[markdown] nb" not in text):
        path = clone / f"block_{number}.py"
        path.write_text(text, encoding="utf-8")
        code, said = run(clone, "ruff", "format", "--check", str(path))
        assert code == 0, said
