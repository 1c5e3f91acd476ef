"""What stands in place of the pad on a page without a kernel: an example, drawn and read."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np

from coursekit.digitpad.image import ink
from coursekit.digitpad.reading import Predict, Reading, read

__all__ = ["example_html", "example_text", "read_example"]

_WORDS = "In a running notebook you draw here, and the network reads as you draw."


def _arc(x: float, y: float, radius: float, start: float, end: float) -> list[tuple[float, float]]:
    angles = np.radians(np.linspace(start, end, 20))
    return [(x + radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in angles]


#: A 3, as strokes of points from 0 to 1.
EXAMPLE = [[*_arc(0.47, 0.33, 0.16, -160, 90), *_arc(0.47, 0.67, 0.19, -90, 150)]]


def example_text(reading: Reading) -> str:
    """Say in words what the network reads in the example."""
    return f"Digit pad. {_WORDS} An example, a 3, drawn with strokes; the network says: {reading.words}"


def example_html(reading: Reading) -> str:
    """Show the example as a picture: what is drawn, what the network sees, what it reads.

    The picture's background is its own, so that it can be read on light and on dark pages.
    """
    source = f"data:image/png;base64,{base64.b64encode(_png(reading)).decode()}"
    return (
        f'<div role="group" aria-label="Digit pad, an example" style="max-width:720px;">'
        f'<img alt="{escape(example_text(reading))}" src="{source}" style="max-width:100%;border-radius:6px;">'
        f'<div style="opacity:.8;font-size:13px;">{escape(_WORDS)}</div></div>'
    )


def read_example(predict: Predict) -> Reading:
    """Ask a network what the example is."""
    return read(ink(EXAMPLE), predict)


def _png(reading: Reading) -> bytes:
    # Not pyplot: a figure of its own goes nowhere but into this picture.
    from matplotlib.figure import Figure

    from coursekit.plots import BLUE

    figure = Figure(figsize=(7.2, 2.3), dpi=100, layout="constrained")
    drawn, seen, bars = figure.subplots(1, 3, width_ratios=[1, 1, 1.3])
    for axes, image, title in ((drawn, ink(EXAMPLE), "a drawing"), (seen, reading.image, "what the network sees")):
        axes.imshow(image, cmap="gray", vmin=0, vmax=1)
        axes.set_title(title, fontsize=9)
        axes.set_axis_off()
    shares = reading.probabilities or (0.0,) * 10
    colours = [BLUE if digit == reading.best else "#9aa5b1" for digit in range(10)]
    bars.barh(range(10), [100 * share for share in shares], color=colours)
    bars.set(xlim=(0, 100), xlabel="probability, %", yticks=range(10))
    bars.set_title(reading.words if not reading.wrong else "no reading", fontsize=9)
    bars.tick_params(labelsize=8)
    bars.invert_yaxis()
    bars.spines[["top", "right"]].set_visible(False)
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()
