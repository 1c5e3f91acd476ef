# %% [markdown]
# ## 9 · Blocks
#
# A number that has been fetched should be used as often as possible before it is pushed out again. So cut all three
# matrices into blocks that fit into a **cache**, a small and fast memory inside the processor, which keeps what was
# read last: a block of $A$ times a block of $B$ is added to a block of $C$, and $b \times b$ numbers serve for $2b^3$
# operations.
#
# $$C_{IJ} \leftarrow C_{IJ} + \sum_P A_{IP} B_{PJ}.$$
#
# This is how every fast gemm is built, in several layers: for the caches, for the registers, on a GPU for shared memory.
# **The last block along each side may be short.** On the blocks, `@` is allowed.

# %% nbgrader={"grade_id": "matmul_blocked", "solution": true}
def matmul_blocked(A, B, C, block):
    """Add the product of A and B to C, a block at a time.

    A: (m, k); B: (k, n); both stay as they are
    C: (m, n), float64 as a rule; it is changed in place, and keeps its dtype
    block: side of the blocks, 1 or more; it need not divide m, n or k
    Returns C. Each product is of blocks no larger than (block, block).

    Hint: a slice may reach past the end: it stops there.
    """
    ### BEGIN SOLUTION
    m, k = A.shape
    n = B.shape[1]
    for i in range(0, m, block):
        for j in range(0, n, block):
            for p in range(0, k, block):
                A_block = A[i : i + block, p : p + block]
                B_block = B[p : p + block, j : j + block]
                C[i : i + block, j : j + block] += A_block @ B_block
    return C
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_matmul_blocked", "grade": true, "points": 3}
check("matmul_blocked")

