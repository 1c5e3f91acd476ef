from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from coursekit.bench import OPERATIONS, find_device, operation, work
from coursekit.errors import BenchError, UnknownNameError

CPU = find_device("cpu")


@pytest.mark.parametrize(("op", "flops", "size_bytes"), [("axpy", 20, 240), ("gemv", 200, 1040), ("gemm", 2000, 3200)])
def test_work_is_counted_as_blas_does_it(op: str, flops: int, size_bytes: int) -> None:
    assert (work(op, 10, "float64").flops, work(op, 10, "float64").size_bytes) == (flops, size_bytes)
    assert work(op, 10, "bfloat16").size_bytes * 4 == size_bytes


def test_intensities_are_those_of_the_theory() -> None:
    assert work("axpy", 7, "float64").intensity == 1 / 12
    assert work("gemm", 1000, "float64").intensity == Fraction(1000, 16)
    assert work("gemv", 10**6, "float64").intensity == pytest.approx(1 / 4, rel=1e-5)


def test_tf32_is_float32_in_memory() -> None:
    assert work("gemm", 64, "tf32").size_bytes == work("gemm", 64, "float32").size_bytes


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("op", OPERATIONS)
def test_a_call_gives_a_result_of_its_precision(op: str, precision: str, backend: str) -> None:
    result = operation(op, 9, precision, device=CPU, backend=backend)()
    assert np.asarray(result).shape == ((9, 9) if op == "gemm" else (9,))
    assert str(np.asarray(result).dtype) == precision


@pytest.mark.parametrize("op", ["gemv", "gemm"])
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_a_product_can_be_repeated(op: str, backend: str) -> None:
    call = operation(op, 9, "float64", device=CPU, backend=backend)
    first = np.asarray(call()).copy()
    assert np.array_equal(first, np.asarray(call()))


def test_lower_precisions_run_on_a_processor_too() -> None:
    assert operation("gemm", 8, "bfloat16", device=CPU)().dtype.itemsize == 2


@pytest.mark.parametrize(
    ("op", "precision", "backend"),
    [("dot", "float64", "torch"), ("gemm", "float63", "torch"), ("gemm", "float64", "R")],
)
def test_unknown_names_are_refused(op: str, precision: str, backend: str) -> None:
    with pytest.raises(UnknownNameError, match="Known:"):
        operation(op, 8, precision, device=CPU, backend=backend)


@pytest.mark.parametrize(("precision", "backend"), [("tf32", "torch"), ("bfloat16", "numpy")])
def test_what_a_device_or_backend_has_not_is_refused(precision: str, backend: str) -> None:
    with pytest.raises(BenchError):
        operation("gemm", 8, precision, device=CPU, backend=backend)
