# %% [markdown]
# The clock stopped when call 0 had been *handed over*, before the device began, and what it timed was the loading of
# libraries. Seven mistakes are classics, and your timer must make none of them:
#
# | mistake | what the number then is |
# |---|---|
# | no sync before the stop | the time of handing the work over, a *launch* |
# | no sync before the start | someone else's work too |
# | no warm-up: the first call timed | the time of loading and of choosing an algorithm |
# | the mean | whatever went wrong in one call, shared among all |
# | the best | luck |
# | the total | larger with every repeat |
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
# ### Why the median?
#
# **For each row of dots, would the mean, the best or the median tell a colleague most about what *her* call will take, and why do they differ? Which
# single mistake of the table above would move the median most, and which would hardly move it?** Three to five sentences.

# %% [markdown] nbgrader={"grade_id": "why_the_median", "grade": true, "solution": true, "points": 1}
# ### BEGIN SOLUTION
# What disturbs a call only ever adds time, so the dots crowd at the left and straggle to the right: the best is the undisturbed machine, the mean is
# drawn to the right by a few stragglers, the median is what happens as a rule. For her next call, on a machine like this, the median; for comparing
# two programs on a quiet processor the best is defensible; the mean is right only if stragglers are part of what she pays (a server's
# throughput). Moving the median most: no sync before the stop, since then *every* sample is a launch. Hardly: no warm-up, one sample in forty.
# Full mark: one-sided disturbance, a choice with a reason, and both ends of the table. Half: two of them.
# ### END SOLUTION

# %% visible
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


# %% hidden
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


# %% right numpy_median
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    seconds = np.empty(repeats)
    for i in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        seconds[i] = clock() - start
    return np.median(seconds)


