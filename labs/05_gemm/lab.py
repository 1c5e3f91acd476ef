# %% [markdown]
# # Lab 05 · Seven thousand GFLOP/s
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **A lecture multiplies two 6000 × 6000 matrices: 6.03 s on the processor, 0.061 s on a GPU. Is a GPU 99 times as
# fast?** The script prints 7077 GFLOPS, its arithmetic is right, and the number means nothing. In this lab you learn
# why: what a computation costs, what a device can do at best, how to time so that the result can be believed, how to
# program a GPU, and when moving the data costs more than the GPU saves. At the end you settle the case.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1–3 | `flops`, `bytes_moved`, `arithmetic_intensity` | know what a computation costs before it runs |
# | 4 | `peak_flops` | know what a device can do at best |
# | 5–6 | `time_call`, `gflops` | measure, and believe what you measured |
# | 7–9 | `matmul_loops`, `matmul_rows`, `matmul_blocked` | see what a library does better than you |
# | 10 | `roofline` | tell a slow program from a slow memory |
# | 11–14 | `axpy_kernel`, `naive_kernel`, `coalesced_kernel`, `tiled_kernel` | program a GPU, and see what it reads |
# | 15–16 | `transfer_seconds`, `crossover_n` | say when a GPU wins |
# | 17 | `debunked_seconds` | settle the case |
#
# No data and no GPU are needed: you program a model of one, which counts what the hardware would do. Where there is a real one,
# it is measured.

# %% [markdown]
# ## Before you begin
#
# You need arrays, dtypes and why a loop in Python is slow ([lab 00](../00_numpy/00_numpy.ipynb)), and matrix products inside a network ([lab 03](../03_mlp/03_mlp.ipynb), [lab 04](../04_cnn/04_cnn.ipynb): there one sees what all the
# time goes into).
#
# Afterwards you can
# - count the operations and the bytes of a computation before it runs,
# - say what a device can do at best, and what share of it a program reaches,
# - time a call so that the result can be believed, on a device that works asynchronously too,
# - tell by the roofline whether arithmetic or memory holds a program back,
# - write a kernel for a GPU, with shared memory and barriers, and say what it fetches and why that matters,
# - say from which size on a GPU wins once transfers count, and take a benchmark apart.
#
# Plan three hours for the seventeen exercises, most of which are a line or two, and half an hour for three answers in words.
#
# In the browser alone, where there is no PyTorch, you can write and check them all; what is measured with PyTorch needs a computer or Colab.

# %%
import statistics
import time

import matplotlib.pyplot as plt
import numpy as np

import coursekit
from coursekit import bench, checks_for, plots
from coursekit.bench import published
from coursekit.gpu import launch

check = checks_for("05_gemm")
ask = coursekit.questions_for("05_gemm")

# %% [markdown]
# Every number below is about the machine that it was measured on, so a measurement begins by saying which one that is. (On a
# shared or virtual machine the figures jump about. That is a lesson too, and the timer of part 5 is made for it.)

# %% tags=["explore"]
processor = bench.describe_processor()
gpu = bench.find_device("cuda") if bench.gpu_found() else None
print(f"{processor.name}: {processor.cores} cores, {processor.logical_cpus} logical CPUs, {processor.ghz:g} GHz")
print(f"widest vector instructions: {processor.instructions or 'unknown'}")
print(f"GPU: {gpu.name if gpu else 'none that PyTorch can use; the GPU cells below say so and go on'}")
print(", ".join(f"{name} {version}" for name, version in bench.versions().items()))
load = bench.describe_machine()["load"]
if load and load > processor.cores:
    print(f"The load is {load:g}: others compute here too. Rates will be too low and uneven; measure again later.")

# %% exercise flops
# %% exercise bytes_moved
# %% exercise arithmetic_intensity
# %% exercise peak_flops
# %% exercise time_call
# %% exercise gflops
# %% exercise matmul_loops
# %% exercise matmul_rows
# %% exercise matmul_blocked
# %% exercise roofline
# %% exercise axpy_kernel
# %% exercise naive_kernel
# %% exercise coalesced_kernel
# %% exercise tiled_kernel
# %% exercise transfer_seconds
# %% exercise crossover_n
# %% exercise debunked_seconds

