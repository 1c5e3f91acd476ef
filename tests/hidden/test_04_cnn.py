"""The references that hidden checks compare with, held against PyTorch."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from torch.nn import functional

PATH = Path(__file__).parents[2] / "autograde" / "hidden" / "04_cnn.py"


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hidden_04_cnn", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_layer_and_its_gradients_are_those_of_torch(hidden: ModuleType) -> None:
    rng = np.random.default_rng(0)
    for X, W, b, stride, pad in hidden._layers(rng):
        tensors = [torch.tensor(part, requires_grad=True) for part in (X, W, b)]
        x, w, c = tensors
        out = functional.conv2d(x, w, c, stride=stride, padding=pad)
        found = hidden.conv_forward(X, W, b, stride, pad)
        np.testing.assert_allclose(found, out.detach().numpy(), atol=1e-12)
        dY = rng.normal(size=found.shape)
        out.backward(torch.tensor(dY))
        rows = np.moveaxis(dY, 1, -1).reshape(-1, len(W))
        kh, kw = W.shape[2:]
        dX = hidden.col2im(rows @ W.reshape(len(W), -1), X.shape, kh, kw, stride, pad)
        dW = (rows.T @ hidden.im2col(X, kh, kw, stride, pad)).reshape(W.shape)
        for mine, theirs in zip((dX, dW, rows.sum(axis=0)), tensors, strict=True):
            assert theirs.grad is not None
            np.testing.assert_allclose(mine, theirs.grad.numpy(), atol=1e-12)


def test_unrolling_and_rolling_up_are_those_of_torch(hidden: ModuleType) -> None:
    rng = np.random.default_rng(1)
    for X, W, _, stride, pad in hidden._layers(rng):
        kh, kw = W.shape[2:]
        options = {"kernel_size": (kh, kw), "padding": pad, "stride": stride}
        unfolded = functional.unfold(torch.tensor(X), **options)
        cols = hidden.im2col(X, kh, kw, stride, pad)
        np.testing.assert_array_equal(cols, unfolded.transpose(1, 2).reshape(cols.shape).numpy())
        folded = functional.fold(unfolded, X.shape[2:], **options)
        np.testing.assert_allclose(hidden.col2im(cols, X.shape, kh, kw, stride, pad), folded.numpy(), atol=1e-12)


def test_pooling_is_that_of_torch(hidden: ModuleType) -> None:
    rng = np.random.default_rng(2)
    for *shape, size, stride in hidden.POOLS:
        X = rng.normal(size=shape)
        right = functional.max_pool2d(torch.tensor(X), size, stride).numpy()
        np.testing.assert_array_equal(hidden.max_pool_forward(X, size, stride), right)


def test_correlation_is_a_layer_of_one_filter(hidden: ModuleType) -> None:
    rng = np.random.default_rng(3)
    x, k = rng.normal(size=(5, 7)), rng.normal(size=(2, 3))
    right = functional.conv2d(torch.tensor(x)[None, None], torch.tensor(k)[None, None])[0, 0].numpy()
    np.testing.assert_allclose(hidden.correlate2d(x, k), right, atol=1e-12)


def test_what_does_not_fit_is_refused(hidden: ModuleType) -> None:
    with pytest.raises(ValueError, match="no window"):
        hidden.conv_output_size(4, 5, 2, 0)
    with pytest.raises(ValueError, match="larger"):
        hidden.correlate2d(np.ones((3, 3)), np.ones((2, 4)))
