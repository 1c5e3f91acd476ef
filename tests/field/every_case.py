"""All cases: a module for each group of kinds of fault."""

from __future__ import annotations

from tests.field import ended, explored, foreseen, handed_in, rebuilt, stopped, unwritten
from tests.field.case import Case

CASES: list[Case] = [
    *(*explored.CASES, *stopped.CASES, *ended.CASES, *unwritten.CASES, *foreseen.CASES),
    *(*handed_in.CASES, *rebuilt.CASES),
]
