from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets import import_item
from traitlets.config import Config

from coursekit.grading import configure
from coursekit.grading.preprocessors import ExecuteSubmission, RebuildSubmission


@pytest.fixture
def configured(tmp_path: Path) -> Config:
    c = Config()
    configure(c, tmp_path / "nbgrader_config.py")
    return c


def test_the_course_is_the_folder_of_its_file(configured: Config, tmp_path: Path) -> None:
    assert configured.CourseDirectory.root == str(tmp_path)
    assert configured.CourseDirectory.course_id == "coursekit"
    assert configured.GradingStep.course == str(tmp_path)


def test_submissions_are_rebuilt_by_our_step(configured: Config) -> None:
    assert import_item(configured.Autograde.sanitize_preprocessors[0]) is RebuildSubmission


def test_only_nbgraders_execution_is_replaced(configured: Config) -> None:
    ours = [import_item(name) for name in configured.Autograde.autograde_preprocessors]
    theirs = Autograde.autograde_preprocessors.default()
    assert [a is b for a, b in zip(ours, theirs, strict=True)] == [step is not Execute for step in theirs]
    assert ours[theirs.index(Execute)] is ExecuteSubmission


def test_the_settings_are_plain_data(configured: Config) -> None:
    # Formgrader writes them out as JSON.
    assert "coursekit.grading.preprocessors.ExecuteSubmission" in json.dumps(configured)
