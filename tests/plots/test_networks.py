from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from coursekit import plots
from tests.plots.painted import drawn


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def network(c_in: int = 3) -> nn.Sequential:
    torch.manual_seed(0)
    layers = [nn.Conv2d(c_in, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(6 * 25, 5)]
    return nn.Sequential(*layers)


# filters and feature_maps


@pytest.mark.parametrize("c_in", [1, 3])
def test_the_first_convolutions_filters_are_drawn(c_in: int) -> None:
    plots.filters(network(c_in), title="Filters")
    figure = drawn()
    assert sum(len(axes.images) for axes in figure.axes) == 4
    assert len(figure.axes) == 4


def test_filters_of_other_depths_are_refused() -> None:
    with pytest.raises(ValueError, match="the first convolution has 2"):
        plots.filters(network(2))


def test_a_network_without_convolutions_is_refused() -> None:
    with pytest.raises(ValueError, match="no convolution"):
        plots.filters(nn.Linear(2, 2))
    with pytest.raises(ValueError, match="no convolution"):
        plots.feature_maps(nn.Linear(2, 2), torch.zeros(1, 2, 2))


@pytest.mark.parametrize("c_in", [1, 3])
def test_maps_of_each_layer_are_drawn_and_the_network_is_left_as_it_was(c_in: int) -> None:
    model = network(c_in).train()
    plots.feature_maps(model, torch.rand(c_in, 16, 16))
    figure = drawn()
    assert sum(len(axes.images) for axes in figure.axes) == 1 + 4 + 6
    assert model.training
    assert not model[0]._forward_hooks
    titles = [axes.get_title("left") for axes in figure.axes]
    assert [title for title in titles if title] == ["layer 1\n14 × 14", "layer 2\n5 × 5"]


# confusion


def test_right_answers_are_grey_and_mistakes_are_shares_of_their_row() -> None:
    plots.confusion(np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 1]), ["cat", "dog"], title="Pets")
    axes = drawn().axes[0]
    assert texts(axes) == ["75", "25", "", "100"]
    shown = axes.images[0].get_array()
    assert shown is not None
    assert np.ma.getmaskarray(shown).tolist() == [[True, False], [False, True]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("what the network reads", "what it shows")


def test_a_perfect_classifier_can_be_drawn_too() -> None:
    plots.confusion(np.arange(3), np.arange(3), ["a", "b", "c"])
    drawn()


@pytest.mark.parametrize(("labels", "answers"), [([0, 1], [0]), ([0, 2], [0, 1]), ([0, 1], [0, -1])])
def test_classes_must_be_known(labels: list[int], answers: list[int]) -> None:
    with pytest.raises(ValueError, match=r"\(n,\)|Classes are 0 to 1"):
        plots.confusion(np.array(labels), np.array(answers), ["a", "b"])
