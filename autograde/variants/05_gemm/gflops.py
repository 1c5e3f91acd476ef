"""Right and wrong answers to the exercise gflops."""

# %% setup
import numpy as np


# %% right billions_first
def gflops(op, n, seconds):
    return 1e-9 * flops(op, n) / seconds


# %% right exact_integers
def gflops(op, n, seconds):
    work = 2 * n ** (["axpy", "gemv", "gemm"].index(op) + 1)
    return np.divide(work, 10**9 * seconds)


# %% wrong multiply_add_is_one -> rates_of_the_slides
def gflops(op, n, seconds):
    return flops(op, n) / 2 / seconds / 1e9


# %% wrong binary_giga -> rates_of_the_slides
def gflops(op, n, seconds):
    return flops(op, n) / seconds / 1024**3


# %% wrong flop_a_second -> rates_of_the_slides
def gflops(op, n, seconds):
    return flops(op, n) / seconds


# %% wrong mega -> rates_of_the_slides
def gflops(op, n, seconds):
    return flops(op, n) / seconds / 1e6


# %% wrong multiplied_by_seconds -> rates_of_the_slides
def gflops(op, n, seconds):
    return flops(op, n) * seconds / 1e9


# %% wrong in_thousands_as_on_the_slide -> sizes_between_thousands
def gflops(op, n, seconds):
    return 2 * (n // 1000) ** 3 / seconds


# %% wrong rounded_thousands -> sizes_between_thousands
def gflops(op, n, seconds):
    return 2 * round(n / 1000) ** 3 / seconds


# %% wrong thousands_for_every_operation -> vectors_have_rates_too
def gflops(op, n, seconds):
    level = ["axpy", "gemv", "gemm"].index(op) + 1
    return 2 * (n / 1000) ** level / seconds


# %% wrong always_gemm -> vectors_have_rates_too
def gflops(op, n, seconds):
    return 2 * n**3 / seconds / 1e9


# %% wrong rounded_to_two_decimals -> rates_of_random_products
def gflops(op, n, seconds):
    rate = flops(op, n) / seconds / 1e9
    return rate if rate > 1 else round(rate, 2)
