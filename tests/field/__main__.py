"""Hold, for each kept right answer of a lab, that a kernel shows the verdicts that grading gives.

The lab's notebook, with right answers in it and one of them in another style, is run in a kernel from top to bottom and
graded; visible checks must say the same in both. Each answer takes a kernel of its own, as many at once as there are
processor cores: a lab takes five to twenty minutes. With --together a notebook has one such answer to each exercise
that has any left, which takes a few minutes for a lab. Cells to look at are left out unless --whole is given: what
they draw and train takes most of the time, and no check looks at it.

    python -m tests.field 00_numpy 01_softmax
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import zip_longest

from coursekit.checking import lab_names
from coursekit.variants import Variant, load_variants
from tests.field.compared import ROOT, differs


def main() -> int:
    """Compare, print, and return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", metavar="LAB", help="stems of labs (default: all)")
    parser.add_argument("--whole", action="store_true", help="run the cells to look at, too")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth answer")
    parser.add_argument("--together", action="store_true", help="one answer to each exercise per notebook")
    options = parser.parse_args()
    differing = 0
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        for lab in options.labs or lab_names():
            right = [variant for variant in load_variants(ROOT / "labs" / lab) if variant.right][:: options.every]
            notebooks = side_by_side(right) if options.together else [[variant] for variant in right]
            began = time.monotonic()
            found = sum(pool.map(partial(differs, lab, whole=options.whole), notebooks))
            differing += found
            print(
                f"{lab}: {len(right)} right answers in {len(notebooks)} notebooks, {found} differ,"
                f" {time.monotonic() - began:.0f} s",
                flush=True,
            )
    return min(differing, 1)


def side_by_side(variants: Sequence[Variant]) -> list[list[Variant]]:
    """Share answers out over as few lists as there are answers to one exercise, at most one to each in a list."""
    slugs = {variant.slug: [each for each in variants if each.slug == variant.slug] for variant in variants}
    return [[each for each in row if each is not None] for row in zip_longest(*slugs.values())]


if __name__ == "__main__":
    sys.exit(main())
