"""What an author may get wrong in a lab's files: each is told with file, line and remedy, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from coursekit.authoring import build_labs, lab_source
from coursekit.cli import main
from coursekit.errors import SourceError
from tests.authoring.conftest import Course

Edit: TypeAlias = Callable[..., None]


@pytest.fixture
def whole(course: Course, whole_lab: dict[str, str]) -> Course:
    course.write(whole_lab)
    return course


@pytest.fixture
def edit(whole: Course) -> Edit:
    """A function that puts a text in the place of another in a lab's file."""

    def edit(name: str, old: str, new: str) -> None:
        path = whole.root / "labs" / "01_lab" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def refused(course: Course, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int | None, str]]:
    """Return what is wrong by file, line and message: a check exits with 1, a build with 2, and neither writes."""
    before = sorted(course.root.rglob("*"))
    assert main(["build", "--check", "--root", str(course.root)]) == 1
    said = capsys.readouterr().out
    assert main(["build", "--root", str(course.root)]) == 2
    capsys.readouterr()
    assert sorted(course.root.rglob("*")) == before
    problems = build_labs(course.root, check=True).problems
    assert all(problem.text() in said for problem in problems)
    return [(problem.path.name, problem.line, problem.message) for problem in problems]


def line_of(course: Course, name: str, text: str) -> int:
    lines = (course.root / "labs" / "01_lab" / name).read_text(encoding="utf-8").split("\n")
    assert lines.count(text) == 1, f"{text!r} is there {lines.count(text)} times"
    return lines.index(text) + 1


def test_a_whole_lab_is_read(whole: Course) -> None:
    lab = lab_source(whole.root / "labs" / "01_lab")
    (exercise,) = lab.exercises
    assert (exercise.slug, exercise.points) == ("double", 3)
    assert [str(variant) for variant in exercise.variants] == [
        "double-right-twofold",
        "double-wrong-square",
        "double-wrong-six",
    ]
    assert [s.change for s in exercise.survivors] == [
        "def double(x, spare=7): → def double(x, spare=8):",
        "def double(x, spare=7): → def double(x, spare=14):",
    ]
    assert not whole.build().problems


# each row: what is edited in which file, the line (by its text) that is named, and words of the message

SECTIONS = [
    ("# %% hidden\n", "# %% hiden\n", "# %% hiden", "unknown kind here;", "Did you mean '# %% hidden'?"),
    (
        "# %% right twofold",
        "# %% rihgt twofold",
        "# %% rihgt twofold",
        "unknown kind",
        "Did you mean '# %% right STYLE'?",
    ),
    ("# %% right twofold", "# %% other", "# %% other", "legal are cells", "'# %% wrong MISCONCEPTION -> CHECK'"),
    ("# %% right twofold", "# %% right", "# %% right", "cannot be read", "write it as '# %% right STYLE'"),
    ("# %% right twofold", "# %% right 2 x", "# %% right 2 x", "cannot be read", "write it as '# %% right STYLE'"),
    (
        "# %% wrong square -> doubles_three",
        "# %% wrong square",
        "# %% wrong square",
        "cannot be read",
        "write it as '# %% wrong MISCONCEPTION -> CHECK'",
    ),
    ("# %% right twofold", "# %% hidden\n# %% right twofold", "# %% hidden", "a second section", "put them together"),
    ("# %% hidden\n", "# %%hidden\n", "# %%hidden", "looks like the start of a section", "write it as '# %% hidden'"),
    ("# %% hidden\n", "#%Hidden\n", "#%Hidden", "looks like the start of a section", "write it as '# %% hidden'"),
    ("# %% hidden\n", "# %% exercise other\n", "# %% exercise other", "unknown kind here", "legal are"),
]


@pytest.mark.parametrize(("old", "new", "at", "fault", "remedy"), SECTIONS)
def test_a_section_that_cannot_be_read_is_an_error(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str], old: str, new: str, at: str, fault: str, remedy: str
) -> None:
    edit("double.py", old, new)
    name, line, message = refused(whole, capsys)[-1]
    assert name == "double.py"
    if at != "# %% hidden":
        assert line == line_of(whole, "double.py", at)
    assert fault in message
    assert remedy in message


