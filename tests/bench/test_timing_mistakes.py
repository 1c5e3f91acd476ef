"""Each of the seven classic mistakes of timing is met by a check that fails for it and names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coursekit.checking import LocalStudent, judge, load_lab
from coursekit.variants import answered, names_defined
from tests.kept import course

ROOT = Path(__file__).parents[2]
LAB = "05_gemm"
VARIANTS = {v.name: v for v in course(LAB).variants if v.slug == "time_call"}


@pytest.mark.parametrize(
    ("mistake", "check", "words"),
    [
        ("no_sync_before_the_stop", "the_device_is_done_before_the_stop", "That is the launch alone"),
        ("no_sync_before_the_start", "earlier_work_is_not_timed", "sync before the start"),
        ("no_warm_up", "the_first_call_is_not_timed", "The first call was timed"),
        ("mean", "one_slow_call_does_not_count", "That is the mean"),
        ("mean_with_the_cold_call", "the_first_call_is_not_timed", "The cold call is in that mean"),
        ("best", "one_fast_call_does_not_count", "That is the shortest call"),
        ("total", "seconds_are_those_of_one_call", "all calls together"),
        ("clock_of_its_own", "the_given_clock_is_read", "not a clock of your own"),
    ],
)
def test_a_mistake_in_timing_is_named(mistake: str, check: str, words: str) -> None:
    notebook = json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    student = LocalStudent(names_defined(answered(notebook, {"time_call": VARIANTS[mistake].source})))
    (result,) = (r for r in judge(load_lab(LAB).exercise("time_call"), student).results if r.check.name == check)
    assert not result.passed
    assert words in result.hint
