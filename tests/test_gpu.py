from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit import gpu
from coursekit.errors import GpuError
from coursekit.gpu import Run, launch

ORDERS = range(25)


def axpy(me: Any, alpha: float, x: Any, y: Any) -> None:
    i = me.block.x * me.size.x + me.thread.x
    if i < len(x):
        y[i] += alpha * x[i]


def naive(me: Any, A: Any, B: Any, C: Any) -> None:
    row, column = (me.block[axis] * me.size[axis] + me.thread[axis] for axis in (0, 1))
    if row < C.shape[0] and column < C.shape[1]:
        total = 0.0
        for p in range(A.shape[1]):
            total += A[row, p] * B[p, column]
        C[row, column] += total


def coalesced(me: Any, A: Any, B: Any, C: Any) -> None:
    column, row = (me.block[axis] * me.size[axis] + me.thread[axis] for axis in (0, 1))
    if row < C.shape[0] and column < C.shape[1]:
        total = 0.0
        for p in range(A.shape[1]):
            total += A[row, p] * B[p, column]
        C[row, column] += total


def tiled(me: Any, A: Any, B: Any, C: Any, first: bool = True, second: bool = True) -> Any:
    tile = me.size.x
    x, y = me.thread
    row, column = me.block.y * tile + y, me.block.x * tile + x
    A_tile, B_tile = me.shared("A_tile", (tile, tile)), me.shared("B_tile", (tile, tile))
    (m, k), n = A.shape, B.shape[1]
    total = 0.0
    for start in range(0, k, tile):
        A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
        B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 0.0
        if first:
            yield me.barrier()
        for p in range(tile):
            total += A_tile[y, p] * B_tile[p, x]
        if second:
            yield me.barrier()
    if row < m and column < n:
        C[row, column] += total


