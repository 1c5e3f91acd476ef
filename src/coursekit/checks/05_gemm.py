# Built by `coursekit build` from labs/05_gemm/. Edit the files there, not this one.
"""Visible checks of lab 05: what a computation costs, how to time it, and when a GPU wins.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer, and nothing here depends on how fast this machine is: timers are given a clock and a device that exist in
virtual time. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

from __future__ import annotations

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


#: What each exercise is worth, in the order of the lab.
POINTS = {
    "flops": 1,
    "bytes_moved": 2,
    "arithmetic_intensity": 1,
    "peak_flops": 1,
    "time_call": 5,
    "gflops": 2,
    "matmul_loops": 2,
    "matmul_rows": 2,
    "matmul_blocked": 3,
    "roofline": 2,
    "axpy_kernel": 2,
    "naive_kernel": 2,
    "coalesced_kernel": 2,
    "tiled_kernel": 4,
    "transfer_seconds": 1,
    "crossover_n": 3,
    "debunked_seconds": 3,
}
#: The input with which questions about one's own code are asked, by exercise.
ASKED = {
    "matmul_loops": """
n = 2
A = np.arange(1.0, 6 * n + 1).reshape(2 * n, 3)
B = np.arange(1.0, 3 * n + 1).reshape(3, n)
matmul_loops(A, B, np.full((2 * n, n), 10.0))
""",
    "matmul_rows": """
n = 2
A, B = np.arange(1.0, 6 * n + 1).reshape(2 * n, 3), np.arange(1.0, 16).reshape(3, 5)
matmul_rows(A, B, np.full((2 * n, 5), 10.0))
""",
    "matmul_blocked": """
A, B = np.arange(35.0).reshape(5, 7) % 4 + 1, np.arange(21.0).reshape(7, 3) % 5
matmul_blocked(A, B, np.full((5, 3), 10.0), 2)
""",
    "crossover_n": """
cpu = {32: 0.0002, 64: 0.001, 128: 0.01, 256: 0.08, 512: 0.6}
gpu = {64: 0.0001, 128: 0.0002, 256: 0.001, 512: 0.005, 1024: 0.03}
crossover_n(cpu, gpu, {"latency_s": 0.001, "bytes_per_s": 1e9})
""",
}


# labs/05_gemm/flops.py


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


# labs/05_gemm/bytes_moved.py

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


# labs/05_gemm/arithmetic_intensity.py

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


# labs/05_gemm/peak_flops.py


@checks("peak_flops")
def peaks_of_three_cards(student: Student, rng: Rng) -> None:
    """The slides' three cards come to 82.6, 40.0 and 35.6 · 10¹² FLOP/s, at 2 FLOP per core and cycle."""
    cards = ((16384, 2.52, 82.57536e12), (10752, 1.86, 39.99744e12), (10496, 1.695, 35.58144e12))
    for cores, ghz, peak in cards:
        expect_close(
            student.call("peak_flops", cores, ghz, 2),
            peak,
            hint="Cores × cycles per second × FLOP per cycle; 1 GHz is 10⁹ cycles per second.",
            what=f"The peak of {cores} cores at {ghz} GHz",
            mistakes={
                "A factor of 2 is missing, as if flops_per_cycle were: a core does 2 FLOP in each cycle.": peak / 2,
                "That is in GFLOP/s: the result should be in FLOP/s.": peak / 1e9,
                "That is in TFLOP/s: the result should be in FLOP/s.": peak / 1e12,
                "1 GHz is 10⁹ cycles per second, not 10⁶.": peak / 1e3,
                "That is ten times the peak: 10⁹ is written 1e9, and 10e9 is 10¹⁰.": peak * 10,
                "1 GHz is 10⁹ cycles per second, not 1024³.": peak / 1e9 * 1024**3,
                "That is the peak of one core: there are more.": peak / cores,
                "flops_per_cycle is there already: leave out the further factor of 2.": peak * 2,
            },
        )


@checks("peak_flops")
def threads_add_no_peak(student: Student, rng: Rng) -> None:
    """Eight cores at 2.5 GHz with 4 FLOP per cycle make 80 · 10⁹ FLOP/s, with two threads per core or without."""
    expect_close(
        student.call("peak_flops", 8, 2.5, 4),
        80e9,
        hint="Multiply the three arguments, with the clock in cycles per second.",
        what="The peak",
        mistakes={
            "That is twice the peak: no factor of 2 beside the three arguments. (Two threads share the arithmetic of "
            "one core: they add none.)": 160e9,
            "That is half the peak: was flops_per_cycle, 4 here, taken to be 2?": 40e9,
            "That is ten times the peak: 10⁹ is written 1e9, and 10e9 is 10¹⁰.": 800e9,
        },
    )


# labs/05_gemm/time_call.py

MEAN = "That is the mean, and a single call can move it. Return the median."
BEST = "That is the shortest call, and luck can make one short. Return the median."
TOTAL = "That is the time of all calls together: return that of one."
LAUNCH_ALONE = (
    "That is the launch alone: the call has returned, and the device has hardly begun."
    " Wait with sync() before you read the clock again."
)