HIDDEN_CHECK = '''\
def doubles_what_is_random(student: Student, rng: Rng) -> None:
    """Random numbers are doubled."""
    x = rng.normal(size=17)
    got = student.call("double", x)
    expect_close(got, 0.5 * (4 * x), hint="Twice.")
'''
COPY = '''\
@checks("double")
def doubles_a_few(student: Student, rng: Rng) -> None:
    """Seventeen numbers are doubled."""
    x = rng.normal(size=17)
    got = student.call("double", x)
    expect_close(got, 0.5 * (4 * x), hint="Twice.")


'''
LEAKS = [
    # the name of a hidden check in a cell, and in a visible check
    ("lab.py", "# ## Why?", "# ## Why does doubles_what_is_random pass?", "the name of the hidden check"),
    ("double.py", "THREE = 3.0", "THREE = 3.0  # see doubles_what_is_random", "the name of the hidden check"),
    # all of it, under another name
    ("double.py", "THREE = 3.0\n", f"THREE = 3.0\n\n\n{COPY}", "can read all of the hidden 'doubles_what_is_random'"),
    ("lab.py", "print(double(2))", f"print(double(2))\n{COPY}", "can read all of the hidden 'doubles_what_is_random'"),
]


@pytest.mark.parametrize(("name", "old", "new", "fault"), LEAKS)
def test_a_hidden_check_that_would_reach_a_students_file_is_an_error(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, fault: str
) -> None:
    edit(name, old, new)
    [(file, line, message)] = refused(whole, capsys)
    assert (file, line) == ("double.py", line_of(whole, "double.py", HIDDEN_CHECK.partition("\n")[0]))
    assert fault in message
    assert "rename one" in message or "remove them there" in message


def test_a_stand_in_that_would_reach_a_students_file_is_an_error(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "    first = 4 * x\n    second = first / 2\n    return second + 0.0\n"
    edit("double.py", "# %% hidden\n", f"# %% hidden\ndef double(x):\n{body}\n\n")
    assert not whole.build().problems
    edit("double.py", "THREE = 3.0\n", f"THREE = 3.0\n\n\ndef helper(x):\n{body}\n")
    assert "students can read all of the hidden 'double'" in build_labs(whole.root, check=True).problems[0].message


def test_an_answer_in_the_visible_checks_is_an_error(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(
        "double.py",
        "    twice = x + x\n    return twice\n",
        "    twice = x + x\n    both = twice\n    return both + 0\n",
    )
    edit(
        "double.py",
        "THREE = 3.0",
        "THREE = 3.0\n\n\ndef f(x):\n    twice = x + x\n    both = twice\n    return both + 0",
    )
    [(file, line, message)] = refused(whole, capsys)
    assert (file, line) == ("double.py", line_of(whole, "double.py", "    ### BEGIN SOLUTION"))
    assert "the whole answer to 'double' can be read in the visible checks; write them without." in message


def test_what_is_alike_by_chance_is_no_leak(whole: Course, edit: Edit) -> None:
    # Probes may be shared, and a line or two be the same.
    probe = "def probe(double):\n    first = double(3.0)\n    second = double(first)\n    return first, second\n\n\n"
    edit("double.py", "THREE = 3.0\n", f"THREE = 3.0\n\n\n{probe}")
    edit("double.py", "# %% hidden\n", f"# %% hidden\n{probe}")
    edit("lab.py", "print(double(2))", 'x = rng.normal(size=17)\nprint("doubles_what_is_random_too")')
    assert not whole.build().problems


# each row: what is edited in double.py, the line (by its text) that is named, and words of the message

ANSWERS = [
    # a wrong answer that names no such check
    (
        "square -> doubles_three",
        "square -> doubles_tree",
        "# %% wrong square -> doubles_tree",
        "names the check 'doubles_tree'",
    ),
    # an edit that does not apply
    ("# - twice = x + x", "# - twice = x * 2", "# - twice = x * 2", "'twice = x * 2' is no line of 'reference'"),
    (
        "# - twice = x + x",
        "#   twice = x * 2",
        "#   twice = x * 2",
        "is no line of 'reference'. Its nearest line is 'twice = x + x'",
    ),
    ("# - twice = x + x\n", "", "# + twice = x**2", "nothing says where in 'reference' this line belongs"),
    (
        "# + twice = x**2",
        "# + twice = x + x",
        "# %% wrong square -> doubles_three",
        "the edit changes nothing in 'reference'",
    ),
    (
        "six of twofold",
        "six of tofold",
        "# %% wrong six of tofold -> doubles_what_is_random",
        "Did you mean 'twofold'?",
    ),
    (
        "six of twofold",
        "six of square",
        "# %% wrong six of square -> doubles_what_is_random",
        "no right answer 'square' above",
    ),
    (
        "# - doubled = 2 * x\n",
        "# - return doubled\n# - doubled = 2 * x\n",
        "# - return doubled",
        "but not one after the other",
    ),
    (
        "# + doubled = 6.0 * np.ones_like(x)",
        "# + doubled = 6.0 * np.ones_like(x)\n\n#   doubled = 2 * x\n# - return doubled",
        "#   doubled = 2 * x",
        "this place of the edit and the one on line",
    ),
    # neither an edit nor a whole answer, or both
    ("# - twice = x + x\n# + twice = x**2\n", "", "# %% wrong square -> doubles_three", "there is no answer here"),
    ("# + twice = x**2", "twice = x**2", "twice = x**2", "stands whole or is an edit, all comments, and this is both"),
    ("right twofold\n", "right twofold of reference\n", "# %% right twofold of reference", "leave 'of reference' out"),
    # names
    (
        "wrong square",
        "wrong twofold",
        "# %% wrong twofold -> doubles_three",
        "two answers are named 'twofold'; see line",
    ),
    (
        "right twofold\n",
        "right reference\n",
        "# %% right reference",
        "two answers are named 'reference'; see the solution cell",
    ),
    # syntax
    ("    doubled = 2 * x\n", "    doubled = 2 x\n", "    doubled = 2 x", "the answer is not valid Python: "),
    (
        "# + twice = x**2",
        "# + twice = x**",
        "# + twice = x**",
        "the answer is not valid Python: invalid syntax: 'twice = x**'",
    ),
    ("# + twice = x**2", "# + twice = x is 2", "# + twice = x is 2", "the answer is not valid Python"),
    # survivors
    ("# Nothing uses it.\n", "", "# - def double(x, spare=7):", "and the reason as a comment below them"),
    ("# - def double(x, spare=7):\n", "", "# + def double(x, spare=8):", "a survivor is one line '# - before'"),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), ANSWERS)
def test_an_answer_that_cannot_be_used_is_an_error(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str], old: str, new: str, at: str, words: str
) -> None:
    edit("double.py", old, new)
    found = refused(whole, capsys)
    assert ("double.py", line_of(whole, "double.py", at)) in [place[:2] for place in found]
    assert words in found[0][2]


