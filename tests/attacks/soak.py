"""A class, a tenth of it hostile and a tenth of it broken, graded in one run: ``make soak SIZE=1000``.

The same class is graded again without the bad ones. Exits with 1 unless everybody has a row, every honest student has
the same record both times, no process or file is left over, and memory has not grown with the class.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from coursekit.grading import Record, grade
from coursekit.grading.table import progress_line
from coursekit.variants import load_variants
from tests.attacks.attack import LAB, LIMITS, ROOT, Attack, hand_in, make_small_course, mount, reference
from tests.attacks.conftest import surroundings
from tests.attacks.everything import ATTACKS
from tests.attacks.family import family, own_mib

N_STUDENTS = 300
#: How many times as much memory may be in use near the end as after a quarter of the class.
MAX_GROWTH = 1.5


def main() -> None:
    """Grade both classes, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=N_STUDENTS, help=f"students in the class (default: {N_STUDENTS})")
    size = parser.parse_args().size
    bad = list(bad_ones(size // 10))
    before = surroundings()
    with tempfile.TemporaryDirectory(prefix="coursekit-soak-") as folder:
        began = time.perf_counter()
        mixed, used_mib = graded(Path(folder) / "mixed", size - len(bad), bad)
        seconds = time.perf_counter() - began
        peaceful, _ = graded(Path(folder) / "peaceful", size - len(bad), [])
    left = sorted(surroundings() - before)
    changed = [student for student, record in peaceful.items() if mixed[student].exercises != record.exercises]
    early, late = used_mib
    print(f"{len(mixed)} rows of {size} students, {len(bad)} of them hostile or broken, in {seconds:.0f} s")
    print(
        f"{len(peaceful)} honest students, {len(changed)} of them with another record than among themselves: {changed}"
    )
    print(f"left over: {left or 'nothing'}")
    print(f"memory: {early:.0f} MiB after a quarter of the class, {late:.0f} MiB near its end")
    sys.exit(0 if len(mixed) == size and not changed and not left and late <= MAX_GROWTH * early else 1)


def bad_ones(n: int) -> Iterator[Attack]:
    """Yield so many hostile submissions, and so many that are broken."""
    broken = [attack for attack in ATTACKS if attack.kind in ("malformed", "folder")]
    hostile = [attack for attack in ATTACKS if attack not in broken]
    for kind in (hostile, broken):
        for turn, attack in itertools.islice(((turn, a) for turn in itertools.count() for a in spread(kind, n)), n):
            yield replace(attack, name=f"{attack.name}, {turn}")


def spread(attacks: list[Attack], n: int) -> list[Attack]:
    """Choose about so many, from all kinds."""
    return attacks[:: max(1, len(attacks) // n)]


def graded(course: Path, n_honest: int, bad: Iterable[Attack]) -> tuple[dict[str, Record], tuple[float, float]]:
    """Grade a class; return its records by student, and the memory in use after a quarter and near the end, in MiB."""
    make_small_course(course)
    right = reference()
    variants = [v for v in load_variants(ROOT / "labs" / LAB) if v.slug in right]
    for i in range(n_honest):
        variant = variants[i % len(variants)]
        hand_in(course, f"honest-{i:03}", right | {variant.slug: variant.source})
    for attack in bad:
        mount(course, attack)
    used: dict[int, float] = {}
    show = progress_line(sys.stderr)

    def progress(done: int, total: int, record: Record) -> None:
        show(done, total, record)
        if done in (total // 4, total - total // 20):
            used[done] = sum(map(own_mib, family()))

    outcome = grade(LAB, course=course, limits=LIMITS, progress=progress)
    return {record.student: record for record in outcome.records}, (min(used.items())[1], max(used.items())[1])


if __name__ == "__main__":
    main()
