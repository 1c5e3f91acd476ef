# Built by `coursekit build` from labs/05_gemm/. Edit the files there, not this one.
"""Hidden checks of lab 05: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

from __future__ import annotations

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


# labs/05_gemm/flops.py


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


# labs/05_gemm/bytes_moved.py


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


# labs/05_gemm/arithmetic_intensity.py

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


# labs/05_gemm/peak_flops.py


@checks("peak_flops")
def peaks_of_random_devices(student: Student, rng: Rng) -> None:
    """Random devices have the right peak; at 1.19 GHz a P100's 1792 float64 cores have 4265 · 10⁹ FLOP/s."""
    devices = [(1792, 1.19, 2)]
    devices += [(int(rng.integers(1, 200)), float(rng.uniform(0.5, 5)), int(rng.integers(1, 65))) for _ in range(4)]
    for cores, ghz, per_cycle in devices:
        in_a_second = sum([ghz * per_cycle] * cores) * 1000.0**3
        hint = "The result is in FLOP/s, and all three arguments are factors of it."
        expect_close(student.call("peak_flops", cores, ghz, per_cycle), in_a_second, hint=hint)


# labs/05_gemm/time_call.py


def _timed(
    time_call: Function, work_s: Any, launch_s: float, loading_s: float, queued_s: float, warmup: int, repeats: int
) -> Any:
    now_s, n_calls = 50.0, 0
    idle_from_s = now_s + queued_s
    events = []

    def fn() -> None:
        nonlocal now_s, idle_from_s, n_calls
        events.append("call")
        now_s += launch_s + (loading_s if n_calls == 0 else 0.0)
        idle_from_s = max(now_s, idle_from_s) + work_s[n_calls]
        n_calls += 1

    def sync() -> None:
        nonlocal now_s
        events.append("sync")
        now_s = max(now_s, idle_from_s)

    def clock() -> float:
        events.append("clock")
        return now_s

    return time_call(fn, sync=sync, warmup=warmup, repeats=repeats, clock=clock), events


def _time(student: Student, rng: Rng, warmup: int, repeats: int) -> tuple[Any, list[str], list[float]]:
    """Have a device timed that works asynchronously; return the result, the events, and the true times."""
    # Ten more than are asked for, so that one call too many is no error of the device.
    work_s = rng.uniform(0.01, 1.0, size=warmup + repeats + 10).tolist()
    loading_s, queued_s = float(rng.uniform(1, 3)) if warmup else 0.0, float(rng.uniform(0.5, 2))
    got = student.run(
        _timed, work_s=work_s, launch_s=1e-3, loading_s=loading_s, queued_s=queued_s, warmup=warmup, repeats=repeats
    )
    seconds, events = expect_parts(got, ("seconds", "events"), hint="Return one number.")
    expect_shape(seconds, (), hint="Return one number: the median in seconds.", what="What time_call returns")
    return seconds, events, [1e-3 + each for each in work_s[warmup : warmup + repeats]]


