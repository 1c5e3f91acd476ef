from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.authoring.lines import authored, authored_places
from coursekit.errors import CourseError
from tests.authoring.conftest import Course

VISIBLE, HIDDEN = "src/coursekit/checks/01_lab.py", "autograde/hidden/01_lab.py"


@pytest.fixture
def root(course: Course, whole_lab: dict[str, str]) -> Path:
    course.write(whole_lab)
    course.build()
    return course.root


def line_of(path: Path, text: str) -> int:
    return path.read_text(encoding="utf-8").split("\n").index(text) + 1


@pytest.fixture
def built(root: Path) -> int:
    """The line of the built module on which the visible check's constant stands."""
    return line_of(root / VISIBLE, "THREE = 3.0")


@pytest.fixture
def written(root: Path) -> int:
    return line_of(root / "labs" / "01_lab" / "double.py", "THREE = 3.0")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (VISIBLE + ":{}:1: E501 Line too long", "labs/01_lab/double.py:{}:1: E501 Line too long"),
        ("/home/me/course/" + VISIBLE + ":{}: error: No", "labs/01_lab/double.py:{}: error: No"),
        ('  File "/x/' + VISIBLE + '", line {}, in f', '  File "labs/01_lab/double.py", line {}, in f'),
        ("  --> " + VISIBLE + ":{}:9", "  --> labs/01_lab/double.py:{}:9"),
    ],
)
def test_a_place_in_a_built_module_becomes_the_authors(
    root: Path, built: int, written: int, said: str, expected: str
) -> None:
    assert authored(said.format(built), root) == expected.format(written)


@pytest.mark.parametrize("name", [HIDDEN, "hidden/01_lab.py", "<hidden checks of 01_lab 0badcafe>"])
def test_hidden_checks_are_led_back_too(root: Path, name: str) -> None:
    text = "    x = rng.normal(size=17)"
    built = line_of(root / HIDDEN, text)
    written = line_of(root / "labs" / "01_lab" / "double.py", text)
    assert authored(f"at {name}:{built} in it", root) == f"at labs/01_lab/double.py:{written} in it"
    assert authored_places(f"{name}:{built}: x\n{name}:{built}: y\n", root) == [f"labs/01_lab/double.py:{written}"]


def test_what_is_shared_is_led_to_the_labs_own_file(root: Path) -> None:
    built = line_of(root / VISIBLE, "Rng = np.random.Generator")
    written = line_of(root / "labs" / "01_lab" / "lab.py", "Rng = np.random.Generator")
    assert authored(f"{VISIBLE}:{built}", root) == f"labs/01_lab/lab.py:{written}"


@pytest.mark.parametrize(
    "said",
    [
        f"{VISIBLE}:1: the build's own line",
        f"{VISIBLE}:99999: no line",
        f"{VISIBLE}: would be reformatted",
        "src/coursekit/checks/09_none.py:3: no lab",
        "src/coursekit/checks/__init__.py:3: no lab's module",
        "tests/test_labs.py:3: not built",
        "",
    ],
)
def test_all_else_stays(root: Path, said: str) -> None:
    assert authored(said, root) == said
    assert authored_places(said, root) == []


@pytest.mark.parametrize("edit", ["built", "source", "broken source"])
def test_a_module_that_is_not_what_the_sources_build_is_left_alone(root: Path, built: int, edit: str) -> None:
    path = root / VISIBLE if edit == "built" else root / "labs" / "01_lab" / "double.py"
    path.write_text(path.read_text(encoding="utf-8").replace("THREE = 3.0", "THREE = 3.0\n" * 2), encoding="utf-8")
    if edit == "broken source":
        path.write_text("broken", encoding="utf-8")
    assert authored(f"{VISIBLE}:{built}", root) == f"{VISIBLE}:{built}"


def test_the_module_is_a_filter(root: Path, built: int, written: int) -> None:
    package = str(Path(cli.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "coursekit.authoring.lines"],
        input=f"{VISIBLE}:{built}: no\nthe rest\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={"PYTHONPATH": package},
    )
    assert done.stdout == f"labs/01_lab/double.py:{written}: no\nthe rest\n"


def test_the_command_lines_errors_name_the_authors_line(
    root: Path, built: int, written: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise CourseError(f"It broke ({VISIBLE}:{built})")

    monkeypatch.setattr("coursekit.authoring.build.build_labs", fail)
    monkeypatch.setattr("coursekit.authoring.build_labs", fail, raising=False)
    monkeypatch.chdir(root)
    assert cli.main(["build"]) == 2
    assert capsys.readouterr().err == f"coursekit: It broke (labs/01_lab/double.py:{written})\n"
