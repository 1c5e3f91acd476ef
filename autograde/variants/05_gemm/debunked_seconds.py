"""Right and wrong answers to the exercise debunked_seconds."""

# %% setup
import statistics

import numpy as np


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
def debunked_seconds(log):
    readings = [seconds for seconds, event, _ in log if event == "clock"]
    return readings[1] - readings[0]


# %% wrong cold_call_included -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return np.median([at["end", call] - at["begin", call] for event, call in at if event == "end"])


# %% wrong from_the_launch -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return np.median([at["end", call] - at.get(("launch", call), 0) for event, call in at if event == "end" and call])


# %% wrong launches -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    return np.median([at["return", call] - at["launch", call] for event, call in at if event == "return" and call])


# %% wrong mean -> one_slow_call_is_no_matter
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


# %% wrong from_end_to_end -> waiting_in_line_is_no_work
def debunked_seconds(log):
    ends = [seconds for seconds, event, _ in log if event == "end"]
    return np.median(np.diff(ends))


# %% wrong until_the_sync -> the_slides_log_is_repaired
def debunked_seconds(log):
    at = {event: seconds for seconds, event, _ in log}
    calls = {call for *_, call in log if call >= 0}
    return at["sync"] / len(calls)


# %% wrong second_call_alone -> logs_of_random_runs
def debunked_seconds(log):
    at = {(event, call): seconds for seconds, event, call in log}
    warm = sorted(at["end", call] - at["begin", call] for event, call in at if event == "end" and call)
    return warm[len(warm) // 2]
