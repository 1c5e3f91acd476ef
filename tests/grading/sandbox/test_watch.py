"""What is noticed while an answer is called, and when the grader's own functions must be looked into."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import cast

import pytest

from coursekit.grading.sandbox.watch import Watch


def own(*, limit: int = 1) -> int:
    """Stand for a function of the grader's."""
    return limit


def of_a_student(*, limit: int = 1) -> int:
    """Stand for any other function."""
    return -limit


FUNCTION = cast("FunctionType", own)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """A watch that has begun; as Python lets nobody take a hook away, it is blinded at the end."""
    kept = (own.__code__, own.__kwdefaults__)
    watch = Watch({}, [FUNCTION])
    watch.begin()
    yield watch
    watch._looking = True
    own.__code__, own.__kwdefaults__ = kept


@pytest.mark.parametrize(
    "change",
    [
        lambda: setattr(own, "__code__", of_a_student.__code__),
        lambda: setattr(own, "__defaults__", None),
        lambda: setattr(own, "__kwdefaults__", {"limit": 2}),
        lambda: cast("dict[str, int]", own.__kwdefaults__).update(limit=2),
        lambda: gc.get_referents(own),
    ],
    ids=["code", "defaults", "defaults by name", "defaults by name, in place", "what it holds"],
)
def test_a_function_that_may_have_been_changed_is_to_be_looked_into(watch: Watch, change: Callable[[], None]) -> None:
    assert not watch.touched
    change()
    assert watch.touched


@pytest.mark.parametrize(
    "act",
    [
        lambda: own(limit=3),
        lambda: own.__code__.co_name,
        lambda: inspect.signature(of_a_student),
        lambda: setattr(of_a_student, "__defaults__", None),
        lambda: compile("1", "text", "eval"),
    ],
    ids=["called", "read", "another one read", "another one changed", "another event"],
)
def test_what_changes_none_of_them_costs_no_look(watch: Watch, act: Callable[[], None]) -> None:
    act()
    assert not watch.touched
