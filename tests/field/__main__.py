"""Hold, for each kept right answer of a lab, that a kernel shows the verdicts that grading gives.

The lab's notebook, with right answers in it and one of them in another style, is run in a kernel from top to bottom and
graded; visible checks must say the same in both. Each answer takes a kernel of its own, as many at once as there are
processor cores: a lab takes minutes. Cells to look at are left out unless --whole is given: what they draw and train
takes most of the time, and no check looks at it.

    python -m tests.field 00_numpy 01_softmax
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from coursekit.checking import lab_names
from coursekit.variants import load_variants
from tests.field.compared import ROOT, differs


def main() -> int:
    """Compare, print, and return 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", metavar="LAB", help="stems of labs (default: all)")
    parser.add_argument("--whole", action="store_true", help="run the cells to look at, too")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth answer")
    options = parser.parse_args()
    differing = 0
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        for lab in options.labs or lab_names():
            right = [variant for variant in load_variants(ROOT / "labs" / lab) if variant.right][:: options.every]
            began = time.monotonic()
            found = sum(pool.map(partial(differs, lab, whole=options.whole), right))
            differing += found
            print(f"{lab}: {len(right)} right answers, {found} differ, {time.monotonic() - began:.0f} s", flush=True)
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main())
