"""Right and wrong answers to the exercise bytes_moved."""

# %% setup
import numpy as np


# %% right list_of_operands
def bytes_moved(op, n, dtype):
    read = {"axpy": [n, n], "gemv": [n * n, n, n], "gemm": [n * n] * 3}[op]
    written = {"axpy": n, "gemv": n, "gemm": n * n}[op]
    return (sum(read) + written) * np.dtype(dtype).itemsize


# %% right table_of_widths
def bytes_moved(op, n, dtype):
    width = {"float64": 8, "float32": 4, "float16": 2}[dtype]
    if op == "axpy":
        return 3.0 * n * width
    return width * (n * n + 3 * n) if op == "gemv" else width * 4 * n * n


# %% right width_from_the_name
def bytes_moved(op, n, dtype):
    elements = 3 * n if op == "axpy" else n * (n + 3) if op == "gemv" else (2 * n) ** 2
    return elements * int(str(dtype).removeprefix("float")) // 8


# %% wrong c_not_read -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 3 * n**2}[op] * np.dtype(dtype).itemsize


# %% wrong nothing_read_before_it_is_written -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 2 * n, "gemv": n**2 + 2 * n, "gemm": 3 * n**2}[op] * np.dtype(dtype).itemsize


# %% wrong float32_by_default -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * 4


# %% wrong always_float64 -> narrower_numbers_move_less
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * 8


# %% wrong elements -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op]


# %% wrong bits -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * np.finfo(dtype).bits


# %% wrong vectors_forgotten -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2, "gemm": 4 * n**2}[op] * np.dtype(dtype).itemsize


# %% wrong every_use_counted -> bytes_of_ten
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": 3 * n**2, "gemm": 3 * n**3}[op] * np.dtype(dtype).itemsize


# %% wrong half_is_four -> narrower_numbers_move_less
def bytes_moved(op, n, dtype):
    width = 8 if dtype == "float64" else 4
    return {"axpy": 3 * n, "gemv": n**2 + 3 * n, "gemm": 4 * n**2}[op] * width


# %% wrong linear_term_for_ten -> bytes_of_random_sizes
def bytes_moved(op, n, dtype):
    return {"axpy": 3 * n, "gemv": n**2 + 30, "gemm": 4 * n**2}[op] * np.dtype(dtype).itemsize
