"""A few of the kills of ``make kills``."""

from __future__ import annotations

import random
import shutil

import pytest

from tests.attacks.kills import VICTIMS, killed

pytestmark = pytest.mark.long

N_KILLS = 4


def test_no_grade_that_was_written_is_lost() -> None:
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap")
    counts, lost = killed(N_KILLS, random.Random(1))
    assert lost == []
    assert sum(counts.values()) >= N_KILLS
    assert set(counts) == set(VICTIMS)
