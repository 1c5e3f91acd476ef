# %% [markdown]
# ## 16 · Where the GPU starts to win
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
    matrix of 8 · n² bytes. Only an n that is in both dicts counts; they may be in any order,
    and stay as they are.
    Returns n, or None if the GPU is slower at every such n. transfer_seconds may be used.
    """
    ### BEGIN SOLUTION
    for n in sorted(cpu.keys() & gpu.keys()):
        transfers_s = 4 * transfer_seconds(8 * n**2, **link)
        if gpu[n] + transfers_s <= cpu[n]:
            return n
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_crossover_n", "grade": true, "points": 3}
check("crossover_n")

# %% tags=["explore"]
ask("crossover_n", answer=None)  # about the lines that you wrote: "a", "b", "c" or "d"

# %% [markdown]
# First with published figures alone, at one size. The lecture's product of $5000 \times 5000$ in float64 took 7.39 s on
# its processor. A P100 at the 4503 GFLOP/s that it reached takes 56 ms for the same work; over the link that others
# measured for such a card (11.7 GB/s from pinned memory, which the system never moves), how long do the four transfers
# take? **Guess first.**

# %% tags=["explore"]
my_guess = None  # milliseconds of the four transfers

# %% tags=["explore"]
n = 5000
work_s = flops("gemm", n) / published.P100_RATES["gemm"]
moved_s = 4 * transfer_seconds(8 * n**2, 1e-5, published.P100_LINK)
print(f"computed from published figures, n = {n}: product {1e3 * work_s:.0f} ms, transfers {1e3 * moved_s:.0f} ms")
print(f"speed-up over 7.39 s: {7.39 / work_s:.0f} without transfers, {7.39 / (work_s + moved_s):.0f} with them")
plots.bars(
    {"time": [1e3 * work_s, 1e3 * moved_s]},
    ["the product", "four transfers"],
    ylabel="ms, computed from published figures",
    title="n = 5000 on a P100: the way takes longer than the work",
    guess=[None, my_guess],
)

# %% [markdown]
# **The race.** Now `transfer_seconds`, `roofline` and `crossover_n` together, for this machine's processor, as it was measured in part 9. It runs against three
# kinds of GPU, and each says which it is:
#
# - **measured**: the GPU here, if there is one: the work alone, the link, and all of it in one go, transfers within the clock;
# - **recorded**: a named GPU whose raw samples come with the package, with device, date and versions, if there is such a recording;
# - **model**: a card of part 4 by its published figures. Your roofline says how long a perfect gemm would take, and four transfers go over the link
#   that was published for a P100. No card is faster than its model; most are slower.
#
# **Guess first**: from which $n$ on does the model of a GTX 1080, in float64, win against the processor here?

# %% tags=["explore"]
my_guess = None  # n; 0 for "never"


# %% tags=["explore"]
def modelled_seconds(device, n):
    """Return how long a perfect gemm in float64 takes on a published device, its data in place."""
    peak = device.float64_share * peak_flops(device.cores, device.ghz, device.flops_per_cycle)
    return flops("gemm", n) / roofline(arithmetic_intensity("gemm", n, "float64"), peak, device.bandwidth)


def race(name, gpu_s, link):
    """Say from which n on a GPU wins against this processor, with its transfers and without."""
    no_way = {"latency_s": 0.0, "bytes_per_s": 1e99}
    first = {"with transfers": crossover_n(cpu_s, gpu_s, link), "without": crossover_n(cpu_s, gpu_s, no_way)}
    said = ", ".join(f"{way} {f'from n = {n} on' if n else 'never'}" for way, n in first.items())
    print(f"{name:<38} wins {said}")


double = [each for each in measured if each.precision == "float64" and each.backend == "numpy"]
cpu_s = {each.n: each.median_s for each in double}
curves = {"this processor, measured": bench.by_series(double)["numpy float64"]}
print(f"against {processor.name}, float64, n of {sorted(cpu_s)}:")
published_link = {"latency_s": 1e-5, "bytes_per_s": published.P100_LINK}
for name in ("Tesla P100", "Tesla V100", "RTX 4090", "GTX 1080", "GTX 1650"):
    race(f"model: {name}", {n: modelled_seconds(published.DEVICES[name], n) for n in cpu_s}, published_link)
for name in ("Tesla P100", "GTX 1080"):
    sizes = [n for n in (*cpu_s, 4096, 8192)]
    moved = {n: 4 * transfer_seconds(8 * n**2, **published_link) for n in sizes}
    seconds = {n: modelled_seconds(published.DEVICES[name], n) + moved[n] for n in sizes}
    curves[f"model: {name}, with transfers"] = sizes, [1e9 * gflops("gemm", n, seconds[n]) for n in sizes]

# %% [markdown]
# And what was measured or recorded on real ones, if there is such a thing here.

# %% tags=["explore"]
if gpu:
    on_gpu = bench.sweep([*cpu_s, 4096, 8192], device=gpu, precisions=("float64",), budget_s=0.15)
    gpu_s = {each.n: each.median_s for each in on_gpu}
    to_gpu, from_gpu = (bench.measure_link(gpu, to_device=direction) for direction in (True, False))
    link = {
        "latency_s": (3 * to_gpu.latency_s + from_gpu.latency_s) / 4,
        "bytes_per_s": 4 / (3 / to_gpu.bytes_per_s + 1 / from_gpu.bytes_per_s),
    }
    print(f"link: {1e6 * link['latency_s']:.1f} µs, {link['bytes_per_s'] / 1e9:.1f} GB/s (pinned)")
    race(f"measured: {gpu.name}", gpu_s, link)
    whole = {}
    for n in sorted(gpu_s):
        call = bench.gemm_there_and_back(n, "float64", device=gpu)
        whole[n] = time_call(call, sync=gpu.sync, warmup=2, repeats=7, clock=time.perf_counter)
    curves[f"measured: {gpu.name}, work alone"] = bench.by_series(on_gpu)["GPU float64"]
    curves["the same, with transfers"] = list(whole), [1e9 * gflops("gemm", n, whole[n]) for n in whole]
else:
    print("No GPU here: only the processor is measured, and the GPUs in the picture are models.")
recordings = bench.recorded_results()
for recording in recordings:
    found = [each for each in recording.measurements if each.precision == "float64" and each.op == "gemm"]
    curves |= {f"recorded: {recording.device}": pair for pair in bench.by_series(found).values()}
    print(recording.label)
    if recording.link:
        race(f"recorded: {recording.device}", {each.n: each.median_s for each in found}, recording.link)
if not recordings:
    print("The package holds no recording of a GPU yet, so none is drawn.")
bench.rate_curves(
    curves,
    title="C ← AB + C in float64: measured, recorded, modelled",
    levels={"P100's gemm, published": published.P100_RATES["gemm"]},
)

# %% [markdown]
# The lecture's question 4 asks for the same in R, once more in single precision. There R has nothing to offer: its numbers are float64,
# integers are multiplied in float64 too, and float32 takes a package. Its `%*%` calls whatever BLAS it was built with: the one that comes with it is
# plain and runs on one core; with OpenBLAS it is as fast as NumPy. **User** time counts all threads together, **elapsed** is the clock on
# the wall, and a rate is about the wall.

# %% tags=["explore"]
if bench.r_found():
    A, B = (np.random.default_rng(seed).random((1024, 1024)) for seed in (0, 1))
    A @ B
    before, start = time.process_time(), time.perf_counter()
    A @ B
    rows = {f"NumPy {np.__version__}": (time.perf_counter() - start, time.process_time() - before)}
    r = bench.time_r_product(1024)
    rows[r.version.partition(" (")[0]] = (r.elapsed_s, r.cpu_s)
    for name, (elapsed_s, cpu_s_of_all) in rows.items():
        rate = gflops("gemm", 1024, elapsed_s)
        print(
            f"{name:<22} elapsed {elapsed_s:6.3f} s, user and system {cpu_s_of_all:6.3f} s, {rate:7.1f} GFLOP/s, float64"
        )
    print(f"R's BLAS: {r.blas or 'unknown'}")
else:
    print("R is not installed here: its product is not timed. On Debian and Ubuntu: sudo apt-get install r-base-core;")
    print("elsewhere: https://cran.r-project.org. Then run this cell again.")

# %% ask
cpu = {32: 0.0002, 64: 0.001, 128: 0.01, 256: 0.08, 512: 0.6}
gpu = {64: 0.0001, 128: 0.0002, 256: 0.001, 512: 0.005, 1024: 0.03}
crossover_n(cpu, gpu, {"latency_s": 0.001, "bytes_per_s": 1e9})


# %% visible
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


# %% hidden
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


# %% right smallest_of_a_list
def crossover_n(cpu, gpu, link):
    def wins(n):
        one = transfer_seconds(n * n * 8, link["latency_s"], link["bytes_per_s"])
        return cpu[n] >= gpu[n] + one + one + one + one

    return min((n for n in cpu if n in gpu and wins(n)), default=None)


# %% right formula_written_out
def crossover_n(cpu, gpu, link):
    for n in sorted(gpu):
        if n not in cpu:
            continue
        there = 3 * (link["latency_s"] + 8 * n**2 / link["bytes_per_s"])
        back = link["latency_s"] + 8 * n**2 / link["bytes_per_s"]
        if there + gpu[n] + back <= cpu[n]:
            return n


# %% right arrays
def crossover_n(cpu, gpu, link):
    n = np.array(sorted(set(cpu) & set(gpu)))
    moved = 4 * (link["latency_s"] + n * n * 8 / link["bytes_per_s"])
    wins = np.array([gpu[int(each)] for each in n]) + moved <= np.array([cpu[int(each)] for each in n])
    return n[wins.argmax()] if wins.any() else None


# %% wrong no_way_back -> transfers_count
# Four matrices travel: A, B and C there, C back, each with its latency.
# - transfers_s = 4 * transfer_seconds(8 * n**2, **link)
# - if gpu[n] + transfers_s <= cpu[n]:
# + if gpu[n] + 3 * transfer_seconds(8 * n**2, **link) <= cpu[n]:

# %% wrong only_the_factors_travel -> transfers_count
# - transfers_s = 4 * transfer_seconds(8 * n**2, **link)
# - if gpu[n] + transfers_s <= cpu[n]:
# + if gpu[n] + 2 * transfer_seconds(8 * n**2, **link) <= cpu[n]:

# %% wrong one_latency -> every_transfer_has_its_latency
# - transfers_s = 4 * transfer_seconds(8 * n**2, **link)
# - if gpu[n] + transfers_s <= cpu[n]:
# + if gpu[n] + transfer_seconds(4 * 8 * n**2, **link) <= cpu[n]:


# %% wrong transfers_forgotten -> transfers_count
def crossover_n(cpu, gpu, link):
    return min((n for n in cpu if n in gpu and gpu[n] <= cpu[n]), default=None)


# %% wrong elements_for_bytes -> transfers_count
# Bytes of float64.
# - transfers_s = 4 * transfer_seconds(8 * n**2, **link)
# - if gpu[n] + transfers_s <= cpu[n]:
# + if gpu[n] + 4 * transfer_seconds(n**2, **link) <= cpu[n]:

# %% wrong float32_by_default -> transfers_count
# - transfers_s = 4 * transfer_seconds(8 * n**2, **link)
# - if gpu[n] + transfers_s <= cpu[n]:
# + if gpu[n] + 4 * transfer_seconds(4 * n**2, **link) <= cpu[n]:

# %% wrong strictly_faster -> a_draw_is_no_slower
# The smallest size at which the GPU is no slower.
# - transfers_s = 4 * transfer_seconds(8 * n**2, **link)
# - if gpu[n] + transfers_s <= cpu[n]:
# + if gpu[n] + 4 * transfer_seconds(8 * n**2, **link) < cpu[n]:


# %% wrong largest -> transfers_count
def crossover_n(cpu, gpu, link):
    wins = [n for n in cpu if n in gpu and gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]]
    return max(wins, default=None)


# %% wrong speed_up_upside_down -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        on_gpu = gpu[n] + 4 * transfer_seconds(8 * n**2, **link)
        if on_gpu / cpu[n] >= 1:
            return n
    return None


# %% wrong speed_up_returned -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        on_gpu = gpu[n] + 4 * transfer_seconds(8 * n**2, **link)
        if on_gpu <= cpu[n]:
            return cpu[n] / on_gpu
    return None


# %% wrong last_size_when_it_never_wins -> perhaps_the_gpu_never_wins
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        if gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            break
    return n


# %% wrong order_of_the_dict -> only_sizes_measured_on_both_count
# The tables have sizes of their own, in any order.
def crossover_n(cpu, gpu, link):
    for n in cpu:
        if n in gpu and gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong same_sizes_assumed -> only_sizes_measured_on_both_count
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu):
        if gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% wrong tables_zipped -> only_sizes_measured_on_both_count
def crossover_n(cpu, gpu, link):
    for (n, cpu_s), gpu_s in zip(sorted(cpu.items()), [gpu[m] for m in sorted(gpu)]):
        if gpu_s + 4 * transfer_seconds(8 * n**2, **link) <= cpu_s:
            return n
    return None


# %% wrong last_stretch_of_wins -> crossovers_of_random_machines
def crossover_n(cpu, gpu, link):
    smallest = None
    for n in sorted(cpu.keys() & gpu.keys(), reverse=True):
        if gpu[n] + 4 * transfer_seconds(8 * n**2, **link) > cpu[n]:
            break
        smallest = n
    return smallest


# %% wrong powers_of_two_and_ten_only -> crossovers_of_random_machines
def crossover_n(cpu, gpu, link):
    for n in sorted(cpu.keys() & gpu.keys()):
        common = n in (64, 128, 256, 512, 1024, 2048, 4096) or n % 100 == 0
        if common and gpu[n] + 4 * transfer_seconds(8 * n**2, **link) <= cpu[n]:
            return n
    return None


# %% right first_of_a_generator
def crossover_n(cpu, gpu, link):
    return next(
        (
            n
            for n in sorted(cpu)
            if n in gpu and gpu[n] + 4 * transfer_seconds(8 * n * n, link["latency_s"], link["bytes_per_s"]) <= cpu[n]
        ),
        None,
    )


# %% wrong sizes_used_up -> transfers_count
def crossover_n(cpu, gpu, link):
    for n in sorted(set(cpu) & set(gpu)):
        if gpu[n] + 4 * (link["latency_s"] + 8 * n * n / link["bytes_per_s"]) <= cpu.pop(n):
            return n
    return None