# %% [markdown]
# ## What you have learnt
#
# - axpy $2n$, gemv $2n^2$, gemm $2n^3$ FLOP; $3n$, $n^2 + 3n$, $4n^2$ numbers moved; so $I = \frac1{12}$, $\frac14$, $\frac n{16}$ FLOP per byte
#   in float64.
# - Peak = cores × cycles per second × FLOP per core and cycle. Threads that share a core add none.
# - Warm up; sync, clock, call, sync, clock; report the median. Rates: G is $10^9$.
# - Roofline: $R(I) = \min(\pi, I\beta)$, with its ridge at $I = \pi/\beta$.
# - A GPU runs a kernel in blocks of threads, in any order. Neighbours should read neighbours: 32 threads share a line of 128
#   bytes. Tiles of $T \times T$ in shared memory bring the reads of gemm from $2n^3$ to $2n^3/T$, with a barrier before and after their use.
# - A copy takes latency + bytes / (bytes per second). Transfers grow like $n^2$, work like $n^3$.
# - A clock that nobody synchronises is no evidence.

# %% [markdown]
# ### Where to read on
#
# Williams, Waterman and Patterson, [Roofline](https://doi.org/10.1145/1498765.1498785) (2009); Goto and van de Geijn,
# [Anatomy of high-performance matrix multiplication](https://doi.org/10.1145/1356052.1356053) (2008); Boehm, [How to optimize a CUDA matmul
# kernel](https://siboehm.com/articles/22/CUDA-MMM) (2022); Hoefler and Belli, [Scientific benchmarking of parallel computing
# systems](https://doi.org/10.1145/2807591.2807644) (2015); Sze and others, [Efficient Processing of Deep Neural
# Networks](https://arxiv.org/abs/1703.09039) (2017).
#
# **Credit.** BLAS, the timings, the P100 and the question of this lab are from *MAT391, Unit 2: MLP Training* (K. Wong, University of Tennessee, 2022), pages "Basic Linear Algebra Subprograms" and
# "Computational Intensity"; cards and hyper-threads from *CS 539, Machine Learning* (K. Lee, Worcester Polytechnic Institute), pages "Hardware Power" and "CPU vs GPU"; cores
# against cores from *CMSC 426, Deep Learning*, page "CPU's vs. GPU's". The shares of cuBLAS are S. Boehm's. What the slides got wrong is listed in [Slides on trial]({{repository}}/blob/main/docs/slides.md).

# %% [markdown]
# ## How far you are
#
# What the checks that you ran in this session say, exercise by exercise; run those that are missing, then look again.

# %% tags=["explore"]
coursekit.progress()

# %% [markdown]
# ## If you want more
#
# - **Find your caches.** Sweep the block of `matmul_blocked` from 8 to 1024 at n = 1024 and draw the rate. Where does it fall off, and
#   how many bytes are three blocks there?
# - **Beat your rows.** Reorder the loops, transpose $B$ first, or add outer products. Which of them walks along memory, and what
#   does the roofline say that any of them can reach?
# - **Batch it.** For a thousand products of 32 × 32, compare a loop of `@` with one `@` of (1000, 32, 32) arrays. What has
#   become of the cost of a call?
#
# Save the notebook and hand it in. You now know what every lab before this one was waiting for, and how to tell whether it
# still has to.