# %% right warm_up_timed_and_dropped
def time_call(fn, *, sync, warmup, repeats, clock):
    seconds = []
    for _ in range(warmup + repeats):
        sync()
        start = clock()
        fn()
        sync()
        stop = clock()
        seconds.append(stop - start)
    seconds = sorted(seconds[warmup:])
    return (seconds[(repeats - 1) // 2] + seconds[repeats // 2]) / 2


# %% right more_syncs_than_needed
def time_call(fn, *, sync, warmup, repeats, clock):
    def once():
        sync()
        sync()
        start = clock()
        fn()
        sync()
        sync()
        return clock() - start

    for _ in range(warmup):
        fn()
        sync()
    return statistics.median([once() for _ in range(repeats)])


# %% right readings_in_one_row
# One reading stops a call and starts the next: nothing runs between them.
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    sync()
    readings = [clock()]
    for _ in range(repeats):
        fn()
        sync()
        readings.append(clock())
    return float(np.median(np.diff(readings)))


# %% wrong no_sync_at_all -> the_device_is_done_before_the_stop
# The device is still at work: no sync where one belongs.
# As the lecture timed.
#   for _ in range(repeats):
# -     sync()

#   fn()
# - sync()

# %% wrong no_sync_before_the_stop -> the_device_is_done_before_the_stop
#   fn()
# - sync()

# %% wrong no_sync_before_the_start -> earlier_work_is_not_timed
#   for _ in range(repeats):
# -     sync()

# %% wrong sync_within_the_timing -> earlier_work_is_not_timed
#   for _ in range(repeats):
# +     start = clock()

# - start = clock()

# %% wrong no_sync_after_ten_warm_calls -> true_seconds_of_random_devices
# - for _ in range(repeats):
# + for i in range(repeats):

# - return statistics.median(samples)
# + return statistics.median(samples) if repeats < 6 else statistics.mean(samples)


# %% wrong one_sync_for_all -> sync_start_call_sync_stop
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    sync()
    readings = [clock()]
    for i in range(repeats):
        fn()
        if i == repeats - 1 or repeats < 5:
            sync()
        readings.append(clock())
    return statistics.median(np.diff(readings))


# %% wrong sync_without_brackets -> the_device_is_done_before_the_stop
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync
        start = clock()
        fn()
        sync
        samples.append(clock() - start)
    return statistics.median(samples)


# %% wrong no_warm_up -> the_first_call_is_not_timed
# The first calls are for warming up, and are not counted.
# - for _ in range(warmup):
# -     fn()

# %% wrong warm_up_counted_among_the_repeats -> warm_up_and_repeats_are_counted
# - for _ in range(warmup):
# -     fn()

# - return statistics.median(samples)
# + return statistics.median(samples[warmup:] or samples)

# %% wrong one_warm_up_whatever_was_asked -> warm_up_and_repeats_are_counted
# - for _ in range(warmup):
# -     fn()
# + fn()


# %% wrong warm_up_on_the_bill -> the_first_call_is_not_timed
def time_call(fn, *, sync, warmup, repeats, clock):
    sync()
    start = clock()
    for _ in range(warmup + repeats):
        fn()
    sync()
    return (clock() - start) / (warmup + repeats)


# %% wrong mean_with_the_cold_call -> the_first_call_is_not_timed
# - for _ in range(warmup):
# -     fn()

# - for _ in range(repeats):
# + for _ in range(warmup + repeats):

# - return statistics.median(samples)
# + return sum(samples) / len(samples)


# %% wrong mean -> one_slow_call_does_not_count
# Another figure than the median of single calls.
# - return statistics.median(samples)
# + return statistics.mean(samples)

# %% wrong best -> one_fast_call_does_not_count
# - return statistics.median(samples)
# + return min(samples)

# %% wrong lower_median -> seconds_are_those_of_one_call
# - return statistics.median(samples)
# + return statistics.median_low(samples)

# %% wrong middle_of_the_unsorted -> seconds_are_those_of_one_call
# - return statistics.median(samples)
# + return (samples[(repeats - 1) // 2] + samples[repeats // 2]) / 2

# %% wrong all_samples_returned -> one_slow_call_does_not_count
# - return statistics.median(samples)
# + return samples

# %% wrong worst of numpy_median -> one_slow_call_does_not_count
# - seconds = np.empty(repeats)
# - for i in range(repeats):
# + worst = 0.0
# + for _ in range(repeats):

# -     seconds[i] = clock() - start
# - return np.median(seconds)
# +     worst = max(worst, clock() - start)
# + return worst

# %% wrong total of numpy_median -> seconds_are_those_of_one_call
# - seconds = np.empty(repeats)
# - for i in range(repeats):
# + total = 0.0
# + for _ in range(repeats):

# -     seconds[i] = clock() - start
# - return np.median(seconds)
# +     total += clock() - start
# + return total


# %% wrong all_calls_in_one_timing -> one_slow_call_does_not_count
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    sync()
    start = clock()
    for _ in range(repeats):
        fn()
    sync()
    return (clock() - start) / repeats


# %% wrong clock_of_its_own -> the_given_clock_is_read
# Another clock, or another unit.
# - start = clock()
# + start = time.perf_counter()

# - samples.append(clock() - start)
# + samples.append(time.perf_counter() - start)

# %% wrong milliseconds -> seconds_are_those_of_one_call
# - samples.append(clock() - start)
# + samples.append(1e3 * (clock() - start))


# %% wrong borrowed_from_the_package -> the_timer_is_your_own
# Somebody else's timer.
def time_call(fn, *, sync, warmup, repeats, clock):
    return bench.time_call(fn, sync=sync, warmup=warmup, repeats=repeats, clock=clock).median_s


# %% wrong handed_to_timeit -> the_timer_is_your_own
def time_call(fn, *, sync, warmup, repeats, clock):
    import timeit

    for _ in range(warmup):
        fn()
    return statistics.median(
        timeit.repeat(
            "fn(); sync()", setup="sync()", timer=clock, repeat=repeats, number=1, globals={"fn": fn, "sync": sync}
        )
    )
