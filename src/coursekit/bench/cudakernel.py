"""A kernel in CUDA's words, run where numba is installed: on a GPU, or in numba's simulator on a processor."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from coursekit.bench.cudawords import CudaText
from coursekit.errors import BenchError

__all__ = ["CudaRun", "numba_found", "run_cuda_kernel"]

_LIMIT_S = 120.0
_PROGRAM = """
from __future__ import annotations
import json
import sys
import time

import numpy as np
import numba
from numba import cuda, float32

{text}

n, across, down, repeats = map(int, sys.argv[1:])
rng = np.random.default_rng(0)
A, B, C = (rng.random((n, n), dtype=np.float32) for _ in range(3))
right = C + A.astype(float) @ B
there = [cuda.to_device(each) for each in (A, B, C)]
launch = {name}[(-(-n // across), -(-n // down)), (across, down)]
launch(*there)
error = float(np.abs(there[2].copy_to_host() - right).max() / right.max())
samples = []
for _ in range(repeats):
    cuda.synchronize()
    began = time.perf_counter()
    launch(*there)
    cuda.synchronize()
    ended = time.perf_counter()
    samples.append(ended - began)
print(json.dumps([error, float(np.median(samples)) if samples else None, numba.__version__]))
"""


@dataclass(frozen=True)
class CudaRun:
    """What the kernel gave.

    Attributes:
        error: Largest difference from NumPy's float64 result, per its largest entry.
        seconds: Median time of a launch on a GPU, after one that is not timed; None from the simulator.
        version: numba's.
    """

    error: float
    seconds: float | None
    version: str


def numba_found() -> bool:
    """Tell whether numba is installed here."""
    return importlib.util.find_spec("numba") is not None


def run_cuda_kernel(kernel: CudaText, n: int, *, on_gpu: bool, python: str = sys.executable) -> CudaRun:
    """Run a kernel of a product in a process of its own, since numba asks for its simulator when it is imported.

    Args:
        kernel: Adds the product of A and B to C, of threads for whose places x counts columns.
        n: Rows and columns, float32.
        on_gpu: Whether to run it on a GPU and time it; in the simulator otherwise, whose time says nothing.
        python: A Python that has numba.

    Raises:
        BenchError: If it gives no result within two minutes.
    """
    surroundings = {**os.environ, "NUMBA_ENABLE_CUDASIM": "0" if on_gpu else "1"}
    try:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "kernel.py"
            script.write_text(_PROGRAM.format(text=kernel.text, name=kernel.name), encoding="utf-8")
            command = [python, str(script), str(n), *map(str, kernel.threads), "10" if on_gpu else "0"]
            done = subprocess.run(  # noqa: S603 - the program is written above
                command, capture_output=True, text=True, check=True, timeout=_LIMIT_S, env=surroundings
            )
        error, seconds, version = json.loads(done.stdout.splitlines()[-1])
        return CudaRun(float(error), None if seconds is None else float(seconds), str(version))
    except subprocess.CalledProcessError as failure:
        lines = [line for line in failure.stderr.splitlines() if any(map(str.isalpha, line))]
        last = lines[-1].strip() if lines else "no message"
        raise BenchError(f"numba's kernel with n = {n} gave no result: {last}") from failure
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as failure:
        raise BenchError(f"numba's kernel with n = {n} gave no result: {failure}") from failure
