"""Where a product runs: this machine's processor, or a GPU that PyTorch can use."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coursekit.absent import has_torch, require_torch
from coursekit.errors import BenchError, UnknownNameError

__all__ = ["DEVICES", "Device", "find_device", "gpu_found", "tensor_float32"]

DEVICES = ("cpu", "cuda")


@dataclass(frozen=True)
class Device:
    """A processor or a GPU.

    Attributes:
        kind: ``"cpu"`` or ``"cuda"``, as PyTorch names it.
        name: The maker's name of it.
        precisions: What it multiplies matrices in, the widest first; ``"tf32"`` is float32 whose factors are
            rounded to 10 bits of mantissa on the way into the multipliers, and is never called float32 here.
    """

    kind: str
    name: str
    precisions: tuple[str, ...]

    def sync(self) -> None:
        """Wait until all work handed to the device is done, in all of its streams."""
        if self.kind == "cuda":
            import torch

            torch.cuda.synchronize()

    def clock(self) -> float:
        """Read the clock that calls on the device are timed with, in seconds."""
        return time.perf_counter()


def gpu_found() -> bool:
    """Tell whether PyTorch can use a GPU here."""
    if not has_torch():
        return False
    import torch

    return bool(torch.cuda.is_available())


def find_device(kind: str | None = None) -> Device:
    """Find a device.

    Args:
        kind: ``"cpu"``, ``"cuda"``, or None for a GPU where there is one, else the processor.

    Raises:
        UnknownNameError: If there is no such kind of device.
        BenchError: If a GPU is asked for, and PyTorch can use none.
    """
    if kind is not None and kind not in DEVICES:
        raise UnknownNameError("device", kind, DEVICES)
    if kind == "cpu" or (kind is None and not gpu_found()):
        from coursekit.bench.machine import processor_name

        return Device("cpu", processor_name(), ("float64", "float32", "bfloat16"))
    if not gpu_found():
        raise BenchError(
            "PyTorch finds no GPU on this machine. Use --device cpu, or run `coursekit doctor`, which says what is"
            " missing."
        )
    import torch

    major, _ = torch.cuda.get_device_capability()
    lower = ("tf32", "bfloat16", "float16") if major >= 8 else ("float16",)
    return Device("cuda", torch.cuda.get_device_name(), ("float64", "float32", *lower))


@contextlib.contextmanager
def tensor_float32(allowed: bool) -> Iterator[None]:
    """Set for a while whether a GPU may multiply float32 matrices as TF32, then restore the setting.

    PyTorch renamed the switch; mixing the old name with the new one is an error there.

    Args:
        allowed: Whether TF32 may stand in for float32.
    """
    require_torch("A GPU's way to multiply")
    import torch

    switch: Any = torch.backends.cuda.matmul
    name, value = ("fp32_precision", "tf32" if allowed else "ieee")
    if not hasattr(torch.backends, "fp32_precision"):
        name, value = ("allow_tf32", allowed)  # type: ignore[assignment]
    before = getattr(switch, name)
    setattr(switch, name, value)
    try:
        yield
    finally:
        setattr(switch, name, before)
