from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursekit.bench import gpu_found, in_cuda, numba_found, run_cuda_kernel
from coursekit.errors import BenchError
from tests.bench.test_cudawords import by_columns, in_flat_tiles, in_two_tiles

KERNEL = in_cuda(by_columns, (4, 4))


def put_python(folder: Path, text: str) -> str:
    """Write a program to stand in for a Python that has numba."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_what_the_program_prints_is_read(tmp_path: Path) -> None:
    run = run_cuda_kernel(KERNEL, 8, on_gpu=True, python=put_python(tmp_path, """echo '[1e-07, 0.25, "0.61"]'"""))
    assert (run.error, run.seconds, run.version) == (1e-7, 0.25, "0.61")


def test_the_simulator_is_asked_for_where_there_is_no_gpu(tmp_path: Path) -> None:
    python = put_python(tmp_path, """echo "[$NUMBA_ENABLE_CUDASIM, null, \\"$4\\"]\"""")
    assert run_cuda_kernel(KERNEL, 8, on_gpu=False, python=python).error == 1
    assert run_cuda_kernel(KERNEL, 8, on_gpu=True, python=python).error == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo 'ModuleNotFoundError: No module' >&2; echo : >&2; exit 1", "ModuleNotFoundError: No module"),
        ("exit 1", "no message"),
        ("echo no numbers", "gave no result"),
        ("exec /bin/sleep 5", "gave no result"),
    ],
)
def test_a_program_that_gives_no_result_says_why(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coursekit.bench.cudakernel._LIMIT_S", 0.5)
    with pytest.raises(BenchError, match=said):
        run_cuda_kernel(KERNEL, 8, on_gpu=False, python=put_python(tmp_path, text))


@pytest.mark.parametrize("kernel", [by_columns, in_flat_tiles, in_two_tiles])
def test_where_numba_is_installed_a_kernel_gives_the_product(kernel: Callable[..., Any]) -> None:
    if not numba_found():
        pytest.skip("needs numba")
    on_gpu = gpu_found()
    run = run_cuda_kernel(in_cuda(kernel, (4, 4)), 256 if on_gpu else 18, on_gpu=on_gpu)
    assert run.error < 1e-5
    assert (run.seconds is not None) == on_gpu
