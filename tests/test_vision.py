from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from painted import drawn
from torch import nn

from coursekit import vision
from coursekit.plots import BLUE, VERMILION

pytestmark = pytest.mark.usefixtures("off_screen")


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def network(c_in: int = 3) -> nn.Sequential:
    torch.manual_seed(0)
    layers = [nn.Conv2d(c_in, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(6 * 25, 5)]
    return nn.Sequential(*layers)


# photograph


def test_the_photograph_is_a_small_colour_image() -> None:
    photo = vision.photograph(100)
    assert photo.ndim == 3
    assert photo.shape[2] == 3
    assert 90 <= photo.shape[0] <= 130
    assert 0 <= photo.min() < photo.max() <= 1
    assert np.ptp(photo) > 0.5


# grids


def test_numbers_stand_in_their_cells_and_minus_signs_are_real_ones() -> None:
    vision.grids({"image": [[1, -2.5], [0, 4]], "filter": [[7]]}, title="Sliding")
    figure = drawn()
    first, second = figure.axes
    assert figure.get_suptitle() == "Sliding"
    assert texts(first) == ["1", "−2.5", "0", "4"]
    assert texts(second) == ["7"]
    assert [axes.get_title() for axes in figure.axes] == ["image", "filter"]


def test_a_mark_is_a_frame_around_its_place() -> None:
    vision.grids(
        {"image": np.zeros((4, 5)), "y": np.zeros((2, 3))}, marks={"image": (slice(1, 3), slice(2, 4)), "y": (1, 2)}
    )
    frames = [patch for axes in drawn().axes for patch in axes.patches if isinstance(patch, Rectangle)]
    boxes = [(*frame.get_xy(), frame.get_width(), frame.get_height()) for frame in frames]
    assert boxes == [(1.5, 0.5, 2, 2), (1.5, 0.5, 1, 1)]


@pytest.mark.parametrize("arrays", [{}, {"x": np.zeros(3)}])
def test_grids_need_arrays_of_two_axes(arrays: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Give one array"):
        vision.grids(arrays)


def test_a_mark_needs_its_array() -> None:
    with pytest.raises(ValueError, match="There is no array y; there are x"):
        vision.grids({"x": np.zeros((2, 2))}, marks={"y": (0, 0)})


# panels


def test_photographs_keep_their_colours_and_answers_are_red_and_blue() -> None:
    vision.panels({"photo": np.zeros((4, 5, 3)), "signed": np.array([[-1.0, 2.0]]), "positive": np.array([[0.0, 2.0]])})
    images = [axes.images[0] for axes in drawn().axes]
    assert [image.get_cmap().name for image in images[1:]] == ["RdBu_r", "Greys"]
    assert images[1].get_clim()[0] == -images[1].get_clim()[1]
    assert images[2].get_clim()[0] == 0
    assert drawn().axes[0].get_title() == "photo\n4 × 5"


@pytest.mark.parametrize("images", [{}, {"x": np.zeros(3)}, {"x": np.zeros((2, 2, 4))}])
def test_panels_need_images(images: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Give images"):
        vision.panels(images)


# placements


def test_a_bar_for_each_place_and_vermilion_for_what_none_reaches() -> None:
    vision.placements([(8, 3, 2, 0), (7, 3, 1, 1)], counts=[3, 7])
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
        vision.placements(settings, counts=counts)


# receptive_fields


def test_frames_have_the_sides_and_a_common_middle() -> None:
    vision.receptive_fields(np.zeros((8, 8, 3)), {"block 1": 4, "block 2": 10})
    frames = [patch for patch in drawn().axes[0].patches if isinstance(patch, Rectangle)]
    assert {frame.get_width() for frame in frames} == {4, 10}
    assert {frame.get_x() + frame.get_width() / 2 for frame in frames} == {3.5}
    legend = drawn().axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["block 1", "block 2"]


def test_fields_need_an_image_and_sides() -> None:
    with pytest.raises(ValueError, match="one side or more"):
        vision.receptive_fields(np.zeros((8, 8)), {})


# filters and feature_maps


@pytest.mark.parametrize("c_in", [1, 3])
def test_the_first_convolutions_filters_are_drawn(c_in: int) -> None:
    vision.filters(network(c_in), columns=3, title="Filters")
    figure = drawn()
    assert sum(len(axes.images) for axes in figure.axes) == 4
    assert len(figure.axes) == 6


def test_filters_of_other_depths_are_refused() -> None:
    with pytest.raises(ValueError, match="the first convolution has 2"):
        vision.filters(network(2))


def test_a_network_without_convolutions_is_refused() -> None:
    with pytest.raises(ValueError, match="no convolution"):
        vision.filters(nn.Linear(2, 2))
    with pytest.raises(ValueError, match="no convolution"):
        vision.feature_maps(nn.Linear(2, 2), torch.zeros(1, 2, 2))


@pytest.mark.parametrize("c_in", [1, 3])
def test_maps_of_each_layer_are_drawn_and_the_network_is_left_as_it_was(c_in: int) -> None:
    model = network(c_in).train()
    vision.feature_maps(model, torch.rand(c_in, 16, 16), n=5)
    figure = drawn()
    assert sum(len(axes.images) for axes in figure.axes) == 1 + 4 + 5
    assert model.training
    assert not model[0]._forward_hooks
    titles = [axes.get_title("left") for axes in figure.axes]
    assert [title for title in titles if title] == ["layer 1\n14 × 14", "layer 2\n5 × 5"]


# confusion


def test_right_answers_are_grey_and_mistakes_are_shares_of_their_row() -> None:
    vision.confusion(np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 1]), ["cat", "dog"], title="Pets")
    axes = drawn().axes[0]
    assert texts(axes) == ["75", "25", "", "100"]
    shown = axes.images[0].get_array()
    assert shown is not None
    assert np.ma.getmaskarray(shown).tolist() == [[True, False], [False, True]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("what the network reads", "what it shows")


def test_a_perfect_classifier_can_be_drawn_too() -> None:
    vision.confusion(np.arange(3), np.arange(3), ["a", "b", "c"])
    drawn()


@pytest.mark.parametrize(("labels", "answers"), [([0, 1], [0]), ([0, 2], [0, 1]), ([0, 1], [0, -1])])
def test_classes_must_be_known(labels: list[int], answers: list[int]) -> None:
    with pytest.raises(ValueError, match=r"\(n,\)|Classes are 0 to 1"):
        vision.confusion(np.array(labels), np.array(answers), ["a", "b"])


# without_head


def test_features_are_what_the_last_linear_layer_gets() -> None:
    model = network()
    features, images = vision.without_head(model), torch.rand(2, 3, 16, 16)
    assert features(images).shape == (2, 150)
    assert torch.allclose(model[5](features(images)), model(images))
    assert isinstance(model[5], nn.Linear)
    assert features[0].weight is not model[0].weight


def test_a_linear_layer_alone_has_its_input_as_features() -> None:
    assert vision.without_head(nn.Linear(4, 2))(torch.ones(1, 4)).tolist() == [[1, 1, 1, 1]]


def test_a_network_without_a_linear_layer_has_no_head() -> None:
    with pytest.raises(ValueError, match="no linear layer"):
        vision.without_head(nn.Conv2d(1, 1, 1))


# tasks_and_networks


def test_the_page_names_the_tasks_and_the_networks() -> None:
    vision.tasks_and_networks()
    titles = " ".join(axes.get_title() for axes in drawn().axes)
    for name in (
        "classification",
        "object detection",
        "segmentation",
        "captioning",
        "MLP",
        "CNN",
        "RNN, LSTM",
        "transfer",
    ):
        assert name in titles