def test_an_edit_that_applies_twice_is_an_error(whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("double.py", "    twice = x + x\n", "    twice = x + x\n    twice = x + x\n")
    [(name, line, message)] = refused(whole, capsys)
    assert (name, line) == ("double.py", line_of(whole, "double.py", "# - twice = x + x"))
    assert "'twice = x + x' stands 2 times in 'reference'; add a line above or below it that stays" in message


def test_edits_of_a_broken_answer_are_not_told_again(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("double.py", "    doubled = 2 * x\n", "    doubled = 2 x\n")
    assert len(refused(whole, capsys)) == 1


# the syntax of each kind of section

SYNTAX = [
    ("double.py", "    twice = x + x", "    twice = x +", "the cell is not valid Python"),
    ("double.py", "print(double(1))", "print(double(1)", "the cell is not valid Python"),
    ("double.py", "THREE = 3.0", "THREE = 3.0 4", "the visible checks are not valid Python"),
    (
        "double.py",
        "    x = rng.normal(size=17)",
        "    x = rng.normal(size=17))",
        "the hidden checks are not valid Python",
    ),
    ("lab.py", "print(double(2))", "print(double(2)))", "the cell is not valid Python"),
    ("lab.py", '"""Visible checks."""', '"""Visible checks.""" 1', "the visible checks are not valid Python"),
    ("lab.py", '"""Hidden checks."""', '"""Hidden checks.""" 1', "the hidden checks are not valid Python"),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), SYNTAX)
def test_what_is_not_python_is_named_by_its_line(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, words: str
) -> None:
    edit(name, old, new)
    [(file, line, message)] = refused(whole, capsys)
    assert (file, line) == (name, line_of(whole, name, new))
    assert words in message


# files and places that do not fit together


def test_an_exercise_without_a_file_is_an_error(whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("lab.py", "# %% exercise double\n", "# %% exercise double\n# %% exercise halve\n")
    [(name, line, message)] = refused(whole, capsys)
    assert (name, line) == ("lab.py", line_of(whole, "lab.py", "# %% exercise halve"))
    assert message == (
        "there is no halve.py in this folder; write it (coursekit new halve --lab 01_lab), or remove this line."
    )


def test_a_file_without_a_place_is_an_error(whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("lab.py", "# %% exercise double\n", "")
    [(name, line, message)] = refused(whole, capsys)
    assert (name, line) == ("double.py", 1)
    assert message == "lab.py has no place for this file; add '# %% exercise double' where it belongs."


def test_a_place_given_twice_is_an_error(whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("lab.py", "# %% exercise double\n", "# %% exercise double\n# %% exercise double\n")
    [(name, line, message)] = refused(whole, capsys)
    assert name == "lab.py"
    assert message == f"the exercise 'double' stands here again; see line {line - 1 if line else 0}."


def test_an_exercise_in_the_labs_own_file_is_an_error(
    course: Course, lab: str, capsys: pytest.CaptureFixture[str]
) -> None:
    course.write({"lab.py": lab})
    [(name, line, message)] = refused(course, capsys)
    assert (name, line) == ("lab.py", 4)
    assert "move its cells to double.py in this folder and write '# %% exercise double' in their place" in message


def test_a_file_with_another_exercise_is_an_error(
    whole: Course, edit: Edit, whole_lab: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    edit("lab.py", "# %% exercise double\n", "# %% exercise twice\n")
    folder = whole.root / "labs" / "01_lab"
    (folder / "double.py").rename(folder / "twice.py")
    (folder / "twice.py").write_text("".join(whole_lab["double.py"].partition("# %% right")[:1]), encoding="utf-8")
    found = refused(whole, capsys)
    assert all(name == "twice.py" for name, _, _ in found)
    assert "this file holds the exercises: 'double'; it must hold one, 'twice', named like the file." in found[0][2]
    assert "the check 'doubles_three' is for 'double'; in this file write @checks(\"twice\")." in found[1][2]


def test_a_check_for_another_exercise_is_an_error(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("double.py", '@checks("double")\ndef doubles_three', '@checks("halve")\ndef doubles_three')
    [(name, line, message)] = refused(whole, capsys)
    assert (name, line) == (
        "double.py",
        line_of(whole, "double.py", "def doubles_three(student: Student, rng: Rng) -> None:"),
    )
    assert "is for 'halve'; in this file write @checks(\"double\")" in message


def test_a_check_in_the_labs_own_file_is_an_error(
    whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("lab.py", "\n# %% hidden", '\n\n@checks("double")\ndef f(student, rng):\n    pass\n\n\n# %% hidden')
    [(name, line, message)] = refused(whole, capsys)
    assert (name, line) == ("lab.py", line_of(whole, "lab.py", "def f(student, rng):"))
    assert "the check 'f' stands in lab.py; move it to '# %% visible' in double.py." in message


def test_two_checks_of_one_name_are_an_error(whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("double.py", "def doubles_what_is_random(", "def doubles_three(")
    edit("double.py", "six of twofold -> doubles_what_is_random", "six of twofold -> doubles_three")
    [(name, line, message)] = refused(whole, capsys)
    assert (name, line is not None) == ("double.py", True)
    assert "a second check 'doubles_three'; the first is in double.py, line" in message


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_checks_without_a_module_to_go_to_are_an_error(
    course: Course, whole_lab: dict[str, str], capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    head, _, rest = whole_lab["lab.py"].partition("# %% visible\n")
    visible, _, hidden = rest.partition("# %% hidden\n")
    kept = f"# %% hidden\n{hidden}" if kind == "visible" else f"# %% visible\n{visible}"
    course.write({**whole_lab, "lab.py": head + kept})
    [(name, line, message)] = refused(course, capsys)
    assert (name, line) == ("double.py", line_of(course, "double.py", f"# %% {kind}"))
    assert message == f"lab.py has no section '# %% {kind}'; write it, with the imports that the checks need."


def test_a_folder_without_the_labs_own_file_is_an_error(whole: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (whole.root / "labs" / "01_lab" / "lab.py").unlink()
    [(name, line, message)] = refused(whole, capsys)
    assert (name, line, message) == ("lab.py", None, "cannot be read: No such file or directory.")


def test_all_that_is_wrong_is_told_at_once(whole: Course, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit("double.py", "square -> doubles_three", "square -> doubles_tree")
    edit("double.py", "six of twofold -> doubles_what_is_random", "six of twofold -> none_such")
    assert len(refused(whole, capsys)) == 2
    with pytest.raises(SourceError, match=r"^2 problems in the labs' sources; nothing is built until they are gone"):
        whole.build()


def test_files_that_are_no_sources_are_passed_over(whole: Course) -> None:
    (whole.root / "labs" / "01_lab" / "notes.md").write_text("mine", encoding="utf-8")
    (whole.root / "labs" / "01_lab" / "__pycache__").mkdir()
    Path(whole.root / "labs" / "README.md").write_text("mine", encoding="utf-8")
    assert not whole.build().problems