def multiply(
    kernel: Callable[..., Any], shape: tuple[int, int, int], threads: tuple[int, int], *rest: Any, seed: int = 0
) -> tuple[Run, float]:
    """Multiply random matrices; return the counts, and the largest error."""
    m, k, n = shape
    rng = np.random.default_rng(1)
    A, B, C = (rng.normal(size=sides).astype(np.float32) for sides in ((m, k), (k, n), (m, n)))
    right = C + A.astype(float) @ B.astype(float)
    along = (m, n) if kernel is naive else (n, m)
    blocks = (-(-along[0] // threads[0]), -(-along[1] // threads[1]))
    run = launch(kernel, A, B, C, *rest, blocks=blocks, threads=threads, seed=seed)
    return run, float(np.abs(C - right).max())


@pytest.mark.parametrize("kernel", [naive, coalesced, tiled])
@pytest.mark.parametrize(("shape", "threads"), [((8, 8, 8), (4, 4)), ((7, 5, 3), (4, 4)), ((1, 9, 6), (2, 2))])
def test_the_three_products_are_right_in_every_order(
    kernel: Callable[..., Any], shape: tuple[int, int, int], threads: tuple[int, int]
) -> None:
    assert max(multiply(kernel, shape, threads, seed=seed)[1] for seed in ORDERS) < 1e-5


def test_a_naive_product_reads_two_n_cubed_numbers() -> None:
    n = 24
    run, _ = multiply(naive, (n, n, n), (8, 8))
    assert run.reads == {"A": n**3, "B": n**3, "C": n**2}
    assert run.writes == {"A": 0, "B": 0, "C": n**2}


@pytest.mark.parametrize("tile", [2, 4, 8])
def test_a_tiled_product_reads_two_n_cubed_numbers_per_width_of_the_tile(tile: int) -> None:
    n = 24
    run, _ = multiply(tiled, (n, n, n), (tile, tile))
    assert run.reads["A"] + run.reads["B"] == 2 * n**3 // tile
    assert run.shared_reads == 2 * n**3
    assert run.shared_writes == 2 * n**3 // tile
    assert run.barriers == 2 * (n // tile) ** 3


def test_neighbours_that_read_neighbours_share_lines() -> None:
    n = 32
    across, _ = multiply(naive, (n, n, n), (32, 4))
    along, _ = multiply(coalesced, (n, n, n), (32, 4))
    # A warp's step: 32 rows of A, one line each, and one number of B; or one number of A and one line of B.
    assert across.transactions == {"A": 32 * n * n, "B": n * n, "C": 2 * 32 * n}
    assert along.transactions == {"A": n * n, "B": n * n, "C": 2 * n}
    assert along.bytes_moved == 128 * (2 * n * n + 2 * n)


@pytest.mark.parametrize(("dtype", "lines"), [(np.float32, 2), (np.float64, 4)])
def test_wider_numbers_take_more_lines(dtype: type, lines: int) -> None:
    x: np.ndarray = np.ones(64, dtype)
    y: np.ndarray = np.zeros(64, dtype)
    run = launch(axpy, 2.0, x, y, blocks=2, threads=32)
    assert run.transactions == {"x": lines, "y": 2 * lines}
    assert y.tolist() == [2.0] * 64


def test_a_warp_is_32_threads_of_one_block() -> None:
    x, y = np.ones(32, np.float32), np.zeros(32, np.float32)
    assert launch(axpy, 2.0, x, y, blocks=4, threads=8).transactions == {"x": 4, "y": 8}


def test_what_a_thread_does_later_is_another_step() -> None:
    def twice(me: Any, x: Any) -> Any:
        return x[me.thread.x] + x[me.thread.x]

    assert launch(twice, np.ones(32, np.float32), blocks=1, threads=32).transactions == {"x": 2}


@pytest.mark.parametrize(("stride", "conflicts"), [(1, 0), (2, 1), (32, 31)])
def test_threads_that_want_one_bank_wait_for_one_another(stride: int, conflicts: int) -> None:
    def strided(me: Any) -> Any:
        s = me.shared("s", 1024)
        for i in range(32):
            s[32 * me.thread.x + i] = 0.0
        yield me.barrier()
        return s[stride * me.thread.x]

    def written(me: Any) -> Any:
        s = me.shared("s", 1024)
        for i in range(32):
            s[32 * me.thread.x + i] = 0.0

    writing = launch(written, blocks=1, threads=32).bank_conflicts
    assert launch(strided, blocks=1, threads=32).bank_conflicts - writing == conflicts


def test_one_element_for_all_is_no_conflict() -> None:
    def broadcast(me: Any) -> Any:
        s = me.shared("s", 32)
        s[me.thread.x] = 1.0
        yield me.barrier()
        return s[0]

    assert launch(broadcast, blocks=1, threads=32).bank_conflicts == 0


@pytest.mark.parametrize("seed", ORDERS)
@pytest.mark.parametrize("barriers", [(True, False), (False, True), (False, False)])
def test_a_missing_barrier_is_a_race_in_every_order(seed: int, barriers: tuple[bool, bool]) -> None:
    with pytest.raises(
        GpuError, match=r"A race: Thread \(\d, \d\) of block .* [AB]_tile\[\d, \d\] and thread"
    ) as found:
        multiply(tiled, (4, 4, 4), (2, 2), *barriers, seed=seed)
    assert found.value.kind == "race"


@pytest.mark.parametrize("seed", ORDERS)
def test_a_barrier_that_not_all_reach_is_found_in_every_order(seed: int) -> None:
    def divergent(me: Any, x: Any) -> Any:
        if me.thread.x < 3:
            x[me.thread.x] = 1.0
            yield me.barrier()

    with pytest.raises(GpuError, match=r"3 of 4 threads wait at a barrier, and thread \(3, 0\) has ended") as found:
        launch(divergent, np.zeros(4), blocks=1, threads=4, seed=seed)
    assert found.value.kind == "barrier"


@pytest.mark.parametrize("seed", ORDERS)
def test_two_branches_with_a_barrier_each_are_not_one_barrier(seed: int) -> None:
    def branches(me: Any) -> Any:
        if me.thread.x % 2:
            yield me.barrier()
        else:
            yield me.barrier()

    with pytest.raises(GpuError, match="wait at different barriers"):
        launch(branches, blocks=1, threads=4, seed=seed)


@pytest.mark.parametrize("seed", ORDERS)
@pytest.mark.parametrize("reader", [0, 1, 2])
def test_blocks_that_touch_what_one_writes_race_in_every_order(seed: int, reader: int) -> None:
    def passed_on(me: Any, x: Any) -> Any:
        x[3]
        if me.block.x == reader:
            x[3] = 1.0

    with pytest.raises(GpuError, match=r"A race: block \(\d, 0\) and .* both touch x\[3\]") as found:
        launch(passed_on, np.zeros(4), blocks=3, threads=1, seed=seed)
    assert found.value.kind == "race"


def test_what_a_thread_keeps_to_itself_is_no_race() -> None:
    def own(me: Any, x: Any) -> Any:
        for _ in range(3):
            x[me.thread.x] += 1.0

    x = np.zeros(5)
    run = launch(own, x, blocks=1, threads=5)
    assert (x.tolist(), run.reads["x"], run.writes["x"]) == ([3.0] * 5, 15, 15)


def test_a_barrier_orders_global_memory_within_a_block() -> None:
    def shifted(me: Any, x: Any) -> Any:
        value = x[(me.thread.x + 1) % 4]
        yield me.barrier()
        x[me.thread.x] = value

    x = np.arange(4.0)
    launch(shifted, x, blocks=1, threads=4, seed=3)
    assert x.tolist() == [1, 2, 3, 0]


def read_at(place: Any) -> Callable[..., Any]:
    def kernel(me: Any, x: Any, A: Any) -> Any:
        return (A if isinstance(place, tuple) else x)[place]

    return kernel


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (6, r"Thread \(0, 0\) of block \(0, 0\) is out of bounds: it asks for x\[6\], and the last element is x\[5\]"),
        (-1, r"asks for x\[-1\]"),
        ((2, 0), r"asks for A\[2, 0\], and the last element is A\[1, 2\]"),
        ((0, 3), r"asks for A\[0, 3\]"),
        (1.5, r"one element, x\[i\] with whole numbers; got 1\.5"),
        (slice(2), r"one element, x\[i\] with whole numbers"),
        ((1, 2, 3), r"one element, x\[i\]|A\[row, column\] with whole numbers"),
    ],
)
def test_an_element_that_is_not_there_is_named(place: Any, said: str) -> None:
    with pytest.raises(GpuError, match=said):
        launch(read_at(place), np.zeros(6), np.zeros((2, 3)), blocks=1, threads=1)


def test_a_row_is_no_element() -> None:
    with pytest.raises(GpuError, match=r"A\[row, column\] with whole numbers; got 1"):
        launch(lambda me, A: A[1], np.zeros((2, 3)), blocks=1, threads=1)


def test_an_element_is_a_number() -> None:
    def whole_array(me: Any, x: Any) -> None:
        x[0] = x

    with pytest.raises(GpuError, match=r"x\[0\] should be set to one number; got Memory"):
        launch(whole_array, np.zeros(2), blocks=1, threads=1)


@pytest.mark.parametrize("seed", ORDERS)
def test_shared_memory_holds_nothing_at_first(seed: int) -> None:
    def unwritten(me: Any) -> float:
        s = me.shared("s", 4)
        return s[0] if me.thread.x == 2 else 0.0

    with pytest.raises(GpuError, match=r"s\[0\] in shared memory is read before any thread has written it"):
        launch(unwritten, blocks=1, threads=4, seed=seed)


def test_blocks_share_nothing() -> None:
    def counting(me: Any, x: Any) -> Any:
        s = me.shared("s", 1)
        s[0] = me.block.x
        yield me.barrier()
        x[me.block.x] = s[0]

    x = np.zeros(3)
    launch(counting, x, blocks=3, threads=1)
    assert x.tolist() == [0, 1, 2]


def test_a_block_has_only_so_much_shared_memory() -> None:
    with pytest.raises(GpuError, match=r"A block has 49152 bytes .* s of shape \(128, 128\) it would need 65536"):
        launch(lambda me: me.shared("s", (128, 128)), blocks=1, threads=1)


def test_a_shared_array_has_one_shape() -> None:
    with pytest.raises(GpuError, match="has two shapes"):
        launch(lambda me: me.shared("s", me.thread.x + 1), blocks=1, threads=2)


def test_a_barrier_without_yield_is_noticed() -> None:
    def silent(me: Any) -> None:
        me.barrier()

    with pytest.raises(GpuError, match="A barrier without yield stops nobody"):
        launch(silent, blocks=1, threads=2)


def test_a_yield_without_a_barrier_is_noticed() -> None:
    def bare(me: Any) -> Any:
        yield

    with pytest.raises(GpuError, match=r"write `yield me\.barrier\(\)`"):
        launch(bare, blocks=1, threads=2)


@pytest.mark.parametrize(("blocks", "threads"), [(1, 1025), (1, (32, 33)), (0, 4), (1, 0)])
def test_a_block_has_up_to_1024_threads(blocks: Any, threads: Any) -> None:
    with pytest.raises(GpuError, match="A block has 1 to 1024 threads"):
        launch(axpy, 1.0, np.zeros(1), np.zeros(1), blocks=blocks, threads=threads)


def test_an_array_has_one_or_two_axes() -> None:
    with pytest.raises(GpuError, match=r"one or two axes here; x has shape \(2, 2, 2\)"):
        launch(lambda me, x: None, np.zeros((2, 2, 2)), blocks=1, threads=1)


def test_an_array_stays_as_it_is_where_a_kernel_fails() -> None:
    def half(me: Any, x: Any) -> None:
        x[me.thread.x] = 1.0

    x = np.zeros(3)
    with pytest.raises(GpuError):
        launch(half, x, blocks=1, threads=4)
    assert x.tolist() == [0, 0, 0]


def test_memory_is_any_array_of_numpys() -> None:
    A = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    taken = np.zeros(1)

    def corner(me: Any, A: Any, taken: Any) -> None:
        taken[0] = A[np.int64(1), 0]

    launch(corner, A, taken, blocks=1, threads=1)
    assert taken[0] == 3


def test_the_same_seed_gives_the_same_run() -> None:
    first, second = (multiply(tiled, (7, 5, 3), (2, 2), seed=4) for _ in range(2))
    assert (first[1], first[0].transactions) == (second[1], second[0].transactions)


def test_what_the_first_block_asks_for_is_kept() -> None:
    x, y = np.ones(8, np.float32), np.zeros(8, np.float32)
    run = launch(axpy, 2.0, x, y, blocks=2, threads=4)
    rows = run.first_block["x"]
    assert sorted(rows[:, 1:3].tolist()) == [[0, 0], [1, 1], [2, 2], [3, 3]]
    assert rows[:, [0, 3, 4]].any() == np.False_
    assert sorted(run.first_block["y"][:, 4].tolist()) == [0] * 4 + [1] * 4


def test_its_numbers_are_those_of_the_guide() -> None:
    assert (gpu.WARP, gpu.LINE_BYTES, gpu.BANKS, gpu.MAX_THREADS, gpu.SHARED_BYTES) == (32, 128, 32, 1024, 49152)


def test_a_launch_of_nothing_costs_nothing() -> None:
    assert launch(lambda me, x: None, np.zeros(4), blocks=1, threads=4).bytes_moved == 0
