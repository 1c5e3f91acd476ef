from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.authoring import skeleton, write_skeleton
from coursekit.authoring.reading import lab_source
from coursekit.errors import CourseError, SourceError, UnknownNameError
from tests.authoring.conftest import Course

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "handbook" / "authors.md"


@pytest.fixture
def whole(course: Course, whole_lab: dict[str, str]) -> Course:
    """A course with a lab of one exercise."""
    course.write(whole_lab)
    return course


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(course: Course, name: str, old: str, new: str) -> None:
    path = course.root / "labs" / "01_lab" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# what is written


def test_the_course_builds_at_once(whole: Course) -> None:
    write_skeleton("halve", lab="01_lab", root=whole.root)
    assert len(whole.build().written) == 5
    assert not whole.build(check=True).problems
    assert "raise NotImplementedError" in whole.student().read_text(encoding="utf-8")


def test_it_has_all_that_an_exercise_needs(whole: Course) -> None:
    write_skeleton("halve", lab="01_lab", root=whole.root)
    exercise = lab_source(whole.root / "labs" / "01_lab").exercises[1]
    assert (exercise.slug, exercise.points) == ("halve", 1)
    assert exercise.visible is not None
    assert exercise.hidden is not None
    assert sum(variant.right for variant in exercise.variants) == 2
    assert sum(not variant.right for variant in exercise.variants) == 4


def test_one_file_is_added_and_every_line_of_the_authors_own_stays(whole: Course) -> None:
    before = content(whole.root)
    write_skeleton("halve", lab="01_lab", root=whole.root)
    after = content(whole.root)
    assert set(after) - set(before) == {"labs/01_lab/halve.py"}
    for path, data in before.items():
        added = iter(after[path].split(b"\n"))
        assert all(line in added for line in data.split(b"\n")), path


def test_its_place_is_after_the_last_exercise_and_before_what_follows(whole: Course) -> None:
    write_skeleton("halve", lab="01_lab", root=whole.root)
    whole.build()
    text = whole.instructor().read_text(encoding="utf-8")
    assert text.index("print(double(1))") < text.index("def halve(") < text.index('check(\\"halve\\")')
    assert text.index('check(\\"halve\\")') < text.index("print(double(2))")


def test_the_places_are_where_things_begin(whole: Course) -> None:
    skeleton = write_skeleton("halve", lab="01_lab", root=whole.root)
    lines = [(whole.root / p).read_text(encoding="utf-8").splitlines()[line - 1] for p, line, _ in skeleton.places]
    assert lines == ["# %% [markdown]", "# %% visible", "# %% hidden", "# %% right sum", "# %% exercise halve"]
    assert all(f"{path.as_posix()}:{line} " in skeleton.text() for path, line, _ in skeleton.places)


def test_line_ends_are_those_of_the_file(whole: Course) -> None:
    path = whole.root / "labs" / "01_lab" / "lab.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    write_skeleton("halve", lab="01_lab", root=whole.root)
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_a_second_exercise_comes_after_the_first(whole: Course) -> None:
    write_skeleton("halve", lab="01_lab", root=whole.root)
    write_skeleton("treble", lab="01_lab", root=whole.root)
    assert [e.slug for e in lab_source(whole.root / "labs" / "01_lab").exercises] == ["double", "halve", "treble"]


def test_a_lab_without_exercises_gets_its_first(whole: Course) -> None:
    edit(whole, "lab.py", "# %% exercise double\n", "")
    (whole.root / "labs" / "01_lab" / "double.py").unlink()
    edit(whole, "lab.py", "print(double(2))", "pass")
    write_skeleton("halve", lab="01_lab", root=whole.root)
    assert [e.slug for e in lab_source(whole.root / "labs" / "01_lab").exercises] == ["halve"]


def test_a_lab_with_a_number_of_its_own_is_begun(whole: Course) -> None:
    write_skeleton("gate", lab="02_rnn", root=whole.root)
    text = (whole.root / "labs" / "02_rnn" / "lab.py").read_text(encoding="utf-8")
    assert text.startswith("# %% [markdown]\n# # Lab 02")
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


@pytest.mark.parametrize("name", ["", "two words", "2x", "class", "a-b", "größe", "_x", "../x", "x\n", "lab"])
def test_a_name_that_is_none_is_refused(whole: Course, name: str) -> None:
    assert "An exercise is named as its function is, such as leaky_relu" in refused(whole, name, "01_lab", CourseError)


@pytest.mark.parametrize("name", ["np", "check"])
def test_a_name_that_is_taken_in_the_lab_is_refused(whole: Course, name: str) -> None:
    assert f"defines {name!r} already" in refused(whole, name, "01_lab", CourseError)


def test_a_name_that_is_a_cells_is_refused(whole: Course) -> None:
    edit(
        whole,
        "lab.py",
        "# %% [markdown]\n# ## Why?",
        '# %% [markdown] nbgrader={"grade_id": "why", "locked": true}\n# ## Why?',
    )
    assert "has a cell named 'why' already" in refused(whole, "why", "01_lab", CourseError)


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_a_check_of_the_name_is_not_lost(whole: Course, kind: str) -> None:
    name = {"visible": "halve_keeps_the_shape", "hidden": "halve_of_random_numbers"}[kind]
    edit(whole, "double.py", f"# %% {kind}\n", f"# %% {kind}\ndef {name}():\n    pass\n\n\n")
    assert f"defines {name!r} already" in refused(whole, "halve", "01_lab", CourseError)


