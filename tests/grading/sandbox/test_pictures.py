"""Figures drawn once are the pictures that IPython makes of them."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.pylabtools import print_figure
from matplotlib.figure import Figure
from PIL import Image

from coursekit.grading.sandbox.pictures import picture_of


def lines() -> Figure:
    figure, axes = plt.subplots()
    axes.plot([0, 1, 4], color="C1", linewidth=4)
    axes.set(title="Title", xlabel="x", ylabel="$y^2$")
    return figure


def panels() -> Figure:
    figure, axes = plt.subplots(1, 3, figsize=(9, 3), layout="constrained")
    for k, panel in enumerate(axes):
        panel.imshow(np.arange(12.0).reshape(3, 4) % (k + 2))
    figure.suptitle("Panels")
    return figure


def colored() -> Figure:
    figure, axes = plt.subplots(figsize=(3, 2), dpi=150, facecolor="#204060")
    axes.imshow(np.eye(3))
    axes.axis("off")
    return figure


def of_an_animation() -> Figure:
    figure, axes = plt.subplots()
    axes.plot([0, 1], [1, 1], linewidth=20, animated=True)
    return figure


def beyond_the_edge() -> Figure:
    figure, axes = plt.subplots()
    axes.plot([0, 1], label="a long label beside the axes")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


@pytest.fixture(autouse=True)
def inline() -> Iterator[None]:
    before = plt.get_backend()
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    yield
    plt.close("all")
    plt.switch_backend(before)


@pytest.mark.parametrize("draw", [lines, panels, colored, of_an_animation])
def test_a_picture_shows_what_ipython_shows(draw: Callable[[], Figure]) -> None:
    ours, theirs = pixels(picture_of(draw())), pixels(print_figure(draw(), base64=True))
    assert np.abs(np.subtract(ours.shape, theirs.shape)).max() <= 1
    # Both are cut to whole pixels, each in its own way: what they show lies less than a pixel apart.
    height, width = np.minimum(ours.shape, theirs.shape)[:2] - 1
    shown = theirs[:height, :width]
    shifted = [ours[i : height + i, j : width + j] for i in (0, 1) for j in (0, 1)]
    apart, ink = min(np.abs(each - shown).mean() for each in shifted), np.abs(shown - shown[0, 0]).mean()
    assert apart < ink / 2


def test_what_reaches_beyond_the_edge_is_not_cut_off() -> None:
    assert picture_of(beyond_the_edge()) == print_figure(beyond_the_edge(), base64=True)


def test_an_empty_figure_has_no_picture() -> None:
    assert picture_of(Figure()) is None


def test_drawing_leaves_a_figure_as_it_was() -> None:
    figure = panels()
    assert picture_of(figure) == picture_of(figure)
    assert not figure.canvas.is_saving()


def pixels(picture: str | None) -> np.ndarray:
    assert picture is not None
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")).astype(float)
