# %% [markdown]
# ## 3 · Arithmetic intensity
#
# The quotient of the two decides nearly everything that follows. The **arithmetic intensity** is how much is computed with each
# byte that moves:
#
# $$I = \frac{\text{FLOP}}{\text{bytes}}, \qquad
# I_{\text{axpy}} = \frac{2n}{8 \cdot 3n} = \frac1{12}, \qquad
# I_{\text{gemv}} \to \frac14, \qquad
# I_{\text{gemm}} = \frac{2n^3}{8 \cdot 4n^2} = \frac{n}{16} \qquad \text{(float64).}$$
#
# The lecture states these as O(1), O(1) and O(n) FLOP "per memory access" (O(n) grows like n, O(1) does not grow). That
# is the right idea; but the unit matters, because memory is sold in **bytes** per second. (Without reading $C$, for $C
# \leftarrow AB$, gemm has $n/12$.)

# %% nbgrader={"grade_id": "arithmetic_intensity", "solution": true}
def arithmetic_intensity(op, n, dtype):
    """Return how many operations a BLAS routine does for each byte that it must move.

    op, n, dtype: as for flops and bytes_moved, which may be used
    Returns FLOP per byte.
    """
    ### BEGIN SOLUTION
    return flops(op, n) / bytes_moved(op, n, dtype)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_arithmetic_intensity", "grade": true, "points": 1}
check("arithmetic_intensity")

# %% [markdown]
# The functions may use your earlier ones. If one of those is still wrong you lose nothing: grading repeats a failed check
# with right ones in their place.
#
# The picture is the whole reason for gemm. Make vectors longer, and axpy does no more with a byte than before. Make matrices
# larger, and each number that has been fetched is used again and again: there are $n^2$ of them and $n^3$ things to do.

# %% tags=["explore"]
plots.curves(
    {
        f"{op} {dtype}": (sizes, [arithmetic_intensity(op, int(n), dtype) for n in sizes])
        for op in ("gemm", "gemv", "axpy")
        for dtype in ("float32", "float64")
    },
    xlabel="n",
    ylabel="FLOP per byte",
    title="What each byte is good for",
    log="xy",
)

# %% visible
PER_ELEMENT = "That is FLOP per element: divide by the bytes."
UPSIDE_DOWN = "That is bytes a FLOP: turn the fraction over."


@checks("arithmetic_intensity")
def intensity_of_axpy(student: Student, rng: Rng) -> None:
    """axpy in float64 does one FLOP for every 12 bytes, however long the vectors are."""
    for n in (10, 1_000_000):
        expect_close(
            student.call("arithmetic_intensity", "axpy", n, "float64"),
            1 / 12,
            hint="Divide the FLOP by the bytes, both for one call.",
            what=f"The intensity at n = {n}",
            mistakes={
                PER_ELEMENT: 2 / 3,
                UPSIDE_DOWN: 12,
                "That counts a multiply-add as one FLOP.": 1 / 24,
                "That is FLOP per bit: divide by the bytes.": 1 / 96,
                "// drops the fraction: divide with /.": 0,
            },
        )


@checks("arithmetic_intensity")
def intensity_of_gemm(student: Student, rng: Rng) -> None:
    """gemm in float64 does n/16 FLOP per byte: 62.5 at n = 1000."""
    expect_close(
        student.call("arithmetic_intensity", "gemm", 1000, "float64"),
        62.5,
        hint="2n³ FLOP over 4n² numbers of 8 bytes.",
        what="The intensity",
        mistakes={
            "That is n/12, the intensity of C ← AB: here C is read as well.": 1000 / 12,
            PER_ELEMENT: 500,
            UPSIDE_DOWN: 0.016,
            "That counts a multiply-add as one FLOP.": 31.25,
            "That is float32's intensity: the argument dtype says float64.": 125,
        },
    )


@checks("arithmetic_intensity")
def intensity_follows_the_dtype(student: Student, rng: Rng) -> None:
    """gemv at n = 997 does 0.24925 FLOP per byte in float64, and twice that in float32."""
    for dtype, right in (("float64", 0.24925), ("float32", 0.4985)):
        expect_close(
            student.call("arithmetic_intensity", "gemv", 997, dtype),
            right,
            hint="2n² FLOP over n² + 3n numbers, of 8 bytes in float64 and 4 in float32.",
            what=f"The intensity in {dtype}",
            mistakes={PER_ELEMENT: 1.994, "The vectors move too: n² + 3n numbers.": 2 * right / 1.994},
        )


# %% hidden
STAND_INS["arithmetic_intensity"] = (flops, bytes_moved)


@checks("arithmetic_intensity")
def intensities_of_random_sizes(student: Student, rng: Rng) -> None:
    """Random sizes in three dtypes have the right FLOP per byte."""
    for n in rng.integers(1, 5000, size=3).tolist():
        for dtype, width in (("float64", 8), ("float32", 4), ("float16", 2)):
            right = {
                "axpy": Fraction(2, 3 * width),
                "gemv": Fraction(2 * n, (n + 3) * width),
                "gemm": Fraction(n, 2 * width),
            }
            for op in OPS:
                hint = "Divide the count of FLOP by the count of bytes, both for the same op, n and dtype."
                expect_close(student.call("arithmetic_intensity", op, n, dtype), float(right[op]), hint=hint)


# %% right quotient
def arithmetic_intensity(op, n, dtype):
    work = flops(op, n)
    traffic = bytes_moved(op, n, dtype)
    return np.float64(work) / traffic


# %% right closed_forms
def arithmetic_intensity(op, n, dtype):
    width = np.dtype(dtype).itemsize
    if op == "axpy":
        return 2 / 3 / width
    return 2 * n / (n + 3) / width if op == "gemv" else n / 2 / width


# %% wrong per_element -> intensity_of_axpy
# FLOP per byte: not per element, and not the other way round.
# - return flops(op, n) / bytes_moved(op, n, dtype)
# + return flops(op, n) / (bytes_moved(op, n, dtype) / np.dtype(dtype).itemsize)

# %% wrong upside_down -> intensity_of_axpy
# - return flops(op, n) / bytes_moved(op, n, dtype)
# + return bytes_moved(op, n, dtype) / flops(op, n)

# %% wrong whole_numbers -> intensity_of_axpy
# - return flops(op, n) / bytes_moved(op, n, dtype)
# + return flops(op, n) // bytes_moved(op, n, dtype)

# %% wrong always_float64 -> intensity_follows_the_dtype
# The width is the dtype's.
# - return flops(op, n) / bytes_moved(op, n, dtype)
# + return flops(op, n) / bytes_moved(op, n, "float64")

# %% wrong always_float32 -> intensity_of_gemm
# - return flops(op, n) / bytes_moved(op, n, dtype)
# + return flops(op, n) / bytes_moved(op, n, "float32")

# %% wrong no_float16 -> intensities_of_random_sizes
# - return flops(op, n) / bytes_moved(op, n, dtype)
# + return flops(op, n) / bytes_moved(op, n, dtype if dtype == "float64" else "float32")

# %% wrong limit_of_gemv -> intensity_follows_the_dtype
# Formulas for large n, or without C's way in.
# - return flops(op, n) / bytes_moved(op, n, dtype)
# + return {"axpy": 2 / 3, "gemv": 2, "gemm": n / 2}[op] / np.dtype(dtype).itemsize


# %% wrong c_not_read -> intensity_of_gemm
def arithmetic_intensity(op, n, dtype):
    if op == "gemm":
        return 2 * n / 3 / np.dtype(dtype).itemsize
    return flops(op, n) / bytes_moved(op, n, dtype)
