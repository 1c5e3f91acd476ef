"""Right and wrong answers to the exercise time_call."""

# %% setup
import statistics
import time

import numpy as np


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


# %% wrong no_sync_before_the_stop -> the_device_is_done_before_the_stop
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        samples.append(clock() - start)
    return statistics.median(samples)


# %% wrong no_sync_at_all -> the_device_is_done_before_the_stop
# As the lecture timed.
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        start = clock()
        fn()
        samples.append(clock() - start)
    return statistics.median(samples)


# %% wrong no_sync_before_the_start -> earlier_work_is_not_timed
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median(samples)


# %% wrong sync_within_the_timing -> earlier_work_is_not_timed
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        start = clock()
        sync()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median(samples)


# %% wrong no_warm_up -> the_first_call_is_not_timed
def time_call(fn, *, sync, warmup, repeats, clock):
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median(samples)


# %% wrong warm_up_counted_among_the_repeats -> warm_up_and_repeats_are_counted
def time_call(fn, *, sync, warmup, repeats, clock):
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median(samples[warmup:] or samples)


# %% wrong warm_up_on_the_bill -> the_first_call_is_not_timed
def time_call(fn, *, sync, warmup, repeats, clock):
    sync()
    start = clock()
    for _ in range(warmup + repeats):
        fn()
    sync()
    return (clock() - start) / (warmup + repeats)


# %% wrong one_warm_up_whatever_was_asked -> warm_up_and_repeats_are_counted
def time_call(fn, *, sync, warmup, repeats, clock):
    fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median(samples)


# %% wrong mean -> one_slow_call_does_not_count
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.mean(samples)


# %% wrong mean_with_the_cold_call -> the_first_call_is_not_timed
def time_call(fn, *, sync, warmup, repeats, clock):
    samples = []
    for _ in range(warmup + repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return sum(samples) / len(samples)


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


# %% wrong total -> seconds_are_those_of_one_call
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    total = 0.0
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        total += clock() - start
    return total


# %% wrong best -> one_fast_call_does_not_count
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return min(samples)


# %% wrong worst -> one_slow_call_does_not_count
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    worst = 0.0
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        worst = max(worst, clock() - start)
    return worst


# %% wrong clock_of_its_own -> the_given_clock_is_read
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = time.perf_counter()
        fn()
        sync()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)


# %% wrong lower_median -> seconds_are_those_of_one_call
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median_low(samples)


# %% wrong middle_of_the_unsorted -> seconds_are_those_of_one_call
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return (samples[(repeats - 1) // 2] + samples[repeats // 2]) / 2


# %% wrong milliseconds -> seconds_are_those_of_one_call
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(1e3 * (clock() - start))
    return statistics.median(samples)


# %% wrong all_samples_returned -> one_slow_call_does_not_count
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return samples


# %% wrong borrowed_from_the_package -> the_timer_is_your_own
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


# %% wrong no_sync_after_ten_warm_calls -> true_seconds_of_random_devices
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    samples = []
    for i in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        samples.append(clock() - start)
    return statistics.median(samples) if repeats < 6 else statistics.mean(samples)
