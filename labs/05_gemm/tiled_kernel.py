# %% [markdown]
# ## 14 · Tiles
#
# Coalesced, but each number of $A$ still comes from far away $n$ times. Your processor had the cure in part 9: fetch a block once, and use it
# often. A GPU's block of threads has a small memory of its own for that, **shared memory**, some 48 kB next to the arithmetic. The block walks
# along a row of tiles of $A$ and down a column of tiles of $B$. For each pair, every thread fetches *one* number of $A$ and *one*
# of $B$, and then all use all of them:
#
# $$\text{reads} = \frac{2n^3}{T} \quad\text{in place of}\quad 2n^3, \qquad \text{with tiles of } T \times T.$$
#
# `me.shared("A_tile", (T, T))` is an array that the threads of my block have in common; it holds nothing at first. Since they
# run in any order, nobody may read the tile before all have written, and nobody may write the next before all have
# read: `yield me.barrier()` waits until *every* thread of the block has come there.

# %% nbgrader={"grade_id": "tiled_kernel", "solution": true}
def tiled_kernel(me, A, B, C):
    """Add the product of A and B to C, by way of tiles in shared memory.

    me, A, B, C, and the grid: as for coalesced_kernel; me.size.x and me.size.y are both T
    A and B are read T times less often, along their rows: m·n·k / T times each if T divides all sides;
    it need not, and then what lies outside a matrix counts as 0, and is not read.
    T is any number from 1 to 32. Each entry of C is read and written once.

    Hint: the threads of a block come to the same barriers, those at an edge too.
    """
    ### BEGIN SOLUTION
    T = me.size.x
    x, y = me.thread
    row, column = me.block.y * T + y, me.block.x * T + x
    A_tile, B_tile = me.shared("A_tile", (T, T)), me.shared("B_tile", (T, T))
    (m, k), n = A.shape, B.shape[1]
    total = 0.0
    for start in range(0, k, T):
        A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
        B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 0.0
        yield me.barrier()
        for p in range(T):
            total += A_tile[y, p] * B_tile[p, x]
        yield me.barrier()
    if row < m and column < n:
        C[row, column] += total
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tiled_kernel", "grade": true, "points": 4}
check("tiled_kernel")

# %% [markdown]
# The picture shows what one block fetches from far away, in colours of the time at which it does: the naive kernel a whole
# strip again and again, yours one tile after the other. **Guess first**, with your `roofline`: what could each of the three kernels reach on a P100 in
# float32, whose peak is 9.3 TFLOP/s and whose memory moves 732 GB/s?

# %% tags=["explore"]
my_guess = None  # GFLOP/s of the tiled kernel on a P100

# %% tags=["explore"]
n, T = 64, 32
runs["tiled"] = launch_product(tiled_kernel, n, (T, T))
plots.block_reads(
    {"coalesced": launch_product(coalesced_kernel, 32, (8, 8)), "tiled": launch_product(tiled_kernel, 32, (8, 8))},
    title="What block (0, 0) fetches, for n = 32 and T = 8",
)
p100 = published.DEVICES["Tesla P100"]
p100_peak = peak_flops(p100.cores, p100.ghz, p100.flops_per_cycle)
ladder = {}
for name, run in runs.items():
    intensity = flops("gemm", n) / run.bytes_moved
    ladder[name] = roofline(intensity, p100_peak, p100.bandwidth)
    print(
        f"{name:<10} reads {sum(run.reads.values()):8,}   {run.bytes_moved:11,} bytes   {intensity:7.3f} FLOP per byte"
        f"   at most {ladder[name] / 1e9:8,.1f} GFLOP/s: {1e6 * flops('gemm', n) / ladder[name]:.2f} µs"
    )

# %% tags=["explore"]
plots.bars(
    {"of a P100's roof": [100 * rate / p100_peak for rate in ladder.values()]},
    list(ladder),
    ylabel="% of the peak in float32, predicted",
    title="A model: what the lines alone allow on a P100",
    guess=[None, None, my_guess and 100e9 * my_guess / p100_peak],
)
shares = published.SGEMM_SHARES
plots.bars(
    {"share of cuBLAS": [100 * share for share in shares.values()]},
    list(shares),
    ylabel="% of cuBLAS's rate, measured by others",
    title="Published (siboehm/SGEMM_CUDA), n = 4096: the same road on a real GPU",
)

