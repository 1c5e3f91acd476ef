# %% [markdown]
# # Lab 05 · Seven thousand GFLOP/s
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **A lecture multiplies two 6000 × 6000 matrices: 6.03 s on the processor, 0.061 s on a GPU. Is a GPU 99 times as fast?**
# The script prints 7077 GFLOPS, its arithmetic is right, and the number means nothing. In this lab you learn why: what a
# computation costs, what a device can do at best, how to time so that the result can be believed, and when the way to
# the GPU costs more than the GPU saves. At the end you settle the case.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1–3 | `flops`, `bytes_moved`, `arithmetic_intensity` | know what a computation costs before it runs |
# | 4 | `peak_flops` | know what a device can do at best |
# | 5–6 | `time_call`, `gflops` | measure, and believe what you measured |
# | 7–9 | `matmul_loops`, `matmul_rows`, `matmul_blocked` | see what a library does better than you |
# | 10 | `roofline` | tell a slow program from a slow memory |
# | 11–12 | `transfer_seconds`, `crossover_n` | say when a GPU wins |
# | 13 | `debunked_seconds` | settle the case |
#
# Two to three hours. No data and no GPU are needed; where there is one, it is measured.

# %%
import statistics
import time

import numpy as np

import coursekit
from coursekit import bench, plots
from coursekit.bench import published
from coursekit.checking import checks_for

check = checks_for("05_gemm")

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

# %% [markdown]
# ## 1 · What a computation costs: operations
#
# Nearly all the work of a neural network is done by three routines of the **BLAS**, the Basic Linear Algebra Subprograms,
# which every processor and GPU maker tunes. With vectors of length $n$ and matrices of $n \times n$:
#
# $$\text{axpy:}\; y \leftarrow \alpha x + y, \qquad \text{gemv:}\; y \leftarrow A x + y, \qquad \text{gemm:}\; C \leftarrow A B + C.$$
#
# One addition or one multiplication of two numbers is one **FLOP**, a floating-point operation. "FLOPS" is used for their
# number and for their number a second; here it is FLOP and FLOP/s. Each entry of $C$ takes $n$ products, and each of these is
# added to it, so gemm costs $2n$ FLOP an entry. How many entries are there? A 2 in front is easily lost: whoever
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
# The lecture states these as O(1), O(1) and O(n) FLOP "per memory access". That is the right idea; but the unit matters, because
# memory is sold in **bytes** a second. (Without reading $C$, for $C \leftarrow AB$, gemm has $n/12$.)


