from __future__ import annotations

import numpy as np
import pytest

from coursekit.datasets import Dataset, cifar10, pictures


@pytest.fixture(scope="module")
def data() -> Dataset:
    return pictures.pictures_sample()


def test_sample_has_the_form_of_cifar10(data: Dataset) -> None:
    assert data.is_sample
    assert "not CIFAR-10" in data.name
    assert data.train_images.shape == (2000, 32, 32, 3)
    assert data.test_images.shape == (500, 32, 32, 3)
    assert data.train_images.dtype == np.uint8
    assert data.train_labels.dtype == np.int64
    assert data.train_images.flags.c_contiguous


def test_classes_are_balanced_in_both_parts(data: Dataset) -> None:
    assert np.bincount(data.train_labels).tolist() == [200] * 10
    assert np.bincount(data.test_labels).tolist() == [50] * 10


def test_classes_do_not_go_by_cifar10s_names(data: Dataset) -> None:
    assert len(set(data.class_names)) == 10
    assert not set(data.class_names) & set(cifar10.CLASS_NAMES)


def test_it_is_the_same_every_time(data: Dataset) -> None:
    again = pictures.pictures_sample()
    np.testing.assert_array_equal(again.train_images, data.train_images)
    np.testing.assert_array_equal(again.test_labels, data.test_labels)


def test_no_two_pictures_are_the_same(data: Dataset) -> None:
    every = np.concatenate([data.train_images, data.test_images])
    assert len({image.tobytes() for image in every}) == 2500


def test_polygons_are_negative_inside_and_measure_distance_outside() -> None:
    x, y = (np.array([[row]], np.float32) for row in ([0.0, 3.0, 0.5], [0.0, 0.0, -0.5]))
    distance = pictures.polygon(x, y, (-1, -1), (1, -1), (1, 1), (-1, 1))
    np.testing.assert_allclose(distance, [[[-1.0, 2.0, -0.5]]])


def test_a_linear_classifier_reaches_its_target_but_not_that_of_a_network(  # type: ignore[no-untyped-def]
    data: Dataset, linear_accuracy
) -> None:
    accuracy = linear_accuracy(data, lr=0.01, epochs=20)
    assert data.targets["linear"] <= accuracy < data.targets["cnn"]