# %% tags=["explore"]
ask("matmul_blocked", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# All of them give the same numbers. Do they cost the same? By the count they do: $2n^3$ FLOP. **Guess first**, here and wherever a cell
# says `my_guess = None`: put a number in place of `None`. It is drawn beside what comes out.

# %% tags=["explore"]
my_guess = None  # GFLOP/s of your rows at n = 256

# %% tags=["explore"]
A_odd, B_odd = (np.random.default_rng(0).normal(size=shape) for shape in ((7, 5), (5, 3)))
products = [matmul_loops(A_odd, B_odd, np.zeros((7, 3))), matmul_rows(A_odd, B_odd, np.zeros((7, 3)))]
products += [matmul_blocked(A_odd, B_odd, np.zeros((7, 3)), 4)]
print([f"{np.abs(product - A_odd @ B_odd).max():.1e}" for product in products], "largest difference from A @ B")


def my_rates(multiply, sizes):
    """Measure a product of yours in float64: sizes, and FLOP/s at each."""
    rates = []
    for n in sizes:
        A, B, C = (np.random.default_rng(seed).random((n, n)) for seed in range(3))
        cost = {"sync": lambda: None, "warmup": 1, "repeats": 3, "clock": time.perf_counter}
        seconds = time_call(lambda: multiply(A, B, C), **cost)
        rates.append(1e9 * gflops("gemm", n, seconds))
    return sizes, rates


curves = {
    "your loops": my_rates(matmul_loops, [16, 32, 64]),
    "your rows": my_rates(matmul_rows, [16, 32, 64, 128, 256]),
    "your blocks of 128": my_rates(lambda A, B, C: matmul_blocked(A, B, C, 128), [64, 128, 256, 512, 1024]),
}

# %% [markdown]
# And the libraries, in all precisions that the device has, with the package's own timer, which does what yours does and keeps
# every sample. `coursekit bench gemm` does this in a terminal, more patiently, and `--json FILE` keeps the result.

# %% tags=["explore"]
cpu = bench.find_device("cpu")
measured = bench.sweep([64, 128, 256, 512, 1024, 2048], device=cpu, budget_s=0.15, limit_s=1)
curves |= bench.by_series(measured)
bench.rate_curves(
    curves,
    levels={"nominal peak, float32": here[0], "nominal peak, float64": here[1]}
    | ({"your guess for your rows": 1e9 * my_guess} if my_guess else {}),
    title="One product, 2n³ operations, many ways",
)

# %% [markdown]
# What to look for, on any machine. How many powers of ten lie between the loops and the library, on the same processor?
# (Four or five are usual.) Then read the picture from below: **loops** pay Python for each multiply-add: hundreds of
# nanoseconds or more, for a fraction of a nanosecond of work. **Rows** share that price among $n$ numbers, so they
# climb with $n$, until what they do is axpy, which memory holds back. **Blocks** lie close to the library because they
# *are* the library, called on small matrices. The **libraries** climb while the cost of a call and the edges matter,
# and are flat where all cores multiply and add in nearly every cycle. If one of them starts far below the others, it
# woke a second thread for a product that was over before the thread was there.
#
# The dotted lines are nominal, cores × clock × FLOP per cycle. A curve above its line says that the clock is higher
# than the one that was read: "more than 100 % of peak", as above. Where is bfloat16 (2 bytes: float32's range with
# fewer digits)? Above everything on a processor with matrix units for it (AMX), at the bottom on one without.

# %% [markdown]
# **What a digit costs.** Narrower numbers are faster because more of them fit into a register, and through the bus (the
# wires) to the memory. What do they lose? Below, the same product in each precision that the device has, against
# float64. (Where one of them is so slow that the product would take more than a second, the rate is that of a smaller
# one, and the cell says so.)

# %% tags=["explore"]
import torch

where = gpu or cpu
rng = torch.Generator().manual_seed(0)
A, B = (torch.randn(512, 512, generator=rng, dtype=torch.float64).to(where.kind) for _ in range(2))
exact = A @ B
for precision in where.precisions:
    dtype = getattr(torch, "float32" if precision == "tf32" else precision)
    with bench.tensor_float32(precision == "tf32"):
        off = (A.to(dtype) @ B.to(dtype)).double() - exact
    error = (off.norm() / exact.norm()).item()
    rate = bench.measure("gemm", 2048, precision, device=where, budget_s=0.3, limit_s=1).flops_per_s
    print(f"{precision:<10}{rate / 1e9:10,.1f} GFLOP/s   relative error {error:.1e}")

# %% [markdown]
# On a GPU, mind a fourth name: **TF32** is float32 in memory whose factors lose 13 of the 23 bits that hold their
# digits on the way into the multipliers. It is several times as fast, its error hundreds of times as large, and a
# program that allows it still says float32. PyTorch leaves it off for products unless told otherwise; a rate without
# that word is worth little.
#
# **Threads.** A second core doubles the arithmetic. Does it double the rate? **Guess first**, for axpy.

# %% tags=["explore"]
my_guess = None  # axpy's rate on two threads, as a multiple of one thread's

# %% tags=["explore"]
threads = sorted({1, 2, processor.cores, *(2**k for k in range(8) if 2**k <= processor.cores)})
threads = [k for k in threads if k <= max(processor.logical_cpus, 1)]
scaling = {}
for op, n in (("gemm", 1024), ("gemv", 4096), ("axpy", 2**24)):
    rates = []
    for k in threads:
        with bench.torch_threads(k):
            rates.append(bench.measure(op, n, "float32", device=cpu, budget_s=0.3).flops_per_s)
    scaling[op] = [rate / rates[0] for rate in rates]
plots.bars(
    scaling,
    [f"{k} thread{'s' if k > 1 else ''}" for k in threads],
    ylabel="rate, as a multiple of one thread's",
    title=f"What threads add, on {processor.cores} cores",
    guess=[my_guess if k == 2 else None for k in threads],
)
_ = plt.ylim(top=1.4 * max(max(rates) for rates in scaling.values()))


# %% ask
A, B = np.arange(35.0).reshape(5, 7) % 4 + 1, np.arange(21.0).reshape(7, 3) % 5
matmul_blocked(A, B, np.full((5, 3), 10.0), 2)


# %% visible
def _with_blocks(matmul_blocked: Function, A: Any, B: Any, C: Any, block: int) -> Any:
    return matmul_blocked(A, B, C, block), A, B, C


@checks("matmul_blocked")
def blocks_multiply_7_5_3(student: Student, rng: Rng) -> None:
    """With block 4, which divides none of 7, 5 and 3, the whole product is added to C."""
    first, last = PRODUCT_7_3.copy(), C_7_3.copy()
    first[4:] = 0
    last[:, :] += np.outer(A_7_5[:, 4], B_5_3[4])
    _expect_7_5_3(
        student.run(_with_blocks, A=A_7_5, B=B_5_3, C=C_7_3, block=4),
        {
            "The last rows are missing: the last block of rows is a short one, and a slice may reach past the end.": (
                C_7_3 + first
            ),
            "C is as it was: nothing was added to it. Where only whole blocks count, n // block of them, the side of 3 "
            "has none: range(0, n, block) has the start of a short one, too.": C_7_3,
            "Only the last block of p is in it: each block of C gains a product for every block of p, with +=.": last,
        },
    )


@checks("matmul_blocked")
def blocks_of_every_size(student: Student, rng: Rng) -> None:
    """Blocks of 1, 2, 3, 5, 7 and 100 give the same result."""
    for block in (1, 2, 3, 5, 7, 100):
        result, *_ = expect_parts(
            student.run(_with_blocks, A=A_7_5, B=B_5_3, C=C_7_3, block=block),
            ("result", "A", "B", "C"),
            hint="Return C.",
        )
        hint = "The last block along each side may be short; where block is larger than a side, it is the only one."
        expect_close(result, C_7_3 + PRODUCT_7_3, hint=hint, what=f"The result with block {block}")


@checks("matmul_blocked")
def blocks_add_into_c(student: Student, rng: Rng) -> None:
    """The array C itself holds the result, and A and B stay as they are."""
    _expect_in_place(student.run(_with_blocks, A=A_7_5, B=B_5_3, C=C_7_3, block=2))
    single = C_7_3.astype(np.float32)
    _expect_single_precision_kept(student.run(_with_blocks, A=A_7_5, B=B_5_3, C=single, block=2))


def _sides_multiplied(matmul_blocked: Function, A: Any, B: Any, C: Any, block: int) -> Any:
    """Multiply arrays that note the sides of every matrix that NumPy multiplies for them."""
    sides: list[int] = []

    class Watched(np.ndarray):
        def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, out: Any = None, **options: Any) -> Any:
            plain = [np.asarray(item) for item in inputs]
            if ufunc is np.matmul:
                sides.extend(side for item in plain for side in item.shape)
            if out is None:
                done = getattr(ufunc, method)(*plain, **options)
                return done.view(Watched) if isinstance(done, np.ndarray) else done
            getattr(ufunc, method)(*plain, out=tuple(np.asarray(item) for item in out), **options)
            return out[0]

        def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
            if function.__name__ in ("dot", "einsum", "tensordot", "inner", "multi_dot"):
                sides.extend(side for item in args if isinstance(item, np.ndarray) for side in item.shape)
            return super().__array_function__(function, types, args, kwargs)

        def dot(self, other: Any, out: Any = None) -> Any:
            return np.dot(self, other) if out is None else np.dot(self, other, out)

    result = matmul_blocked(A.view(Watched), B.view(Watched), C.view(Watched), block)
    return np.array(result), max(sides, default=0)


