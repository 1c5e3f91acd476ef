from __future__ import annotations

import dataclasses
import math
import os
from typing import Any

import pytest

from coursekit.errors import CourseError, UnknownNameError
from coursekit.grading.limits import Limits, slowdown


def test_what_is_not_set_keeps_its_default() -> None:
    limits = Limits.of({"cell_s": 5})
    assert limits == dataclasses.replace(Limits(), cell_s=5)


def test_every_limit_is_documented() -> None:
    assert all(f"{field.name}:" in str(Limits.__doc__) for field in dataclasses.fields(Limits))


def test_limits_go_and_come_back_as_a_dictionary() -> None:
    limits = Limits(memory_mib=100)
    assert Limits.of(limits.as_dict()) == limits


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, True, "5", None])
def test_a_value_that_is_no_limit_is_refused(value: Any) -> None:
    with pytest.raises(CourseError, match="cell_s must be a number above 0; got"):
        Limits.of({"cell_s": value})


def test_an_unknown_limit_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'memory_mib'"):
        Limits.of({"memory": 5})


def test_settings_are_read_from_texts() -> None:
    assert Limits.parse(["cell_s=5", "memory_mib = 1e3"]) == {"cell_s": 5, "memory_mib": 1000}


@pytest.mark.parametrize("text", ["cell_s", "cell_s=", "cell_s=fast", "=3x"])
def test_a_text_that_sets_nothing_is_refused(text: str) -> None:
    with pytest.raises(CourseError, match="NAME=NUMBER, such as cell_s=30; got"):
        Limits.parse([text])


@pytest.mark.parametrize(("load", "factor"), [(0.0, 1), (4.0, 1), (6.0, 1), (12.0, 2), (24.0, 4), (400.0, 4)])
def test_a_busy_machine_is_given_more_time_and_four_times_as_much_at_most(
    monkeypatch: pytest.MonkeyPatch, load: float, factor: float
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    assert slowdown() == factor


def test_where_processes_are_not_counted_limits_are_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "getloadavg")
    assert slowdown() == 1
