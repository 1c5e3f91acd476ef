"""How many steps Python takes in a call: what tells a loop in Python from one within a library."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any

__all__ = ["counted", "mapped"]

# Bound before any student's code has run, which may put other functions in their places.
_gettrace, _settrace = sys.gettrace, sys.settrace


def counted(act: Callable[[], object], counts: list[int]) -> object:
    """Do something, and count the steps that Python takes for it.

    Args:
        act: What to do.
        counts: Where the number of steps is put; -1 if counting was switched off in between.

    Returns:
        What it returns.
    """
    n_steps = 0

    def count(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal n_steps
        frame.f_trace_opcodes = True
        n_steps += 1
        return count

    before = _gettrace()
    _settrace(count)
    try:
        return act()
    finally:
        counts.append(n_steps if _gettrace() is count and n_steps else -1)
        _settrace(before)


def mapped(function: Callable[..., Any], /, *iterables: Iterable[Any]) -> Iterator[Any]:
    """Do what ``map`` does, in steps that can be counted: those of Python's own are a library's."""
    for given in zip(*iterables, strict=False):
        yield function(*given)