# %% [markdown]
# The model counts lines and knows no cache. A real GPU has one, so its naive kernel is less slow than the first bar;
# and a real tiled kernel waits for shared memory and for barriers, so it is slower than the third. The order is the
# same, and so is the cure: tiles in shared memory, then tiles of those in registers, and so on, your `matmul_blocked`
# in layers. What is between the last two bars of the published ones is the craft of those who write cuBLAS, NVIDIA's
# own BLAS.
#
# **What each level is called.** Your kernel is nearly a CUDA kernel already:
#
# | here | CUDA C++ | numba.cuda | OpenCL |
# |---|---|---|---|
# | kernel | `__global__ void f(…)` | `@cuda.jit` | `__kernel void f(…)` |
# | thread | thread | thread | work-item |
# | block | block | block | work-group |
# | grid: `blocks=…, threads=…` | `f<<<blocks, threads>>>(…)` | `f[blocks, threads](…)` | NDRange: global and local size |
# | 32 threads in step | warp | warp | sub-group |
# | a variable of my own | register | register | private memory |
# | `me.shared("s", (T, T))` | `__shared__ float s[T][T]` | `cuda.shared.array((T, T), float32)` | `__local float s[T][T]` |
# | `yield me.barrier()` | `__syncthreads()` | `cuda.syncthreads()` | `barrier(CLK_LOCAL_MEM_FENCE)` |
# | `A`, `B`, `C` | global memory | global memory | `__global` memory |
#
# **For real.** The next cell puts *your* kernel into CUDA's words, line beside line, as `numba.cuda` spells them in Python. What changes is little: where a
# thread stands, shared memory, barriers, numbers of single precision. The width of a block stands there as a number, because
# CUDA fixes the shape of a shared array when it compiles. A list, a generator or a `sum(…)` has no word there, and is marked.

# %% tags=["explore", "remove-output"]
mine_in_cuda = bench.in_cuda(tiled_kernel, (16, 16))
mine_in_cuda

# %% [markdown]
# Where `numba` is installed (`pip install numba`), that text runs: on the GPU if there is one, timed beside the library, and otherwise in numba's
# simulator, which is slow and whose time says nothing.

# %% tags=["explore"]
if not bench.numba_found():
    print("numba is not installed here: the kernel above is only to be read.")
elif mine_in_cuda.untranslated:
    print("Write the marked lines with loops and numbers alone, run your kernel's cell again, and this one.")
else:
    n = 4096 if gpu else 32
    real = bench.run_cuda_kernel(mine_in_cuda, n, on_gpu=gpu is not None)
    print(f"numba {real.version}, n = {n}: largest error {real.error:.0e} of the largest entry")
    if real.seconds:
        library = bench.measure("gemm", n, "float32", device=gpu, budget_s=0.3).flops_per_s / 1e9
        mine = gflops("gemm", n, real.seconds)
        print(f"on {gpu.name}: {mine:,.0f} GFLOP/s, the library {library:,.0f}: {mine / library:.1%}")


