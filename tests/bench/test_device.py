from __future__ import annotations

import pytest
import torch

from coursekit.bench import find_device, gpu_found, tensor_float32
from coursekit.errors import BenchError, UnknownNameError


def test_the_processor_is_there_and_has_nothing_to_wait_for() -> None:
    device = find_device("cpu")
    assert device.kind == "cpu"
    assert device.name
    device.sync()


def test_an_unknown_device_is_told_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="Known: cpu, cuda"):
        find_device("tpu")


def test_without_a_gpu_asking_for_one_is_refused_and_asking_for_none_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert not gpu_found()
    assert find_device().kind == "cpu"
    with pytest.raises(BenchError, match="--device cpu"):
        find_device("cuda")


def test_whether_tf32_may_stand_in_for_float32_is_put_back() -> None:
    switch = torch.backends.cuda.matmul
    name = "fp32_precision" if hasattr(torch.backends, "fp32_precision") else "allow_tf32"
    before = getattr(switch, name)
    with tensor_float32(True):
        assert getattr(switch, name) in ("tf32", True)
    assert getattr(switch, name) == before
    with tensor_float32(False):
        assert getattr(switch, name) in ("ieee", False)