def _launch_alone(student: Student) -> str:
    """Say what has happened where the launch alone was timed."""
    return f"{LAUNCH_ALONE} {uncalled(student, 'time_call')}".strip()


def _timed(
    time_call: Function, work_s: Any, launch_s: float, loading_s: float, queued_s: float, warmup: int, repeats: int
) -> Any:
    """Have a device timed that works asynchronously, in virtual time; return the result, and the events in order.

    A call returns after its launch; its work begins when the device is idle. The first call loads libraries too.
    """
    now_s, n_calls = 1000.0, 0
    idle_from_s = now_s + queued_s
    events = []

    def fn() -> None:
        nonlocal now_s, idle_from_s, n_calls
        events.append("call")
        now_s += launch_s + (loading_s if n_calls == 0 else 0.0)
        idle_from_s = max(now_s, idle_from_s) + work_s[min(n_calls, len(work_s) - 1)]
        n_calls += 1

    def sync() -> None:
        nonlocal now_s
        events.append("sync")
        now_s = max(now_s, idle_from_s)

    def clock() -> float:
        events.append("clock")
        return now_s

    return time_call(fn, sync=sync, warmup=warmup, repeats=repeats, clock=clock), events


def _time(
    student: Student,
    work_s: list[float],
    *,
    warmup: int,
    repeats: int,
    loading_s: float = 0.0,
    queued_s: float = 0.0,
) -> tuple[Any, list[str]]:
    got = student.run(
        _timed, work_s=work_s, launch_s=0.001, loading_s=loading_s, queued_s=queued_s, warmup=warmup, repeats=repeats
    )
    seconds, events = expect_parts(got, ("seconds", "events"), hint="Return one number.")
    forgotten = uncalled(student, "time_call")
    expect(not forgotten or bool({"sync", "clock", "call"} <= {*events}), "Something is never called.", hint=forgotten)
    expect_shape(seconds, (), hint="Return one number: the median in seconds.", what="What time_call returns")
    return seconds, events


@checks("time_call")
def warm_up_and_repeats_are_counted(student: Student, rng: Rng) -> None:
    """With warmup = 3 and repeats = 4, the function is called seven times."""
    _, events = _time(student, [0.02], warmup=3, repeats=4)
    expect_equal(
        events.count("call"),
        7,
        hint="Call fn() warmup times untimed, and then repeats times, each between two readings of the clock.",
        what="The number of calls",
    )


@checks("time_call")
def the_first_call_is_not_timed(student: Student, rng: Rng) -> None:
    """A first call that loads libraries for 2 s does not count when warmup = 1."""
    seconds, _ = _time(student, [0.02], warmup=1, repeats=1, loading_s=2.0)
    expect_close(
        seconds,
        0.021,
        hint="First make the warm-up calls; then, for each repeat: sync, clock, call, sync, clock.",
        what="The time of a call that takes 0.021 s once all is loaded",
        mistakes={
            "The first call was timed, with its loading: make the warm-up calls before you read the clock.": 2.021,
            "The cold call is in that mean: make the warm-up calls first, and return the median.": (2.021 + 0.021) / 2,
            "The warm-up call is on the bill: read the clock after the warm-up.": 2.042,
            "The warm-up call still ran when the clock was started: sync before the start, too.": 0.04,
            "sync() stands after the start, so the rest of the warm-up call is timed: wait, then read.": 0.041,
            "That is in milliseconds: return seconds.": 21.0,
            "The warm-up was within the timing: read the clock after it.": 2.041,
            _launch_alone(student): 0.001,
        },
    )


@checks("time_call")
def earlier_work_is_not_timed(student: Student, rng: Rng) -> None:
    """Work of half a second that the device still has to do does not count."""
    seconds, _ = _time(student, [0.02], warmup=0, repeats=1, queued_s=0.5)
    expect_close(
        seconds,
        0.021,
        hint="Before each reading of the clock, wait until the device is idle: sync().",
        what="The time of a call that takes 0.021 s",
        mistakes={
            "The device was still at earlier work when the clock was started: sync before the start.": 0.52,
            _launch_alone(student): 0.001,
        },
    )


@checks("time_call")
def the_device_is_done_before_the_stop(student: Student, rng: Rng) -> None:
    """The clock is stopped when the device is done, not when the call returns."""
    seconds, _ = _time(student, [0.02], warmup=1, repeats=1)
    expect_close(
        seconds,
        0.021,
        hint="For each repeat: sync, clock, call, sync, clock.",
        what="The time of a call that launches for 0.001 s and works for 0.02 s",
        mistakes={
            _launch_alone(student): 0.001,
            "The warm-up call still ran when the clock was started: sync before the start, too.": 0.04,
        },
    )


@checks("time_call")
def one_slow_call_does_not_count(student: Student, rng: Rng) -> None:
    """Of five calls, one that takes 25 times as long as the others does not change the result."""
    seconds, _ = _time(student, [0.02, 0.02, 0.02, 0.5, 0.02, 0.02], warmup=1, repeats=5)
    expect_close(
        seconds,
        0.021,
        hint="Keep the time of each call, and return the median of them.",
        what="The time of a call",
        mistakes={
            MEAN: (4 * 0.021 + 0.501) / 5,
            "That is the longest call: return the median.": 0.501,
            TOTAL: 4 * 0.021 + 0.501,
            _launch_alone(student): 0.001,
        },
    )


