"""The optimisers that the hidden checks of lab 03 compare with are those of torch.optim."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

PATH = Path(__file__).parents[2] / "autograde" / "hidden" / "03_mlp.py"
SIZES = [3, 5, 2]


@pytest.fixture(scope="module")
def hidden() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hidden_03_mlp", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def network(rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in pairwise(SIZES)]


OPTIMISERS: dict[str, tuple[str, Callable[..., torch.optim.Optimizer], dict[str, Any], dict[str, Any]]] = {
    "descent": ("sgd_step", torch.optim.SGD, {}, {}),
    "momentum": ("momentum_step", torch.optim.SGD, {"gamma": 0.7}, {"momentum": 0.7}),
    "adam": ("adam_step", torch.optim.Adam, {}, {}),
    "adam with settings": (
        "adam_step",
        torch.optim.Adam,
        {"beta1": 0.6, "beta2": 0.95, "eps": 0.1},
        {"betas": (0.6, 0.95), "eps": 0.1},
    ),
    "nadam": ("nadam_step", torch.optim.NAdam, {}, {}),
    "nadam with settings": (
        "nadam_step",
        torch.optim.NAdam,
        {"beta1": 0.6, "beta2": 0.95, "eps": 0.1, "psi": 0.3},
        {"betas": (0.6, 0.95), "eps": 0.1, "momentum_decay": 0.3},
    ),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_ten_steps_go_where_torch_goes(hidden: ModuleType, name: str) -> None:
    step_name, make, own_options, torch_options = OPTIMISERS[name]
    step = getattr(hidden, step_name)
    rng = np.random.default_rng(0)
    params, state = network(rng), None
    weights = [torch.tensor(part, requires_grad=True) for layer in params for part in layer]
    optimizer = make(weights, lr=0.1, **torch_options)
    for _ in range(10):
        grads = network(rng)
        if step_name == "sgd_step":
            params = step(params, grads, 0.1)
        else:
            params, state = step(params, grads, state, 0.1, **own_options)
        for weight, slope in zip(weights, [part for layer in grads for part in layer], strict=True):
            weight.grad = torch.tensor(slope)
        optimizer.step()
        found = [part for layer in params for part in layer]
        for part, weight in zip(found, weights, strict=True):
            # NAdam keeps the product of its momenta in float32.
            np.testing.assert_allclose(part, weight.detach().numpy(), rtol=1e-5, atol=1e-7)


def test_the_gradient_is_that_of_torch(hidden: ModuleType) -> None:
    rng = np.random.default_rng(1)
    params, X, y = network(rng), rng.normal(size=(6, 3)), rng.integers(2, size=6)
    weights = [torch.tensor(part, requires_grad=True) for layer in params for part in layer]
    logits = torch.relu(torch.tensor(X) @ weights[0] + weights[1]) @ weights[2] + weights[3]
    torch.nn.functional.cross_entropy(logits, torch.tensor(y)).backward()
    right = [weight.grad.numpy() for weight in weights]  # type: ignore[union-attr]
    for found in (hidden._one_by_one(params, X, y), hidden.mlp_backward(params, hidden.mlp_forward(params, X)[1], y)):
        for part, slope in zip([part for layer in found for part in layer], right, strict=True):
            np.testing.assert_allclose(part, slope, rtol=1e-10, atol=1e-12)
