"""Pictures of measurements: rates, rooflines, samples, and what a program and its device do at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.bench.mock import Event
from coursekit.plots.figures import BLUE, COLOURS, VERMILION, open_axes
from coursekit.plots.words import course_of, describe, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["rate_curves", "roofline_figure", "sample_dots", "timeline"]

_MARKS = "osD^vP*X"


def rate_curves(
    curves: Mapping[str, tuple[Any, Any]],
    *,
    title: str = "",
    levels: Mapping[str, float] | None = None,
) -> None:
    """Draw rates against sizes, both logarithmic, each curve with its name at its end.

    Args:
        curves: For each name, its sizes and its rates in FLOP/s.
        title: A title.
        levels: Rates in FLOP/s to mark by a dotted line, by name: a nominal peak, a published figure.

    Raises:
        ValueError: If there is no curve, or one has more or fewer sizes than rates, or a rate that is not above zero.
    """
    if not curves:
        raise ValueError("Give one curve or more; got none.")
    for name, (sizes, rates) in curves.items():
        if np.shape(sizes) != np.shape(rates) or np.ndim(sizes) != 1:
            raise ValueError(f"The curve {name!r} has sizes {np.shape(sizes)} and rates {np.shape(rates)}.")
        if not np.all(np.asarray(rates) > 0):
            raise ValueError(f"The curve {name!r} has a rate that is not above zero, which a log axis cannot show.")
    axes = open_axes(None, (7.6, 4.6))
    ends = []
    for i, (name, (sizes, rates)) in enumerate(curves.items()):
        colour = COLOURS[i % len(COLOURS)]
        axes.plot(sizes, np.asarray(rates) / 1e9, "-", marker=_MARKS[i % len(_MARKS)], ms=5, color=colour, lw=1.8)
        ends.append((float(np.asarray(rates)[-1]) / 1e9, name, colour, float(np.asarray(sizes)[-1])))
    for name, level in (levels or {}).items():
        axes.axhline(level / 1e9, color="0.45", lw=1.2, ls=":")
        axes.annotate(
            name, (0.01, level / 1e9), xycoords=("axes fraction", "data"), fontsize=8, color="0.35", va="bottom"
        )
    axes.set(
        xscale="log", yscale="log", xlabel="N, rows and columns of the matrices", ylabel="GFLOP/s (10⁹ FLOP per second)"
    )
    _plain_sizes(axes, np.unique(np.concatenate([np.asarray(sizes) for sizes, _ in curves.values()])))
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(alpha=0.25)
    axes.margins(y=0.08)
    _name_ends(axes, ends)
    said = [f"{name} {course_of(sizes, np.asarray(rates) / 1e9)}" for name, (sizes, rates) in curves.items()]
    said += [f"a line for {name} at {level / 1e9:.3g}" for name, level in (levels or {}).items()]
    describe(axes.figure, title, f"GFLOP/s against N, both logarithmic: {listed(said)}.")


def roofline_figure(
    points: Mapping[str, tuple[float, float]],
    *,
    roofs: Mapping[str, float],
    bandwidth: float,
    title: str = "",
) -> None:
    """Draw a roofline, its ridges, and operations beneath it, each with its share of the roof above it.

    The model is that of Williams, Waterman and Patterson, "Roofline" (2009).

    Args:
        points: For each name, its intensity in FLOP per byte and its rate in FLOP/s. Each is compared with the highest
            roof, unless its name ends in that of another: ``"gemm float64"`` with the roof ``"float64"``.
        roofs: Peaks in FLOP/s, by name.
        bandwidth: Bytes/s.
        title: A title.

    Raises:
        ValueError: If there is no roof, or a number is not above zero.
    """
    numbers = [bandwidth, *roofs.values(), *(number for point in points.values() for number in point)]
    if not roofs or not all(number > 0 for number in numbers):
        raise ValueError("Give one roof or more, and numbers above zero: a log axis shows no others.")
    axes = open_axes(None, (7.6, 4.6))
    top = max(roofs.values())
    left = min([0.04, *(x / 2 for x, _ in points.values())])
    right = max([8 * top / bandwidth, *(2.5 * x for x, _ in points.values())])
    for i, (name, peak) in enumerate(sorted(roofs.items(), key=lambda item: -item[1])):
        ridge = peak / bandwidth
        across = np.array([left if i == 0 else ridge, ridge, right])
        axes.plot(across, np.minimum(peak, across * bandwidth) / 1e9, color="0.2", lw=2 if i == 0 else 1.3)
        axes.annotate(
            f"{name}: {peak / 1e9:,.0f} GFLOP/s, ridge at {ridge:.3g}",
            (right, peak / 1e9), xytext=(-2, 3), textcoords="offset points", ha="right", fontsize=8, color="0.25",
        )  # fmt: skip
    at = 0.4 * top / bandwidth
    axes.annotate(
        f"{bandwidth / 1e9:.3g} GB/s", (at, at * bandwidth / 1e9), xytext=(-6, 4), textcoords="offset points",
        fontsize=8, color="0.25", ha="right", va="bottom",
    )  # fmt: skip
    for i, (name, (intensity, rate)) in enumerate(points.items()):
        peak = next((roofs[roof] for roof in roofs if name.endswith(roof)), top)
        roof = min(peak, intensity * bandwidth)
        colour = COLOURS[i % len(COLOURS)]
        axes.plot([intensity, intensity], [rate / 1e9, roof / 1e9], color=colour, lw=1, ls=":")
        axes.plot(intensity, rate / 1e9, _MARKS[i % len(_MARKS)], color=colour, ms=8)
        side = -1 if intensity > 0.25 * right else 1
        axes.annotate(
            f"{name}\n{_figure(rate / 1e9)} GFLOP/s, {rate / roof:.0%} of its roof", (intensity, rate / 1e9),
            xytext=(9 * side, -7), textcoords="offset points", fontsize=8, color=colour, va="top",
            ha="left" if side > 0 else "right",
        )  # fmt: skip
    lowest = min([rate for _, rate in points.values()] + [left * bandwidth])
    axes.set(xscale="log", yscale="log", xlim=(left, right), ylim=(lowest / 4e9, top * 2.2 / 1e9))
    axes.set(xlabel="arithmetic intensity, FLOP per byte", ylabel="GFLOP/s")
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(alpha=0.25)
    said = [f"{name} at {x:.3g} FLOP per byte with {_figure(rate / 1e9)} GFLOP/s" for name, (x, rate) in points.items()]
    tops = [f"{name} {peak / 1e9:,.0f} GFLOP/s" for name, peak in roofs.items()]
    describe(
        axes.figure, title, f"a roof that rises with {bandwidth / 1e9:.3g} GB/s to {listed(tops)}; {listed(said)}."
    )


def sample_dots(samples_s: Mapping[str, Sequence[float]], *, title: str = "", log: bool = False) -> None:
    """Draw every sample of some timings as a dot, in the order of the calls, with the median as a line.

    Args:
        samples_s: Seconds of each call, by name of the timing.
        title: A title.
        log: Whether the axis of the times is logarithmic.

    Raises:
        ValueError: If there is no timing, or one has no sample.
    """
    if not samples_s or not all(len(samples) for samples in samples_s.values()):
        raise ValueError("Give one timing or more, each with one sample or more.")
    axes = open_axes(None, (7.6, 0.9 + 0.62 * len(samples_s)))
    for row, samples in enumerate(samples_s.values()):
        colour = COLOURS[row % len(COLOURS)]
        height = row + np.linspace(0.25, -0.25, len(samples)) if len(samples) > 1 else np.array([row])
        axes.plot(np.asarray(samples) * 1e3, height, "o", ms=4, color=colour, alpha=0.75)
        median_ms = float(np.median(samples)) * 1e3
        axes.plot([median_ms, median_ms], [row - 0.36, row + 0.36], color="0.15", lw=1.6)
        axes.annotate(
            f"median {median_ms:.3g} ms", (median_ms, row + 0.38), ha="center", va="top", fontsize=8, color="0.15"
        )
    axes.set_yticks(range(len(samples_s)), list(samples_s))
    axes.set_ylim(len(samples_s) - 0.25, -0.5)
    axes.set_xlabel("ms per call" + (", first call at the top of each row" if len(samples_s) > 1 else ""))
    if log:
        axes.set_xscale("log")
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(alpha=0.25, axis="x")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    said = {
        name: f"{len(samples)} calls, median {1e3 * np.median(samples):.3g} ms,"
        f" from {1e3 * min(samples):.3g} to {1e3 * max(samples):.3g}"
        for name, samples in samples_s.items()
    }
    describe(axes.figure, title, f"a dot for each call: {listed(said)}.")


def timeline(log: Sequence[Event], *, title: str = "") -> None:
    """Draw what a program and its device do at the same time, and where the program reads the clock.

    Args:
        log: Events of a :class:`coursekit.bench.mock.MockDevice`, or of its form: seconds, event, call.
        title: A title.

    Raises:
        ValueError: If no call begins in it.
    """
    at = {(event, call): time_s for time_s, event, call in log if call >= 0}
    calls = sorted(call for event, call in at if event == "begin")
    if not calls:
        raise ValueError("The log holds no call that begins: nothing to draw.")
    axes = open_axes(None, (8.4, 2.2))
    end_ms = max(time_s for time_s, _, _ in log) * 1e3
    for call in calls:
        begin_ms, done_ms = at["begin", call] * 1e3, at["end", call] * 1e3
        launch_ms, back_ms = at["launch", call] * 1e3, at["return", call] * 1e3
        axes.barh(
            1,
            max(back_ms - launch_ms, end_ms * 0.004),
            left=launch_ms,
            height=0.5,
            color="0.55",
            edgecolor="white",
            lw=0.6,
        )
        axes.barh(0, done_ms - begin_ms, left=begin_ms, height=0.5, color=COLOURS[5], edgecolor="white")
        axes.annotate(str(call), ((begin_ms + done_ms) / 2, 0), ha="center", va="center", fontsize=8)
    readings = [time_s * 1e3 for time_s, event, _ in log if event == "clock"]
    for i, reading_ms in enumerate(readings):
        start = i % 2 == 0
        axes.axvline(reading_ms, color=BLUE if start else VERMILION, lw=1.6, ls="--" if start else "-")
        axes.annotate(
            "start" if start else "stop", (reading_ms, 1.42), fontsize=8, color=BLUE if start else VERMILION,
            ha="right" if start else "left", xytext=(-3 if start else 3, 0), textcoords="offset points",
        )  # fmt: skip
    axes.set_yticks([0, 1], ["device works", "program launches"])
    axes.set(ylim=(-0.45, 1.75), xlim=(-0.06 * end_ms, 1.04 * end_ms), xlabel="ms")
    axes.set_title(title, loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    said = [f"call {c} works from {1e3 * at['begin', c]:.3g} to {1e3 * at['end', c]:.3g} ms" for c in calls]
    clocks = f"; the clock is read at {listed([f'{ms:.3g} ms' for ms in readings])}" if readings else ""
    describe(axes.figure, title, f"program and device in time: {listed(said)}{clocks}.")


def _figure(number: float) -> str:
    """Write a number with three digits, or more where it has more before the point."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _plain_sizes(axes: Axes, sizes: np.ndarray) -> None:
    """Label a log axis with sizes that occur, at most about eight of them, as plain numbers."""
    from matplotlib.ticker import NullLocator

    kept: list[float] = []
    gap = max((sizes.max() / sizes.min()) ** (1 / 8), 1.2) if len(sizes) > 1 else 1.0
    for size in sizes[::-1]:
        if not kept or kept[-1] / size >= gap:
            kept.append(float(size))
    axes.set_xticks(kept, [f"{size:g}" if size < 1e5 else f"{size:.0e}" for size in kept])
    axes.xaxis.set_minor_locator(NullLocator())


def _name_ends(axes: Axes, ends: Sequence[tuple[float, str, str, float]]) -> None:
    """Write each curve's name to the right of the axes at the height of its end, none over another."""
    low, high = np.log10(axes.get_ylim())
    gap = (high - low) * 0.052
    left, right = axes.get_xlim()
    height = -np.inf
    for rate, name, colour, size in sorted(ends):
        height = max(float(np.log10(rate)), height + gap)
        axes.annotate(
            name, (right, 10**height), xytext=(8, 0), textcoords="offset points", color=colour, fontsize=8.5,
            va="center", annotation_clip=False,
        )  # fmt: skip
        axes.plot([size, right], [rate, 10**height], color=colour, lw=0.6, alpha=0.6)
    axes.set_xlim(left, right)