def test_an_exercise_that_exists_is_left_alone(whole: Course) -> None:
    assert "The exercise 'double' exists already: " in refused(whole, "double", "01_lab", CourseError)


def test_a_file_that_exists_is_left_alone(whole: Course) -> None:
    (whole.root / "labs" / "01_lab" / "halve.py").write_text("mine", encoding="utf-8")
    assert "'halve' exists already" in refused(whole, "halve", "01_lab", CourseError)


@pytest.mark.parametrize("lab", ["01_lob", "01", "lab", "2_rnn", "02-rnn", "02_RNN"])
def test_a_lab_that_does_not_exist_is_told_the_known_ones(whole: Course, lab: str) -> None:
    assert "Known: 01_lab" in refused(whole, "halve", lab, UnknownNameError)


def test_a_source_that_breaks_rules_is_not_added_to(whole: Course) -> None:
    edit(whole, "double.py", 'check("double")\n', "pass\n")
    assert "must end with check" in refused(whole, "halve", "01_lab", SourceError)


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_checks_without_what_the_skeletons_use_are_refused(whole: Course, kind: str) -> None:
    edit(
        whole,
        "lab.py",
        f'# %% {kind}\n"""{kind.capitalize()} checks."""\n\nimport numpy as np',
        f"# %% {kind}\nimport numpy",
    )
    assert f"'# %% {kind}' in lab.py lacks np, which the skeleton uses" in refused(
        whole, "halve", "01_lab", CourseError
    )


def test_a_lab_without_what_the_skeletons_cells_use_is_refused(whole: Course) -> None:
    edit(whole, "lab.py", "check = checks_for", "check_it = checks_for")
    assert "the cells of lab 01_lab lacks check" in refused(whole, "halve", "01_lab", CourseError)


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_a_lab_without_checks_is_refused(whole: Course, kind: str) -> None:
    path = whole.root / "labs" / "01_lab" / "lab.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("# %% visible")], encoding="utf-8")
    (whole.root / "labs" / "01_lab" / "double.py").unlink()
    edit(whole, "lab.py", "# %% exercise double\n", "")
    other = "hidden" if kind == "visible" else "visible"
    edit(whole, "lab.py", "# ## Why?\n", f"# ## Why?\n\n# %% {other}\n" + text.partition("# %% hidden\n")[2])
    assert f"has no section '# %% {kind}'; write it first" in refused(whole, "halve", "01_lab", CourseError)


def test_nothing_is_written_if_not_all_can_be(whole: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        if path.name == "lab.py":
            raise CourseError(f"Cannot write {path}: No space left on device.")
        path.write_bytes(data)

    monkeypatch.setattr(skeleton, "replace_file", full)
    assert "Cannot write" in refused(whole, "halve", "01_lab", CourseError)


def test_a_folder_that_is_no_course_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no folder .*labs"):
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
    for name in ("src", "labs", "solutions", "notebooks", "autograde"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    (tmp_path / "tests").mkdir()
    for name in ("tests/test_labs.py", "tests/kept.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(clone: Path, *command: str) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(clone / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=clone, env=environment
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.long
def test_who_follows_the_authors_page_has_a_graded_exercise(clone: Path, blocks: list[tuple[str, str]]) -> None:
    (console,) = (text for kind, text in blocks if kind == "console")
    pieces = [text for kind, text in blocks if kind == "python"]
    command, _, printed = console.partition("\n")
    code, said = run(clone, *command.removeprefix("$ ").split())
    assert (code, re.sub(r":\d+ +", " ", said)) == (0, re.sub(r":\d+ +", " ", printed))
    assert f"  {build_and_test(blocks)}\n" in said

    # At once: it builds, and all that fails is that something is left to be written.
    code, said = followed(clone, build_and_test(blocks))
    assert code == 1, said
    assert re.search(r"\b1 failed, \d\d passed", said), said
    assert "Still to be written:" in said
    assert "labs/03_mlp/leaky_relu.py:4: # TODO" in said

    # With the file as on the page, it passes.
    n_pieces = next(n for n, text in enumerate(pieces, 1) if text.startswith("# %% survivors"))
    path = clone / "labs" / "03_mlp" / "leaky_relu.py"
    path.write_text("\n\n".join(pieces[:n_pieces]), encoding="utf-8")
    code, said = followed(clone, build_and_test(blocks))
    assert code == 0, said
    assert len(re.findall("passed", said)) == 1


def build_and_test(blocks: list[tuple[str, str]]) -> str:
    """The page's one command."""
    (command,) = (text for kind, text in blocks if kind == "bash" and " && " in text)
    return command.rstrip("\n")


def followed(clone: Path, command: str) -> tuple[int, str]:
    """Run the parts of a command line up to the first that fails."""
    code, said = 0, ""
    for part in command.split(" && "):
        program, *arguments = shlex.split(part)
        quiet = ["-q", "-p", "no:cacheprovider"] if program == "pytest" else []
        code, more = run(clone, program, *quiet, *arguments)
        said += more
        if code:
            break
    return code, said


def test_the_pages_exercise_is_written_as_the_project_writes(clone: Path, blocks: list[tuple[str, str]]) -> None:
    for number, text in enumerate(text for kind, text in blocks if kind == "python" and "[markdown] nb" not in text):
        path = clone / f"block_{number}.py"
        path.write_text(text, encoding="utf-8")
        code, said = run(clone, "ruff", "format", "--check", str(path))
        assert code == 0, said
