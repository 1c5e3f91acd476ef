"""A log of a training run that draws itself while it grows, and ends as a table."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from coursekit.plots import COLOURS
from coursekit.plots.words import course_of, listed

__all__ = ["TrainingLog"]

_WIDTH, _HEIGHT = 330, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 26, 34
#: A longer log leaves out rows in its middle; the curves have them all.
_SHOWN_ROWS = 12
_DASHES = ("", "6 3", "2 3", "8 3 2 3")


class TrainingLog:
    """What was measured after each epoch of a training run.

    In a notebook the log appears under the cell at the first :meth:`add` and is redrawn at each later one: learning
    curves, values called a loss on the left and the others on the right, and the table below them. Elsewhere each
    :meth:`add` prints a line. The clock stands still while the log is drawn.

    Args:
        title: What was trained, such as ``"784-16-16-10, Adam"``.

    Attributes:
        seconds: Wall-clock seconds from the creation of the log to the last :meth:`add`, without the drawing.
    """

    def __init__(self, title: str = "") -> None:
        self.title = title
        self.seconds = 0.0
        self._columns: dict[str, list[float]] = {}
        self._seconds: list[float] = []
        self._handle: Any = None
        self._resumed_s = time.perf_counter()

    def add(self, **values: float) -> None:
        """Add what was measured after an epoch.

        Args:
            values: Numbers by name, such as ``train_loss=0.31, accuracy=0.94``; the same names every epoch.

        Raises:
            ValueError: If the names differ from those of the epochs before, or there are no values.
        """
        self.seconds += time.perf_counter() - self._resumed_s
        if not values or (self._columns and values.keys() != self._columns.keys()):
            known = ", ".join(self._columns) or "one value or more"
            raise ValueError(f"Every epoch has the same values: expected {known}, got {', '.join(values) or 'none'}.")
        for name, value in values.items():
            self._columns.setdefault(name, []).append(float(value))
        self._seconds.append(self.seconds)
        self._show()
        self._resumed_s = time.perf_counter()

    def __len__(self) -> int:
        """Count the epochs."""
        return len(self._seconds)

    def __getitem__(self, name: str) -> list[float]:
        """Return what was measured under a name, one number per epoch.

        Raises:
            KeyError: If nothing of that name was.
        """
        if name not in self._columns:
            raise KeyError(f"{name!r} is not in this log; it has {', '.join(self._columns) or 'nothing yet'}.")
        return list(self._columns[name])

    def best_epoch(self, name: str) -> int:
        """Return the epoch, counted from 1, with the least value of a loss or the greatest of anything else.

        Raises:
            KeyError: If nothing of that name was measured.
        """
        values = self[name]
        return 1 + values.index(min(values) if _is_loss(name) else max(values))

    def __repr__(self) -> str:
        rows = [self._heads(), *self._rows()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        lines = ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in rows]
        return "\n".join([self.title, *lines] if self.title else lines)

    def _repr_html_(self) -> str:
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in self._heads())
        rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in self._rows())
        panels = (
            {name: values for name, values in self._columns.items() if _is_loss(name) is wanted}
            for wanted in (True, False)
        )
        pictures = "".join(_panel(lines) for lines in panels if lines)
        title = f'<div style="font-weight:600;margin:2px 0">{escape(self.title)}</div>' if self.title else ""
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{title}<div>{pictures}</div>{table}"

    def _heads(self) -> list[str]:
        return ["epoch", *(name.replace("_", " ") for name in self._columns), "seconds"]

    def _rows(self) -> list[list[str]]:
        measured = zip(*self._columns.values(), strict=True)
        rows = [
            [str(epoch), *(f"{value:.4f}" for value in values), f"{seconds:.1f}"]
            for epoch, (values, seconds) in enumerate(zip(measured, self._seconds, strict=True), start=1)
        ]
        if len(rows) <= _SHOWN_ROWS:
            return rows
        return [*rows[:3], ["…"] * len(rows[0]), *rows[4 - _SHOWN_ROWS :]]

    def _show(self) -> None:
        # Under IPython it has been imported; elsewhere there is no need to wait for its import.
        ipython = sys.modules.get("IPython")
        shell = None if ipython is None else ipython.get_ipython()
        if not hasattr(shell, "kernel"):
            print(repr(self) if len(self) == 1 else repr(self).rpartition("\n")[2])
        elif self._handle is None:
            from IPython.display import display

            self._handle = display(self, display_id=True)
        else:
            self._handle.update(self)


def _is_loss(name: str) -> bool:
    return "loss" in name


def _panel(lines: Mapping[str, Sequence[float]]) -> str:
    """Draw learning curves as a small SVG picture that is readable on light and on dark pages, with its words."""
    finite = [value for values in lines.values() for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    n_epochs = max(map(len, lines.values()))

    def across(epoch: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (epoch - 1) / max(n_epochs - 1, 1)

    def up(value: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - low) / (high - low)

    parts, legend_x = [], _LEFT
    for tick in (low, (low + high) / 2, high):
        y = up(tick)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" opacity=".2"/>'
            f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{tick:.3g}</text>'
        )
    for epoch in sorted({1, (n_epochs + 1) // 2, n_epochs}):
        x = across(epoch)
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 15}" text-anchor="middle">{epoch}</text>')
    parts.append(f'<text x="{(_LEFT + _WIDTH) / 2:.0f}" y="{_HEIGHT - 4}" text-anchor="middle">epoch</text>')
    for i, (name, values) in enumerate(lines.items()):
        colour, dashes = COLOURS[i % len(COLOURS)], _DASHES[i % len(_DASHES)]
        points = [(across(e), up(v)) for e, v in enumerate(values, start=1) if math.isfinite(v)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        style = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
        parts.append(f'<polyline points="{path}" fill="none" {style}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in points]
        parts.append(f'<line x1="{legend_x}" x2="{legend_x + 22}" y1="10" y2="10" {style}/>')
        label = name.replace("_", " ")
        parts.append(f'<text x="{legend_x + 27}" y="14">{escape(label)}</text>')
        legend_x += 40 + 7 * len(label)
    courses = {name.replace("_", " "): course_of(range(1, len(values) + 1), values) for name, values in lines.items()}
    words = escape(f"Learning curves by epoch: {listed(courses)}.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' style="font:11px sans-serif;fill:currentColor" role="img" aria-label="{words}">{"".join(parts)}</svg>'
    )
