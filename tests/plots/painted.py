"""Looking at what was drawn."""

from __future__ import annotations

from matplotlib import pyplot as plt
from matplotlib.figure import Figure


def drawn() -> Figure:
    """Return the one figure that was drawn, after it has been laid out and painted."""
    (number,) = plt.get_fignums()
    figure = plt.figure(number)
    figure.canvas.draw()
    return figure
