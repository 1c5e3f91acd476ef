"""All cases: a module for each group of kinds of fault."""

from __future__ import annotations

import ended
import explored
import foreseen
import handed_in
import rebuilt
import stopped
import unwritten
from case import Case

CASES: list[Case] = [
    *(*explored.CASES, *stopped.CASES, *ended.CASES, *unwritten.CASES, *foreseen.CASES),
    *(*handed_in.CASES, *rebuilt.CASES),
]
