from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from coursekit.authoring import instructor_notebook, lab_source, student_version
from coursekit.authoring.committed import leaked_lines, secret_lines
from tests.authoring.conftest import Course

#: Changes the JSON of a notebook.
Edit = Callable[[dict[str, Any]], object]
Check = Callable[[Edit], list[str]]

ADDRESS = "https://github.com/someone/course"


@pytest.fixture
def check(course: Course, lab: str) -> Check:
    """A function that edits the student's notebook of a built lab and returns what a check then says."""
    course.write(lab)
    course.build()

    def check(edit: Edit) -> list[str]:
        path = course.student()
        content = json.loads(path.read_text(encoding="utf-8"))
        edit(content)
        path.write_text(json.dumps(content), encoding="utf-8")
        return [problem.message for problem in course.build(check=True).problems]

    return check


def test_a_notebook_that_was_run_carries_outputs(check: Check) -> None:
    def run(content: dict[str, Any]) -> None:
        content["cells"][1]["execution_count"] = 4

    assert check(run)[0].startswith("carries outputs")


def test_a_notebook_without_a_kernelspec_is_reported(check: Check) -> None:
    assert check(lambda content: content["metadata"].pop("kernelspec"))[0].startswith("has no kernelspec")


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content["cells"][0]["source"].append("\n    twice = x + x\n"),
        lambda content: content["cells"][1].update(source=["    twi", "ce = x + x"]),
        lambda content: content["cells"][1]["outputs"].append(
            {"output_type": "stream", "name": "stdout", "text": ["a\n", "twice = x + x\n"]}
        ),
        lambda content: content["metadata"].update(note={"answer": "twice = x + x"}),
    ],
)
def test_a_notebook_that_shows_an_answer_leaks(check: Check, edit: Edit) -> None:
    messages = check(edit)
    assert "shows students a line of an answer: 'twice = x + x'" in messages


@pytest.mark.parametrize(
    "damage", [lambda content: content.update(cells=3), lambda content: content.update(metadata=[])]
)
def test_a_notebook_of_the_wrong_shape_is_only_different(check: Check, damage: Edit) -> None:
    assert check(damage)[-1].startswith("is not what its source builds")


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_notebook_is_only_different(course: Course, lab: str, data: bytes) -> None:
    course.write(lab)
    course.build()
    course.student().write_bytes(data)
    messages = [problem.message for problem in course.build(check=True).problems]
    assert messages[-1].startswith("is not what its source builds")


def test_an_answer_leaks_from_a_merge_conflict_too(course: Course, lab: str) -> None:
    course.write(lab)
    course.build()
    text = course.instructor().read_text(encoding="utf-8")
    course.student().write_text(f"<<<<<<< ours\n{text}", encoding="utf-8")
    messages = [problem.message for problem in course.build(check=True).problems]
    assert "shows students a line of an answer: 'twice = x + x'" in messages


def test_secrets_are_the_telling_lines_that_students_do_not_get(course: Course, lab: str) -> None:
    text = lab.replace("return twice", "# a comment\n    else_ = 0\n    return twice")
    nb = instructor_notebook(lab_source(course.write(f"{text}\n# %%\nelse_ = 0\n")), ADDRESS)
    assert secret_lines(nb, student_version(nb)) == {"twice = x + x", "return twice"}


def test_secrets_are_found_as_whole_lines() -> None:
    assert leaked_lines({"a": ["x", {"b": "  secret = 1\nz"}]}, {"secret = 1", "ret = 1"}) == ["secret = 1"]
