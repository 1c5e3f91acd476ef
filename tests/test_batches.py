from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from coursekit.batches import Batches


def examples(n: int, kind: str) -> tuple[Any, Any]:
    """Build n examples of which row i holds i, with the label i."""
    X, y = np.repeat(np.arange(n, dtype=np.float32)[:, None], 3, axis=1), np.arange(n)
    return (torch.tensor(X), torch.tensor(y)) if kind == "tensor" else (X, y)


@pytest.mark.parametrize("kind", ["array", "tensor"])
def test_an_epoch_holds_every_example_once_beside_its_label(kind: str) -> None:
    X, y = examples(10, kind)
    batches = list(Batches(X, y, batch_size=4, rng=np.random.default_rng(0)))
    assert [len(labels) for _, labels in batches] == [4, 4, 2]
    assert sorted(int(label) for _, labels in batches for label in labels) == list(range(10))
    assert all((np.asarray(images) == np.asarray(labels)[:, None]).all() for images, labels in batches)


@pytest.mark.parametrize("kind", ["array", "tensor"])
def test_batches_have_the_kind_and_dtype_of_the_data(kind: str) -> None:
    X, y = examples(5, kind)
    images, labels = next(iter(Batches(X, y, batch_size=2, rng=np.random.default_rng(0))))
    assert type(images) is type(X)
    assert (images.dtype, labels.dtype) == (X.dtype, y.dtype)


def test_each_epoch_has_an_order_of_its_own() -> None:
    batches = Batches(*examples(50, "array"), batch_size=50, rng=np.random.default_rng(0))
    first, second = (next(iter(batches))[1].tolist() for _ in range(2))
    assert first != second


def test_the_same_rng_gives_the_same_order_for_arrays_and_tensors() -> None:
    arrays, tensors = (
        list(Batches(*examples(9, kind), batch_size=2, rng=np.random.default_rng(3))) for kind in ("array", "tensor")
    )
    assert [labels.tolist() for _, labels in arrays] == [labels.tolist() for _, labels in tensors]


@pytest.mark.parametrize("kind", ["array", "tensor"])
def test_without_rng_the_order_stays_and_nothing_is_copied(kind: str) -> None:
    X, y = examples(5, kind)
    batches = list(Batches(X, y, batch_size=2))
    assert [labels.tolist() for _, labels in batches] == [[0, 1], [2, 3], [4]]
    assert np.shares_memory(np.asarray(batches[0][0]), np.asarray(X))


@pytest.mark.parametrize("kind", ["array", "tensor"])
def test_shuffled_batches_are_copies(kind: str) -> None:
    X, y = examples(5, kind)
    for images, _ in Batches(X, y, batch_size=2, rng=np.random.default_rng(0)):
        assert not np.shares_memory(np.asarray(images), np.asarray(X))


@pytest.mark.parametrize(("n", "batch_size", "count"), [(10, 4, 3), (8, 4, 2), (3, 10, 1), (0, 4, 0)])
def test_its_length_is_the_number_of_batches(n: int, batch_size: int, count: int) -> None:
    batches = Batches(*examples(n, "array"), batch_size=batch_size)
    assert len(batches) == len(list(batches)) == count


def test_lists_are_read_as_arrays() -> None:
    ((images, labels),) = Batches([[1.0], [2.0]], [0, 1], batch_size=2)
    assert (images.shape, labels.tolist()) == ((2, 1), [0, 1])


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="got 2 labels for 3 examples"):
        Batches(np.zeros((3, 1)), np.zeros(2), batch_size=1)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_batches_of_nothing_are_refused(batch_size: int) -> None:
    with pytest.raises(ValueError, match="batch_size is 1 or more"):
        Batches(np.zeros((3, 1)), np.zeros(3), batch_size=batch_size)