@checks("matmul_blocked")
def products_are_no_larger_than_blocks(student: Student, rng: Rng) -> None:
    """No product is larger than block × block: a block of A times a block of B at a time."""
    for block in (2, 1, 4):
        got = student.run(_sides_multiplied, A=A_7_5, B=B_5_3, C=C_7_3, block=block)
        result, side = expect_parts(got, ("result", "largest side"), hint="Return C.")
        hint = "First get the product right; then this check looks at its parts."
        expect_close(result, C_7_3 + PRODUCT_7_3, hint=hint)
        expect(
            bool(side <= block),
            f"With block = {block}, a larger matrix is multiplied in one go.",
            expected=f"sides up to {block}",
            got=f"a side of {side}",
            hint="Cut along all three: rows of A, columns of B, and what is summed over.",
        )


@checks("matmul_blocked")
def blocks_stay_in_float64(student: Student, rng: Rng) -> None:
    """Where C is float64, the sums have float64's sixteen digits."""
    _product_first(student.run(_with_blocks, A=A_7_5, B=B_5_3, C=C_7_3, block=4))
    _expect_full_precision(student.run(_with_blocks, A=FINE_A, B=FINE_B, C=FINE_C, block=1))


matmul_blocked_in_other_forms = forms("matmul_blocked", "fortran", "strided", "again")


