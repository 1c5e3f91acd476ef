from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from coursekit.bench import CudaText, in_cuda
from coursekit.errors import BenchError
from tests.test_gpu import multiply

#: Words of CUDA, and what they stand for in the model.
BACK = {
    "cuda.threadIdx": "me.thread",
    "cuda.blockIdx": "me.block",
    "cuda.blockDim": "me.size",
    "cuda.gridDim": "me.blocks",
    "cuda.syncthreads()": "yield me.barrier()",
    ", float32)": ")",
    "cuda.shared.array(": "me.shared(name(), ",
    "@cuda.jit(device=True)\n": "",
    "@cuda.jit\n": "",
    "float32(": "float(",
    "(A, B, C):": "(me, A, B, C):\n    name = iter('AB').__next__",
}
WIDTH = 4


def fetched(M: Any, row: int, column: int) -> Any:
    if row >= M.shape[0] or column >= M.shape[1]:
        return 0.0
    return M[row, column]


def by_columns(here: Any, A: Any, B: Any, C: Any) -> None:
    """Count x along columns, in float64."""
    block, size = here.block, here.size
    row = block.y * size.y + here.thread[1]
    column = block.x * size.x + here.thread[0]
    if row < C.shape[0] and column < C.shape[1]:
        total = 0.0
        for p in range(len(B)):
            total += fetched(A, row, p) * fetched(B, p, column)
        C[row, column] += total


def in_flat_tiles(me: Any, A: Any, B: Any, C: Any) -> Any:
    T, (x, y) = me.size.x, me.thread
    both = me.shared("both", 2 * T * T)
    row, column = me.block.y * T + y, me.block.x * T + x
    total = 0.0
    for start in range(0, A.shape[1], WIDTH):
        both[y * T + x] = fetched(A, row, start + x)
        both[T * T + y * T + x] = fetched(B, start + y, column)
        yield me.barrier()
        for p in range(T):
            total += both[y * T + p] * both[T * T + p * T + x]
        yield me.barrier()
    if row < C.shape[0] and column < C.shape[1]:
        C[row, column] += total


def in_two_tiles(me: Any, A: Any, B: Any, C: Any) -> Any:
    size, x, y = me.size.x, me.thread.x, me.thread[1]
    near_A, near_B = me.shared("A", (size, size)), me.shared("B", (size, size))
    row, column = me.block.y * size + y, me.block.x * size + x
    total = 0
    for start in range(0, A.shape[1], size):
        near_A[y, x] = fetched(A, row, start + x)
        near_B[y, x] = fetched(B, start + y, column)
        yield me.barrier()
        for p in range(size):
            total += near_A[y, p] * near_B[p, x]
        yield me.barrier()
    if row < C.shape[0] and column < C.shape[1]:
        C[row, column] += total


def with_a_generator(me: Any, A: Any, B: Any, C: Any) -> None:
    column, row = (block * size + thread for block, size, thread in zip(me.block, me.size, me.thread, strict=True))
    if row < C.shape[0] and column < C.shape[1]:
        C[row, column] += sum(A[row, p] * B[p, column] for p in range(len(B)))


def no_kernel() -> None:
    """Have no thread."""


def translated_back(words: CudaText) -> Callable[..., Any]:
    """Return the kernel of the model that a text in CUDA's words is, word by word."""
    text = words.text
    for cuda, model in BACK.items():
        text = text.replace(cuda, model)
    assert "cuda" not in text
    made: dict[str, Any] = {}
    exec(text, made)
    kernel: Callable[..., Any] = made[words.name]
    return kernel


@pytest.mark.parametrize("kernel", [by_columns, in_flat_tiles, in_two_tiles])
def test_a_translation_read_back_does_what_the_kernel_did(kernel: Callable[..., Any]) -> None:
    words = in_cuda(kernel, (WIDTH, WIDTH))
    assert words.untranslated == frozenset()
    (run, error), (own, _) = (multiply(each, (7, 5, 3), (WIDTH, WIDTH)) for each in (translated_back(words), kernel))
    assert error < 1e-5
    assert (run.reads, run.transactions, run.barriers) == (own.reads, own.transactions, own.barriers)


@pytest.mark.parametrize("kernel", [by_columns, in_flat_tiles, in_two_tiles, with_a_generator])
def test_each_line_stands_beside_its_authors(kernel: Callable[..., Any]) -> None:
    own = [line for line, _ in in_cuda(kernel, (WIDTH, WIDTH)).lines if line]
    assert own == [line for line in inspect.getsource(kernel).rstrip("\n").split("\n") if line and '"""' not in line]


def test_the_width_of_a_block_is_a_number_where_memory_is_shared_and_a_word_elsewhere() -> None:
    assert "T, (x, y) = 16, (cuda.threadIdx.x, cuda.threadIdx.y)" in in_cuda(in_flat_tiles, (16, 16)).text
    plain = in_cuda(by_columns, (16, 16)).text
    assert "block, size = cuda.blockIdx, cuda.blockDim" in plain
    assert "row = block.y * size.y + cuda.threadIdx.y" in plain


def test_two_shared_arrays_in_one_line_become_two_lines() -> None:
    lines = in_cuda(in_two_tiles, (8, 8)).lines
    at = next(i for i, (own, _) in enumerate(lines) if ".shared(" in own)
    assert [cuda.strip() for _, cuda in lines[at : at + 2]] == [
        "near_A = cuda.shared.array((size, size), float32)",
        "near_B = cuda.shared.array((size, size), float32)",
    ]
    assert lines[at + 1][0] == ""


def test_what_a_kernel_uses_of_the_notebooks_goes_with_it() -> None:
    helpers = in_cuda(in_flat_tiles, (4, 4)).helpers
    assert "WIDTH = 4" in helpers
    assert "@cuda.jit(device=True)\ndef fetched(M" in helpers


def test_what_has_no_word_is_marked_and_stays_as_it_was() -> None:
    words = in_cuda(with_a_generator, (4, 4))
    assert sorted(words.lines[i][0].strip()[:14] for i in words.untranslated) == ["C[row, column]", "column, row = "]
    assert "sum(A[row, p] * B[p, column] for p in range(len(B)))  # ?" in str(words)
    assert "Lines with # ? (2) are as you wrote them" in words._repr_html_()


def test_a_barrier_that_nobody_waits_at_has_no_word() -> None:
    def kernel(me: Any, A: Any) -> None:
        me.barrier()

    words = in_cuda(kernel, (4, 4))
    assert [words.lines[i][0].strip() for i in words.untranslated] == ["me.barrier()"]


def test_a_table_shows_a_kernels_text_as_text() -> None:
    assert "row &lt; C.shape[0]" in in_cuda(by_columns, (4, 4))._repr_html_()


@pytest.mark.parametrize("kernel", [len, no_kernel, eval("lambda me: None")])
def test_what_is_no_kernel_with_a_text_is_refused(kernel: Callable[..., Any]) -> None:
    with pytest.raises(BenchError, match=r"cannot be found|should be a function of a thread"):
        in_cuda(kernel, (4, 4))
