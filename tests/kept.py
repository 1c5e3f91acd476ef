"""The labs with the answers that are kept to test their checks, read once for all tests of a process."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.checking import Lab, load_lab
from coursekit.variants import Variant, load_variants

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Course:
    """A lab with its notebooks and the answers that are kept to test its checks."""

    lab: Lab
    reference: dict[str, Any]
    released: dict[str, Any]
    variants: tuple[Variant, ...]

    def of(self, slug: str, *, right: bool) -> list[Variant]:
        return [variant for variant in self.variants if variant.slug == slug and variant.right == right]


@functools.cache
def course(name: str) -> Course:
    return Course(
        load_lab(name, hidden=ROOT / "autograde" / "hidden"),
        json.loads((ROOT / "solutions" / name / f"{name}.ipynb").read_text(encoding="utf-8")),
        json.loads((ROOT / "notebooks" / name / f"{name}.ipynb").read_text(encoding="utf-8")),
        tuple(load_variants(ROOT / "labs" / name)),
    )
