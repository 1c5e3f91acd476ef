"""Right and wrong answers to the exercise transfer_seconds."""

# %% setup
import numpy as np


# %% right sum_of_two
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    moving_s = np.float64(size_bytes) / bytes_per_s
    return latency_s + moving_s


# %% right over_one_denominator
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return (latency_s * bytes_per_s + size_bytes) / bytes_per_s


# %% wrong no_latency -> copying_nothing_takes_the_latency
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return size_bytes / bytes_per_s


# %% wrong gigabits_for_gigabytes -> copying_a_matrix
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return latency_s + 8 * size_bytes / bytes_per_s


# %% wrong gigabits_upside_down -> copying_a_matrix
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return latency_s + size_bytes / (8 * bytes_per_s)


# %% wrong gibibytes_for_gigabytes -> copying_a_matrix
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return latency_s + (size_bytes / 1024**3) / (bytes_per_s / 1e9)


# %% wrong latency_a_byte -> copying_a_matrix
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return latency_s * max(size_bytes, 1) + size_bytes / bytes_per_s


# %% wrong whichever_is_longer -> copying_a_matrix
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return max(latency_s, size_bytes / bytes_per_s)


# %% wrong milliseconds -> copying_a_matrix
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return 1e3 * (latency_s + size_bytes / bytes_per_s)


# %% wrong rounded_to_tenths_of_a_millisecond -> seconds_of_random_transfers
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    return round(latency_s + size_bytes / bytes_per_s, 4)
