from pathlib import Path

import pytest

from coursekit.errors import CourseError
from coursekit.grading import Course


def test_a_course_knows_its_labs_and_folders(course):
    found = Course(course)
    assert found.labs() == ["01_softmax"]
    assert found.submitted == course / "submitted"
    assert found.hidden == course / "hidden"
    assert found.db_url == f"sqlite:///{course}/gradebook.db"


def test_the_repositorys_own_course_finds_its_labs_wherever_one_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "01_softmax" in Course(Path(__file__).parents[2] / "autograde").labs()


def test_a_folder_without_configuration_is_no_course(tmp_path):
    with pytest.raises(CourseError, match=r"no course folder.*nbgrader_config\.py"):
        Course(tmp_path)


def test_a_configuration_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = (")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read: SyntaxError"):
        Course(tmp_path)