@checks("time_call")
def true_seconds_of_random_devices(student: Student, rng: Rng) -> None:
    """The median is right for random devices, numbers of warm-up calls and of repeats, odd and even."""
    for warmup, repeats in ((0, 1), (1, 2), (2, 7), (5, 10)):
        seconds, _, true_s = _time(student, rng, warmup, repeats)
        ordered = sorted(true_s)
        right = math.fsum([ordered[(repeats - 1) // 2], ordered[repeats // 2]]) / 2
        hint = "Warm up; then for each repeat sync, clock, call, sync, clock; then the median of the differences."
        expect_close(seconds, right, hint=hint, what="The time of a call")


@checks("time_call")
def sync_start_call_sync_stop(student: Student, rng: Rng) -> None:
    """Between any two timed calls the device is waited for before the clock is read, and at both ends."""
    _, events, _ = _time(student, rng, 2, 5)
    at = [i for i, event in enumerate(events) if event == "call"]
    expect(len(at) == 7, "The number of calls is wrong.", hint="Call fn() warmup + repeats times.")
    for left, right in zip(at[1:], [*at[2:], len(events)], strict=True):
        between = events[left + 1 : right]
        waited = "sync" in between and "clock" in between[between.index("sync") :]
        hint = "The order is sync, clock, call, sync, clock, for each timed call; more syncs do no harm."
        expect(waited, "The clock is read before the device is idle.", hint=hint)


# labs/05_gemm/gflops.py

STAND_INS["gflops"] = (flops,)


@checks("gflops")
def rates_of_random_products(student: Student, rng: Rng) -> None:
    """Random sizes and times have the right rate for each operation."""
    for n in rng.integers(3, 4000, size=3).tolist():
        seconds = float(rng.uniform(1e-4, 10))
        for op, count in (("axpy", n + n), ("gemv", n * (n + n)), ("gemm", n * n * (n + n))):
            hint = "FLOP of this op at this n, divided by seconds, in units of 10⁹."
            expect_close(student.call("gflops", op, n, seconds), count * 1e-9 / seconds, hint=hint)


# labs/05_gemm/matmul_loops.py


def _with_loops(matmul_loops: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_loops(A, B, C), C


@checks("matmul_loops")
def loops_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of six shapes are multiplied, single rows and columns among them."""
    for shape in SHAPES:
        _expect_random_product(student, rng, _with_loops, shape)


# labs/05_gemm/matmul_rows.py


def _with_rows(matmul_rows: Function, A: Any, B: Any, C: Any) -> Any:
    return matmul_rows(A, B, C), C


@checks("matmul_rows")
def rows_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of six shapes are multiplied, single rows and columns among them."""
    for shape in SHAPES:
        _expect_random_product(student, rng, _with_rows, shape)


# labs/05_gemm/matmul_blocked.py


def _with_blocks(matmul_blocked: Function, A: Any, B: Any, C: Any, block: int) -> Any:
    return matmul_blocked(A, B, C, block), C


@checks("matmul_blocked")
def blocks_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices are multiplied at every shape and with every size of block."""
    for shape in (*SHAPES, (9, 10, 11)):
        for block in (1, 3, 4, 64):
            _expect_random_product(student, rng, _with_blocks, shape, block=block)


# labs/05_gemm/roofline.py


@checks("roofline")
def roofs_of_random_devices(student: Student, rng: Rng) -> None:
    """Random devices have the right roof at random intensities, on both sides of the ridge."""
    for shape in ((7,), (2, 3)):
        peak, bandwidth = rng.uniform(1e9, 1e13), rng.uniform(1e9, 1e12)
        intensity = peak / bandwidth * np.exp(rng.normal(size=shape))
        right = np.array([peak if x * bandwidth > peak else x * bandwidth for x in intensity.flat]).reshape(shape)
        hint = "At each intensity the smaller of peak and intensity × bandwidth; both numbers are arguments."
        expect_close(student.call("roofline", intensity, float(peak), float(bandwidth)), right, hint=hint)


# labs/05_gemm/axpy_kernel.py


def _with_axpy_kernel(axpy_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(axpy_kernel, cases)


@checks("axpy_kernel")
def axpy_of_random_vectors(student: Student, rng: Rng) -> None:
    """Random vectors of many lengths, in blocks of many sizes, with some blocks too many, come out right."""
    drawn = []
    for n, threads, spare in ((1, 1, 0), (5, 8, 0), (31, 4, 2), (33, 32, 0), (70, 7, 1)):
        alpha, x, y = float(rng.uniform(0.2, 0.8)), rng.normal(size=n), rng.normal(size=n)
        inputs = [alpha, x.astype(np.float32), y.astype(np.float32)]
        drawn.append(case(inputs, -(-n // threads) + spare, threads, seed=int(rng.integers(2**31))))
    for made, each in zip(launched(student, "axpy_kernel", _with_axpy_kernel, drawn), drawn, strict=True):
        alpha, x, y = each["inputs"]
        right = [math.fsum([alpha * a, b]) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        hint = f"Try {len(x)} elements in blocks of {each['threads']} threads, and an alpha that is no whole number."
        expect_close(made["arrays"][2], right, hint=hint, what="y after the launch", rtol=1e-5, atol=1e-5)


# labs/05_gemm/naive_kernel.py


def _with_naive_kernel(naive_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(naive_kernel, cases)


@checks("naive_kernel")
def naive_products_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of many shapes, in blocks of many sizes, are multiplied right, with 2k reads a thread."""
    shapes = [((1, 1, 1), (2, 3)), ((4, 4, 4), (2, 2)), ((1, 6, 3), (1, 8)), ((5, 1, 2), (4, 1)), ((6, 11, 9), (3, 4))]
    drawn = [_random_product(rng, shape, threads, x_is_row=True) for shape, threads in shapes]
    found = _expect_random_launches(student, "naive_kernel", _with_naive_kernel, drawn)
    for made, ((m, k, n), _) in zip(found, shapes, strict=True):
        right = {"A": m * k * n, "B": m * k * n, "C": m * n}
        expect(made["reads"] == right, "Elements are read too often.", hint="A thread reads k of A, k of B, one of C.")


# labs/05_gemm/coalesced_kernel.py


def _with_coalesced_kernel(coalesced_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(coalesced_kernel, cases)


@checks("coalesced_kernel")
def coalesced_products_at_every_shape(student: Student, rng: Rng) -> None:
    """Random matrices of many shapes are multiplied right, and a wide one in as few lines as its warps need."""
    shapes = [((1, 1, 1), (2, 3)), ((4, 4, 4), (2, 2)), ((1, 6, 3), (8, 1)), ((5, 1, 2), (1, 4)), ((6, 11, 9), (3, 4))]
    drawn = [_random_product(rng, shape, threads) for shape, threads in (*shapes, ((3, 5, 64), (32, 2)))]
    found = _expect_random_launches(student, "coalesced_kernel", _with_coalesced_kernel, drawn)
    lines = found[-1]["transactions"]
    # Six warps: a step of each reads one line of A and one of B; each reads and writes a line of C.
    few = lines["A"] <= 30 and lines["B"] <= 30 and lines["C"] <= 12
    expect(few, "A product of 3 × 5 and 5 × 64 takes too many lines.", hint="Let x be the column.")


# labs/05_gemm/tiled_kernel.py


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


# labs/05_gemm/transfer_seconds.py


def transfer_seconds(size_bytes: Any, latency_s: Any, bytes_per_s: Any) -> Any:
    """Return the seconds of a copy."""
    return latency_s + size_bytes / bytes_per_s


@checks("transfer_seconds")
def seconds_of_random_transfers(student: Student, rng: Rng) -> None:
    """Random copies over random links take the right time."""
    for _ in range(5):
        size_bytes, latency_s = int(10 ** rng.uniform(3, 9)), float(rng.uniform(1e-6, 1e-3))
        s_per_byte = float(rng.uniform(1e-12, 1e-8))
        right = math.fsum([latency_s, size_bytes * s_per_byte])
        hint = "latency_s is added once; bytes divided by bytes per second are seconds."
        expect_close(student.call("transfer_seconds", size_bytes, latency_s, 1 / s_per_byte), right, hint=hint)


# labs/05_gemm/crossover_n.py

STAND_INS["crossover_n"] = (transfer_seconds,)


@checks("crossover_n")
def crossovers_of_random_machines(student: Student, rng: Rng) -> None:
    """Random tables, in random order, have the right crossover, or none, whatever comes after it."""
    # Each wins and loses by turns, as measured tables may: 64 and 192 here, 128 and 192 there.
    for wins in ((64, 192), (128, 192)):
        sizes = rng.permutation([64, 128, 192, 256]).tolist()
        cpu = {n: 1.0 if n in wins else 1e-3 for n in sizes}
        got = student.call("crossover_n", cpu, dict.fromkeys(sizes, 0.1), {"latency_s": 1e-6, "bytes_per_s": 1e10})
        hint = "The smallest n counts, even if the GPU is slower again at a larger one. None only if it wins nowhere."
        expect(got == wins[0] and type(got) is int, "The crossover is another.", hint=hint)
    for _ in range(8):
        # The GPU begins to win somewhere between 80 and 1600, and the sizes are near to each other there.
        sizes = np.sort(rng.choice(np.arange(1, 120) * 16, size=30, replace=False)).tolist()
        cpu_rate, gpu_rate = rng.uniform(5e10, 2e11), rng.uniform(5e12, 2e13)
        link = {"latency_s": float(rng.uniform(1e-5, 5e-4)), "bytes_per_s": float(rng.uniform(2e9, 1e10))}
        cpu = {n: float(2 * n**3 / cpu_rate * rng.uniform(0.8, 1.2)) for n in rng.permutation(sizes).tolist()}
        gpu = {n: float(2 * n**3 / gpu_rate + 1e-5) for n in rng.permutation(sizes[1:]).tolist()}
        margins = {
            n: cpu[n] - (gpu[n] + 4 * link["latency_s"] + 32 * n * n / link["bytes_per_s"]) for n in cpu if n in gpu
        }
        right = min((n for n, margin in margins.items() if margin >= 0), default=None)
        got = student.call("crossover_n", cpu, gpu, link)
        hint = "Print n, cpu[n], and gpu[n] plus the four transfers for a table of your own, and follow it by hand."
        expect(got == right and type(got) is type(right), "The crossover is another.", hint=hint)


# labs/05_gemm/debunked_seconds.py


@checks("debunked_seconds")
def logs_of_random_runs(student: Student, rng: Rng) -> None:
    """Random logs, with calls that queue and calls that do not, give the median of the warm calls' work."""
    for n_warm in (1, 4, 5, 8):
        work_s = rng.uniform(0.01, 0.2, size=n_warm + 1)
        host_s, idle_from_s, log = 0.0, 0.0, []
        for call, seconds in enumerate(work_s.tolist()):
            log += [(host_s, "clock", -1), (host_s, "launch", call)]
            host_s += float(rng.uniform(0.5, 1)) if call == 0 else float(rng.uniform(0, 0.002))
            log.append((host_s, "return", call))
            begin_s = max(host_s, idle_from_s)
            idle_from_s = begin_s + seconds
            log += [(begin_s, "begin", call), (idle_from_s, "end", call)]
            if call == 0 or rng.random() < 0.3:
                host_s = max(host_s, idle_from_s) + 0.01
                log.append((host_s, "sync", -1))
        log.sort(key=lambda event: event[0])
        ordered = np.sort(work_s[1:])
        right = (ordered[(n_warm - 1) // 2] + ordered[n_warm // 2]) / 2
        hint = "Pair each call's begin with its end by the call's number, leave call 0 out, take the median."
        expect_close(student.call("debunked_seconds", log), right, hint=hint, what="The true time of a call")