# %% visible
def _with_tiled_kernel(tiled_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(tiled_kernel, cases)


# Worked out by hand.
A_4_4 = np.array([[1.0, 2, 0, -1], [3, 0, 1, 2], [-2, 1, 4, 0], [0, 5, -3, 1]])
B_4_4 = np.array([[2.0, 0, 1, 3], [1, -1, 0, 2], [0, 4, -2, 1], [5, 1, 3, -1]])
PRODUCT_4_4 = np.array([[-1.0, -3, -2, 8], [16, 6, 7, 8], [-3, 15, -10, 0], [10, -16, 9, 6]])


def _tiled_4(tile: int, seed: int = 0) -> dict[str, Any]:
    """Return the launch for these, in tiles that divide 4; C is 100 throughout."""
    return case([A_4_4, B_4_4, np.full((4, 4), 100.0)], (4 // tile, 4 // tile), (tile, tile), seed=seed)


@checks("tiled_kernel")
def whole_tiles_multiply(student: Student, rng: Rng) -> None:
    """In tiles of 1, 2 and 4, the product of two 4 × 4 matrices is added to C."""
    sums = 100 + PRODUCT_4_4
    first = 100 + A_4_4[:, :2] @ B_4_4[:2]
    for tile, made in zip(
        (2, 4, 1), launched(student, "tiled_kernel", _with_tiled_kernel, list(map(_tiled_4, (2, 4, 1)))), strict=True
    ):
        expect_close(
            made["arrays"][2],
            sums,
            hint="For each pair of tiles: fill both, wait, add A_tile[y, p] * B_tile[p, x] for every p, wait.",
            what=f"C in tiles of {tile} × {tile}",
            mistakes={
                "What C held is gone: add the sum to C with +=.": PRODUCT_4_4,
                "C is as it was: nothing was added to it.": np.full((4, 4), 100.0),
                "Only the first pair of tiles is in it: walk along all of k.": first,
                "Only the last pair of tiles is in it: the sum goes on from tile to tile.": sums - first + 100,
            },
        )


@checks("tiled_kernel")
def the_last_tiles_may_be_short(student: Student, rng: Rng) -> None:
    """For A (7, 5) and B (5, 3) in tiles of 4, 2, 3, 6 and 17, what lies outside the matrices counts as 0."""
    tiles = (4, 2, 3, 6, 17)
    cases = [_product_case((tile, tile), seed) for seed, tile in enumerate(tiles)]
    for made in launched(student, "tiled_kernel", _with_tiled_kernel, cases):
        _expect_product(made, {"The last tile along k is missing: it may be short.": C_7_3 + A_7_5[:, :4] @ B_5_3[:4]})


@checks("tiled_kernel")
def nothing_is_left_to_chance(student: Student, rng: Rng) -> None:
    """In five orders of threads there is no race, all come to each barrier, and no tile is read before it is full."""
    cases = [_tiled_4(2, seed) for seed in range(5)]
    for made in launched(student, "tiled_kernel", _with_tiled_kernel, cases):
        hint = "All threads of the block write the tiles; barrier; all read them; barrier; and so on."
        expect_close(made["arrays"][2], 100 + PRODUCT_4_4, hint=hint, what="C")


@checks("tiled_kernel")
def reads_fall_by_the_width_of_a_tile(student: Student, rng: Rng) -> None:
    """For 4 × 4 matrices A and B are read 32 times each in tiles of 2, and 16 times in tiles of 4, in place of 64."""
    found = launched(student, "tiled_kernel", _with_tiled_kernel, [_tiled_4(2), _tiled_4(4)])
    for made, reads in zip(found, (32, 16), strict=True):
        hint = (
            "A thread fetches one number of A and one of B for each pair of tiles; what it multiplies, the tiles have."
        )
        expect_equal(made["reads"], {"A": reads, "B": reads, "C": 16}, hint=hint, what="How often elements are read")
        expect_equal(made["writes"], {"A": 0, "B": 0, "C": 16}, hint=hint, what="How often elements are written to")
        expect(made["shared_reads"] >= 64, "The products are not made from shared memory.", hint=hint)


A_16 = (np.arange(256.0) % 7).reshape(16, 16)
B_16 = (np.arange(256.0) % 5).reshape(16, 16)


@checks("tiled_kernel")
def tiles_are_filled_along_rows(student: Student, rng: Rng) -> None:
    """For 16 × 16 matrices in one tile, A and B are read in 8 lines each: neighbours fetch neighbours."""
    one = case([A_16, B_16, np.zeros((16, 16))], (1, 1), (16, 16))
    (made,) = launched(student, "tiled_kernel", _with_tiled_kernel, [one])
    for name, n_lines in (("A", 8), ("B", 8), ("C", 16)):
        hint = "A warp's threads differ in x: let x count columns, both where a tile is filled and in C."
        lines = made["transactions"][name]
        expect(lines <= n_lines, f"{name} takes too many lines.", expected=n_lines, got=lines, hint=hint)


# %% hidden
def _with_tiled_kernel(tiled_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(tiled_kernel, cases)


@checks("tiled_kernel")
def tiled_products_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of many shapes, in tiles of many widths, are multiplied right, and fetched once for a tile."""
    shapes = [
        ((1, 1, 1), 2),
        ((4, 4, 4), 4),
        ((1, 6, 3), 2),
        ((5, 1, 2), 3),
        ((6, 11, 9), 3),
        ((2, 3, 10), 5),
        ((2, 3, 2), 1),
        ((1, 2, 2), 32),
    ]
    drawn = [_random_product(rng, shape, (tile, tile)) for shape, tile in shapes]
    found = _expect_random_launches(student, "tiled_kernel", _with_tiled_kernel, drawn)
    for made, ((m, k, n), tile) in zip(found, shapes, strict=True):
        right = {"A": m * k * -(-n // tile), "B": k * n * -(-m // tile), "C": m * n}
        hint = "Each block fetches each number of its rows of A and of its columns of B once."
        expect(made["reads"] == right, "Elements are fetched more or less often than tiles need.", hint=hint)


# %% right guard_inside_the_loop
def tiled_kernel(me, A, B, C):
    width = me.size.y
    a, b = me.shared("a", (width, width)), me.shared("b", (width, width))
    column, row = (block * width + thread for block, thread in zip(me.block, me.thread))
    inside = row < C.shape[0] and column < C.shape[1]
    k, total = len(B), 0
    for tile in range((k + width - 1) // width):
        p = tile * width
        if row < len(A) and p + me.thread.x < k:
            a[me.thread.y, me.thread.x] = A[row, p + me.thread.x]
        if column < B.shape[1] and p + me.thread.y < k:
            b[me.thread.y, me.thread.x] = B[p + me.thread.y, column]
        yield me.barrier()
        if inside:
            for q in range(min(width, k - p)):
                total = total + a[me.thread.y, q] * b[q, me.thread.x]
        yield me.barrier()
    if inside:
        C[row, column] = C[row, column] + total


# %% right flat_tiles_and_helper
def fetched(M, row, column):
    if row >= M.shape[0] or column >= M.shape[1]:
        return 0.0
    return M[row, column]


def tiled_kernel(me, A, B, C):
    T, (x, y) = me.size.x, me.thread
    row, column = me.block.y * T + y, me.block.x * T + x
    tiles = me.shared("both", 2 * T * T)
    total = 0.0
    for start in range(0, A.shape[1], T):
        tiles[y * T + x] = fetched(A, row, start + x)
        tiles[T * T + y * T + x] = fetched(B, start + y, column)
        yield me.barrier()
        total += sum(tiles[y * T + p] * tiles[T * T + p * T + x] for p in range(T))
        yield me.barrier()
    if row < C.shape[0] and column < C.shape[1]:
        C[row, column] += total


# %% right two_pairs_of_tiles
# While one pair is read, the other is filled: one barrier for each pair is enough.
def tiled_kernel(me, A, B, C):
    T = me.size.x
    x, y = me.thread
    row, column = me.block.y * T + y, me.block.x * T + x
    pairs = [(me.shared(f"A{i}", (T, T)), me.shared(f"B{i}", (T, T))) for i in range(2)]
    total = 0.0
    for number, start in enumerate(range(0, A.shape[1], T)):
        A_tile, B_tile = pairs[number % 2]
        A_tile[y, x] = A[row, start + x] if row < A.shape[0] and start + x < A.shape[1] else 0
        B_tile[y, x] = B[start + y, column] if start + y < B.shape[0] and column < B.shape[1] else 0
        yield me.barrier()
        for p in range(T):
            total += A_tile[y, p] * B_tile[p, x]
    if row < C.shape[0] and column < C.shape[1]:
        C[row, column] += total


# %% wrong no_second_barrier -> nothing_is_left_to_chance
# Fast threads would fill the next tiles while slow ones still read these.
# -     total += A_tile[y, p] * B_tile[p, x]
# - yield me.barrier()
# +     total += A_tile[y, p] * B_tile[p, x]

# %% wrong no_first_barrier -> nothing_is_left_to_chance
# Shared memory is read before all of it is written.
# - yield me.barrier()
# - for p in range(T):
# + for p in range(T):

# %% wrong barrier_without_yield -> nothing_is_left_to_chance
# - yield me.barrier()
# - for p in range(T):
# + me.barrier()
# + for p in range(T):

# %% wrong barrier_within_the_sum -> whole_tiles_multiply
# The tiles are written over after the first term.
# -     total += A_tile[y, p] * B_tile[p, x]
# - yield me.barrier()
# +     total += A_tile[y, p] * B_tile[p, x]
# +     yield me.barrier()
# +     break


# %% wrong threads_past_the_edge_leave -> the_last_tiles_may_be_short
# Those that wait wait for ever.
# - total = 0.0
# + total = 0.0
# + if row >= m or column >= n:
# +     return

# %% wrong barriers_under_the_guard -> the_last_tiles_may_be_short
# - yield me.barrier()
# - for p in range(T):
# + if row < m and column < n:
# +     yield me.barrier()
# + for p in range(T):

# %% wrong no_guard_of_rows -> the_last_tiles_may_be_short
# - A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
# + A_tile[y, x] = A[row, start + x] if start + x < k else 0.0

# %% wrong no_guard_of_c -> the_last_tiles_may_be_short
# - if row < m and column < n:
# + if True:

# %% wrong last_tile_of_k_unguarded -> the_last_tiles_may_be_short
# The tile's own place counts, too.
# - B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 0.0
# + B_tile[y, x] = B[start + y, column] if start < k and column < n else 0.0

# %% wrong last_tile_dropped -> the_last_tiles_may_be_short
# - for start in range(0, k, T):
# + for start in range(0, k - k % T, T):

# %% wrong outside_not_filled -> the_last_tiles_may_be_short
# What no thread has written is no zero.
# - A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
# + if row < m and start + x < k:
# +     A_tile[y, x] = A[row, start + x]

# %% wrong outside_wraps_around -> the_last_tiles_may_be_short
# - A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
# - B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 0.0
# + A_tile[y, x] = A[row % m, (start + x) % k]
# + B_tile[y, x] = B[(start + y) % k, column % n]

# %% wrong row_and_column_swapped -> whole_tiles_multiply
# x counts columns.
# - row, column = me.block.y * T + y, me.block.x * T + x
# + row, column = me.block.x * T + x, me.block.y * T + y

# %% wrong tile_index_swapped -> whole_tiles_multiply
# - total += A_tile[y, p] * B_tile[p, x]
# + total += A_tile[p, y] * B_tile[x, p]

# %% wrong tile_number_for_its_start -> whole_tiles_multiply
# - for start in range(0, k, T):
# + for start in range(-(-k // T)):

# %% wrong c_overwritten -> whole_tiles_multiply
# - C[row, column] += total
# + C[row, column] = total

# %% wrong last_term_alone -> whole_tiles_multiply
# - total += A_tile[y, p] * B_tile[p, x]
# + total = A_tile[y, p] * B_tile[p, x]

# %% wrong sum_begun_anew -> whole_tiles_multiply
# - yield me.barrier()
# - for p in range(T):
# + yield me.barrier()
# + total = 0.0
# + for p in range(T):

# %% wrong tiles_not_used -> reads_fall_by_the_width_of_a_tile
# The tiles are filled, and then the far memory is read all the same.
# - total += A_tile[y, p] * B_tile[p, x]
# + if row < m and column < n and start + p < k:
# +     total += A[row, start + p] * B[start + p, column]

# %% wrong one_tile_alone -> reads_fall_by_the_width_of_a_tile
# - total += A_tile[y, p] * B_tile[p, x]
# + if column < n and start + p < k:
# +     total += A_tile[y, p] * B[start + p, column]

# %% wrong c_added_to_for_each_tile -> reads_fall_by_the_width_of_a_tile
# -     yield me.barrier()
# - if row < m and column < n:
# -     C[row, column] += total
# +     if row < m and column < n:
# +         C[row, column] += total
# +     total = 0.0
# +     yield me.barrier()

# %% wrong filled_down_the_columns -> tiles_are_filled_along_rows
# Every number is right, and every line is moved for two of them.
# - A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
# + A_tile[x, y] = A[me.block.y * T + x, start + y] if me.block.y * T + x < m and start + y < k else 0.0

# %% wrong tiles_of_four_assumed -> whole_tiles_multiply
# - T = me.size.x
# + T = 4

# %% wrong three_tiles_at_most -> tiled_products_at_every_shape
# - for start in range(0, k, T):
# + for start in range(0, min(k, 3 * T), T):


# %% wrong outside_filled_with_ones -> the_last_tiles_may_be_short
# - A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
# - B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 0.0
# + A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 1.0
# + B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 1.0


# %% wrong tiles_of_sixteen_at_most -> the_last_tiles_may_be_short
# Blocks of threads may have 32 × 32.
# - T = me.size.x
# + T = min(me.size.x, 16)

# %% survivors
# - A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
# + A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 1.0
# Past k it is multiplied by a 0 of B's tile, and past m no entry of C takes it.

# - A_tile[y, x] = A[row, start + x] if row < m and start + x < k else 0.0
# + A_tile[y, x] = A[row, start + x] if row < m and start + x < k else -1
# Past k it is multiplied by a 0 of B's tile, and past m no entry of C takes it.

# - B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 0.0
# + B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 1.0
# Past k it is multiplied by a 0 of A's tile, and past n no entry of C takes it.

# - B_tile[y, x] = B[start + y, column] if start + y < k and column < n else 0.0
# + B_tile[y, x] = B[start + y, column] if start + y < k and column < n else -1
# Past k it is multiplied by a 0 of A's tile, and past n no entry of C takes it.