@checks("time_call")
def one_fast_call_does_not_count(student: Student, rng: Rng) -> None:
    """Of five calls, one that takes a quarter of the time of the others does not change the result."""
    seconds, _ = _time(student, [0.02, 0.02, 0.02, 0.02, 0.004, 0.02], warmup=1, repeats=5)
    expect_close(
        seconds,
        0.021,
        hint="Keep the time of each call, and return the median of them.",
        what="The time of a call",
        mistakes={BEST: 0.005, MEAN: (4 * 0.021 + 0.005) / 5, TOTAL: 4 * 0.021 + 0.005, _launch_alone(student): 0.001},
    )


@checks("time_call")
def seconds_are_those_of_one_call(student: Student, rng: Rng) -> None:
    """Four calls of 61, 11, 21 and 41 ms give 31 ms: the median of an even number lies between the middle two."""
    seconds, _ = _time(student, [0.05, 0.06, 0.01, 0.02, 0.04], warmup=1, repeats=4)
    expect_close(
        seconds,
        0.031,
        hint="Sort the times: with four of them the median is the mean of the second and the third.",
        what="The time of a call",
        mistakes={
            TOTAL: 0.134,
            MEAN: 0.0335,
            BEST: 0.011,
            "That is in milliseconds: return seconds.": 31.0,
            "That is the lower of the two in the middle: return their mean, and count all four repeats.": 0.021,
            "That is the upper of the two in the middle: return their mean.": 0.041,
            "The times were not sorted: the median is about their size, not about their order.": 0.016,
            _launch_alone(student): 0.001,
        },
    )


@checks("time_call")
def the_given_clock_is_read(student: Student, rng: Rng) -> None:
    """Time is read off the clock that is given: a call of an hour takes 3600 s by it."""
    seconds, events = _time(student, [3600.0], warmup=0, repeats=2)
    expect(
        "clock" in events, "The given clock was never read.", hint="Call clock() for the time, not a clock of your own."
    )
    expect_close(
        seconds,
        3600.001,
        hint="For each repeat: sync, clock, call, sync, clock; return the median.",
        what="The time of a call",
        mistakes={_launch_alone(student): 0.001, TOTAL: 7200.002},
    )


@checks("time_call")
def the_timer_is_your_own(student: Student, rng: Rng) -> None:
    """It works, and your code does not hand the timing to coursekit.bench or timeit."""
    seconds, _ = _time(student, [0.02], warmup=1, repeats=3)
    expect_close(seconds, 0.021, hint="First time a call rightly; then this check looks at your cell.", what="The time")
    hint = "Write it with fn(), sync() and clock(): it is short, and the whole lab stands on it."
    with by_itself(student, "time_call", hint=hint) as text:
        borrowed = sorted(names_in(text) & {"bench", "coursekit", "timeit"})
        expect(not borrowed, f"Your code uses {', '.join(borrowed)}.", hint=hint)
        seconds, _ = _time(student, [0.02], warmup=1, repeats=3)
        expect_close(seconds, 0.021, hint=hint, what="The time by its text alone")


# labs/05_gemm/gflops.py


@checks("gflops")
def rates_of_the_slides(student: Student, rng: Rng) -> None:
    """The slides' products come to 33.8 GFLOP/s (n = 5000, 7.39 s) and 7077 (n = 6000, 0.06104 s)."""
    for n, seconds, right in ((5000, 7.39, 33.829499323), (6000, 0.06104087829589844, 7077.224510202)):
        expect_close(
            student.call("gflops", "gemm", n, seconds),
            right,
            hint="FLOP divided by seconds, divided by 10⁹.",
            what=f"The rate of gemm with n = {n} in {seconds:.4g} s",
            mistakes={
                "That counts a multiply-add as one FLOP: gemm takes 2n³.": right / 2,
                "G is 10⁹: 1024³ is Gi.": right * 1e9 / 1024**3,
                "That is in FLOP/s: divide by 10⁹.": right * 1e9,
                "That is in MFLOP/s: divide by 10⁹, not by 10⁶.": right * 1e3,
                "That is a tenth of the rate: 10⁹ is written 1e9, and 10e9 is 10¹⁰.": right / 10,
                "That is in TFLOP/s: divide by 10⁹, not by 10¹².": right / 1e3,
                "That multiplies by the seconds: divide by them.": right * seconds**2,
            },
        )


@checks("gflops")
def sizes_between_thousands(student: Student, rng: Rng) -> None:
    """gemm with n = 1500 in 0.1 s runs at 67.5 GFLOP/s: the slides' 2·2·2·2 is right in whole thousands only."""
    expect_close(
        student.call("gflops", "gemm", 1500, 0.1),
        67.5,
        hint="Count 2n³ with n itself, and divide by 10⁹ at the end.",
        what="The rate",
        mistakes={
            "That is the rate of n = 1000: n // 1000 drops what is left over.": 20.0,
            "That is the rate of n = 2000: n / 1000 was rounded.": 160.0,
            "That counts a multiply-add as one FLOP: gemm takes 2n³.": 33.75,
            "G is 10⁹: 1024³ is Gi.": 67.5 * 1e9 / 1024**3,
        },
    )