# %% hidden
def _with_blocks(matmul_blocked: Function, A: Any, B: Any, C: Any, block: int) -> Any:
    return matmul_blocked(A, B, C, block), C


@checks("matmul_blocked")
def blocks_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices are multiplied at every shape and with every size of block."""
    for shape in (*SHAPES, (9, 10, 11)):
        for block in (1, 3, 4, 64):
            _expect_random_product(student, rng, _with_blocks, shape, block=block)


# %% right ends_by_min
def matmul_blocked(A, B, C, block):
    (m, k), n = A.shape, B.shape[1]
    for i in range(0, m, block):
        i_end = min(i + block, m)
        for p in range(0, k, block):
            p_end = min(p + block, k)
            for j in range(0, n, block):
                j_end = min(j + block, n)
                C[i:i_end, j:j_end] += np.dot(A[i:i_end, p:p_end], B[p:p_end, j:j_end])
    return C


# %% right counted_blocks
def matmul_blocked(A, B, C, block):
    sides = [-(-side // block) for side in (A.shape[0], B.shape[1], A.shape[1])]
    for i, j, p in np.ndindex(*sides):
        I, J, P = (slice(q * block, (q + 1) * block) for q in (i, j, p))
        C[I, J] += np.einsum("ip,pj->ij", A[I, P], B[P, J])
    return C


# %% right sum_of_a_block_first
def matmul_blocked(A, B, C, block):
    for i in range(0, len(A), block):
        for j in range(0, B.shape[1], block):
            total = 0
            for p in range(0, len(B), block):
                total = total + np.matmul(A[i : i + block, p : p + block], B[p : p + block, j : j + block])
            C[i : i + block, j : j + block] += total
    return C


# %% right scalars_within_blocks
def matmul_blocked(A, B, C, block):
    m, k = A.shape
    n = B.shape[1]
    for i0 in range(0, m, block):
        for j0 in range(0, n, block):
            for p0 in range(0, k, block):
                for i in range(i0, min(i0 + block, m)):
                    for p in range(p0, min(p0 + block, k)):
                        C[i, j0 : j0 + block] += A[i, p] * B[p, j0 : j0 + block]
    return C


# %% right torch
def matmul_blocked(A, B, C, block):
    import torch

    a, b, c = (torch.tensor(np.ascontiguousarray(each)) for each in (A, B, C))
    for i in range(0, len(a), block):
        for j in range(0, b.shape[1], block):
            for p in range(0, len(b), block):
                c[i : i + block, j : j + block] += a[i : i + block, p : p + block] @ b[p : p + block, j : j + block]
    C[:] = c.numpy()
    return C


# %% wrong ragged_edge_dropped -> blocks_multiply_7_5_3
# The last blocks may be smaller.
def matmul_blocked(A, B, C, block):
    m, k = A.shape
    n = B.shape[1]
    for i in range(m // block):
        for j in range(n // block):
            for p in range(k // block):
                I, J, P = (slice(q * block, (q + 1) * block) for q in (i, j, p))
                C[I, J] += A[I, P] @ B[P, J]
    return C


# %% wrong ragged_rows_dropped -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    m, k = A.shape
    for i in range(0, max(m - m % block, 1), block):
        for j in range(0, B.shape[1], block):
            for p in range(0, k, block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong large_blocks_do_nothing -> blocks_of_every_size
def matmul_blocked(A, B, C, block):
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                if block > max(A.shape):
                    continue
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong square_grid -> blocks_at_every_shape
def matmul_blocked(A, B, C, block):
    m = max(A.shape[0], A.shape[1])
    for i in range(0, m, block):
        for j in range(0, m, block):
            for p in range(0, m, block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong last_block_of_p_only -> blocks_multiply_7_5_3
# C is added to, term after term.
def matmul_blocked(A, B, C, block):
    k = A.shape[1]
    old = C.copy()
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, k, block):
                I, J, P = slice(i, i + block), slice(j, j + block), slice(p, p + block)
                C[I, J] = old[I, J] + A[I, P] @ B[P, J]
    return C


# %% wrong assigned -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    C[:] = 0
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong one_product_of_all -> products_are_no_larger_than_blocks
# The blocks are not cut as asked.
def matmul_blocked(A, B, C, block):
    C += A @ B
    return C


# %% wrong one_product_of_all_by_dot -> products_are_no_larger_than_blocks
def matmul_blocked(A, B, C, block):
    C += A.dot(B)
    return C


# %% wrong sum_not_cut -> products_are_no_larger_than_blocks
def matmul_blocked(A, B, C, block):
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            C[i : i + block, j : j + block] += A[i : i + block] @ B[:, j : j + block]
    return C


# %% wrong block_of_four_always -> products_are_no_larger_than_blocks
def matmul_blocked(A, B, C, block):
    block = 4
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong new_array -> blocks_add_into_c
# C itself is the result.
def matmul_blocked(A, B, C, block):
    C = np.array(C)
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return C


# %% wrong nothing_returned -> blocks_multiply_7_5_3
def matmul_blocked(A, B, C, block):
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                C[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]


# %% wrong float32_by_default -> blocks_stay_in_float64
# Right up to float32's digits.
def matmul_blocked(A, B, C, block):
    a, b = A.astype(np.float32), B.astype(np.float32)
    total = np.zeros(C.shape, np.float32)
    for i in range(0, A.shape[0], block):
        for j in range(0, B.shape[1], block):
            for p in range(0, A.shape[1], block):
                total[i : i + block, j : j + block] += a[i : i + block, p : p + block] @ b[p : p + block, j : j + block]
    C += total
    return C


# %% wrong a_copy_in_row_order -> matmul_blocked_in_other_forms
def matmul_blocked(A, B, C, block):
    D = np.ascontiguousarray(C)
    m, k = A.shape
    n = B.shape[1]
    for i in range(0, m, block):
        for j in range(0, n, block):
            for p in range(0, k, block):
                D[i : i + block, j : j + block] += A[i : i + block, p : p + block] @ B[p : p + block, j : j + block]
    return D


# %% wrong all_at_once_where_a_side_is_short -> products_are_no_larger_than_blocks
# - m, k = A.shape
# - n = B.shape[1]
# + m, k = A.shape
# + n = B.shape[1]
# + if block > min(m, n, k):
# +     C += A @ B
# +     return C


# %% wrong blocks_of_two_at_least -> products_are_no_larger_than_blocks
# - n = B.shape[1]
# + n = B.shape[1]
# + block = max(block, 2)


# %% right cut_in_two_again_and_again
# Views of A, B and C, until the sides are short enough.
def matmul_blocked(A, B, C, block):
    def cut(size):
        return block * max(1, size // block // 2)

    (m, k), n = A.shape, B.shape[1]
    if m > block:
        for rows in (slice(cut(m)), slice(cut(m), None)):
            matmul_blocked(A[rows], B, C[rows], block)
    elif n > block:
        for columns in (slice(cut(n)), slice(cut(n), None)):
            matmul_blocked(A, B[:, columns], C[:, columns], block)
    elif k > block:
        for terms in (slice(cut(k)), slice(cut(k), None)):
            matmul_blocked(A[:, terms], B[terms], C, block)
    else:
        C += np.dot(A, B)
    return C
