"""A few of the inputs of ``make fuzz``, and those that once failed."""

from __future__ import annotations

import pytest

from tests.attacks.fuzz import READERS, grade_any

#: Inputs for each reader.
N_INPUTS = 25
#: Seeds at which something failed once: a time zone that was looked up as a file.
KEPT = [("receipts", seed) for seed in (147, 162, 166, 171, 201)]


@pytest.mark.parametrize("name", READERS)
def test_a_reader_reads_or_refuses(name: str) -> None:
    for seed in range(1_000_000, 1_000_000 + N_INPUTS):
        READERS[name](seed)


@pytest.mark.parametrize(("name", "seed"), KEPT)
def test_what_failed_once_does_not_fail_again(name: str, seed: int) -> None:
    READERS[name](seed)


def test_every_notebook_ends_in_a_row() -> None:
    seeds = range(1_000_000, 1_000_012)
    records = grade_any(seeds)
    assert len(records) == len(seeds)
    assert {record.status for record in records} <= {"graded", "malformed", "timeout", "crashed", "memory"}