# %% nbgrader={"grade_id": "arithmetic_intensity", "solution": true}
def arithmetic_intensity(op, n, dtype):
    """Return how many operations a BLAS routine does for each byte that it must move.

    op, n, dtype: as for flops and bytes_moved, which may be used
    Returns FLOP a byte.
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
    ylabel="FLOP a byte",
    title="What each byte is good for",
    log="xy",
)

# %% [markdown]
# ## 4 · What a device can do at best
#
# A core does a fixed number of FLOP in each cycle of its clock, so the **peak** is a product of three numbers:
#
# $$\text{peak} = \text{cores} \times \text{cycles a second} \times \text{FLOP a core and cycle}.$$
#
# What NVIDIA calls a CUDA core does one multiply-add a cycle: 2 FLOP. A core of a processor does many more: with AVX-512 it holds 8
# numbers of float64 in a register and has, as a rule, two units for multiply-adds: 8 · 2 · 2 = 32, and 64 in float32.
#
# One slide computes "8 cores × 2 threads = 16 CPUs". That is what the operating system shows. But two **hyper-threads**
# share one core's arithmetic, so that one can compute while the other waits. They add no peak.


# %% nbgrader={"grade_id": "peak_flops", "solution": true}
def peak_flops(cores, ghz, flops_per_cycle):
    """Return a device's nominal peak.

    cores: physical cores; hyper-threads do not count
    ghz: clock in GHz
    flops_per_cycle: FLOP of one core in one cycle
    Returns FLOP/s.
    """
    ### BEGIN SOLUTION
    return cores * ghz * 1e9 * flops_per_cycle
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_peak_flops", "grade": true, "points": 1}
check("peak_flops")

# %% [markdown]
# Another lecture sets an i9 with 18 cores beside a GTX 1080 with 2560 and lets the numbers speak: 142 times the cores. Let them
# speak in FLOP/s. In float32 the GPU is ahead by 1.6. In float64 that GPU runs at 1/32 of its rate, and the
# processor wins ten times over. A "core" is not a unit.

# %% tags=["explore"]
devices = {name: (peak_flops(d.cores, d.ghz, d.flops_per_cycle), None) for name, d in published.GPUS.items()}
devices["GTX 1080"] = peak_flops(2560, 1.6, 2), peak_flops(2560, 1.6, 2) / 32
devices["i9, 18 cores"] = peak_flops(18, 4.4, 64), peak_flops(18, 4.4, 32)
per_cycle = processor.flops_per_cycle
here = [peak_flops(processor.cores, processor.ghz, per_cycle[dtype]) for dtype in ("float32", "float64")]
for name, (single, double) in (devices | {"this processor": here}).items():
    in_float64 = f"{double / 1e9:10,.0f}" if double else "         –"
    print(f"{name:<16}{single / 1e9:10,.0f} GFLOP/s in float32{in_float64} in float64   (nominal)")
plots.bars(
    {"float32": [devices["i9, 18 cores"][0] / 1e12, devices["GTX 1080"][0] / 1e12],
     "float64": [devices["i9, 18 cores"][1] / 1e12, devices["GTX 1080"][1] / 1e12]},
    ["i9: 18 cores, 4.4 GHz", "GTX 1080: 2560 cores, 1.6 GHz"],
    ylabel="TFLOP/s, nominal",
    title="142 times the cores",
)  # fmt: skip

# %% [markdown]
# **More than 100 %?** The lecture's P100 is labelled "1.19 GHz, peak 4700 Gflop/s" in float64, and its gemm ran at 4503. It has 1792
# cores for float64. At 1.19 GHz that makes 4265, *less than was measured*; 4700 belongs to a clock of 1.31 GHz. A GPU raises
# its clock while it is cool enough, and data sheets give one clock or the other. So a share of peak says little unless it
# says of which peak.
#
# ## 5 · A timer worth trusting
#
# A GPU works **asynchronously**. A call hands over the work and returns; the program runs on while the device computes. Only
# `synchronize` waits. A processor's call returns when it is done, so there it does nothing. Here is a model of a GPU in
# virtual time, timed as the lecture timed: read the clock, call, read the clock.

# %% tags=["explore"]
device = bench.MockDevice([0.04], launch_s=0.002, loading_s=0.06)
start = device.clock()
device.call()
stop = device.clock()
for _ in range(3):
    device.call()
device.sync()
bench.timeline(device.log, title=f"A model: the clock says {1e3 * (stop - start):.0f} ms, the work takes 40 ms")

# %% [markdown]
# The clock stopped when call 0 had been *handed over*, before the device began, and what it timed was the loading of
# libraries. Seven mistakes are classics, and your timer must make none of them:
#
# | mistake | what the number then is |
# |---|---|
# | no sync before the stop | the time of a launch |
# | no sync before the start | someone else's work too |
# | no warm-up: the first call timed | the time of loading and of choosing an algorithm |
# | the mean | whatever went wrong in one call, shared among all |
# | the best | luck |
# | the total | as large as you like |
# | a clock other than the one given | not what the caller asked for; `time.time` even jumps when it is set |


# %% nbgrader={"grade_id": "time_call", "solution": true}
def time_call(fn, *, sync, warmup, repeats, clock):
    """Time a call on a device that may work asynchronously.

    First fn() is called warmup times (0 or more), untimed. Then, repeats times (1 or more):
    sync, read the clock, call, sync, read the clock. Further syncs do no harm.

    fn: what to time; called without arguments
    sync: waits until the device has done all its work; called without arguments
    clock: returns the time in seconds; called without arguments
    Returns the median of the repeats, in seconds; of an even number the mean of the middle two.
    Write it yourself: no coursekit.bench, no timeit.

    Hint: keep each difference of two readings in a list; statistics.median is at hand.
    """
    ### BEGIN SOLUTION
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median(samples)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_time_call", "grade": true, "points": 5}
check("time_call")

# %% [markdown]
# The same device under your timer: dashed lines start, solid ones stop, and what lies between is one call.

# %% tags=["explore"]
device = bench.MockDevice([0.04], launch_s=0.002, loading_s=0.06)
seconds = time_call(device.call, sync=device.sync, warmup=1, repeats=3, clock=device.clock)
bench.timeline(device.log, title=f"Your timer says {1e3 * seconds:.0f} ms: 2 for the launch, 40 for the work")

# %% [markdown]
# Now real calls on this machine. Each dot is one of them, timed on its own, and the first one is at the top of its row. Look for
# a first call that stands apart, for stragglers to the right (something else ran just then), and how far the median
# cares. There are no stragglers to the *left*: nothing makes a computer faster than it is. That is an argument for the
# best instead of the median, and a good one on a quiet processor; on a GPU, whose clock falls as it warms up, the best is
# what you will not see again.

# %% tags=["explore"]
A, B = (np.random.default_rng(seed).random((700, 700)) for seed in (0, 1))
x = np.random.default_rng(2).random(4_000_000)
once = {"sync": lambda: None, "warmup": 0, "repeats": 1, "clock": time.perf_counter}
bench.sample_dots(
    {
        "product of 700 × 700": [time_call(lambda: A @ B, **once) for _ in range(40)],
        "sum of 4 million": [time_call(x.sum, **once) for _ in range(40)],
        "sorting 200,000": [time_call(lambda: np.sort(x[:200_000]), **once) for _ in range(40)],
    },
    title="Forty calls each, every one a dot",
    log=True,
)

# %% [markdown]
# ## 6 · Rates
#
# FLOP divided by seconds is a rate that can be compared across sizes and machines. **G is $10^9$**, always; $1024^3$ is
# written Gi, and belongs to memory sizes.
#
# The lecture computes `2*2*2*2/time` for $n = 2000$: it has divided $n$ by 1000 in its head, and $(n/1000)^3 = n^3/10^9$. That works for gemm
# at whole thousands. At $n = 1500$, or for any other operation, it does not.


# %% nbgrader={"grade_id": "gflops", "solution": true}
def gflops(op, n, seconds):
    """Return the rate of a BLAS routine.

    op, n: as for flops, which may be used
    seconds: the time of one call
    Returns GFLOP/s, that is 10⁹ FLOP a second.
    """
    ### BEGIN SOLUTION
    return flops(op, n) / seconds / 1e9
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_gflops", "grade": true, "points": 2}
check("gflops")

# %% [markdown]
# Here are the lecture's own timings. Its arithmetic holds to the last digit. So if the last line is wrong, then because of its
# seconds. (The line from R also tells *user* time, 15.449 s, the time of all threads together, and 7.840 s *elapsed*, on the
# wall: 15.449 / 7.840 = 1.97, so two threads ran. A rate is about the wall: 31.9 GFLOP/s, not 16.2.)

# %% tags=["explore"]
lecture = [
    ("NumPy, float64, 5000", 5000, 7.39),
    ("R, float64, 5000", 5000, 7.840),
    ("NumPy, float32, 2000", 2000, 0.2360849380493164),
    ("NumPy, float32, 4000", 4000, 1.8578176498413086),
    ("NumPy, float32, 6000", 6000, 6.029452800750732),
    ("PyTorch on a GPU, 6000", 6000, 0.06104087829589844),
]
for name, n, seconds in lecture:
    print(f"{name:<24}{seconds:9.4f} s  {gflops('gemm', n, seconds):9.2f} GFLOP/s")

# %% [markdown]
# ## 7 · Loops
#
# Now the product itself, $C \leftarrow AB + C$ with $A$ (m, k), $B$ (k, n), $C$ (m, n), in three ways. First as it is defined:
#
# $$C_{ij} \leftarrow C_{ij} + \sum_{p=1}^{k} A_{ip} B_{pj}.$$
#
# All three functions **add into the array $C$ that they are given, and return it**. In this one and the next, no library may
# multiply matrices for you: no `@`, no `dot`, no `einsum` and the like (the check reads your cell).


# %% nbgrader={"grade_id": "matmul_loops", "solution": true}
def matmul_loops(A, B, C):
    """Add the product of A and B to C, number by number.

    A: (m, k); B: (k, n); both stay as they are
    C: (m, n), float64 as a rule; it is changed in place, in its own precision
    Returns C.
    """
    ### BEGIN SOLUTION
    m, k = A.shape
    n = B.shape[1]
    for i in range(m):
        for j in range(n):
            for p in range(k):
                C[i, j] += A[i, p] * B[p, j]
    return C
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_matmul_loops", "grade": true, "points": 2}
check("matmul_loops")

# %% [markdown]
# ## 8 · Rows
#
# The sums may be done in another order. For each $i$ and $p$, the whole row $B_{p,:}$ times the number $A_{ip}$ belongs to row $i$ of $C$:
#
# $$C_{i,:} \leftarrow C_{i,:} + A_{ip} B_{p,:}.$$
#
# That is axpy, $n$ numbers at a time: two Python loops instead of three, and NumPy walks along memory instead of across it.
# (Columns of $A$ times rows of $B$ are as good: that is $k$ outer products. Any order is right here, as long as no library
# multiplies matrices.)


# %% nbgrader={"grade_id": "matmul_rows", "solution": true}
def matmul_rows(A, B, C):
    """Add the product of A and B to C, a row at a time.

    A: (m, k); B: (k, n); both stay as they are
    C: (m, n), float64 as a rule; it is changed in place, in its own precision
    Returns C.

    Hint: C[i] is a view of a row: C[i] += … changes C.
    """
    ### BEGIN SOLUTION
    m, k = A.shape
    for i in range(m):
        for p in range(k):
            C[i] += A[i, p] * B[p]
    return C
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_matmul_rows", "grade": true, "points": 2}
check("matmul_rows")

# %% [markdown]
# ## 9 · Blocks
#
# A number that has been fetched should be used as often as possible before it is pushed out again. So cut all three matrices
# into blocks that fit into a cache: a block of $A$ times a block of $B$ is added to a block of $C$, and $b \times b$ numbers serve for $2b^3$
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
    C: (m, n), float64 as a rule; it is changed in place, in its own precision
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

# %% [markdown]
# All of them give the same numbers. Do they cost the same? By the count they do: $2n^3$ FLOP.

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
    levels={"nominal peak, float32": here[0], "nominal peak, float64": here[1]},
    title="One product, 2n³ operations, many ways",
)

# %% [markdown]
# From the loops to the library it is four to five powers of ten, on the same processor. Read the picture from below:
# **loops** pay Python for each multiply-add: some tenths of a microsecond for a fraction of a nanosecond of work. **Rows** share
# that price among $n$ numbers, so they climb with $n$, until what they do is axpy, which memory holds back. **Blocks** lie close to the
# library because they *are* the library, called on small matrices. The **libraries** climb while the cost of a call and the
# edges matter, and are flat where all cores multiply and add in nearly every cycle. If one of them starts far below the others, it
# woke a second thread for a product that was over before the thread was there.
#
# The dotted lines are nominal, cores × clock × FLOP a cycle. A curve above its line says that the clock is higher than the one
# that was read: "more than 100 % of peak", as above. bfloat16 flies above everything on processors with matrix units
# for it (AMX), and crawls on others.

# %% [markdown]
# **What a digit costs.** Narrower numbers are faster because more of them fit into a register and through the memory bus. What do
# they lose? Below, the same product in each precision that the device has, against float64. (Where one of them is so slow that the
# product would take more than a second, the rate is that of a smaller one, and the cell says so.)

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
# On a GPU, mind a fourth name: **TF32** is float32 in memory whose factors lose 13 of their 23 bits of mantissa on the way into
# the multipliers. It is several times as fast, its error hundreds of times as large, and a program that allows it still
# says float32. PyTorch leaves it off for products unless told otherwise; a rate without that word is worth little.
#
# **Threads.** A second core doubles the arithmetic. Does it double the rate?

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
)

# %% [markdown]
# gemm lives off arithmetic, and arithmetic doubles with the cores. axpy and gemv live off memory, which all cores share: if one
# core alone nearly fills the bus, as in most laptops, a second has little to add; two of a server's many cores are far from
# filling it. So it depends on the machine, and on who else is using it just now. Why gemm lives off one and axpy off the other, the next picture shows.
#
# ## 10 · The roofline
#
# A routine with intensity $I$ that moves $\beta$ bytes a second does $I\beta$ FLOP/s, if nothing else is in its way. It can never do more than
# the peak $\pi$. Whichever is smaller is its **roof**:
#
# $$R(I) = \min(\pi,\; I \beta), \qquad \text{with its ridge at } I = \pi / \beta.$$
#
# Left of the ridge a routine is *memory-bound*: faster cores are no help. Right of it, it is *compute-bound*.


# %% nbgrader={"grade_id": "roofline", "solution": true}
def roofline(intensity, peak, bandwidth):
    """Return the highest rate that a device allows at each intensity.

    intensity: FLOP a byte, an array of any shape or a number; it stays as it is
    peak: FLOP/s
    bandwidth: bytes/s
    Returns FLOP/s, shaped like intensity.
    """
    ### BEGIN SOLUTION
    return np.minimum(peak, intensity * bandwidth)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_roofline", "grade": true, "points": 2}
check("roofline")

# %% [markdown]
# Now measure both sides of it here: the bandwidth by walking through arrays of 128 MB in four ways (the fastest counts), the
# peak as the best gemm seen so far, and then the three routines at one size each. Where does each of them stand?

# %% tags=["explore"]
bandwidths = bench.measure_bandwidth(cpu)
print("bandwidth, GB/s: " + ", ".join(f"{way} {rate / 1e9:.1f}" for way, rate in bandwidths.items()))
roofs, points = {}, {}
for dtype in ("float32", "float64"):
    three = [bench.measure(op, n, dtype, device=cpu) for op, n in (("axpy", 2**24), ("gemv", 6000), ("gemm", 2048))]
    gemms = [each for each in measured if each.precision == dtype]
    roofs[dtype] = max(each.flops_per_s for each in [*gemms, three[-1]])
    points |= {f"{each.op} {dtype}": (each.intensity, each.flops_per_s) for each in three}
# axpy and gemv walk through memory too: if one of them is the fastest here, its bandwidth is the roof.
bandwidth = max([*bandwidths.values(), *(rate / intensity for intensity, rate in points.values() if intensity < 1)])
shown = {name: point for name, point in points.items() if name.endswith("float64")}
bench.roofline_figure(
    shown, roofs={"float64": roofs["float64"]}, bandwidth=bandwidth, title="This machine's roofline, float64, measured"
)
for name, (intensity, rate) in points.items():
    roof = roofline(intensity, roofs[name.split()[1]], bandwidth)
    side = "memory-bound" if intensity < roofs[name.split()[1]] / bandwidth else "compute-bound"
    print(
        f"{name:<14}{intensity:8.3f} FLOP a byte, {side:<14}{rate / 1e9:8.1f} of {roof / 1e9:6.1f} GFLOP/s: {rate / roof:.0%}"
    )

# %% [markdown]
# **Why each stands where it does.** *axpy* is nothing but a walk: three streams, in order, and no entry waits for another. So
# it lies near the roof, or is the fastest walk there is and sets it. *gemv* walks too, and almost only reads $A$; but each row
# ends in one number, and an addition waits for the one before it. Adding up an array, the bandwidth printed as *read*, bears
# the same burden. (The P100 below agrees: 85 % and 79 % of its roof.) *gemm* touches its roof because its best rate *is* the
# roof here; at smaller $n$ it lies below, since blocks at the edges are short and starting up is not for free. A roof of
# nominal numbers would be higher, and every share lower: so a share says of which roof it is. (On a machine that others use, a
# point may lie far below for no reason of its own. Before you explain a distance, measure again.)
#
# The lecture's three figures for a P100 can be read in the same way. They are published, not measured here. axpy at 52
# and gemv at 145 GFLOP/s are 1.1 % and 3.1 % of the peak. Are they bad programs? Look at the roof above *them*.

# %% tags=["explore", "cover"]
sizes_p100 = {"gemm": 5000, "gemv": 5000, "axpy": 10_000_000}
p100 = {op: (arithmetic_intensity(op, n, "float64"), published.P100_RATES[op]) for op, n in sizes_p100.items()}
for op, (_, rate) in p100.items():
    print(f"{op}: {rate / published.P100_PEAK:.1%} of the peak of 4700 GFLOP/s")
bench.roofline_figure(
    p100,
    roofs={"float64, nominal": published.P100_PEAK},
    bandwidth=published.P100_BANDWIDTH,
    title="Published: a P100's gemm, gemv and axpy (S003), under its data sheet's roof",
)

# %% [markdown]
# Both reach about four fifths of what memory allows, which is good work. A better program could gain a quarter, not a
# factor of thirty. That is what a roofline is for: it says when to stop. (The sizes were not published; left of the ridge they hardly matter.)
#
# Why does a GPU win, then? For gemm because of its peak, for axpy because of its memory: 732 GB/s against some tens of
# a desktop's. Mind the units on the box: the GTX 1650's sheet in the slides says "Memory Bandwidth (Gbps) 128". A *bit* is not a byte: 8
# Gbit/s on each of 128 wires make 128 **GB**/s, and taken at its word the sheet would be wrong by a factor of 8.
#
# ## 11 · The way there
#
# A GPU has a memory of its own, and data must get there over a bus. A copy costs a fixed **latency** and then time by the byte:
#
# $$t = \text{latency} + \frac{\text{bytes}}{\text{bytes a second}}.$$


# %% nbgrader={"grade_id": "transfer_seconds", "solution": true}
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    """Return how long one copy takes.

    size_bytes: bytes to copy, 0 or more
    latency_s: seconds that a copy of nothing takes
    bytes_per_s: bytes (not bits) a second
    Returns seconds.
    """
    ### BEGIN SOLUTION
    return latency_s + size_bytes / bytes_per_s
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_transfer_seconds", "grade": true, "points": 1}
check("transfer_seconds")

# %% [markdown]
# ## 12 · Where the GPU starts to win
#
# If $A$, $B$ and $C$ start in the processor's memory and the result is wanted there, then $C \leftarrow AB + C$ on a GPU takes **four**
# transfers: three there, one back. They grow like $n^2$, the work grows like $n^3$. So the GPU loses for small $n$ and wins for large
# ones, and the question is where that changes. You get two tables of measured times and a link.


# %% nbgrader={"grade_id": "crossover_n", "solution": true}
def crossover_n(cpu, gpu, link):
    """Return the smallest n at which the GPU, its transfers included, is no slower.

    cpu: dict from n to seconds of C ← AB + C, float64, n × n, on the processor
    gpu: dict from n to seconds of the same on the GPU, with A, B and C already there
    link: dict with "latency_s" and "bytes_per_s" of one transfer, in either direction
    The GPU's time is gpu[n] plus four transfers: A, B and C there, C back; each is one
    matrix of 8 · n² bytes. Only an n that is in both dicts counts; they may be in any order.
    Returns n, or None if the GPU is slower at every such n. transfer_seconds may be used.
    """
    ### BEGIN SOLUTION
    for n in sorted(cpu.keys() & gpu.keys()):
        transfers_s = 4 * transfer_seconds(8 * n**2, **link)
        if gpu[n] + transfers_s <= cpu[n]:
            return n
    return None
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_crossover_n", "grade": true, "points": 3}
check("crossover_n")

# %% [markdown]
# First with published figures alone, at one size. The lecture's product of $5000 \times 5000$ in float64 took 7.39 s on its
# processor. A P100 at the 4503 GFLOP/s that it reached takes 56 ms for the same work; over the link that others measured for such a
# card (11.7 GB/s from pinned memory), the four transfers take longer than the product.

# %% tags=["explore"]
n = 5000
work_s = flops("gemm", n) / published.P100_RATES["gemm"]
moved_s = 4 * transfer_seconds(8 * n**2, 1e-5, published.P100_LINK)
print(f"computed from published figures, n = {n}: product {1e3 * work_s:.0f} ms, transfers {1e3 * moved_s:.0f} ms")
print(f"speed-up over 7.39 s: {7.39 / work_s:.0f} without transfers, {7.39 / (work_s + moved_s):.0f} with them")

# %% [markdown]
# Then with what is here. The next cell measures $C \leftarrow AB + C$ on the processor and, where there is a GPU, on that: the work alone,
# the link, and all of it in one go, transfers within the clock, to see whether the sum of the parts is the whole. Recordings of
# named GPUs that come with the package are drawn beside it, marked as recorded.

# %% tags=["explore"]
double = [each for each in measured if each.precision == "float64" and each.backend == "numpy"]
cpu_s = {each.n: each.median_s for each in double}
curves = {"this processor, float64": bench.by_series(double)["numpy float64"]}
if gpu:
    on_gpu = bench.sweep([*cpu_s, 4096, 8192], device=gpu, precisions=("float64",), budget_s=0.15)
    gpu_s = {each.n: each.median_s for each in on_gpu}
    to_gpu, from_gpu = (bench.measure_link(gpu, to_device=direction) for direction in (True, False))
    link = {
        "latency_s": (3 * to_gpu.latency_s + from_gpu.latency_s) / 4,
        "bytes_per_s": 4 / (3 / to_gpu.bytes_per_s + 1 / from_gpu.bytes_per_s),
    }
    print(f"link: {1e6 * link['latency_s']:.1f} µs, {link['bytes_per_s'] / 1e9:.1f} GB/s (pinned)")
    print(f"the GPU starts to win at n = {crossover_n(cpu_s, gpu_s, link)} of {sorted(cpu_s)}")
    print(f"without transfers it would at n = {crossover_n(cpu_s, gpu_s, {'latency_s': 0, 'bytes_per_s': 1e99})}")
    whole = {}
    for n in sorted(gpu_s):
        call = bench.gemm_there_and_back(n, "float64", device=gpu)
        whole[n] = time_call(call, sync=gpu.sync, warmup=2, repeats=7, clock=time.perf_counter)
    curves[f"{gpu.name}, work alone"] = bench.by_series(on_gpu)["GPU float64"]
    curves["the same, transfers included"] = list(whole), [1e9 * gflops("gemm", n, whole[n]) for n in whole]
else:
    print("No GPU here: only the processor is measured.")
recordings = bench.recorded_results()
for recording in recordings:
    found = [each for each in recording.measurements if each.precision == "float64" and each.op == "gemm"]
    curves |= {f"recorded: {recording.device}": pair for pair in bench.by_series(found).values()}
    print(recording.label)
if not recordings:
    print("The package holds no recording of a GPU yet, so none is drawn.")
bench.rate_curves(
    curves, title="C ← AB + C in float64", levels={"P100, published (S003)": published.P100_RATES["gemm"]}
)

# %% [markdown]
# S003's lab asks for the same in R. R's matrices are float64, and its `%*%` calls whatever BLAS it was built with: the one that
# comes with it is plain and runs on one core; with OpenBLAS it is as fast as NumPy.

# %% tags=["explore"]
if bench.r_found():
    r = bench.time_r_product(1024)
    print(
        f"{r.version}: {gflops('gemm', 1024, r.elapsed_s):.1f} GFLOP/s at n = 1024,"
        f" cpu / elapsed = {r.cpu_s / r.elapsed_s:.2f}"
    )
    print(f"NumPy here: {gflops('gemm', 1024, cpu_s[1024]):.1f} GFLOP/s")
else:
    print("R is not installed here: its product is not timed.")

# %% [markdown]
# ## 13 · The case
#
# A profiler writes down what happens when, in the program *and* on the device. Below is such a log, from the model of part 5:
# the lecture's script, and three more calls after it. Its clock was read around call 0 alone, without a sync, and showed
# 61 ms.
#
# From a log, the truth can still be had. The device's own `begin` and `end` say how long it worked on each call. Call 0 is cold,
# and does not count.


# %% nbgrader={"grade_id": "debunked_seconds", "solution": true}
def debunked_seconds(log):
    """Return the true seconds of a call, from a log of what happened when.

    log: list of (seconds, event, call), in the order of time. For each call, numbered from 0:
    "launch" and "return": the program hands it over, and goes on;
    "begin" and "end": the device starts to work on it, and has done it.
    "clock" and "sync": the program reads its clock, or has waited for the device; call is -1.
    Returns the median over all calls but call 0 of the seconds from begin to end.

    Hint: a dict from (event, call) to seconds makes it easy to look things up.
    """
    ### BEGIN SOLUTION
    at = {(event, call): seconds for seconds, event, call in log}
    warm = {call for _, _, call in log if call > 0}
    return np.median([at["end", call] - at["begin", call] for call in warm])
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_debunked_seconds", "grade": true, "points": 3}
check("debunked_seconds")

# %% tags=["explore"]
device = bench.MockDevice([0.100, 0.080, 0.081, 0.085], launch_s=0.001, loading_s=0.060)
start = device.clock()
device.call()
stop = device.clock()
for _ in range(3):
    device.call()
device.sync()
true_s = debunked_seconds(device.log)
bench.timeline(device.log, title=f"A model: the script says {stop - start:.3f} s, the log says {true_s:.3f} s a call")
for name, seconds in (("as printed", stop - start), ("as it was", true_s)):
    print(f"{name}: {seconds:.3f} s, {gflops('gemm', 6000, seconds):,.0f} GFLOP/s at n = 6000")

# %% [markdown]
# This log is a model: made so that the script shows the lecture's 61 ms. What the lecture's GPU really took, nobody can say from
# its one number: it may have been more than 61 ms or much less. **That is the verdict: not "too high", but "no evidence".** And
# even the true 81 ms of this log would leave out the transfers.
#
# Where there is a GPU, the same lines can be run. The next cell runs them as they stand in the lecture, then with your timer.

# %% tags=["explore"]
if gpu:
    A, B = torch.randn(6000, 6000).cuda(), torch.randn(6000, 6000).cuda()
    start = time.time()
    C = torch.matmul(A, B)
    lecture_s = time.time() - start
    gpu.sync()
    honest_s = time_call(lambda: torch.matmul(A, B), sync=gpu.sync, warmup=2, repeats=7, clock=time.perf_counter)
    start = time.time()
    C = torch.matmul(A, B)
    warm_s = time.time() - start
    gpu.sync()
    for name, seconds in (("as in the lecture", lecture_s), ("the same, warm", warm_s), ("your timer", honest_s)):
        print(f"{name:<20}{1e3 * seconds:10.3f} ms {gflops('gemm', 6000, seconds):14,.0f} GFLOP/s, float32")
else:
    print("No GPU here. Published instead: what kernels written by hand reach of cuBLAS's rate, float32, n = 4096")
    shares = published.SGEMM_SHARES
    plots.bars(
        {"share of cuBLAS": [100 * share for share in shares.values()]},
        list(shares),
        ylabel="% of cuBLAS's rate",
        title="Published (siboehm/SGEMM_CUDA): from naive loops to tiles, on a GPU",
    )

# %% [markdown]
# On a GPU the road is the same as on your processor: a naive kernel fetches every number from far away and reaches 1 %; tiles in
# shared memory, then in registers, reuse it and come close to the library. It is your `matmul_blocked`, three layers deep.
#
# ## 14 · Why?
#
# A colleague writes: *"We bought a GPU. Our model's layers are products of 200 × 200 matrices in float64, one after the other, each
# result back in NumPy. On the GPU one product takes 15 µs; on the CPU it takes 200 µs: a speed-up of 13. Yet the
# program has become slower."* **Give three causes that could each explain this, one of them about the timing itself. For each,
# say which function or picture above supports it, and what you would measure or change to find out.** Six to ten
# sentences.

# %% [markdown] nbgrader={"grade_id": "why_the_gpu_loses", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# (1) **The timing**: 15 µs is about a launch. 2 · 200³ is 16 MFLOP; in 15 µs that is 1067 GFLOP/s in float64, more than many cards'
# float64 peak. Probably there was no synchronize before the stop (timeline of part 5); measure with `time_call` and a
# sync, and hold the rate against `peak_flops`. (2) **Transfers**: 200 × 200 in float64 is 320 kB a matrix; four transfers at about 12 GB/s are
# 107 µs and four latencies (`transfer_seconds`, `crossover_n`): n is below the crossover. Keep the data on the GPU from layer to layer, or
# time with the transfers in. (3) **float64**: many GPUs do float64 at 1/32 of their float32 rate (i9 and GTX 1080); use float32 or a
# card for float64, and compare rates. Also good: n is too small to fill the device (rates climb with n; batch the products);
# the result in NumPy after each layer is a sync each time; the first call's loading; pageable memory.
# Full marks: three causes, one of them the missing sync or the cold call, each with its evidence and a test. One point a cause.
# ### END SOLUTION

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
