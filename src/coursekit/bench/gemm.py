"""What ``coursekit bench gemm`` does: a sweep over sizes, shown as it goes and kept if asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from coursekit.bench.device import Device, find_device
from coursekit.bench.machine import describe_machine, today, versions
from coursekit.bench.results import Results, best_rates, save_results
from coursekit.bench.sweep import Measurement, default_sizes, measure, measure_bandwidth, sweep
from coursekit.errors import BenchError, UnknownNameError

__all__ = ["bench_gemm", "row", "summary"]


def bench_gemm(
    *,
    device: str | None = None,
    sizes: Sequence[int] = (),
    precisions: Sequence[str] = (),
    budget_s: float = 0.5,
    json_file: Path | None = None,
    say: Callable[[str], object],
) -> Results:
    """Measure gemm over sizes, axpy and gemv at one size, memory, and on a GPU its link.

    Args:
        device: ``"cpu"`` or ``"cuda"``; a GPU where there is one unless given.
        sizes: The values of n; ones that suit the device unless given.
        precisions: Those of the device unless given.
        budget_s: About how many seconds to repeat each measurement for.
        json_file: Where to keep the results; nowhere unless given.
        say: Called with each line as soon as it is known.

    Raises:
        UnknownNameError: If there is no such device or precision.
        BenchError: If a size or the budget is not above zero, the device cannot be used, or the file has no folder.
    """
    if any(size < 1 for size in sizes) or budget_s <= 0:
        raise BenchError(
            f"Sizes and seconds should be above zero; got {', '.join(map(str, sizes))} and {budget_s:g} s."
        )
    if json_file is not None and not json_file.parent.is_dir():
        raise BenchError(f"The folder {str(json_file.parent)!r} does not exist. Make it, or write to another.")
    where = find_device(device)
    for precision in precisions:
        if precision not in where.precisions:
            raise UnknownNameError("precision", precision, where.precisions)
    about, packages = describe_machine(where.kind), versions()
    say(f"{where.name}, {about['threads']} threads, load {about['load']}, {today()}")
    say(", ".join(f"{name} {version}" for name, version in packages.items()))
    say(f"{'':<22}{'N':>9}{'median':>13}{'spread':>9}{'calls':>7}{'GFLOP/s':>11}")
    measurements = sweep(
        sizes or default_sizes(where),
        device=where,
        precisions=precisions or None,
        budget_s=budget_s,
        progress=lambda each: say(row(each)),
        say=say,
    )
    for op, n in (("axpy", 2**27), ("gemv", 2**14)) if where.kind == "cuda" else (("axpy", 2**24), ("gemv", 2**12)):
        measurements.append(measure(op, n, "float32", device=where, budget_s=budget_s, say=say))
        say(row(measurements[-1]))
    bandwidth = measure_bandwidth(where, budget_s=budget_s)
    say("memory, GB/s: " + ", ".join(f"{way} {rate / 1e9:.1f}" for way, rate in bandwidth.items()))
    extra = {"bandwidth": bandwidth} | _links(where, budget_s, say)
    results = Results(today(), about, packages, tuple(measurements), extra)
    say(summary(results))
    if json_file is not None:
        save_results(results, json_file)
        say(f"raw samples: {json_file}")
    return results


def row(measurement: Measurement) -> str:
    """Write a measurement as a line of the table."""
    timing = measurement.timing
    return (
        f"{measurement.series:<22}{measurement.n:>9}{timing.median_s * 1e3:>10.3f} ms{timing.spread:>9.1%}"
        f"{len(timing.samples_s):>7}{measurement.flops_per_s / 1e9:>11.2f}"
    )


def summary(results: Results) -> str:
    """Name the highest rate of each curve."""
    best = best_rates(each for each in results.measurements if each.op == "gemm")
    lines = [f"{name} {each.flops_per_s / 1e9:.1f} at N = {each.n}" for name, each in best.items()]
    return "highest GFLOP/s: " + "; ".join(lines)


def _links(device: Device, budget_s: float, say: Callable[[str], object]) -> dict[str, object]:
    """Measure the way to a GPU and back, pinned and not; nothing on a processor."""
    if device.kind != "cuda":
        return {}
    from coursekit.bench.transfer import measure_link

    found: dict[str, object] = {}
    for pinned in (True, False):
        for to_device in (True, False):
            name = f"{'to' if to_device else 'from'} the GPU, {'pinned' if pinned else 'pageable'}"
            link = measure_link(device, to_device=to_device, pinned=pinned, budget_s=budget_s / 5)
            found[name] = {"latency_s": link.latency_s, "bytes_per_s": link.bytes_per_s, "points": link.points}
            say(f"{name}: {link.latency_s * 1e6:.1f} µs + {link.bytes_per_s / 1e9:.1f} GB/s")
    return {"links": found}
