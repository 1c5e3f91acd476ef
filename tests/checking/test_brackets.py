from __future__ import annotations

from collections.abc import Callable

import pytest

from coursekit.checking import LocalStudent
from coursekit.checking.brackets import uncalled


def test_a_function_that_is_only_named_is_reported(cells: Callable[..., LocalStudent]) -> None:
    student = cells("def train(optimizer, sync):\n    optimizer.zero_grad\n    sync\n    return 1")
    assert uncalled(student, "train") == (
        "optimizer.zero_grad, sync without brackets is only named, and not called. Write optimizer.zero_grad(), sync()."
    )


@pytest.mark.parametrize(
    "source",
    [
        "def train(optimizer):\n    '''Train.'''\n    optimizer.zero_grad()\n    step = optimizer.step\n    step()",
        "def train(optimizer):\n    ...",
        "def train(optimizer):\n    return optimizer\n\ntrain",
    ],
)
def test_calls_assignments_and_what_a_cell_shows_are_not(source: str, cells: Callable[..., LocalStudent]) -> None:
    assert uncalled(cells(source), "train") == ""


def test_a_name_whose_text_is_not_on_file_has_no_statements() -> None:
    assert uncalled(LocalStudent({"train": len}), "train") == ""
