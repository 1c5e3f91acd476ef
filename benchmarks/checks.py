"""How long a check takes, the student's own code not counted.

One call judges an exercise of a reference notebook as `check("softmax")` does, with the visible and the hidden
checks, and shows the verdict as HTML. The functions of all solution cells are wrapped in a timer; the time that
is spent within the outermost of them is taken off, so that what is left is what coursekit itself costs. (Classes
are not wrapped: their time counts as coursekit's.) The bar: 100 ms for the median exercise.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from machine import header

from coursekit.cells import solution_sources
from coursekit.checking import Exercise, LocalStudent, as_html, judge, lab_names, load_lab
from coursekit.variants import names_defined

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BAR_MS = 100.0


class Stopwatch:
    """Adds up the time spent in functions; of those that call one another, in the outermost.

    A generator's body runs between the calls that its reader makes, so each step of it is timed.
    """

    def __init__(self) -> None:
        self.elapsed_s = 0.0
        self.depth = 0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function, so that its time is added up."""

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            result = self._measured(lambda: function(*args, **kwargs))
            return self._steps(result) if hasattr(result, "send") else result

        return wrapper

    def _steps(self, generator: Any) -> Any:
        end = object()
        while (item := self._measured(lambda: next(generator, end))) is not end:
            yield item

    def _measured(self, act: Callable[[], Any]) -> Any:
        self.depth += 1
        start_s = time.perf_counter()
        try:
            return act()
        finally:
            self.depth -= 1
            if self.depth == 0:
                self.elapsed_s += time.perf_counter() - start_s


def samples_of(exercise: Exercise, notebook: dict[str, Any], *, repeats: int) -> list[dict[str, float]]:
    """Time an exercise's checks; the first call, which reads the sources of probes, is among the samples."""
    watch, names = Stopwatch(), names_defined(notebook)
    for slug in solution_sources(notebook):
        if not isinstance(names[slug], type):
            names[slug] = watch.timed(names[slug])
    samples = []
    for seed in range(repeats):
        watch.elapsed_s = 0.0
        start_s = time.perf_counter()
        as_html(judge(exercise, LocalStudent(names), seed=seed))
        total_s = time.perf_counter() - start_s
        samples.append({"total_ms": 1e3 * total_s, "own_ms": 1e3 * (total_s - watch.elapsed_s)})
    return samples


def quartiles(values: list[float]) -> tuple[float, float, float]:
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs to measure (default: all)")
    parser.add_argument("--repeats", type=int, default=30, metavar="N", help="calls of each check (default: 30)")
    options = parser.parse_args()

    about = header("numpy", "torch", "matplotlib")
    print("  ".join(f"{name} {value}" for name, value in about.items()))
    print(f"one check call, visible and hidden checks and HTML, the student's code not counted; n = {options.repeats}")
    print(f"{'exercise':<34}{'median':>9}{'quartiles':>18}{'first':>9}{'with student':>15}   (ms)")
    raw: dict[str, Any] = {}
    medians = []
    for name in options.labs or lab_names():
        lab = load_lab(name, hidden=ROOT / "autograde" / "hidden")
        notebook = json.loads((ROOT / "solutions" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
        for slug, exercise in lab.exercises.items():
            samples = samples_of(exercise, notebook, repeats=options.repeats)
            raw[f"{name}/{slug}"] = samples
            low, middle, high = quartiles([sample["own_ms"] for sample in samples])
            total = statistics.median(sample["total_ms"] for sample in samples)
            spread = f"{low:.2f} to {high:.2f}"
            print(f"{name}/{slug:<23}{middle:>9.2f}{spread:>18}{samples[0]['own_ms']:>9.2f}{total:>15.2f}")
            medians.append(middle)
    overall = statistics.median(medians)
    summary = f"median over {len(medians)} exercises: {overall:.2f} ms, slowest {max(medians):.2f} ms"
    print(f"{summary}; the bar is {BAR_MS:g} ms")

    RESULTS.mkdir(parents=True, exist_ok=True)
    result = {"machine": about, "bar_ms": BAR_MS, "median_ms": overall, "samples": raw}
    path = RESULTS / "checks.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"raw samples: {path.relative_to(ROOT)}")
    return 0 if overall <= BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
