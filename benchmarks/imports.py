"""How much longer `import coursekit` takes than `import numpy` alone.

Each pair starts two Python processes, one after the other, in an order that changes from pair to pair; what is
compared are the medians of the whole processes' times. The bar: 0.3 s more than numpy. A first pair, in which
files are read from the disk and byte code is written, does not count.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from machine import header

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BAR_S = 0.3
BASE = "numpy"
MODULES = ("coursekit", "coursekit.checking")


def seconds_to_import(module: str) -> float:
    """Start Python, import a module, and end."""
    start_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
    return time.perf_counter() - start_s


def pairs(module: str, *, repeats: int) -> dict[str, list[float]]:
    """Time a module and numpy in turn."""
    samples: dict[str, list[float]] = {BASE: [], module: []}
    for i in range(repeats + 1):
        for name in (BASE, module) if i % 2 else (module, BASE):
            elapsed_s = seconds_to_import(name)
            if i > 0:
                samples[name].append(elapsed_s)
    return samples


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=20, metavar="N", help="pairs of processes (default: 20)")
    options = parser.parse_args()

    about = header("numpy")
    print("  ".join(f"{name} {value}" for name, value in about.items()))
    print(f"python -c 'import MODULE', in turn with numpy; n = {options.repeats} pairs, median [quartiles]")
    raw, differences = {}, {}
    for module in MODULES:
        raw[module] = samples = pairs(module, repeats=options.repeats)
        texts = []
        for name, values in samples.items():
            low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
            texts.append(f"{name} {middle:.3f} s [{low:.3f} to {high:.3f}]")
        differences[module] = statistics.median(samples[module]) - statistics.median(samples[BASE])
        print(f"{texts[1]:<48}{texts[0]:<42}difference {differences[module]:+.3f} s; the bar is {BAR_S:+.1f} s")

    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "imports.json"
    result = {"machine": about, "bar_s": BAR_S, "difference_s": differences, "samples_s": raw}
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"raw samples: {path.relative_to(ROOT)}")
    return 0 if max(differences.values()) <= BAR_S else 1


if __name__ == "__main__":
    sys.exit(main())
