"""Right and wrong answers to the exercise peak_flops."""

# %% setup
import numpy as np


# %% right product
def peak_flops(cores, ghz, flops_per_cycle):
    import math

    return math.prod((cores, ghz, flops_per_cycle, 10**9))


# %% right seconds_of_a_cycle
def peak_flops(cores, ghz, flops_per_cycle):
    cycle_s = 1 / (ghz * 1e9)
    return np.float64(cores * flops_per_cycle) / cycle_s


# %% wrong in_gflops -> peaks_of_three_cards
def peak_flops(cores, ghz, flops_per_cycle):
    return cores * ghz * flops_per_cycle


# %% wrong in_tflops -> peaks_of_three_cards
def peak_flops(cores, ghz, flops_per_cycle):
    return cores * ghz * flops_per_cycle / 1e3


# %% wrong one_flop_a_cycle -> peaks_of_three_cards
def peak_flops(cores, ghz, flops_per_cycle):
    return cores * ghz * 1e9


# %% wrong always_a_multiply_add -> threads_add_no_peak
def peak_flops(cores, ghz, flops_per_cycle):
    return 2 * cores * ghz * 1e9


# %% wrong multiply_add_twice -> peaks_of_three_cards
def peak_flops(cores, ghz, flops_per_cycle):
    return 2 * cores * ghz * 1e9 * flops_per_cycle


# %% wrong hyperthreads_are_cores -> threads_add_no_peak
# Only processors have them, so the GPUs come out right.
def peak_flops(cores, ghz, flops_per_cycle):
    threads = 2 * cores if cores < 1000 else cores
    return threads * ghz * 1e9 * flops_per_cycle


# %% wrong binary_giga -> peaks_of_three_cards
def peak_flops(cores, ghz, flops_per_cycle):
    return cores * ghz * 1024**3 * flops_per_cycle


# %% wrong megahertz -> peaks_of_three_cards
def peak_flops(cores, ghz, flops_per_cycle):
    return cores * ghz * 1e6 * flops_per_cycle


# %% wrong clock_in_steps_of_five_megahertz -> peaks_of_random_devices
def peak_flops(cores, ghz, flops_per_cycle):
    return cores * round(ghz * 200) / 200 * 1e9 * flops_per_cycle
