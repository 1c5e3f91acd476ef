from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.bench import CUDA_KERNEL, gpu_found, numba_found, run_cuda_kernel
from coursekit.errors import BenchError
from tests.test_gpu import multiply, tiled


def put_python(folder: Path, text: str) -> str:
    """Write a program to stand in for a Python that has numba."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_what_the_program_prints_is_read(tmp_path: Path) -> None:
    run = run_cuda_kernel(8, 4, on_gpu=True, python=put_python(tmp_path, """echo '[1e-07, 0.25, "0.61"]'"""))
    assert (run.error, run.seconds, run.version) == (1e-7, 0.25, "0.61")


def test_the_simulator_is_asked_for_where_there_is_no_gpu(tmp_path: Path) -> None:
    python = put_python(tmp_path, """echo "[$NUMBA_ENABLE_CUDASIM, null, \\"$4\\"]\"""")
    assert run_cuda_kernel(8, 4, on_gpu=False, python=python).error == 1
    assert run_cuda_kernel(8, 4, on_gpu=True, python=python).error == 0


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
        run_cuda_kernel(8, 4, on_gpu=False, python=put_python(tmp_path, text))


def test_it_is_the_models_kernel_in_cudas_words() -> None:
    """Translated back word by word, its text is a kernel of the model, and gives the same counts."""
    words = {
        "cuda.threadIdx": "me.thread",
        "cuda.blockIdx": "me.block",
        "cuda.syncthreads()": "yield me.barrier()",
        "cuda.shared.array((T, T), float32)": "me.shared(name(), (T, T))",
        "@cuda.jit\n": "",
        "(A, B, C):": "(me, A, B, C):\n    name = iter('AB').__next__",
    }
    text = CUDA_KERNEL
    for cuda, model in words.items():
        assert cuda in text
        text = text.replace(cuda, model)
    made: dict[str, object] = {"T": 2, "float32": float}
    exec(text, made)
    kernel = made["tiled_kernel"]
    assert callable(kernel)
    (run, error), (own, _) = (multiply(each, (7, 5, 3), (2, 2)) for each in (kernel, tiled))
    assert error < 1e-5
    assert (run.reads, run.transactions, run.barriers) == (own.reads, own.transactions, own.barriers)


def test_where_numba_is_installed_its_kernel_gives_the_product() -> None:
    if not numba_found():
        pytest.skip("needs numba")
    on_gpu = gpu_found()
    run = run_cuda_kernel(256 if on_gpu else 18, 16 if on_gpu else 4, on_gpu=on_gpu)
    assert run.error < 1e-5
    assert (run.seconds is not None) == on_gpu
