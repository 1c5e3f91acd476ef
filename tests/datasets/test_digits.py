from __future__ import annotations

from importlib.resources import files

import numpy as np

from coursekit.datasets import digits


def test_sample_has_the_form_of_mnist() -> None:
    data = digits.digits_sample()
    assert data.is_sample
    assert "not MNIST" in data.name
    assert data.train_images.shape == (1300, 28, 28)
    assert data.test_images.shape == (440, 28, 28)
    assert data.train_images.dtype == np.uint8
    assert data.train_labels.dtype == np.int64
    assert (data.train_images.min(), data.train_images.max()) == (0, 255)


def test_classes_are_balanced_in_both_parts() -> None:
    data = digits.digits_sample()
    assert np.bincount(data.train_labels).tolist() == [130] * 10
    assert np.bincount(data.test_labels).tolist() == [44] * 10


def test_parts_share_no_image() -> None:
    data = digits.digits_sample()
    train = {image.tobytes() for image in data.train_images}
    assert not any(image.tobytes() in train for image in data.test_images)


def test_it_is_the_same_every_time() -> None:
    first, second = digits.digits_sample(), digits.digits_sample()
    assert first.train_images.tobytes() == second.train_images.tobytes()
    assert first.test_images.tobytes() == second.test_images.tobytes()
    assert first.train_labels.tobytes() == second.train_labels.tobytes()


def test_the_file_of_digits_lies_in_the_package_and_is_small() -> None:
    assert 0 < len(files("coursekit.datasets").joinpath("digits.npz").read_bytes()) < 100_000


def test_digits_stand_in_an_empty_frame_like_mnists() -> None:
    images = digits.digits_sample().train_images
    framed = images.copy()
    framed[:, 4:24, 4:24] = 0
    assert not framed.any()


def test_enlarging_keeps_plain_ink_plain() -> None:
    full = digits.enlarge(np.full((1, 8, 8), 16))
    assert (full[0, 8:20, 8:20] == 255).all()
    assert not digits.enlarge(np.zeros((1, 8, 8))).any()


def test_interpolation_is_exact_for_a_parabola_inside() -> None:
    # Keys's kernel with a = -1/2 reproduces polynomials of degree 2.
    weights = digits.keys_cubic_weights(8, 20)
    centres = (np.arange(20) + 0.5) * 8 / 20 - 0.5
    inside = (centres >= 1) & (centres <= 6)
    parabola = weights @ np.arange(8.0) ** 2
    np.testing.assert_allclose(parabola[inside], centres[inside] ** 2, atol=1e-12)


def test_a_linear_classifier_reaches_the_linear_target(linear_accuracy) -> None:  # type: ignore[no-untyped-def]
    data = digits.digits_sample()
    assert data.targets["linear"] <= linear_accuracy(data, lr=0.1, epochs=20)
