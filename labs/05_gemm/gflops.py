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
    Returns GFLOP/s, that is 10⁹ FLOP per second.
    """
    ### BEGIN SOLUTION
    return flops(op, n) / seconds / 1e9
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_gflops", "grade": true, "points": 2}
check("gflops")

# %% [markdown]
# Here are the lecture's own timings. Its arithmetic holds to the last digit. If the last line is wrong, its seconds are
# to blame. (The line from R also tells *user* time, 15.449 s, the time of all threads together, and 7.840 s *elapsed*,
# on the wall: 15.449 / 7.840 = 1.97, so two threads ran. A rate is about the wall: 31.9 GFLOP/s, not 16.2.)

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
# **Three planted bugs.** `broken_rate` should give the rate of a product of $n \times n$ matrices, and three things are wrong with it. Your `time_call` and
# `gflops` are right, and the model of part 5 is a device of which all is known: its product takes 40 ms. Each pair of bars below shows one bug
# alone or on top of others. Repair one line at a time.


# %% tags=["explore"]
def broken_rate(call, sync, n, clock):
    """Return the rate of a product in GFLOP/s, or what somebody took for it."""
    start = clock()
    call()
    seconds = clock() - start
    return n**3 / seconds / 1e9


repaired_rate = broken_rate  # put your repaired copy here, and run the next cell after each repair


# %% tags=["explore"]
def rate_of(rate, waits, warm):
    """Let a rate be measured on a fresh device: by calls that wait for it or do not, after a first call or without."""
    device = bench.MockDevice([0.04], launch_s=0.002, loading_s=0.06)

    def call():
        device.call()
        if waits:
            device.sync()

    if warm:
        call()
        device.sync()
    return rate(call, device.sync, 1000, device.clock)


def honest_rate(call, sync, n, clock):
    """Measure with the functions that were checked."""
    return gflops("gemm", n, time_call(call, sync=sync, warmup=1, repeats=3, clock=clock))


cases = {
    "warm, and the call waits": (True, True),
    "cold, and the call waits": (True, False),
    "warm, no waiting": (False, True),
}
plots.bars(
    {
        name: [100 * rate_of(rate, *case) / rate_of(honest_rate, *case) for case in cases.values()]
        for name, rate in (("broken", broken_rate), ("repaired", repaired_rate))
    },
    list(cases),
    ylabel="rate, % of what yours say",
    title="The evidence: the repaired bars must come to 100",
)
plt.axhline(100, color="0.3", lw=0.8, ls="--")
plt.yscale("log")
_ = plt.ylim(10, 3000)


# %% visible
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


# %% hidden
STAND_INS["gflops"] = (flops,)


@checks("gflops")
def rates_of_random_products(student: Student, rng: Rng) -> None:
    """Random sizes and times have the right rate for each operation."""
    for n in rng.integers(3, 4000, size=3).tolist():
        seconds = float(rng.uniform(1e-4, 10))
        for op, count in (("axpy", n + n), ("gemv", n * (n + n)), ("gemm", n * n * (n + n))):
            hint = "FLOP of this op at this n, divided by seconds, in units of 10⁹."
            expect_close(student.call("gflops", op, n, seconds), count * 1e-9 / seconds, hint=hint)


# %% right billions_first
# - return flops(op, n) / seconds / 1e9
# + return 1e-9 * flops(op, n) / seconds


# %% right exact_integers
def gflops(op, n, seconds):
    work = 2 * n ** (["axpy", "gemv", "gemm"].index(op) + 1)
    return np.divide(work, 10**9 * seconds)


# %% wrong binary_giga -> rates_of_the_slides
# Powers of ten.
# - return flops(op, n) / seconds / 1e9
# + return flops(op, n) / seconds / 1024**3

# %% wrong flop_a_second -> rates_of_the_slides
# - return flops(op, n) / seconds / 1e9
# + return flops(op, n) / seconds

# %% wrong mega -> rates_of_the_slides
# - return flops(op, n) / seconds / 1e9
# + return flops(op, n) / seconds / 1e6

# %% wrong ten_e_nine -> rates_of_the_slides
# - return flops(op, n) / seconds / 1e9
# + return flops(op, n) / seconds / 10e9

# %% wrong in_thousands_as_on_the_slide -> sizes_between_thousands
# n is not a multiple of a thousand, nor the rate a round number.
# - return flops(op, n) / seconds / 1e9
# + return 2 * (n // 1000) ** 3 / seconds

# %% wrong rounded_thousands -> sizes_between_thousands
# - return flops(op, n) / seconds / 1e9
# + return 2 * round(n / 1000) ** 3 / seconds


# %% wrong thousands_for_every_operation -> vectors_have_rates_too
def gflops(op, n, seconds):
    level = ["axpy", "gemv", "gemm"].index(op) + 1
    return 2 * (n / 1000) ** level / seconds


# %% wrong rounded_to_two_decimals -> rates_of_random_products
def gflops(op, n, seconds):
    rate = flops(op, n) / seconds / 1e9
    return rate if rate > 1 else round(rate, 2)


# %% wrong multiply_add_is_one -> rates_of_the_slides
# Another count of operations.
# - return flops(op, n) / seconds / 1e9
# + return flops(op, n) / 2 / seconds / 1e9

# %% wrong always_gemm -> vectors_have_rates_too
# - return flops(op, n) / seconds / 1e9
# + return 2 * n**3 / seconds / 1e9

# %% wrong multiplied_by_seconds -> rates_of_the_slides
# - return flops(op, n) / seconds / 1e9
# + return flops(op, n) * seconds / 1e9


# %% wrong rest_of_the_division_dropped -> slow_machines_have_rates_too
# - return flops(op, n) / seconds / 1e9
# + return flops(op, n) // seconds / 1e9
