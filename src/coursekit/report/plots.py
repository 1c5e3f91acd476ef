"""The page's pictures, as SVG that takes its colours from the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup, escape

from coursekit.report.classroom import Classroom
from coursekit.report.statistics import ItemStatistics, ScoreSummary, score_bins

__all__ = ["exercise_bars", "lab_boxes", "score_histogram"]

_WIDTH = 520
_HEIGHT = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 34, 44
_ROW = 26
_LABEL = 170


def score_histogram(classroom: Classroom, summary: ScoreSummary) -> Markup:
    """Draw how the points are distributed, with the median as a line."""
    scores = [member.score for member in classroom.members if member.counted]
    bins = score_bins(scores, classroom.max_score)
    highest = max([found.n for found in bins] + [1])
    most = bins[-1].high
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    base = _TOP + height

    def x(points: float) -> float:
        return _LEFT + width * points / most

    parts, counts = [], []
    for found in bins:
        tall = height * found.n / highest
        left, wide = x(found.low), x(found.high) - x(found.low)
        parts.append(_rect(left + 1.5, base - tall, wide - 3, tall, "bar"))
        if found.n:
            counts.append(_text(left + wide / 2, base - tall - 5, f"{found.n:,}", "middle", "count"))
    parts.append(Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" class="axis"/>').format(_LEFT, x(most), base, base))
    every = 1 if len(bins) <= 12 else 2
    for edge in [found.low for found in bins[::every]] + [most]:
        parts.append(_text(x(edge), base + 16, f"{edge:g}", "middle", "tick"))
    parts.append(_text(_LEFT + width / 2, _HEIGHT - 6, "points", "middle", "name"))
    if summary.n:
        at = x(min(summary.median, most))
        parts.append(
            Markup('<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" class="median"/>').format(at, _TOP - 14, base)
        )
        anchor = "end" if at > _WIDTH / 2 else "start"
        words = f"median {summary.median:.3g}"
        parts.append(_text(at + (-5 if anchor == "end" else 5), _TOP - 20, words, anchor, "note"))
    parts += counts
    ranges = "; ".join(f"{found.low:g} to {found.high:g} points: {found.n}" for found in bins)
    return _figure("histogram", "Score distribution", f"Students by points. {ranges}.", _HEIGHT, parts)


def exercise_bars(items: Sequence[ItemStatistics], n: int) -> Markup:
    """Draw for each exercise how many got all, some and none of its points."""
    height = _ROW * len(items) + 26
    parts: list[Markup] = []
    sentences = []
    for row, found in enumerate(items):
        top = row * _ROW + 4
        name = found.item.name if len(found.item.name) <= 22 else found.item.name[:21] + "…"
        parts.append(_text(_LABEL - 8, top + 14, name, "end", "label"))
        at = float(_LABEL)
        counts = (
            ("all", found.full),
            ("some", found.part),
            ("none", found.none),
            ("untried", found.untried),
            ("unscored", found.unscored),
        )
        for kind, count in counts:
            wide = (_WIDTH - _LABEL - 4) * count / max(n, 1)
            if count:
                parts.append(_rect(at, top, max(wide - 1, 0.5), _ROW - 7, kind))
            if wide > 9 * len(str(count)):
                parts.append(_text(at + wide / 2, top + 14, str(count), "middle", f"on-{kind}"))
            at += wide
        said = [f"{count} {_WORDS[kind]}" for kind, count in counts if count]
        sentences.append(f"{found.item.name}: {', '.join(said)}.")
    return _figure("exercises", "Points by exercise", " ".join(sentences), height - 18, parts)


def lab_boxes(labs: Sequence[tuple[str, Sequence[float]]], n: int) -> Markup:
    """Draw how the points are distributed in each of several labs.

    Args:
        labs: Each lab's name, and the shares of its points, from 0 to 1, that those have who handed it in.
        n: The number of students.
    """
    wide = _WIDTH - _LABEL - 2 * _RIGHT
    base = _ROW * len(labs) + 8
    parts: list[Markup] = []
    sentences = []

    def x(share: float) -> float:
        return _LABEL + wide * min(max(share, 0.0), 1.0)

    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(_line(x(tick), 4, x(tick), base, "grid"))
        parts.append(_text(x(tick), base + 16, f"{100 * tick:.0f} %", "middle", "tick"))
    for row, (name, shares) in enumerate(labs):
        middle = row * _ROW + 16
        parts.append(_text(_LABEL - 8, middle + 4, name if len(name) <= 22 else name[:21] + "…", "end", "label"))
        if not shares:
            sentences.append(f"{name}: nobody handed it in.")
            continue
        lowest, lower, median, upper, highest = np.quantile(shares, [0, 0.25, 0.5, 0.75, 1])
        parts.append(_line(x(lowest), middle, x(highest), middle, "axis"))
        parts.append(_rect(x(lower), middle - 7, max(x(upper) - x(lower), 1.0), 14, "bar"))
        parts.append(_line(x(median), middle - 9, x(median), middle + 9, "middle"))
        sentences.append(
            f"{name}: {len(shares)} of {n} handed it in, median {100 * median:.0f} %, the middle half from"
            f" {100 * lower:.0f} to {100 * upper:.0f} %."
        )
    return _figure("labs", "Points by lab", " ".join(sentences), base + 24, parts)


_WORDS = {
    "all": "with all points",
    "some": "with some",
    "none": "tried and got none",
    "untried": "not tried",
    "unscored": "waiting for a score",
}


def _figure(name: str, title: str, description: str, height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-title {name}-desc" class="plot">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>{parts}</svg>'
    ).format(width=_WIDTH, height=height, name=name, title=title, description=description, parts=Markup("").join(parts))


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"/>').format(
        x, y, width, height, kind
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(x1, y1, x2, y2, kind)


def _text(x: float, y: float, words: str, anchor: str, kind: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="{}">{}</text>').format(
        x, y, anchor, kind, escape(words)
    )
