"""The pad as a widget; what it looks like is in pad.js and pad.css beside this file."""

from __future__ import annotations

import base64
from math import isqrt
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from coursekit.digitpad.picture import example_html, example_text, read_example
from coursekit.digitpad.reading import Predict, Reading, read

__all__ = ["DigitPad"]


class DigitPad(anywidget.AnyWidget):  # type: ignore[misc] # anywidget's base has no types
    """A pad to draw a digit on, and what a network reads while one draws.

    Where the page has no widgets, or no kernel, an example stands in its place.

    Args:
        predict: As for :func:`coursekit.digitpad.draw`.

    Attributes:
        drawing: From the browser: a square of bytes, 0 for paper to 255 for ink, in base64; empty if nothing is drawn.
        answer: To the browser: the reading, and its number, so that it can tell an answer from none.
    """

    _esm = Path(__file__).with_name("pad.js")
    _css = Path(__file__).with_name("pad.css")

    drawing = traitlets.Unicode().tag(sync=True, echo_update=False)
    answer = traitlets.Dict().tag(sync=True)

    def __init__(self, predict: Predict) -> None:
        super().__init__()
        self._predict = predict
        self._reading = self._read()
        self.observe(self._answer, names="drawing")

    @property
    def image(self) -> NDArray[np.float32]:
        """What the network sees: (28, 28) float32, 0 for paper to 1 for ink."""
        return self._reading.image.copy()

    def _read(self) -> Reading:
        grey = np.frombuffer(base64.b64decode(self.drawing), dtype=np.uint8)
        side = isqrt(len(grey))
        return read(grey.reshape(side, side) / 255, self._predict)

    def _answer(self, _: object) -> None:
        self._reading = self._read()
        self.answer = {
            "number": self.answer.get("number", 0) + 1,
            "image": np.rint(255 * self._reading.image).astype(int).ravel().tolist(),
            "probabilities": list(self._reading.probabilities),
            "best": self._reading.best,
            "words": self._reading.words,
            "wrong": self._reading.wrong,
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        example = read_example(self._predict)
        return {**data, "text/plain": example_text(example), "text/html": example_html(example)}, metadata
