from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from coursekit.datasets import Dataset, load_cifar10, load_mnist


@pytest.fixture
def data() -> Dataset:
    rng = np.random.default_rng(0)
    return Dataset(
        name="Noise <loud>",
        train_images=rng.integers(0, 256, (6, 4, 5, 3), dtype=np.uint8),
        train_labels=np.arange(6) % 2,
        test_images=np.full((2, 4, 5, 3), 255, dtype=np.uint8),
        test_labels=np.array([0, 1]),
        class_names=("hiss", "hum"),
        targets={"linear": 0.5},
        is_sample=True,
        source="a test",
    )


def test_vectors_are_scaled_rows(data: Dataset) -> None:
    rows = data.train_vectors()
    assert rows.dtype == np.float32
    assert rows.shape == (6, 60)
    np.testing.assert_allclose(rows[2].reshape(data.image_shape), data.train_images[2] / 255, rtol=1e-6)


def test_vectors_reach_from_0_to_1(data: Dataset) -> None:
    assert data.test_vectors().max() == 1.0
    assert data.test_vectors().dtype == np.float32


def test_vectors_share_no_memory_with_the_images(data: Dataset) -> None:
    assert not np.shares_memory(data.train_vectors(), data.train_images)
    assert not np.shares_memory(data.train_vectors(), data.train_vectors())


def test_a_data_set_cannot_be_changed(data: Dataset) -> None:
    with pytest.raises(FrozenInstanceError):
        data.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        data.targets["linear"] = 0.0  # type: ignore[index]


def test_a_copy_may_differ(data: Dataset) -> None:
    assert replace(data, name="other").targets == {"linear": 0.5}


def test_a_data_set_travels_to_other_processes(data: Dataset) -> None:
    copy = pickle.loads(pickle.dumps(data))
    np.testing.assert_array_equal(copy.train_images, data.train_images)
    assert copy.targets == data.targets
    with pytest.raises(TypeError):
        copy.targets["linear"] = 0.0


def test_its_text_is_one_line(data: Dataset) -> None:
    assert repr(data) == "<Noise <loud>: 6 training and 2 test images, 4 x 5 x 3, 2 classes (a test)>"


def test_its_table_escapes_names(data: Dataset) -> None:
    assert "Noise &lt;loud&gt;" in data._repr_html_()


@pytest.mark.parametrize("load", [load_mnist, load_cifar10])
def test_samples_have_the_documented_targets(load: Callable[[], Dataset]) -> None:
    targets = load().targets
    assert {"linear", "mlp", "cnn"} <= set(targets)
    assert all(0.1 < target < 1 for target in targets.values())
