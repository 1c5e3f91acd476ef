# %% [markdown]
# ## 17 · The case
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
bench.timeline(device.log, title=f"A model: the script says {stop - start:.3f} s, the log says {true_s:.3f} s per call")
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
    print("No GPU here: the lecture's lines cannot be run. What a GPU's kernels reach, part 14 has shown.")

# %% [markdown]
# ## 18 · Why?
#
# A colleague writes: *"We bought a GPU. Our model's layers are products of 200 × 200 matrices in float64, one after the other, each
# result back in NumPy. On the GPU one product takes 15 µs; on the CPU it takes 200 µs: a speed-up of 13. Yet the
# program has become slower."* **Give three causes that could each explain this, one of them about the timing itself. For each,
# say which function or picture above supports it, and what you would measure or change to find out.** Six to ten
# sentences.

# %% [markdown] nbgrader={"grade_id": "why_the_gpu_loses", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# (1) **The timing**: 15 µs is about a launch. 2 · 200³ is 16 MFLOP; in 15 µs that is 1067 GFLOP/s in float64, more than
# many cards' float64 peak. Probably there was no synchronize before the stop (timeline of part 5); measure with
# `time_call` and a sync, and hold the rate against `peak_flops`. (2) **Transfers**: 200 × 200 in float64 is 320 kB per
# matrix; four transfers at about 12 GB/s are 107 µs and four latencies (`transfer_seconds`, `crossover_n`): n is below
# the crossover. Keep the data on the GPU from layer to layer, or time with the transfers in. (3) **float64**: many GPUs
# do float64 at 1/32 of their float32 rate (i9 and GTX 1080); use float32 or a card for float64, and compare rates. Also
# good: n is too small to fill the device (rates climb with n; batch the products); the result in NumPy after each layer
# is a sync each time; the first call's loading; pageable memory. Full marks: three causes, one of them the missing sync
# or the cold call, each with its evidence and a test. One point per cause.
# ### END SOLUTION

# %% visible
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


# %% hidden
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


# %% right two_dicts
def debunked_seconds(log):
    begin, end = {}, {}
    for seconds, event, call in log:
        if event == "begin":
            begin[call] = seconds
        elif event == "end":
            end[call] = seconds
    return statistics.median(end[call] - begin[call] for call in end if call != 0)


# %% right pairs_in_order
# The device does one call after the other, so its begins and ends come in pairs.
def debunked_seconds(log):
    begins = [seconds for seconds, event, call in log if event == "begin" and call > 0]
    ends = [seconds for seconds, event, call in log if event == "end" and call > 0]
    return np.median(np.subtract(ends, begins))


# %% right first_call_sliced_off
def debunked_seconds(log):
    work = {}
    for seconds, event, call in log:
        if event in ("begin", "end"):
            work[call] = seconds - work.get(call, 0)
    return float(np.median([work[call] for call in sorted(work)][1:]))


# %% wrong clock_of_the_script -> the_slides_log_is_repaired
# From where to where: the work is between begin and end of a call, whatever the program does meanwhile.
def debunked_seconds(log):
    readings = [seconds for seconds, event, _ in log if event == "clock"]
    return readings[1] - readings[0]


# %% wrong from_the_launch -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return np.median([at["end", call] - at.get(("launch", call), 0) for event, call in at if event == "end" and call])


# %% wrong launches -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return np.median([at["return", call] - at["launch", call] for event, call in at if event == "return" and call])


# %% wrong from_end_to_end -> waiting_in_line_is_no_work
def debunked_seconds(log):
    ends = [seconds for seconds, event, _ in log if event == "end"]
    return np.median(np.diff(ends))


# %% wrong until_the_sync -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {event: seconds for seconds, event, _ in log}
    calls = {call for *_, call in log if call >= 0}
    return at["sync"] / len(calls)


# %% wrong cold_call_included -> the_slides_log_is_repaired
# The cold call is not counted.
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return np.median([at["end", call] - at["begin", call] for event, call in at if event == "end"])


# %% wrong mean -> one_slow_call_is_no_matter
# Another figure than the median.
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return np.mean([at["end", call] - at["begin", call] for event, call in at if event == "end" and call])


# %% wrong total -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return sum(at["end", call] - at["begin", call] for event, call in at if event == "end" and call)


# %% wrong best -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return min(at["end", call] - at["begin", call] for event, call in at if event == "end" and call)


# %% wrong second_call_alone -> logs_of_random_runs
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    warm = sorted(at["end", call] - at["begin", call] for event, call in at if event == "end" and call)
    return warm[len(warm) // 2]


# %% wrong rounded_to_milliseconds -> logs_of_random_runs
# - return np.median([at["end", call] - at["begin", call] for call in warm])
# + return round(float(np.median([at["end", call] - at["begin", call] for call in warm])), 3)
