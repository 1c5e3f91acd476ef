# %% [markdown]
# ## 2 · What a computation costs: bytes
#
# An operation needs its numbers at hand, and memory is far away. At the very least, **each operand is read once and each
# result is written once**. axpy reads $x$ and $y$ and writes $y$: three vectors. gemm reads $A$, $B$ *and* $C$, because it adds to $C$,
# and writes $C$.
#
# A number takes 8 bytes in float64, 4 in float32, 2 in float16. This is the count for memory that forgets nothing in between;
# a real program can only move more.

# %% nbgrader={"grade_id": "bytes_moved", "solution": true}
def bytes_moved(op, n, dtype):
    """Count the bytes that a BLAS routine must read and write, each operand and result once.

    op: "axpy", "gemv" or "gemm", as above: y or C is read as well as written
    n: length of the vectors, rows and columns of the matrices
    dtype: the numbers' type, such as "float64", "float32" or "float16"
    Returns the number of bytes. α is one number: it is not counted.

    Hint: np.dtype(dtype).itemsize is the number of bytes of one number.
    """
    ### BEGIN SOLUTION
    elements = {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op]
    return elements * np.dtype(dtype).itemsize
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_bytes_moved", "grade": true, "points": 2}
check("bytes_moved")

# %% visible
C_IS_READ = "That leaves out that C is read: C ← AB + C reads three matrices and writes one."


@checks("bytes_moved")
def bytes_of_ten(student: Student, rng: Rng) -> None:
    """With n = 10 in float64, axpy moves 240 bytes, gemv 1040, and gemm 3200."""
    float32 = "Those are float32's bytes: the argument dtype says float64, which takes 8."
    elements = "Those are elements: each takes as many bytes as its dtype says."
    expect_close(
        student.call("bytes_moved", "axpy", 10, "float64"),
        240,
        hint="Read x, read y, write y: three vectors of 8-byte numbers.",
        what="axpy's count",
        mistakes={
            "y moves twice: it is read, and it is written.": 160,
            float32: 120,
            elements: 30,
            "Those are bits: a byte has 8 of them.": 1920,
        },
    )
    expect_close(
        student.call("bytes_moved", "gemv", 10, "float64"),
        1040,
        hint="Read A, x and y, write y: n² + 3n numbers of 8 bytes.",
        what="gemv's count",
        mistakes={
            "The vectors move too: x is read, y is read and written.": 800,
            "A vector is missing: x is read, y is read, and y is written.": 960,
            float32: 520,
            elements: 130,
        },
    )
    expect_close(
        student.call("bytes_moved", "gemm", 10, "float64"),
        3200,
        hint="Read A, B and C, write C: 4n² numbers of 8 bytes.",
        what="gemm's count",
        mistakes={
            C_IS_READ: 2400,
            "That is half of it. Count four matrices (C is read, and it is written) of numbers of 8 bytes.": 1600,
            elements: 400,
            "Each number is counted once for each use. At best it moves once, and is then used n times.": 24000,
        },
    )


@checks("bytes_moved")
def narrower_numbers_move_less(student: Student, rng: Rng) -> None:
    """With n = 10, gemm moves 1600 bytes in float32 and 800 in float16; with n = 50,000, 80 billion in float64."""
    hint = "np.dtype(dtype).itemsize is the number of bytes of one element."
    for dtype, right in (("float32", 1600), ("float16", 800)):
        expect_close(
            student.call("bytes_moved", "gemm", 10, dtype),
            right,
            hint=hint,
            what=f"The count in {dtype}",
            mistakes={
                "Those are float64's bytes: use the argument dtype.": 3200,
                C_IS_READ: right * 3 / 4,
                "Those are bits: a byte has 8 of them.": right * 8,
            },
        )
    hint = "32 bits hold no such number: compute with Python's own whole numbers."
    large = student.call("bytes_moved", "gemm", 50_000, "float64")
    expect_close(large, 8e10, hint=hint, what="The count at n = 50,000")


