# %% [markdown]
# ## 15 · The way there
#
# A GPU has a memory of its own, and data must get there over a bus. A copy costs a fixed **latency** and then time by the byte:
#
# $$t = \text{latency} + \frac{\text{bytes}}{\text{bytes per second}}.$$
#
# Mind the units on the box: the GTX 1650's sheet in the slides says "Memory Bandwidth (Gbps) 128". A *bit* is not a byte: 8
# Gbit/s on each of 128 wires make 128 **GB**/s, and taken at its word the sheet would be wrong by a factor of 8.

# %% nbgrader={"grade_id": "transfer_seconds", "solution": true}
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    """Return how long one copy takes.

    size_bytes: bytes to copy, 0 or more
    latency_s: seconds that a copy of nothing takes
    bytes_per_s: bytes (not bits) per second
    Returns seconds.
    """
    ### BEGIN SOLUTION
    return latency_s + size_bytes / bytes_per_s
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_transfer_seconds", "grade": true, "points": 1}
check("transfer_seconds")


# %% visible
@checks("transfer_seconds")
def copying_nothing_takes_the_latency(student: Student, rng: Rng) -> None:
    """A copy of no bytes still takes the latency: 10 µs."""
    expect_close(
        student.call("transfer_seconds", 0, 1e-5, 16e9),
        1e-5,
        hint="The latency comes once a copy, whatever its size.",
        what="The time",
        atol=1e-15,
    )


@checks("transfer_seconds")
def copying_a_matrix(student: Student, rng: Rng) -> None:
    """128 MB over 16 GB/s, with a latency of 10 µs, take 8.01 ms."""
    expect_close(
        student.call("transfer_seconds", 128_000_000, 1e-5, 16e9),
        8.01e-3,
        hint="Latency plus bytes divided by bytes per second.",
        what="The time",
        mistakes={
            "The latency is missing.": 8e-3,
            "That takes bytes_per_s for bits: it is in bytes.": 64.01e-3,
            "That takes bytes_per_s for bits, upside down: it is in bytes.": 1.01e-3,
            "Nothing here is counted in 1024s: bytes_per_s is in bytes, and so is size_bytes.": (
                1e-5 + 128e6 / 1024**3 / 16
            ),
            "That is in milliseconds: return seconds.": 8.01,
        },
    )


# %% hidden
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


# %% right sum_of_two
def transfer_seconds(size_bytes, latency_s, bytes_per_s):
    moving_s = np.float64(size_bytes) / bytes_per_s
    return latency_s + moving_s


# %% right over_one_denominator
# - return latency_s + size_bytes / bytes_per_s
# + return (latency_s * bytes_per_s + size_bytes) / bytes_per_s

# %% wrong no_latency -> copying_nothing_takes_the_latency
# A latency for each copy, added.
# - return latency_s + size_bytes / bytes_per_s
# + return size_bytes / bytes_per_s

# %% wrong latency_a_byte -> copying_a_matrix
# - return latency_s + size_bytes / bytes_per_s
# + return latency_s * max(size_bytes, 1) + size_bytes / bytes_per_s

# %% wrong whichever_is_longer -> copying_a_matrix
# - return latency_s + size_bytes / bytes_per_s
# + return max(latency_s, size_bytes / bytes_per_s)

# %% wrong gigabits_for_gigabytes -> copying_a_matrix
# Units: bytes, not bits; powers of ten, not of two; seconds.
# - return latency_s + size_bytes / bytes_per_s
# + return latency_s + 8 * size_bytes / bytes_per_s

# %% wrong gigabits_upside_down -> copying_a_matrix
# - return latency_s + size_bytes / bytes_per_s
# + return latency_s + size_bytes / (8 * bytes_per_s)

# %% wrong gibibytes_for_gigabytes -> copying_a_matrix
# - return latency_s + size_bytes / bytes_per_s
# + return latency_s + (size_bytes / 1024**3) / (bytes_per_s / 1e9)

# %% wrong milliseconds -> copying_a_matrix
# - return latency_s + size_bytes / bytes_per_s
# + return 1e3 * (latency_s + size_bytes / bytes_per_s)

# %% wrong rounded_to_tenths_of_a_millisecond -> seconds_of_random_transfers
# - return latency_s + size_bytes / bytes_per_s
# + return round(latency_s + size_bytes / bytes_per_s, 4)