@checks("gflops")
def vectors_have_rates_too(student: Student, rng: Rng) -> None:
    """axpy with n = 10⁶ in 1 ms runs at 2 GFLOP/s, gemv with n = 4000 in 8 ms at 4."""
    for op, n, seconds, right in (("axpy", 1_000_000, 0.001, 2.0), ("gemv", 4000, 0.008, 4.0)):
        expect_close(
            student.call("gflops", op, n, seconds),
            right,
            hint="Use the count of the operation that op names: 2n for axpy, 2n² for gemv.",
            what=f"The rate of {op}",
            mistakes={
                "That counts gemm's operations: the argument op says which are meant.": 2 * n**3 / seconds / 1e9,
                "That counts a multiply-add as one FLOP.": right / 2,
                "G is 10⁹: 1024³ is Gi.": right * 1e9 / 1024**3,
            },
        )


@checks("gflops")
def slow_machines_have_rates_too(student: Student, rng: Rng) -> None:
    """axpy with n = 5 in 3 s, by hand, runs at 10/3 FLOP/s."""
    hint = "Divide with /: // drops what is left over, and rounding drops a slow machine's rate altogether."
    expect_close(student.call("gflops", "axpy", 5, 3.0), 10 / 3e9, hint=hint, what="The rate", atol=0)


# labs/05_gemm/matmul_loops.py


def _with_loops(matmul_loops: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_loops(A, B, C), A, B, C


@checks("matmul_loops")
def loops_multiply_7_5_3(student: Student, rng: Rng) -> None:
    """A (7, 5) times B (5, 3) is added to C (7, 3)."""
    _expect_7_5_3(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3), {})


@checks("matmul_loops")
def loops_add_into_c(student: Student, rng: Rng) -> None:
    """The array C itself holds the result, and A and B stay as they are."""
    _expect_in_place(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3))
    single = C_7_3.astype(np.float32)
    _expect_single_precision_kept(student.run(_with_loops, A=A_7_5, B=B_5_3, C=single))


@checks("matmul_loops")
def loops_stay_in_float64(student: Student, rng: Rng) -> None:
    """Where C is float64, the sums have float64's sixteen digits."""
    _product_first(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3))
    _expect_full_precision(student.run(_with_loops, A=FINE_A, B=FINE_B, C=FINE_C))


@checks("matmul_loops")
def loops_are_written_out(student: Student, rng: Rng) -> None:
    """No library multiplies the matrices: no @, dot, einsum or the like in the cell."""
    _product_first(student.run(_with_loops, A=A_7_5, B=B_5_3, C=C_7_3))
    _expect_forbidden_absent(student, "matmul_loops", _with_loops, FORBIDDEN)


matmul_loops_in_other_forms = forms("matmul_loops", "fortran", "strided", "again")


# labs/05_gemm/matmul_rows.py


def _with_rows(matmul_rows: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_rows(A, B, C), A, B, C


@checks("matmul_rows")
def rows_multiply_7_5_3(student: Student, rng: Rng) -> None:
    """A (7, 5) times B (5, 3) is added to C (7, 3), row by row."""
    _expect_7_5_3(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3), {})


@checks("matmul_rows")
def rows_add_into_c(student: Student, rng: Rng) -> None:
    """The array C itself holds the result, and A and B stay as they are."""
    _expect_in_place(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3))
    single = C_7_3.astype(np.float32)
    _expect_single_precision_kept(student.run(_with_rows, A=A_7_5, B=B_5_3, C=single))


@checks("matmul_rows")
def rows_stay_in_float64(student: Student, rng: Rng) -> None:
    """Where C is float64, the sums have float64's sixteen digits."""
    _product_first(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3))
    _expect_full_precision(student.run(_with_rows, A=FINE_A, B=FINE_B, C=FINE_C))


@checks("matmul_rows")
def rows_are_written_out(student: Student, rng: Rng) -> None:
    """No library multiplies the matrices, no @, dot, einsum or the like, and there are two Python loops at most."""
    _product_first(student.run(_with_rows, A=A_7_5, B=B_5_3, C=C_7_3))
    forbidden = FORBIDDEN - {"matmul_rows"} | {"matmul_loops"}
    _expect_forbidden_absent(student, "matmul_rows", _with_rows, forbidden)
    hint = "Add a whole row at a time, C[i] += A[i, p] * B[p]: NumPy goes through its numbers, without a third loop."
    steps = []
    with by_itself(student, "matmul_rows", hint=hint):
        for side in (4, 4, 16):
            student.call("matmul_rows", *[np.ones((side, side))] * 3)
            steps.append(student.report.steps)
    # What a first call imports is not counted. Four times the side: two loops take 16 times the steps, three 64 times.
    _, few, many = steps
    expect(min(steps) > 0, "The counting of Python's steps was switched off.", hint=hint)
    expect(
        many < 32 * few,
        "Python goes through the numbers one by one: there are three loops.",
        expected=f"about {16 * few} steps or fewer for sides of 16, where sides of 4 take {few}",
        got=f"{many} steps",
        hint=hint,
    )


