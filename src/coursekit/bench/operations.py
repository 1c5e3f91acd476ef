"""axpy, gemv and gemm: what they cost, and calls that do them once.

Counted as BLAS does them: y ← αx + y, y ← Ax + y, C ← AB + C, with square matrices. Bytes are those that must move if
each operand is read once and each result written once (K. Wong, MAT391, Unit 2, "Computational Intensity").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.absent import require_torch
from coursekit.bench.device import Device, tensor_float32
from coursekit.errors import BenchError, UnknownNameError

__all__ = ["BACKENDS", "OPERATIONS", "PRECISIONS", "Work", "operation", "work"]

OPERATIONS = ("axpy", "gemv", "gemm")
BACKENDS = ("numpy", "torch")
#: Bytes of a number in memory. TF32 exists in the multipliers alone: in memory it is float32.
PRECISIONS = {"float64": 8, "float32": 4, "tf32": 4, "bfloat16": 2, "float16": 2}
_ALPHA = 1e-3


@dataclass(frozen=True)
class Work:
    """What an operation costs.

    Attributes:
        flops: Additions and multiplications.
        size_bytes: Bytes that must be read and written.
    """

    flops: int
    size_bytes: int

    @property
    def intensity(self) -> float:
        """FLOP per byte."""
        return self.flops / self.size_bytes


def work(op: str, n: int, precision: str) -> Work:
    """Count an operation's work.

    Args:
        op: ``"axpy"``, ``"gemv"`` or ``"gemm"``.
        n: Length of the vectors, rows and columns of the matrices.
        precision: A key of :data:`PRECISIONS`.

    Raises:
        UnknownNameError: If there is no such operation or precision.
    """
    _known("operation", op, OPERATIONS)
    _known("precision", precision, PRECISIONS)
    flops, elements = {
        "axpy": (2 * n, 3 * n),
        "gemv": (2 * n**2, n**2 + 3 * n),
        "gemm": (2 * n**3, 4 * n**2),
    }[op]
    return Work(flops, elements * PRECISIONS[precision])


def operation(op: str, n: int, precision: str, *, device: Device, backend: str = "torch") -> Callable[[], Any]:
    """Make operands, and return a call that does the operation once with them.

    gemv and gemm write to an array of their own, so that every call computes the same; axpy adds
    into y. NumPy has no call for axpy and none that adds into C: it takes two passes, which are counted as one.

    Args:
        op: ``"axpy"``, ``"gemv"`` or ``"gemm"``.
        n: Length of the vectors, rows and columns of the matrices.
        precision: A key of :data:`PRECISIONS` that the device has.
        device: Where to run.
        backend: ``"numpy"`` (a processor, float64 and float32) or ``"torch"``.

    Raises:
        UnknownNameError: If there is no such operation, precision or backend.
        BenchError: If the backend or the device does not have what is asked for.
    """
    work(op, n, precision)
    _known("backend", backend, BACKENDS)
    if precision not in device.precisions:
        raise BenchError(f"{device.name} is measured in {', '.join(device.precisions)}; got {precision}.")
    if backend == "numpy":
        if device.kind != "cpu" or precision not in ("float64", "float32"):
            raise BenchError(f"NumPy multiplies float64 and float32 on processors; got {precision} on {device.kind}.")
        return _numpy_call(op, n, precision)
    return _torch_call(op, n, precision, device)


def _known(kind: str, name: str, legal: Any) -> None:
    if name not in legal:
        raise UnknownNameError(kind, name, legal)


def _numpy_call(op: str, n: int, precision: str) -> Callable[[], Any]:
    rng = np.random.default_rng(0)

    def random(*shape: int) -> np.ndarray:
        return (rng.random(shape, dtype=np.float32) - np.float32(0.5)).astype(precision)

    if op == "axpy":
        x, y, scaled = random(n), random(n), np.empty(n, precision)
        return lambda: np.add(np.multiply(x, _ALPHA, out=scaled), y, out=y)
    A, right = random(n, n), random(n) if op == "gemv" else random(n, n)
    addend, result = random(*right.shape), np.empty(right.shape, precision)
    return lambda: np.add(np.matmul(A, right, out=result), addend, out=result)


def _torch_call(op: str, n: int, precision: str, device: Device) -> Callable[[], Any]:
    require_torch("An operation by its library")
    import torch

    dtype = getattr(torch, "float32" if precision == "tf32" else precision)

    def random(*shape: int) -> Any:
        return (torch.rand(*shape, device=device.kind) - 0.5).to(dtype)

    if op == "axpy":
        x, y = random(n), random(n)
        return lambda: y.add_(x, alpha=_ALPHA)
    A, right = random(n, n), random(n) if op == "gemv" else random(n, n)
    addend, result = random(*right.shape), torch.empty_like(right)
    multiply = torch.addmv if op == "gemv" else torch.addmm

    def call() -> Any:
        # Whether float32 may be TF32 is decided when the product is handed over, not when it runs.
        with tensor_float32(precision == "tf32"):
            return multiply(addend, A, right, out=result)

    return call if device.kind == "cuda" else lambda: multiply(addend, A, right, out=result)
