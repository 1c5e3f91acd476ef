# %% [markdown]
# ## 4 · What a device can do at best
#
# A core does a fixed number of FLOP in each cycle of its clock, so the **peak** is a product of three numbers:
#
# $$\text{peak} = \text{cores} \times \text{cycles per second} \times \text{FLOP per core and cycle}.$$
#
# What NVIDIA calls a CUDA core does one multiply-add per cycle: 2 FLOP. A core of a processor does many more: with
# AVX-512, instructions on 512 bits at once, it holds 8 numbers of float64 in a *register*, a place for numbers inside
# the core, and has, as a rule, two units for multiply-adds: 8 · 2 · 2 = 32, and 64 in float32.
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
# Another lecture sets an i9 with 18 cores beside a GTX 1080 with 2560 and lets the numbers speak: 142 times the cores.
# Let them speak in FLOP/s, with your function, for every device that the lectures name. The figures and where they
# stand are in `published.DEVICES`. **Guess first**, here and wherever a cell says `my_guess = None` (put a number in
# place of `None`): how many TFLOP/s has the GTX 1080, nominally, in float64?

# %% tags=["explore"]
my_guess = None  # TFLOP/s of the GTX 1080 in float64

# %% tags=["explore"]
print(
    f"{'nominal':<14}{'float32':>9}{'float64':>9}  TFLOP/s {'memory':>9}{'price then':>13}   GFLOP/s in float32 for a dollar"
)
peaks = {}
for name, d in published.DEVICES.items():
    single = peak_flops(d.cores, d.ghz, d.flops_per_cycle)
    peaks[name] = single, single * d.float64_share
    memory = f"{d.memory_gb:6g} GB" if d.memory_gb else f"{'–':>9}"
    price = f"{d.price_usd:11,.0f} $   {single / 1e9 / d.price_usd:.1f}" if d.price_usd else f"{'–':>13}"
    print(f"{name:<14}{single / 1e12:9.2f}{peaks[name][1] / 1e12:9.2f}          {memory}{price}")
per_cycle = processor.flops_per_cycle
here = [peak_flops(processor.cores, processor.ghz, per_cycle[dtype]) for dtype in ("float32", "float64")]
print(f"{'this processor':<14}{here[0] / 1e12:9.2f}{here[1] / 1e12:9.2f}")
pair = [peaks[name] for name in ("i9, 18 cores", "GTX 1080")]
plots.bars(
    {"float32": [single / 1e12 for single, _ in pair], "float64": [double / 1e12 for _, double in pair]},
    ["i9: 18 cores, 4.4 GHz", "GTX 1080: 2560 cores, 1.6 GHz"],
    ylabel="TFLOP/s, nominal",
    title="142 times the cores",
    guess=[None, my_guess],
)

# %% [markdown]
# In float32 the GPU is ahead by 1.6. In float64 that GPU runs at 1/32 of its rate, and the processor wins ten times over. A "core" is
# not a unit: a GPU's is one multiply-add, a processor's has 32 of them in float32, and much else. For a dollar the GPU gives five times as much, in
# float32.

# %% [markdown]
# **More than 100 %?** The lecture's P100 is labelled "1.19 GHz, peak 4700 Gflop/s" in float64, and its gemm ran at 4503. It has 1792
# cores for float64. At 1.19 GHz that makes 4265, *less than was measured*; 4700 belongs to a clock of 1.31 GHz. A GPU raises
# its clock while it is cool enough, and data sheets give one clock or the other. So a share of peak says little unless it
# says of which peak.
#
# **Other words.** GPUs are programmed in CUDA (NVIDIA's) or OpenCL (anybody's, processors too): part 14 has both. **Tensor cores** multiply
# small matrices of narrow numbers at once: the V100's sheet says 125 TFLOP/s for them beside 15.7 in float32. **FPGAs** are wired anew for one task:
# few FLOP/s, no wait for instructions. A **Jetson Nano** is a whole computer with a GPU of 128 cores, and by the table above a
# thirty-fifth of a GTX 1080.
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


# %% visible
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


# %% hidden
@checks("peak_flops")
def peaks_of_random_devices(student: Student, rng: Rng) -> None:
    """Random devices have the right peak; at 1.19 GHz a P100's 1792 float64 cores have 4265 · 10⁹ FLOP/s."""
    devices = [(1792, 1.19, 2)]
    devices += [(int(rng.integers(1, 200)), float(rng.uniform(0.5, 5)), int(rng.integers(1, 65))) for _ in range(4)]
    for cores, ghz, per_cycle in devices:
        in_a_second = sum([ghz * per_cycle] * cores) * 1000.0**3
        hint = "The result is in FLOP/s, and all three arguments are factors of it."
        expect_close(student.call("peak_flops", cores, ghz, per_cycle), in_a_second, hint=hint)


# %% right product
def peak_flops(cores, ghz, flops_per_cycle):
    import math

    return math.prod((cores, ghz, flops_per_cycle, 10**9))


# %% right seconds_of_a_cycle
def peak_flops(cores, ghz, flops_per_cycle):
    cycle_s = 1 / (ghz * 1e9)
    return np.float64(cores * flops_per_cycle) / cycle_s


# %% wrong in_gflops -> peaks_of_three_cards
# Powers of ten.
# - return cores * ghz * 1e9 * flops_per_cycle
# + return cores * ghz * flops_per_cycle

# %% wrong in_tflops -> peaks_of_three_cards
# - return cores * ghz * 1e9 * flops_per_cycle
# + return cores * ghz * flops_per_cycle / 1e3

# %% wrong binary_giga -> peaks_of_three_cards
# - return cores * ghz * 1e9 * flops_per_cycle
# + return cores * ghz * 1024**3 * flops_per_cycle

# %% wrong megahertz -> peaks_of_three_cards
# - return cores * ghz * 1e9 * flops_per_cycle
# + return cores * ghz * 1e6 * flops_per_cycle

# %% wrong ten_e_nine -> peaks_of_three_cards
# - return cores * ghz * 1e9 * flops_per_cycle
# + return cores * ghz * 10e9 * flops_per_cycle

# %% wrong clock_in_steps_of_five_megahertz -> peaks_of_random_devices
# - return cores * ghz * 1e9 * flops_per_cycle
# + return cores * round(ghz * 200) / 200 * 1e9 * flops_per_cycle

# %% wrong one_flop_a_cycle -> peaks_of_three_cards
# FLOP per cycle is given: it holds the multiply-add.
# - return cores * ghz * 1e9 * flops_per_cycle
# + return cores * ghz * 1e9

# %% wrong always_a_multiply_add -> threads_add_no_peak
# - return cores * ghz * 1e9 * flops_per_cycle
# + return 2 * cores * ghz * 1e9

# %% wrong multiply_add_twice -> peaks_of_three_cards
# - return cores * ghz * 1e9 * flops_per_cycle
# + return 2 * cores * ghz * 1e9 * flops_per_cycle


# %% wrong hyperthreads_are_cores -> threads_add_no_peak
# Threads share a core.
# Only processors have them, so the GPUs come out right.
def peak_flops(cores, ghz, flops_per_cycle):
    threads = 2 * cores if cores < 1000 else cores
    return threads * ghz * 1e9 * flops_per_cycle