matmul_rows_in_other_forms = forms("matmul_rows", "fortran", "strided", "again")


# labs/05_gemm/matmul_blocked.py


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


# labs/05_gemm/roofline.py

# The slides' P100 has a peak of 4700 GFLOP/s in float64; its memory moves 732 GB/s.
P100 = {"peak": 4700e9, "bandwidth": 732e9}


@checks("roofline")
def roof_of_the_p100(student: Student, rng: Rng) -> None:
    """Under the P100's roof, 1/12, 1/4 and 62.5 FLOP per byte allow 61, 183 and 4700 · 10⁹ FLOP/s."""
    at = np.array([1 / 12, 1 / 4, 62.5])
    memory = at * P100["bandwidth"]
    expect_close(
        student.call("roofline", at, **P100),
        [61e9, 183e9, 4700e9],
        hint="Memory allows intensity × bandwidth, the cores allow peak: the smaller holds, at each intensity.",
        mistakes={
            "That takes the larger: whichever is slower holds the other up, so take the smaller.": np.maximum(
                memory, P100["peak"]
            ),
            "That is what memory allows: no more than the peak can be had.": memory,
            "That is the peak: at low intensity memory cannot feed it.": np.full(3, P100["peak"]),
            "Bytes/s times FLOP per byte gives FLOP/s: multiply, do not divide.": P100["bandwidth"] / at,
            "That adds the two: the smaller of them holds.": memory + P100["peak"],
        },
    )


@checks("roofline")
def the_roof_has_its_ridge(student: Student, rng: Rng) -> None:
    """With a peak of 600 and a bandwidth of 50, the roof turns at 12 FLOP per byte, and is flat from there on."""
    at = np.array([[3.0, 6.0, 12.0], [12.5, 24.0, 4096.0]])
    expect_close(
        student.call("roofline", at, peak=600.0, bandwidth=50.0),
        [[150, 300, 600], [600, 600, 600]],
        hint="np.minimum takes the smaller at each place of an array of any shape.",
        mistakes={
            "That is the smallest of all: take the smaller at each place, np.minimum.": 150,
            "That takes the larger: take the smaller at each place.": np.maximum(at * 50, 600),
        },
    )


@checks("roofline")
def roofline_leaves_its_input_alone(student: Student, rng: Rng) -> None:
    """The intensities are what they were before the call, and a single number is welcome too."""
    got = student.call("roofline", np.array([1.0, 2.0, 300.0]), 100.0, 10.3)
    expect_close(got, [10.3, 20.6, 100], hint="First get the roof right; then this check looks at the input.")
    expect_inputs_unchanged(student)
    got = student.call("roofline", 2.0, 100.0, 10.0)
    expect_close(got, 20.0, hint="np.minimum takes numbers as well as arrays.", what="The roof at intensity 2")


roofline_in_other_forms = forms("roofline", "integers", "float32", "fortran", "strided", "read-only", "again")


# labs/05_gemm/axpy_kernel.py


