"""All cases: a module for each group of kinds of fault."""

from __future__ import annotations

import explored
import handed_in
import rebuilt
from case import Case

CASES: list[Case] = [*explored.CASES, *handed_in.CASES, *rebuilt.CASES]
