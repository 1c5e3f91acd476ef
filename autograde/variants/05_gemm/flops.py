"""Right and wrong answers to the exercise flops."""

# %% setup
import numpy as np


# %% right branches
def flops(op, n):
    if op == "axpy":
        return 2 * n
    if op == "gemv":
        return 2 * n * n
    return 2.0 * n * n * n


# %% right entries_times_cost
def flops(op, n):
    entries = {"axpy": n, "gemv": n, "gemm": n * n}[op]
    terms = 1 if op == "axpy" else n
    return entries * (terms + terms)


# %% right level_of_blas
def flops(op, n):
    level = 1 + ["axpy", "gemv", "gemm"].index(op)
    return np.float64(2) * np.float64(n) ** level


# %% wrong multiply_add_is_one -> flops_of_five
def flops(op, n):
    return {"axpy": n, "gemv": n**2, "gemm": n**3}[op]


# %% wrong addition_to_c_forgotten -> flops_of_five
def flops(op, n):
    return {"axpy": 2 * n, "gemv": n * (2 * n - 1), "gemm": n**2 * (2 * n - 1)}[op]


# %% wrong always_gemm -> flops_of_five
def flops(op, n):
    return 2 * n**3


# %% wrong gemm_as_n_times_ten -> twice_the_size
def flops(op, n):
    return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 10 * n**2}[op]


# %% wrong one_more_for_odd_sizes -> flops_of_random_sizes
def flops(op, n):
    return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op] + (n % 2 and n != 5)


# %% wrong knows_only_powers_of_two -> flops_of_random_sizes
def flops(op, n):
    right = {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op]
    return right if n == 5 or n >= 512 else 250


# %% wrong in_millions -> flops_of_five
def flops(op, n):
    return {"axpy": 2 * n, "gemv": 2 * n**2, "gemm": 2 * n**3}[op] / 1e6


# %% wrong knows_the_example_by_heart -> twice_the_size
def flops(op, n):
    return {"axpy": 10, "gemv": 50, "gemm": 250}[op]
