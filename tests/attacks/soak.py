"""A class of 300, a tenth of it hostile and a tenth of it broken, graded in one run: ``make soak``.

The same class is graded again without the bad ones. Exits with 1 unless everybody has a row, every honest student has
the same score both times, and no process or file is left over.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from attack import LAB, LIMITS, ROOT, hand_in, make_small_course, mount, reference
from conftest import surroundings
from everything import ATTACKS

from coursekit.grading import Record, grade
from coursekit.grading.table import progress_line
from coursekit.variants import load_variants

N_STUDENTS, N_HOSTILE, N_BROKEN = 300, 30, 30


def main() -> None:
    """Grade both classes, compare, print."""
    hostile = [attack for attack in ATTACKS if attack.kind not in ("malformed", "folder")]
    broken = [attack for attack in ATTACKS if attack.kind in ("malformed", "folder")]
    again = [replace(attack, name=f"{attack.name}, again") for attack in broken]
    bad = [*hostile[:: max(1, len(hostile) // N_HOSTILE)][:N_HOSTILE], *(broken + again)[:N_BROKEN]]
    before = surroundings()
    with tempfile.TemporaryDirectory(prefix="coursekit-soak-") as folder:
        began = time.perf_counter()
        mixed = graded(Path(folder) / "mixed", N_STUDENTS - len(bad), bad)
        seconds = time.perf_counter() - began
        peaceful = graded(Path(folder) / "peaceful", N_STUDENTS - len(bad), [])
    left = sorted(surroundings() - before)
    changed = [student for student, record in peaceful.items() if mixed[student].exercises != record.exercises]
    print(f"{len(mixed)} rows of {N_STUDENTS} students, {len(bad)} of them hostile or broken, in {seconds:.0f} s")
    print(
        f"{len(peaceful)} honest students, {len(changed)} of them with another record than among themselves: {changed}"
    )
    print(f"left over: {left or 'nothing'}")
    sys.exit(0 if len(mixed) == N_STUDENTS and not changed and not left else 1)


def graded(course: Path, n_honest: int, bad: list) -> dict[str, Record]:  # type: ignore[type-arg]
    """Grade a class, and return its records by student."""
    make_small_course(course)
    right = reference()
    variants = [v for v in load_variants(ROOT / "labs" / LAB) if v.slug in right]
    for i in range(n_honest):
        variant = variants[i % len(variants)]
        hand_in(course, f"honest-{i:03}", right | {variant.slug: variant.source})
    for attack in bad:
        mount(course, attack)
    outcome = grade(LAB, course=course, limits=LIMITS, progress=progress_line(sys.stderr))
    return {record.student: record for record in outcome.records}


if __name__ == "__main__":
    main()