def _with_axpy_kernel(axpy_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(axpy_kernel, cases)


def _axpy_case(n: int, blocks: int, threads: int, *, alpha: float = 2.0, seed: int = 0) -> dict[str, Any]:
    """Return a launch of axpy with x = 1, 2, 3, … and y = 10, 20, 30, …."""
    return case([alpha, np.arange(1.0, n + 1), 10 * np.arange(1.0, n + 1)], blocks, threads, seed=seed)


@checks("axpy_kernel")
def axpy_on_six_threads(student: Student, rng: Rng) -> None:
    """Two blocks of three threads turn y = 10, …, 60 into 12, 24, …, 72 with x = 1, …, 6 and α = 2."""
    (made,) = launched(student, "axpy_kernel", _with_axpy_kernel, [_axpy_case(6, 2, 3)])
    x = np.arange(1.0, 7)
    expect_close(
        made["arrays"][2],
        [12, 24, 36, 48, 60, 72],
        hint="Thread i adds alpha * x[i] to y[i], for i = me.block.x * me.size.x + me.thread.x.",
        what="y after the launch",
        mistakes={
            "What y held is gone: write += in place of =.": 2 * x,
            "y is as it was: write to y[i].": 10 * x,
            "alpha is missing: it is a factor of x[i].": 11 * x,
            "alpha is a factor of x[i], not of y[i].": 21 * x,
            "Only some elements have changed: each block has elements of its own.": [12, 24, 36, 40, 50, 60],
        },
    )


@checks("axpy_kernel")
def the_end_of_x_is_guarded(student: Student, rng: Rng) -> None:
    """With 10 elements and 3 blocks of 4 threads, the last two threads do nothing."""
    cases = [_axpy_case(10, 3, 4, seed=seed) for seed in range(3)] + [_axpy_case(1, 2, 4)]
    for made, n in zip(launched(student, "axpy_kernel", _with_axpy_kernel, cases), (10, 10, 10, 1), strict=True):
        hint = "if i < len(x): the last element is n - 1, and it counts."
        expect_close(made["arrays"][2], 12 * np.arange(1.0, n + 1), hint=hint, what=f"y of {n} elements")


@checks("axpy_kernel")
def each_element_is_touched_once(student: Student, rng: Rng) -> None:
    """Each element of x and of y is read once, each of y is written once, and x is not written to."""
    (made,) = launched(student, "axpy_kernel", _with_axpy_kernel, [_axpy_case(10, 3, 4)])
    reads, writes = made["reads"], made["writes"]
    hint = "One thread for one element: y[i] += alpha * x[i] is all that it does."
    expect_equal(reads, {"x": 10, "y": 10}, hint=hint, what="How often elements are read, by array,")
    expect_equal(writes, {"x": 0, "y": 10}, hint=hint, what="How often elements are written to, by array,")


@checks("axpy_kernel")
def neighbours_take_neighbours(student: Student, rng: Rng) -> None:
    """For 64 elements and 2 blocks of 32 threads, x is read in 2 lines, and y is read and written in 2 lines each."""
    (made,) = launched(student, "axpy_kernel", _with_axpy_kernel, [_axpy_case(64, 2, 32)])
    expect_close(made["arrays"][2], 12 * np.arange(1.0, 65), hint="First get y right; then this check counts lines.")
    lines = made["transactions"]
    hint = "Thread x and thread x + 1 should take elements i and i + 1: the thread's x has no factor."
    expect(lines["x"] <= 2, "The reads of x take more lines than they need.", expected=2, got=lines["x"], hint=hint)
    expect(lines["y"] <= 4, "y takes more lines than it needs.", expected=4, got=lines["y"], hint=hint)


# labs/05_gemm/naive_kernel.py


def _with_naive_kernel(naive_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(naive_kernel, cases)


@checks("naive_kernel")
def a_thread_for_each_entry(student: Student, rng: Rng) -> None:
    """One block of 7 × 3 threads adds the product of A (7, 5) and B (5, 3) to C (7, 3)."""
    (made,) = launched(student, "naive_kernel", _with_naive_kernel, [_product_case((7, 3), x_is_row=True)])
    swapped = C_7_3.copy()
    swapped[:3] += PRODUCT_7_3[:3]
    _expect_product(made, {"Only rows 0 to 2 have changed: here the thread's x is the row, its y the column.": swapped})


@checks("naive_kernel")
def both_edges_of_c_are_guarded(student: Student, rng: Rng) -> None:
    """With blocks of 4 × 2 threads, which divide neither 7 nor 3, threads past an edge do nothing."""
    cases = [_product_case(threads, seed, x_is_row=True) for seed, threads in enumerate(((4, 2), (4, 2), (2, 4)))]
    for made in launched(student, "naive_kernel", _with_naive_kernel, cases):
        _expect_product(made)


@checks("naive_kernel")
def a_thread_reads_2k_numbers(student: Student, rng: Rng) -> None:
    """For 7, 5 and 3, A and B are read 7 · 5 · 3 = 105 times each, and each entry of C is read and written once."""
    (made,) = launched(student, "naive_kernel", _with_naive_kernel, [_product_case((4, 2), x_is_row=True)])
    _expect_product(made)
    hint = "Add up in a variable of the thread's own, and touch C once, after the loop."
    expect_equal(made["reads"], {"A": 105, "B": 105, "C": 21}, hint=hint, what="How often elements are read, by array,")
    expect_equal(made["writes"], {"A": 0, "B": 0, "C": 21}, hint=hint, what="How often elements are written to,")


# labs/05_gemm/coalesced_kernel.py


def _with_coalesced_kernel(coalesced_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(coalesced_kernel, cases)


@checks("coalesced_kernel")
def a_column_for_each_x(student: Student, rng: Rng) -> None:
    """One block of 3 × 7 threads, x along the columns, adds the product of A (7, 5) and B (5, 3) to C (7, 3)."""
    (made,) = launched(student, "coalesced_kernel", _with_coalesced_kernel, [_product_case((3, 7))])
    swapped = C_7_3.copy()
    swapped[:3] += PRODUCT_7_3[:3]
    _expect_product(made, {"Only rows 0 to 2 have changed: here the thread's x is the column, its y the row.": swapped})


@checks("coalesced_kernel")
def edges_are_guarded_along_x_and_y(student: Student, rng: Rng) -> None:
    """With blocks of 2 × 4 threads, which divide neither 3 nor 7, threads past an edge do nothing."""
    cases = [_product_case(threads, seed) for seed, threads in enumerate(((2, 4), (2, 4), (4, 2)))]
    for made in launched(student, "coalesced_kernel", _with_coalesced_kernel, cases):
        _expect_product(made)


# 32 × 4 times 4 × 32: a warp's step takes one line of A and one of B, and its row of C is one line.
A_WIDE = (np.arange(128.0) % 7).reshape(32, 4)
B_WIDE = (np.arange(128.0) % 5).reshape(4, 32)


@checks("coalesced_kernel")
def neighbours_share_lines(student: Student, rng: Rng) -> None:
    """For 32 × 4 times 4 × 32 in blocks of 32 × 8, A and B are read in 128 lines each, and C takes 64."""
    wide = case([A_WIDE, B_WIDE, np.ones((32, 32))], (1, 4), (32, 8))
    (made,) = launched(student, "coalesced_kernel", _with_coalesced_kernel, [wide])
    lines = made["transactions"]
    for name, n_lines in (("C", 64), ("A", 128), ("B", 128)):
        hint = "A warp's threads differ in x: x should be the column, so that they read B and write C along a row."
        if name == "C" and made["reads"]["C"] > 1024:
            hint = "Add up in a variable of the thread's own, and touch C once, after the loop."
        expect(lines[name] <= n_lines, f"{name} takes too many lines.", expected=n_lines, got=lines[name], hint=hint)


# labs/05_gemm/tiled_kernel.py


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


# labs/05_gemm/transfer_seconds.py


@checks("transfer_seconds")
def copying_nothing_takes_the_latency(student: Student, rng: Rng) -> None:
    """A copy of no bytes still takes the latency: 10 µs."""
    expect_close(
        student.call("transfer_seconds", 0, 1e-5, 16e9),
        1e-5,
        hint="The latency comes once a copy, whatever its size.",
        what="The time",
        atol=1e-15,
    )


@checks("transfer_seconds")
def copying_a_matrix(student: Student, rng: Rng) -> None:
    """128 MB over 16 GB/s, with a latency of 10 µs, take 8.01 ms."""
    expect_close(
        student.call("transfer_seconds", 128_000_000, 1e-5, 16e9),
        8.01e-3,
        hint="Latency plus bytes divided by bytes per second.",
        what="The time",
        mistakes={
            "The latency is missing.": 8e-3,
            "That takes bytes_per_s for bits: it is in bytes.": 64.01e-3,
            "That takes bytes_per_s for bits, upside down: it is in bytes.": 1.01e-3,
            "Nothing here is counted in 1024s: bytes_per_s is in bytes, and so is size_bytes.": (
                1e-5 + 128e6 / 1024**3 / 16
            ),
            "That is in milliseconds: return seconds.": 8.01,
        },
    )


# labs/05_gemm/crossover_n.py

# Over this link a matrix of n × n float64 numbers takes n² ns, so that the four of them take 4n² ns.
FAST_LINK = {"latency_s": 0.0, "bytes_per_s": 8e9}


def _expect_n(got: Any, n: int, *, hint: str, mistakes: dict[str, int]) -> None:
    """Expect a size; None is an answer too, and here a wrong one."""
    expect(got is not None, "The result is None, but the GPU wins somewhere.", expected=n, got=got, hint=hint)
    expect_close(got, n, hint=hint, what="The smallest n", mistakes=mistakes)


@checks("crossover_n")
def transfers_count(student: Student, rng: Rng) -> None:
    """With four transfers of n² ns each, the GPU of this table wins at 2000: neither at 100 nor at 1000."""
    cpu = {100: 5e-6, 1000: 5.5e-3, 2000: 40e-3, 4000: 320e-3}
    gpu = {100: 1e-6, 1000: 2e-3, 2000: 5e-3, 4000: 30e-3}
    _expect_n(
        student.call("crossover_n", cpu, gpu, FAST_LINK),
        2000,
        hint="Compare cpu[n] with gpu[n] plus the four transfers, from the smallest n up.",
        mistakes={
            "At 100 the GPU takes 1 µs and four transfers of 10 µs, the processor 5 µs: it does not win there.": 100,
            "At 1000 the GPU takes 2 ms and four transfers of 1 ms, the processor 5.5 ms: it does not win there.": 1000,
            "That is the largest n at which the GPU wins: return the smallest.": 4000,
        },
    )
    expect_inputs_unchanged(student)


@checks("crossover_n")
def a_draw_is_no_slower(student: Student, rng: Rng) -> None:
    """Where both take the same time, the GPU is no slower, and that n counts."""
    # Each transfer takes one second: once all of it is latency, once none. Every sum here is exact in floats.
    for link in ({"latency_s": 1.0, "bytes_per_s": 2.0**90}, {"latency_s": 0.0, "bytes_per_s": 8.0 * 512**2}):
        _expect_n(
            student.call("crossover_n", {256: 0.25, 512: 4.5}, {256: 0.5, 512: 0.5}, link),
            512,
            hint="At 512 the GPU takes 0.5 s and four transfers of 1 s, the processor 4.5 s. No slower means <=.",
            mistakes={"At 256 the GPU is slower even without its transfers.": 256},
        )


@checks("crossover_n")
def every_transfer_has_its_latency(student: Student, rng: Rng) -> None:
    """Four transfers have four latencies: at n = 64 they alone take 80 µs."""
    link = {"latency_s": 20e-6, "bytes_per_s": 8e12}
    got = student.call("crossover_n", {64: 70e-6, 128: 1e-3}, {64: 1e-6, 128: 1e-5}, link)
    at_64 = "At 64 the GPU takes 1 µs and four transfers of 20 µs, 81 µs in all, the processor 70 µs."
    mistakes = {f"{at_64} Each of the four transfers has a latency of its own: count it four times.": 64}
    _expect_n(got, 128, hint="Each of the four transfers takes the latency and its bytes.", mistakes=mistakes)


@checks("crossover_n")
def perhaps_the_gpu_never_wins(student: Student, rng: Rng) -> None:
    """Where the GPU is slower at every n, the answer is None."""
    got = student.call("crossover_n", {64: 1e-6, 256: 1e-5}, {64: 2e-6, 256: 2e-6}, FAST_LINK)
    expect(got is None, "The GPU wins nowhere here.", expected=None, got=got, hint="Return None after the last n.")


@checks("crossover_n")
def only_sizes_measured_on_both_count(student: Student, rng: Rng) -> None:
    """Tables in any order, with sizes of their own: only an n that both have can be compared."""
    cpu = {4096: 3.0, 512: 9e-3, 64: 1e-4, 2048: 0.5}
    gpu = {8192: 0.2, 2048: 0.01, 512: 1e-4, 256: 1e-5, 4096: 0.05}
    _expect_n(
        student.call("crossover_n", cpu, gpu, FAST_LINK),
        512,
        hint="Walk through sorted(cpu), and leave out what gpu does not have.",
        mistakes={"Dicts keep the order in which they were filled: sort the sizes.": 4096},
    )


# labs/05_gemm/debunked_seconds.py

# As on the slides: the clock is read around one call, the first, and nobody waits for the device.
LOG_OF_THE_SLIDES = [
    (0.000, "clock", -1), (0.000, "launch", 0), (0.061, "return", 0), (0.061, "begin", 0), (0.061, "clock", -1),
    (0.062, "launch", 1), (0.063, "return", 1), (0.063, "launch", 2), (0.064, "return", 2), (0.064, "launch", 3),
    (0.065, "return", 3), (0.161, "end", 0), (0.161, "begin", 1), (0.241, "end", 1), (0.241, "begin", 2),
    (0.322, "end", 2), (0.322, "begin", 3), (0.407, "end", 3), (0.407, "sync", -1),
]  # fmt: skip


@checks("debunked_seconds")
def the_slides_log_is_repaired(student: Student, rng: Rng) -> None:
    """A log in which the clock showed 61 ms for one call is one of calls of 81 ms."""
    expect_close(
        student.call("debunked_seconds", LOG_OF_THE_SLIDES),
        0.081,
        hint="For each call but call 0: the time of its end minus the time of its begin; then the median.",
        what="The true time of a call",
        mistakes={
            "That is what the script saw: its clock stopped when call 0 had been launched.": 0.061,
            "Leave out call 0, which is cold, and no other call.": 0.083,
            "That is from launch to end: it counts the wait behind earlier calls. Start at begin.": 0.259,
            "That is from launch to end, call 0 included: start at begin, and leave call 0 out.": 0.219,
            "Those are launches: what the program does, not the device.": 0.001,
            "That is the mean over the warm calls: return the median.": 0.246 / 3,
            "That is the mean, call 0 included: leave it out, and return the median.": 0.346 / 4,
            "That is all the warm work together: return the seconds of one call.": 0.246,
        },
    )


@checks("debunked_seconds")
def waiting_in_line_is_no_work(student: Student, rng: Rng) -> None:
    """Calls that wait behind others take no longer for that: 10, 30 and 20 ms of work have the median 20 ms."""
    log = [(0.0, "launch", 0), (0.5, "return", 0), (0.5, "begin", 0)]
    log += [(0.5, event, call) for call in (1, 2, 3) for event in ("launch", "return")]
    log += [(0.9, "end", 0), (0.9, "begin", 1), (0.91, "end", 1), (0.95, "begin", 2), (0.98, "end", 2)]
    log += [(1.0, "begin", 3), (1.02, "end", 3)]
    expect_close(
        student.call("debunked_seconds", log),
        0.02,
        hint="Work lasts from a call's begin to its end, whenever it was launched.",
        what="The true time of a call",
        mistakes={
            "That counts the wait: start at begin, not at launch.": 0.48,
            "That is from one end to the next: the device may have been idle between. Start at begin.": 0.04,
            "Call 0 is cold: leave it out.": 0.025,
        },
    )


@checks("debunked_seconds")
def one_slow_call_is_no_matter(student: Student, rng: Rng) -> None:
    """Of five warm calls of 10 ms and one of 500 ms, the median is 10 ms."""
    log, now = [(0.0, "begin", 0), (0.3, "end", 0)], 0.3
    for call, seconds in enumerate((0.01, 0.01, 0.5, 0.01, 0.01, 0.01), start=1):
        log += [(now, "launch", call), (now, "return", call), (now, "begin", call), (now + seconds, "end", call)]
        now += seconds
    expect_close(
        student.call("debunked_seconds", log),
        0.01,
        hint="Return the median of the warm calls.",
        what="The true time of a call",
        mistakes={"That is a mean: one call moves it. Return the median.": 0.55 / 6, "That is the longest.": 0.5},
    )
