from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit import plots
from coursekit.plots import BLUE, VERMILION
from tests.plots.painted import drawn


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


# grids


def test_numbers_stand_in_their_cells_and_minus_signs_are_real_ones() -> None:
    plots.grids({"image": [[1, -2.5], [0, 4]], "filter": [[7]]}, title="Sliding")
    figure = drawn()
    first, second = figure.axes
    assert figure.get_suptitle() == "Sliding"
    assert texts(first) == ["1", "−2.5", "0", "4"]
    assert texts(second) == ["7"]
    assert [axes.get_title() for axes in figure.axes] == ["image", "filter"]


def test_a_mark_is_a_frame_around_its_place() -> None:
    plots.grids(
        {"image": np.zeros((4, 5)), "y": np.zeros((2, 3))}, marks={"image": (slice(1, 3), slice(2, 4)), "y": (1, 2)}
    )
    frames = [patch for axes in drawn().axes for patch in axes.patches if isinstance(patch, Rectangle)]
    boxes = [(*frame.get_xy(), frame.get_width(), frame.get_height()) for frame in frames]
    assert boxes == [(1.5, 0.5, 2, 2), (1.5, 0.5, 1, 1)]


@pytest.mark.parametrize("arrays", [{}, {"x": np.zeros(3)}])
def test_grids_need_arrays_of_two_axes(arrays: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Give one array"):
        plots.grids(arrays)


def test_a_mark_needs_its_array() -> None:
    with pytest.raises(ValueError, match="There is no array y; there are x"):
        plots.grids({"x": np.zeros((2, 2))}, marks={"y": (0, 0)})


# placements


def test_a_bar_for_each_place_and_vermilion_for_what_none_reaches() -> None:
    plots.placements([(8, 3, 2, 0), (7, 3, 1, 1)], counts=[3, 7])
    first, second = drawn().axes
    for axes, n_bars, n_lost in ((first, 3, 1), (second, 7, 0)):
        faces = [to_hex(patch.get_facecolor()) for patch in axes.patches]
        assert faces.count(BLUE) == n_bars
        assert faces.count(VERMILION) == n_lost
    assert "3 places" in first.get_title()


@pytest.mark.parametrize(
    ("settings", "counts", "message"),
    [([], [], "one count"), ([(5, 3, 1, 0)], [1, 2], "one count"), ([(8, 3, 2, 0)], [4], "do not fit")],
)
def test_counts_must_fit_the_settings(settings: Any, counts: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.placements(settings, counts=counts)


# receptive_fields


def test_frames_have_the_sides_and_a_common_middle() -> None:
    plots.receptive_fields(np.zeros((8, 8, 3)), {"block 1": 4, "block 2": 10})
    frames = [patch for patch in drawn().axes[0].patches if isinstance(patch, Rectangle)]
    assert {frame.get_width() for frame in frames} == {4, 10}
    assert {frame.get_x() + frame.get_width() / 2 for frame in frames} == {3.5}
    legend = drawn().axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["block 1", "block 2"]


def test_fields_need_an_image_and_sides() -> None:
    with pytest.raises(ValueError, match="one side or more"):
        plots.receptive_fields(np.zeros((8, 8)), {})
