from __future__ import annotations

from coursekit.grading.sandbox import Stop
from coursekit.grading.stops import CellStop, page_of, words_of


def test_a_line_is_named_with_its_cause() -> None:
    assert str(CellStop(3, (Stop(2, "NameError", "no x"),))) == "In [3], line 2: NameError: no x."
    assert (
        str(CellStop(3, (Stop(2, "SystemExit", ""), Stop(4, "E", "f")))) == "In [3], line 2: SystemExit (and 1 more)."
    )


def test_a_cell_that_was_ended_is_named_with_the_reason() -> None:
    assert str(CellStop(5, ended="ran out of time (3 s)")) == "In [5] ran out of time (3 s)."


def test_of_many_cells_the_first_are_told_and_the_others_counted() -> None:
    told = words_of([CellStop(n, ended="ended") for n in range(1, 13)])
    assert (told[0], told[-1], len(told)) == ("In [1] ended.", "And 4 more cells stopped.", 9)


def test_on_a_page_what_an_exception_says_is_no_markup() -> None:
    page = page_of([CellStop(1, (Stop(1, "E", "<script>alert(1)</script> **bold**"),))])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\n\n<ul>\n<li>" in page
