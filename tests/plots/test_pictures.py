from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from coursekit.plots import VERMILION, image_grid, mistakes, panels, photograph, templates
from tests.plots.painted import drawn


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((12, 5, 4), dtype=np.uint8),
        np.zeros((3, 5, 4)),
        np.zeros((3, 5, 4, 3)),
        np.zeros((0, 5, 4)),
        [[[0, 1], [1, 0]]],
    ],
    ids=["grey", "one row", "colour", "none", "list"],
)
def test_images_of_every_kind_are_drawn_in_rows(images: Any) -> None:
    image_grid(images, columns=10, title="Digits")
    figure = drawn()
    assert figure.get_suptitle() == "Digits"
    assert sum(len(axes.images) for axes in figure.axes) == len(images)
    assert len(figure.axes) == 10 * max(1, -(-len(images) // 10))


def test_captions_stand_above_their_images_and_wrong_ones_in_vermilion() -> None:
    image_grid(np.zeros((2, 4, 4)), ["five", "six"], wrong=[False, True])
    first, second = drawn().axes[:2]
    assert [first.get_title(), second.get_title()] == ["five", "six"]
    assert [to_hex(axes.title.get_color()) == VERMILION for axes in (first, second)] == [False, True]


@pytest.mark.parametrize("shape", [(4, 4), (2, 4, 4, 1), (2, 4, 4, 4), (2, 4, 4, 3, 1), ()])
def test_images_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"Images are \(n, h, w\) or \(n, h, w, 3\)"):
        image_grid(np.zeros(shape))


@pytest.mark.parametrize("options", [{"captions": ["one"]}, {"captions": ["a", "b"], "wrong": [True]}])
def test_captions_and_marks_are_one_an_image(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"one .* per image: got 1 for 2 images"):
        image_grid(np.zeros((2, 4, 4)), **options)
    assert not plt.get_fignums()


SURE = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.05, 0.95]])


def test_wrong_images_are_drawn_the_surest_first() -> None:
    mistakes(np.zeros((4, 5, 5)), np.array([0, 0, 0, 0]), SURE, ["no", "yes"], n=2, title="Digits")
    figure = drawn()
    assert figure.get_suptitle() == "Digits: 3 of 4 are wrong"
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == ["no read as yes\n95.0% sure", "no read as yes\n80.0% sure"]


def test_a_classifier_without_mistakes_has_an_empty_gallery() -> None:
    mistakes(np.zeros((4, 5, 5)), np.array([0, 1, 1, 1]), SURE, ["no", "yes"])
    figure = drawn()
    assert figure.get_suptitle() == "0 of 4 are wrong"
    assert not any(axes.images for axes in figure.axes)


@pytest.mark.parametrize(
    ("labels", "probabilities"),
    [(np.zeros(3, int), SURE), (np.zeros(4, int), SURE[:3]), (np.zeros(4, int), SURE[:, :1])],
)
def test_answers_that_do_not_fit_the_images_are_refused(labels: np.ndarray, probabilities: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"labels should be \(4,\) and probabilities \(4, 2\)"):
        mistakes(np.zeros((4, 5, 5)), labels, probabilities, ["no", "yes"])
    assert not plt.get_fignums()


def test_long_captions_get_wider_images_in_shorter_rows() -> None:
    names = ["automobile", "airplane"]
    mistakes(np.zeros((12, 5, 5)), np.zeros(12, int), np.tile([0.1, 0.9], (12, 1)), names)
    figure = drawn()
    painted = [axes for axes in figure.axes if axes.images]
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = [axes.title.get_window_extent(renderer) for axes in painted]
    in_rows = [(a, b) for a, b in pairwise(boxes) if a.y0 == b.y0]
    assert in_rows
    assert all(a.x1 <= b.x0 for a, b in in_rows)
    assert figure.get_figwidth() < 10


def test_templates_stand_in_the_columns_asked_for() -> None:
    templates(np.ones((4, 16)), (2, 2), [str(i) for i in range(16)], columns=8)
    assert len([axes for axes in drawn().axes if axes.images]) == 16


def test_bytes_are_drawn_from_0_to_255_and_floats_from_their_least_to_their_largest() -> None:
    dark = np.array([[[0, 10], [20, 30]]], dtype=np.uint8)
    image_grid(dark)
    assert drawn().axes[0].images[0].get_clim() == (0, 255)
    plt.close("all")
    image_grid(dark.astype(float))
    assert drawn().axes[0].images[0].get_clim() == (0, 30)


def test_a_grid_is_as_wide_as_its_images() -> None:
    image_grid(np.zeros((3, 4, 4)), columns=3, size=2.0)
    assert drawn().get_figwidth() == 6.0


@pytest.mark.parametrize(("shape", "k"), [((4, 3), 10), ((4, 3), 2), ((4, 3, 3), 7)])
def test_each_class_has_a_picture_with_its_name(shape: tuple[int, ...], k: int) -> None:
    rng = np.random.default_rng(0)
    names = [f"class {i}" for i in range(k)]
    templates(rng.normal(size=(int(np.prod(shape)), k)), shape, names, title="Templates")
    figure = drawn()
    assert figure.get_suptitle() == "Templates"
    assert [axes.get_title() for axes in figure.axes if axes.get_title()] == names


def test_a_column_of_weights_becomes_the_picture_of_its_class() -> None:
    W = np.zeros((6, 2))
    W[4, 1] = 2.0
    templates(W, (2, 3), ["no", "yes"])
    no, yes = (axes.images[0] for axes in drawn().axes[:2])
    assert not np.asarray(no.get_array()).any()
    assert np.asarray(yes.get_array())[1, 1] == 2.0
    assert no.get_clim() == yes.get_clim()
    assert sum(yes.get_clim()) == 0


def test_the_scale_of_weights_is_labelled() -> None:
    templates(np.ones((4, 2)), (2, 2), ["a", "b"])
    assert drawn().axes[-1].get_ylabel() == "weight of a pixel"


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("shape", [(2, 2), (2, 2, 3)])
def test_weights_that_are_all_alike_can_be_drawn(value: float, shape: tuple[int, ...]) -> None:
    templates(np.full((int(np.prod(shape)), 3), value), shape, ["a", "b", "c"])
    drawn()


@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (5, 2), (4,)])
def test_weights_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"W should be \(4, 2\) for \(2, 2\) images and 2 classes"):
        templates(np.zeros(shape), (2, 2), ["a", "b"])


# panels


def test_photographs_keep_their_colours_and_answers_are_red_and_blue() -> None:
    panels({"photo": np.zeros((4, 5, 3)), "signed": np.array([[-1.0, 2.0]]), "positive": np.array([[0.0, 2.0]])})
    images = [axes.images[0] for axes in drawn().axes]
    assert [image.get_cmap().name for image in images[1:]] == ["RdBu_r", "Greys"]
    assert images[1].get_clim()[0] == -images[1].get_clim()[1]
    assert images[2].get_clim()[0] == 0
    assert drawn().axes[0].get_title() == "photo\n4 × 5"


@pytest.mark.parametrize("images", [{}, {"x": np.zeros(3)}, {"x": np.zeros((2, 2, 4))}])
def test_panels_need_images(images: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Give images"):
        panels(images)


# photograph


def test_the_photograph_is_a_small_colour_image() -> None:
    photo = photograph()
    assert photo.shape == (150, 128, 3)
    assert 0 <= photo.min() < photo.max() <= 1
    assert np.ptp(photo) > 0.5
