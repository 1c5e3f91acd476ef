"""Right and wrong answers to the exercise arithmetic_intensity."""

# %% setup
import numpy as np


# %% right quotient
def arithmetic_intensity(op, n, dtype):
    work = flops(op, n)
    traffic = bytes_moved(op, n, dtype)
    return np.float64(work) / traffic


# %% right closed_forms
def arithmetic_intensity(op, n, dtype):
    width = np.dtype(dtype).itemsize
    if op == "axpy":
        return 2 / 3 / width
    return 2 * n / (n + 3) / width if op == "gemv" else n / 2 / width


# %% wrong per_element -> intensity_of_axpy
def arithmetic_intensity(op, n, dtype):
    return flops(op, n) / (bytes_moved(op, n, dtype) / np.dtype(dtype).itemsize)


# %% wrong upside_down -> intensity_of_axpy
def arithmetic_intensity(op, n, dtype):
    return bytes_moved(op, n, dtype) / flops(op, n)


# %% wrong c_not_read -> intensity_of_gemm
def arithmetic_intensity(op, n, dtype):
    if op == "gemm":
        return 2 * n / 3 / np.dtype(dtype).itemsize
    return flops(op, n) / bytes_moved(op, n, dtype)


# %% wrong always_float64 -> intensity_follows_the_dtype
def arithmetic_intensity(op, n, dtype):
    return flops(op, n) / bytes_moved(op, n, "float64")


# %% wrong always_float32 -> intensity_of_gemm
def arithmetic_intensity(op, n, dtype):
    return flops(op, n) / bytes_moved(op, n, "float32")


# %% wrong whole_numbers -> intensity_of_axpy
def arithmetic_intensity(op, n, dtype):
    return flops(op, n) // bytes_moved(op, n, dtype)


# %% wrong limit_of_gemv -> intensity_follows_the_dtype
def arithmetic_intensity(op, n, dtype):
    return {"axpy": 2 / 3, "gemv": 2, "gemm": n / 2}[op] / np.dtype(dtype).itemsize


# %% wrong no_float16 -> intensities_of_random_sizes
def arithmetic_intensity(op, n, dtype):
    return flops(op, n) / bytes_moved(op, n, dtype if dtype == "float64" else "float32")
