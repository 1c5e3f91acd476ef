"""Measuring what a machine computes, and how fast: timers, operations, sweeps, results, pictures.

It stands on numpy, torch and matplotlib; torch and matplotlib are imported when they are first needed.
"""

from coursekit.bench.cudakernel import CudaRun, numba_found, run_cuda_kernel
from coursekit.bench.cudawords import CudaText, in_cuda
from coursekit.bench.device import Device, find_device, gpu_found, tensor_float32
from coursekit.bench.figures import rate_curves, roofline_figure, sample_dots, timeline
from coursekit.bench.gemm import bench_gemm
from coursekit.bench.machine import Processor, describe_gpu, describe_machine, describe_processor, versions
from coursekit.bench.mock import MockDevice
from coursekit.bench.operations import OPERATIONS, PRECISIONS, Work, operation, work
from coursekit.bench.results import RECORDED, Results, load_results, recorded_results, save_results
from coursekit.bench.rproduct import RTiming, r_found, time_r_product
from coursekit.bench.sweep import (
    Measurement,
    by_series,
    default_sizes,
    measure,
    measure_bandwidth,
    sweep,
    torch_threads,
)
from coursekit.bench.timing import Timing, time_call, time_for
from coursekit.bench.transfer import Link, fit_link, gemm_there_and_back, measure_link

__all__ = [
    "OPERATIONS",
    "PRECISIONS",
    "RECORDED",
    "CudaRun",
    "CudaText",
    "Device",
    "Link",
    "Measurement",
    "MockDevice",
    "Processor",
    "RTiming",
    "Results",
    "Timing",
    "Work",
    "bench_gemm",
    "by_series",
    "default_sizes",
    "describe_gpu",
    "describe_machine",
    "describe_processor",
    "find_device",
    "fit_link",
    "gemm_there_and_back",
    "gpu_found",
    "in_cuda",
    "load_results",
    "measure",
    "measure_bandwidth",
    "measure_link",
    "numba_found",
    "operation",
    "r_found",
    "rate_curves",
    "recorded_results",
    "roofline_figure",
    "run_cuda_kernel",
    "sample_dots",
    "save_results",
    "sweep",
    "tensor_float32",
    "time_call",
    "time_for",
    "time_r_product",
    "timeline",
    "torch_threads",
    "versions",
    "work",
]
