from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from coursekit.authoring import write_autograder
from coursekit.errors import CourseError, UnknownNameError

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"


def write(file: Path, lab: str = LAB, **settings: object) -> int:
    return write_autograder(lab, file, root=ROOT, settings=settings, secret=b"secret")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("autograder") / "autograder.zip"
    assert write(file, limits={"cell_s": 60}, sandbox="none") == len(zipfile.ZipFile(file).namelist())
    return file


def test_it_holds_the_programs_that_gradescope_runs(written: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(written) as opened:
        for program in ("setup.sh", "run_autograder"):
            assert opened.getinfo(program).external_attr >> 16 == 0o755
            opened.extract(program, tmp_path)
            subprocess.run(["bash", "-n", str(tmp_path / program)], check=True)


def test_it_holds_the_labs_hidden_checks_its_release_and_the_package_alone(written: Path) -> None:
    names = zipfile.ZipFile(written).namelist()
    assert [name for name in names if not name.startswith("package/")] == [
        "constraints.txt",
        "course/.grading-secret",
        f"course/hidden/{LAB}.py",
        "course/nbgrader_config.py",
        f"course/release/{LAB}/{LAB}.ipynb",
        "run_autograder",
        "setup.sh",
    ]
    assert "package/src/coursekit/lms/gradescope_container.py" in names
    released = json.loads(zipfile.ZipFile(written).read(f"course/release/{LAB}/{LAB}.ipynb"))
    assert "BEGIN SOLUTION" not in json.dumps(released)


def test_the_courses_settings_hold_there_but_for_the_sandbox(written: Path) -> None:
    config = zipfile.ZipFile(written).read("course/nbgrader_config.py").decode()
    assert config.endswith("configure(c, __file__)\nc.GradingStep.limits = {'cell_s': 60}\n")


def test_nobody_else_can_read_it_and_the_same_course_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    assert written.stat().st_mode & 0o777 == 0o600
    write(tmp_path / "again.zip", limits={"cell_s": 60})
    assert (tmp_path / "again.zip").read_bytes() == written.read_bytes()


def test_an_earlier_one_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "autograder.zip"
    write(file)
    write(file)
    file.write_bytes(b"my thesis")
    with pytest.raises(CourseError, match=r"is not an earlier autograder, and was left as it is\. Name another"):
        write(file)
    assert file.read_bytes() == b"my thesis"


def test_bad_input_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="01_sofmax"):
        write(tmp_path / "a.zip", lab="01_sofmax")
    with pytest.raises(CourseError, match=r"cannot be written: .*--output FILE"):
        write(tmp_path / "no" / "a.zip")
    assert list(tmp_path.iterdir()) == []
