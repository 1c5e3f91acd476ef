"""What the pictures have in common: colours, axes, titles."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BLUE", "COLOURS", "DPI", "VERMILION", "cycle", "finish", "open_axes"]

#: Eight colours that colour-blind readers can tell apart, by Okabe and Ito (https://jfly.uni-koeln.de/color/).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#b8a800")
BLUE, VERMILION = COLOURS[:2]
DPI = 110


def open_axes(ax: Axes | None, size: tuple[float, float] = (6.4, 3.8)) -> Axes:
    """Return the axes that were given, or those of a new figure of some size in inches."""
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=size, dpi=DPI, layout="constrained")[1]


def cycle(items: Sequence[Any]) -> Any:
    """Repeat items, such as colours, for ever."""
    return itertools.cycle(items)


def finish(figure: Any, title: str) -> None:
    """Set a figure's title and let its parts fill it."""
    if title:
        figure.suptitle(title, fontsize=11, x=0.02, ha="left")
    figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.03)