# %% visible
"""Visible checks of lab 05: what a computation costs, how to time it, and when a GPU wins.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer, and nothing here depends on how fast this machine is: timers are given a clock and a device that exist in
virtual time. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_parts,
    expect_shape,
    forms,
)
from coursekit.checking.kernels import case, launched
from coursekit.checking.rules import by_itself, names_in, own_functions
from coursekit.checking.uncalled import uncalled

Rng = np.random.Generator
Function = Callable[..., Any]
NO_CLOCK = "Nothing of this device's time is in it: read the clock that is given, clock()."


# Nothing is square, so that no axis can stand in for another.
A_7_5 = np.arange(35.0).reshape(7, 5) - 10
B_5_3 = np.arange(15.0).reshape(5, 3) - 5
C_7_3 = np.arange(21.0).reshape(7, 3) + 100
# A·B, worked out by hand.
PRODUCT_7_3 = np.array(
    [
        [-10, -50, -90],
        [15, 0, -15],
        [40, 50, 60],
        [65, 100, 135],
        [90, 150, 210],
        [115, 200, 285],
        [140, 250, 360],
    ]
)  # fmt: skip

FORBIDDEN = {
    "dot", "einsum", "matmul", "inner", "vdot", "tensordot", "multi_dot", "mm", "mv", "addmm", "addmv", "bmm", "vecdot",
    "vecmat", "matvec", "linalg", "dgemm", "sgemm", "__matmul__", "__rmatmul__", "__imatmul__", "matmul_rows",
    "matmul_blocked", "matrix", "asmatrix", "bmat", "mat", "c_einsum", "baddbmm", "addbmm", "chain_matmul", "linear",
    "Linear", "bilinear", "convolve", "correlate", "conv1d", "conv2d", "sparse", "timeit",
}  # fmt: skip

NOT_ADDED = "That is A·B alone: it should be added to what C holds, with +=."
IN_PLACE = "Add into the array C itself: C[i, j] += … or C[…] += …. The line C = C + … makes a new array."


def _expect_7_5_3(got: Any, mistakes: dict[str, Any]) -> None:
    """Expect the product of the matrices above, added to C."""
    result, *_ = expect_parts(got, ("result", "A", "B", "C"), hint="Return C.")
    expect_close(
        result,
        C_7_3 + PRODUCT_7_3,
        hint="C[i, j] gains the sum over p of A[i, p]·B[p, j], for every i, j and p.",
        # What an exercise says of a result comes before what all of them say of it.
        mistakes={
            **mistakes,
            NOT_ADDED: PRODUCT_7_3,
            "C is as it was: nothing was added to it.": C_7_3,
            "Only the last term of each sum is there, and C's own numbers are gone: write += in place of =.": (
                np.outer(A_7_5[:, 4], B_5_3[4])
            ),
            "Every term of A·B went into every row: add to row i alone, C[i] += A[i, p] * B[p].": (
                C_7_3 + PRODUCT_7_3.sum(axis=0)
            ),
        },
    )


def _expect_in_place(got: Any) -> None:
    """Expect that C itself holds the result for the matrices above, and that A and B are what they were."""
    _, a, b, c = expect_parts(got, ("result", "A", "B", "C"), hint="Return C.")
    mistakes = {IN_PLACE: C_7_3, NOT_ADDED: PRODUCT_7_3}
    hint = "The array C that is passed in should hold C + A·B after the call."
    expect_close(c, C_7_3 + PRODUCT_7_3, hint=hint, what="The array C after the call", mistakes=mistakes)
    same = np.array_equal(a, A_7_5) and np.array_equal(b, B_5_3)
    expect(same, "A or B is not what it was before the call.", hint="Write to C alone.")


def _expect_single_precision_kept(got: Any) -> None:
    """Expect that a C in single precision holds the result for the matrices above, too."""
    _, _, _, c = expect_parts(got, ("result", "A", "B", "C"), hint="Return C.")
    hint = "A C of float32 is changed in place too, in its own precision: np.asarray(C, dtype=float) is a new array."
    expect_close(c, C_7_3 + PRODUCT_7_3, hint=hint, what="The array C of float32 after the call")


def _expect_full_precision(got: Any) -> None:
    """Expect 1 + 2⁻⁴⁰ and the like from products that float32 rounds to 1."""
    result, *_ = expect_parts(got, ("result", "A", "B", "C"), hint="Return C.")
    rounded = FINE_A[:, :1] * FINE_B[:1, :]
    expect_close(
        result,
        rounded + FINE_A[:, 1:] * FINE_B[1:, :],
        hint="Every p counts, however small its product: first get the product of 7 × 5 and 5 × 3 right.",
        rtol=1e-14,
        atol=0,
        mistakes={
            "Those are float32's digits. C is float64: keep every step in its precision, and convert nothing.": rounded
        },
    )


# Entries that need 40 bits: float64 has 53 of them, float32 has 24.
FINE_A = np.array([[1.0, 2.0**-20], [1.0, 2.0**-19], [0.5, 2.0**-20]])
FINE_B = np.array([[1.0, 0.5], [2.0**-20, 2.0**-20]])
FINE_C = np.zeros((3, 2))


def _expect_forbidden_absent(student: Student, slug: str, probe: Function, forbidden: set[str]) -> None:
    """Expect that all text which the answer reaches multiplies by itself, and is an answer by itself."""
    hint = "Write the sums out yourself: this one is there to be slow, and to show what a library must do better."
    with by_itself(student, slug, hint=hint) as source:
        operators = (node.op for node in ast.walk(ast.parse(source)) if isinstance(node, ast.BinOp | ast.AugAssign))
        at = any(isinstance(operator, ast.MatMult) for operator in operators)
        expect(not at, "Your code uses the operator @.", hint=hint)
        # A helper of one's own may be called dot; another exercise's answer is no helper.
        helpers = own_functions(source) - {"matmul_loops", "matmul_rows", "matmul_blocked"}
        used = sorted(names_in(source) & forbidden - helpers)
        expect(not used, f"Your code uses {', '.join(used)}.", hint=hint)
        _product_first(student.run(probe, A=A_7_5, B=B_5_3, C=C_7_3))


def _product_first(got: Any) -> None:
    """Let a further demand, such as a rule about the text, count only for a function that works."""
    result, *_ = expect_parts(got, ("result", "A", "B", "C"), hint="Return C.")
    hint = "First get the product right; then this check looks at what else is asked for."
    expect_close(result, C_7_3 + PRODUCT_7_3, hint=hint)


def _grid(shape: tuple[int, ...], threads: tuple[int, int]) -> tuple[int, int]:
    """Return how many blocks along x and y cover as many columns and rows."""
    return -(-shape[-1] // threads[0]), -(-shape[0] // threads[1])


def _product_case(threads: tuple[int, int], seed: int = 0, *, x_is_row: bool = False) -> dict[str, Any]:
    """Return the launch for the matrices above."""
    shape = (3, 7) if x_is_row else (7, 3)
    return case([A_7_5, B_5_3, C_7_3], _grid(shape, threads), threads, seed=seed)


def _expect_product(made: dict[str, Any], mistakes: dict[str, Any] | None = None) -> None:
    """Expect that a kernel has added the product of the matrices above to C."""
    last = C_7_3 + np.outer(A_7_5[:, 4], B_5_3[4])
    expect_close(
        made["arrays"][2],
        C_7_3 + PRODUCT_7_3,
        hint="The thread of row and column adds up A[row, p] * B[p, column] over all p, and adds the sum to C.",
        what="C after the launch",
        mistakes={
            NOT_ADDED: PRODUCT_7_3,
            "C is as it was: nothing was added to it.": C_7_3,
            "Only the last term of each sum is there: add every term to the sum, with +=.": last,
            "Only the last term is there, and C's own number is gone: write += in place of =.": last - C_7_3,
            **(mistakes or {}),
        },
    )


# %% hidden
"""Hidden checks of lab 05: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from coursekit.checking import Student, checks, expect, expect_close, expect_parts, expect_shape
from coursekit.checking.kernels import case, launched

