from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coursekit import demo
from coursekit.checking import lab_names
from coursekit.grading import grade
from coursekit.grading.course import SECRET_FILE
from coursekit.grading.sandbox import BUBBLEWRAP, NONE

ROOT = Path(__file__).parents[1]


@pytest.mark.long
@pytest.mark.parametrize("one_in", [4, pytest.param(1, marks=pytest.mark.weekly)])
@pytest.mark.parametrize("lab", lab_names())
def test_every_answer_on_file_gets_what_it_deserves_also_out_of_process(lab: str, one_in: int, tmp_path: Path) -> None:
    folder = tmp_path / "course"
    demo.make_course(folder, lab=lab, root=ROOT)
    # The inputs of hidden checks are drawn from it: the same ones each time.
    (folder / SECRET_FILE).write_bytes(b"the same for every run")
    members = demo.make_class(ROOT / "labs" / lab, folder / "source" / lab / f"{lab}.ipynb")
    # The first is the reference; the answers of the others are judged in this process too, each by itself.
    members = members[::one_in]
    for member in members:
        demo.hand_in(member, folder, lab)
    sandbox = BUBBLEWRAP if shutil.which("bwrap") else NONE
    records = {record.student: record.as_json() for record in grade(lab, course=folder, sandbox=sandbox).records}
    assert demo.undeserved(members, records) == []
    assert {record["status"] for record in records.values()} == {"graded"}


def test_where_there_is_a_sandbox_the_class_is_graded_in_it() -> None:
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    said: list[str] = []
    assert demo._sandbox("01_softmax", said.append) == BUBBLEWRAP
    assert said == []


def test_where_there_is_none_the_class_is_graded_without_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    said: list[str] = []
    assert demo._sandbox("01_softmax", said.append) == NONE
    assert "can be trusted" in said[0]
    assert "bwrap" in said[0]
