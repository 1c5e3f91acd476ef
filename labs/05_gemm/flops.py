# %% [markdown]
# ## 1 · What a computation costs: operations
#
# Nearly all the work of a neural network is done by three routines of the **BLAS**, the Basic Linear Algebra Subprograms,
# which every processor and GPU maker tunes. With vectors of length $n$ and matrices of $n \times n$:
#
# $$\text{axpy:}\; y \leftarrow \alpha x + y, \qquad \text{gemv:}\; y \leftarrow A x + y, \qquad \text{gemm:}\; C \leftarrow A B + C.$$
#
# One addition or one multiplication of two numbers is one **FLOP**, a floating-point operation. "FLOPS" is used for their
# number and for their number per second; here it is FLOP and FLOP/s. Each entry of $C$ takes $n$ products, and each of these is
# added to it, so gemm costs $2n$ FLOP per entry. How many entries are there? A 2 in front is easily lost: whoever
# counts a multiply-add as one operation is off by it, and many a "speed-up" of two is no more than that.

# %% nbgrader={"grade_id": "flops", "solution": true}
def flops(op, n):
    """Count the floating-point operations of a BLAS routine.

    op: "axpy", "gemv" or "gemm", as above: each adds to what y or C holds
    n: length of the vectors, rows and columns of the matrices
    Returns the number of additions and multiplications.

    Hint: entries of the result, times what each of them takes.
    """
    ### BEGIN SOLUTION
    return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_flops", "grade": true, "points": 1}
check("flops")

# %% tags=["explore"]
sizes = 2 ** np.arange(3, 15)
plots.curves(
    {op: (sizes, [float(flops(op, int(n))) for n in sizes]) for op in ("gemm", "gemv", "axpy")},
    xlabel="n",
    ylabel="FLOP",
    title="BLAS 3, 2, 1: one more power of n each",
    log="xy",
)


# %% visible
@checks("flops")
def flops_of_five(student: Student, rng: Rng) -> None:
    """With n = 5, axpy takes 10 operations, gemv 50, and gemm 250."""
    expect_close(
        student.call("flops", "gemm", 5),
        250,
        hint="Each of the n² entries of C gets n products, and adds each of them: n multiplications, n additions.",
        what="gemm's count",
        mistakes={
            "That counts a multiplication and its addition as one: they are two operations.": 125,
            "That leaves out C: the first product is added too, to what C holds.": 225,
            "Those are the flops of gemv: gemm does that for each of n columns.": 50,
        },
    )
    expect_close(
        student.call("flops", "gemv", 5),
        50,
        hint="Each of the n entries of y gets n products, and adds each of them.",
        what="gemv's count",
        mistakes={
            "That counts a multiplication and its addition as one: they are two operations.": 25,
            "That leaves out y: the first product is added too, to what y holds.": 45,
            "That is gemm's count: the argument op says which operation is meant.": 250,
        },
    )
    expect_close(
        student.call("flops", "axpy", 5),
        10,
        hint="Each of the n entries of y takes one multiplication and one addition.",
        what="axpy's count",
        mistakes={
            "That counts a multiplication and its addition as one: they are two operations.": 5,
            "That is gemm's count: the argument op says which operation is meant.": 250,
        },
    )


@checks("flops")
def twice_the_size(student: Student, rng: Rng) -> None:
    """Twice the size takes 2 times the operations in axpy, 4 times in gemv, 8 times in gemm."""
    for op, factor in (("axpy", 2), ("gemv", 4), ("gemm", 8)):
        small, large = (np.asarray(student.call("flops", op, n), dtype=float) for n in (512, 1024))
        expect_shape(small, (), hint="Return one number.", what=f"{op}'s count")
        expect(bool(small > 0), f"{op}'s count should be above zero.", got=small, hint="Count one call's operations.")
        hint = "How many entries has the result, and how many operations does each of them take?"
        expect_close(
            large / small,
            factor,
            hint=hint,
            what=f"For {op}, the ratio of the counts at 1024 and 512",
            mistakes={
                "gemm's count at 1024 is 2³¹, which 32 bits do not hold: use Python's own whole numbers.": -factor,
            },
        )


# %% hidden
def flops(op: str, n: int) -> int:
    """Return the operations of axpy, gemv or gemm."""
    level = ("axpy", "gemv", "gemm").index(op) + 1
    return 2 * int(n**level)


@checks("flops")
def flops_of_random_sizes(student: Student, rng: Rng) -> None:
    """Random sizes have the right counts, as counted one multiply-add at a time."""
    for n in (1, 2, 3, *rng.integers(4, 12, size=2).tolist()):
        counted = {
            "axpy": sum(2 for _ in range(n)),
            "gemv": sum(2 for _ in range(n) for _ in range(n)),
            "gemm": sum(2 for _ in range(n) for _ in range(n) for _ in range(n)),
        }
        for op in OPS:
            hint = "Write the loops, count 2 for each multiply-add, and compare, for n from 1 up."
            expect_close(student.call("flops", op, n), counted[op], hint=hint, what=f"The count of {op} at n = {n}")


# %% right branches
def flops(op, n):
    if op == "axpy":
        return 2 * n
    if op == "gemv":
        return 2 * n * n
    return 2.0 * n * n * n


# %% right entries_times_cost
def flops(op, n):
    entries = {"axpy": n, "gemv": n, "gemm": n * n}[op]
    terms = 1 if op == "axpy" else n
    return entries * (terms + terms)


# %% right level_of_blas
def flops(op, n):
    level = 1 + ["axpy", "gemv", "gemm"].index(op)
    return np.float64(2) * np.float64(n) ** level


# %% wrong multiply_add_is_one -> flops_of_five
# A multiplication and an addition are two operations, and C's addition is one of them.
# - return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
# + return {"axpy": n, "gemv": n**2, "gemm": n**3}[op]

# %% wrong addition_to_c_forgotten -> flops_of_five
# - return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
# + return {"axpy": 2 * n, "gemv": n * (2 * n - 1), "gemm": n**2 * (2 * n - 1)}[op]

# %% wrong always_gemm -> flops_of_five
# One operation's formula for all, or a formula that fits the example.
# - return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
# + return 2 * n**3

# %% wrong gemm_as_n_times_ten -> twice_the_size
# - return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
# + return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 10 * n**2}[op]

# %% wrong knows_the_example_by_heart -> twice_the_size
# - return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
# + return {"axpy": 10, "gemv": 50, "gemm": 250}[op]


# %% wrong knows_only_powers_of_two -> flops_of_random_sizes
def flops(op, n):
    right = {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
    return right if n == 5 or n >= 512 else 250


# %% wrong one_more_for_odd_sizes -> flops_of_random_sizes
# - return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
# + return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op] + (n % 2 and n != 5)

# %% wrong in_millions -> flops_of_five
# Another unit.
# - return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
# + return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op] / 1e6