Rng = np.random.Generator
Function = Callable[..., Any]

#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}

OPS = ("axpy", "gemv", "gemm")

SHAPES = ((1, 1, 1), (4, 4, 4), (1, 6, 3), (5, 1, 2), (3, 7, 1), (6, 2, 9))


def _expect_random_product(student: Student, rng: Rng, probe: Function, shape: tuple[int, ...], **options: int) -> None:
    m, k, n = shape
    A, B, C = rng.normal(size=(m, k)), rng.normal(size=(k, n)), rng.normal(size=(m, n))
    got = student.run(probe, A=A, B=B, C=np.asfortranarray(C), **options)
    result, after = expect_parts(got, ("result", "C"), hint="Return C.")
    right = C + np.einsum("ik,kj->ij", A, B)
    hint = "Try sizes m, k, n that all differ, a side of 1 among them, and a C that is not zero."
    expect_close(result, right, hint=hint, rtol=1e-9, atol=1e-12)
    expect_close(after, right, hint="Add into C itself, and return it.", rtol=1e-9, atol=1e-12)


def _random_product(
    rng: Rng, shape: tuple[int, int, int], threads: tuple[int, int], *, x_is_row: bool = False
) -> tuple[dict[str, Any], np.ndarray]:
    """Draw a launch of a product, in any order of threads; return it, and the right C."""
    m, k, n = shape
    A, B, C = (rng.normal(size=sides).astype(np.float32) for sides in ((m, k), (k, n), (m, n)))
    across, down = (m, n) if x_is_row else (n, m)
    blocks = -(-across // threads[0]), -(-down // threads[1])
    right = C + np.einsum("ik,kj->ij", A.astype(float), B.astype(float))
    return case([A, B, C], blocks, threads, seed=int(rng.integers(2**31))), right


def _expect_random_launches(student: Student, slug: str, probe: Function, drawn: list[Any]) -> list[Any]:
    """Expect that a kernel gives the right C in each of several launches; return their counts."""
    found = launched(student, slug, probe, [each for each, _ in drawn])
    for made, (each, right) in zip(found, drawn, strict=True):
        sides = [array.shape for array in each["inputs"]]
        hint = f"Try A {sides[0]}, B {sides[1]} and a C that is not zero, in blocks of {each['threads']} threads."
        expect_close(made["arrays"][2], right, hint=hint, what="C after the launch", rtol=1e-4, atol=1e-4)
    return found
