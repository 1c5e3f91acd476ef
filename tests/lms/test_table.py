from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.lms import Collected, Collection, Export
from coursekit.lms.table import summary, table

ROWS = (
    Collected("4711", "garciaana", "01_softmax.ipynb", False, "new; passed over report.pdf"),
    Collected("4712", "otabo", "01_softmax.ipynb", True, "kept what is there: 01_softmax-1.ipynb is newer"),
    Collected("4713", "nemofinn", "", False, "new; no notebook, only lab.pdf", "no notebook, only lab.pdf"),
    Collected("4714", "Never, Was", "", False, "new; handed in nothing", "handed in nothing"),
)


def test_a_collection_is_a_row_a_student_then_counts_then_notes() -> None:
    lines = table(Collection("canvas", ROWS, ("one link",))).splitlines()
    assert lines[0].split() == ["student", "name", "file", "late", "note"]
    assert lines[3].split()[:5] == ["4712", "otabo", "01_softmax.ipynb", "late", "kept"]
    assert lines[-4:] == [
        "4 students: 3 new, 1 kept.",
        "handed in nothing (1): Never, Was (4714)",
        "no notebook (1): nemofinn (4713)",
        "note: one link",
    ]


def test_an_export_says_how_many_and_where() -> None:
    assert (
        summary(Export(2, Path("grades.csv"), ("one is absent",)))
        == "2 grades written to grades.csv\nnote: one is absent"
    )
    assert summary(Export(1, Path("g.csv"), ())) == "1 grade written to g.csv"


@pytest.mark.parametrize("evil", ["\x1b[2J", "\r", "\n", "\u202e"])
def test_names_from_a_download_cannot_rewrite_the_terminal_or_fill_it(evil: str) -> None:
    hostile = Collected(f"a{evil}", f"b{evil}" * 100, f"c{evil}" * 100, False, f"new{evil}")
    text = table(Collection("moodle", (hostile,), (evil,))) + summary(Export(1, Path(f"x{evil}"), (evil,)))
    assert all(c.isprintable() for line in text.split("\n") for c in line)
    assert len(text.split("\n")) == 6
