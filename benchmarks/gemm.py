"""Whether what `coursekit bench gemm` reports is what this machine can do, and whether its timer can be believed.

Two things are compared, in float64 and in float32:

- the highest rate of the reference sweep, up to N = 4000, with the best that a plain loop around `A @ B` sees at
  N = 4000 in NumPy or PyTorch, whichever is faster. The two take turns. The bar: 90 %.
- the medians that the timer gives for the same call, again and again. The bar: on a quiet machine they lie within 5 %
  of each other. The load at the start is printed: where others compute too, the second figure says nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from machine import header

from coursekit.bench import find_device, operation, sweep, time_for

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BAR_SHARE = 0.9
BAR_SPREAD = 0.05
N = 4000
SIZES = (1000, 2000, 3000, N)
N_REPEATED = 1500


def plain_calls(precision: str) -> dict[str, Callable[[], Any]]:
    """Make the products that anyone would write, by backend."""
    A, B = (np.random.default_rng(seed).random((N, N)).astype(precision) for seed in (0, 1))
    a, b = torch.from_numpy(A), torch.from_numpy(B)
    return {"numpy": lambda: A @ B, "torch": lambda: a @ b}


def best_rate(call: Callable[[], Any], *, repeats: int) -> float:
    """Return the highest rate of a product of N × N, in FLOP/s, after one call that is not timed."""
    call()
    samples_s = []
    for _ in range(repeats):
        start_s = time.perf_counter()
        call()
        samples_s.append(time.perf_counter() - start_s)
    return 2 * N**3 / min(samples_s)


def compare(precision: str, *, repeats: int, budget_s: float) -> dict[str, Any]:
    """Measure the plain loop and the sweep in turn: loop, sweep, loop."""
    device = find_device("cpu")
    plain = {name: best_rate(call, repeats=repeats) for name, call in plain_calls(precision).items()}
    swept = sweep(SIZES, device=device, precisions=(precision,), budget_s=budget_s, limit_s=60)
    for name, call in plain_calls(precision).items():
        plain[name] = max(plain[name], best_rate(call, repeats=repeats))
    best = max(swept, key=lambda each: each.flops_per_s)
    return {
        "plain_flops_per_s": plain,
        "sweep": {f"{each.backend} {each.n}": each.samples_s for each in swept},
        "sweep_best": f"{best.backend} at N = {best.n}",
        "sweep_flops_per_s": best.flops_per_s,
        "share": best.flops_per_s / max(plain.values()),
    }


def repeated_medians(precision: str, *, times: int, budget_s: float) -> list[float]:
    """Time the same call again and again; return the medians in seconds."""
    device = find_device("cpu")
    call = operation("gemm", N_REPEATED, precision, device=device)
    return [time_for(budget_s, call, sync=device.sync).median_s for _ in range(times)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="calls of the plain loop (default: 5)")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="budget of one timing (default: 2)")
    parser.add_argument("--medians", type=int, default=7, metavar="N", help="medians to compare (default: 7)")
    options = parser.parse_args()

    about = header("numpy", "torch")
    print("  ".join(f"{name} {value}" for name, value in about.items()))
    raw: dict[str, Any] = {}
    passed = True
    for precision in ("float64", "float32"):
        raw[precision] = found = compare(precision, repeats=options.repeats, budget_s=options.seconds)
        plain = ", ".join(f"{name} {rate / 1e9:.1f}" for name, rate in found["plain_flops_per_s"].items())
        print(f"{precision}, GFLOP/s: plain loop at N = {N}: {plain}", end="; ")
        print(f"sweep {found['sweep_flops_per_s'] / 1e9:.1f} ({found['sweep_best']}):", end=" ")
        print(f"{found['share']:.1%}; the bar is {BAR_SHARE:.0%}")
        medians_s = repeated_medians(precision, times=options.medians, budget_s=options.seconds)
        spread = (max(medians_s) - min(medians_s)) / statistics.median(medians_s)
        found["medians_s"], found["spread"] = medians_s, spread
        print(f"{precision}, ms at N = {N_REPEATED}: " + ", ".join(f"{1e3 * each:.2f}" for each in medians_s), end=": ")
        print(
            f"within {spread:.1%}; the bar is {BAR_SPREAD:.0%} on a quiet machine (load {about['load']} at the start)"
        )
        passed &= found["share"] >= BAR_SHARE and spread <= BAR_SPREAD

    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / "gemm.json"
    result = {"machine": about, "bar_share": BAR_SHARE, "bar_spread": BAR_SPREAD, "n": N, "samples": raw}
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"raw samples: {path.relative_to(ROOT)}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