# %% hidden
def bytes_moved(op: str, n: int, dtype: Any) -> int:
    """Return the bytes of all operands, each read once and each result written once."""
    operands: dict[str, list[tuple[int, ...]]] = {
        "axpy": [(n,)] * 3,
        "gemv": [(n, n), (n,), (n,), (n,)],
        "gemm": [(n, n)] * 4,
    }
    elements = 0
    for shape in operands[op]:
        count = 1
        for side in shape:
            count *= side
        elements += count
    return elements * int(np.dtype(dtype).itemsize)


@checks("bytes_moved")
def bytes_of_random_sizes(student: Student, rng: Rng) -> None:
    """Random sizes in three dtypes move as many bytes as their arrays hold."""
    for n in (3, *rng.integers(1, 40, size=2).tolist()):
        for dtype in ("float64", "float32", "float16"):
            vector, matrix = np.zeros(n, dtype).nbytes, np.zeros((n, n), dtype).nbytes
            right = {"axpy": 3 * vector, "gemv": matrix + 3 * vector, "gemm": 4 * matrix}
            for op in OPS:
                hint = "Make the arrays, add up .nbytes of all that is read and of all that is written, and compare."
                got = student.call("bytes_moved", op, n, dtype)
                expect_close(got, right[op], hint=hint, what=f"The count for {op} at n = {n} in {dtype}")


# %% right list_of_operands
def bytes_moved(op, n, dtype):
    read = {"axpy": [n, n], "gemv": [n * n, n, n], "gemm": [n * n] * 3}[op]
    written = {"axpy": n, "gemv": n, "gemm": n * n}[op]
    return (sum(read) + written) * np.dtype(dtype).itemsize


# %% right table_of_widths
def bytes_moved(op, n, dtype):
    width = {"float64": 8, "float32": 4, "float16": 2}[dtype]
    if op == "axpy":
        return 3.0 * n * width
    return width * (n * n + 3 * n) if op == "gemv" else width * 4 * n * n


# %% right width_from_the_name
def bytes_moved(op, n, dtype):
    elements = 3 * n if op == "axpy" else n * (n + 3) if op == "gemv" else (2 * n) ** 2
    return elements * int(str(dtype).removeprefix("float")) // 8


# %% wrong c_not_read -> bytes_of_ten
# What is added to is read before it is written.
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 3 * n**2}[op] * np.dtype(dtype).itemsize


# %% wrong nothing_read_before_it_is_written -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 2 * n, "gemv": n**2 + 2 * n, "gemm": 3 * n**2}[op] * np.dtype(dtype).itemsize


# %% wrong float32_by_default -> bytes_of_ten
# The width of a number: of its dtype, and in bytes.
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * 4


# %% wrong always_float64 -> narrower_numbers_move_less
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * 8


# %% wrong half_is_four -> narrower_numbers_move_less
def bytes_moved(op, n, dtype):
    width = 8 if dtype == "float64" else 4
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * width


# %% wrong elements -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op]


# %% wrong bits -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * np.finfo(dtype).bits


# %% wrong vectors_forgotten -> bytes_of_ten
# Each matrix and each vector moves once.
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2, "gemm": 4 * n**2}[op] * np.dtype(dtype).itemsize


# %% wrong every_use_counted -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": 3 * n**2, "gemm": 3 * n**3}[op] * np.dtype(dtype).itemsize


# %% wrong linear_term_for_ten -> bytes_of_random_sizes
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 30, "gemm": 4 * n**2}[op] * np.dtype(dtype).itemsize


# %% wrong counted_in_32_bits -> narrower_numbers_move_less
def bytes_moved(op, n, dtype):
    n = np.int32(n)
    elements = {"axpy": 3 * n, "gemv": n * n + 3 * n, "gemm": 4 * n * n}[op]
    return elements * np.int32(np.dtype(dtype).itemsize)
