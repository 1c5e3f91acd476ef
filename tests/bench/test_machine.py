from __future__ import annotations

import json
import os

import pytest

from coursekit.bench import describe_gpu, describe_machine, describe_processor, gpu_found, versions

# Two cores of two threads each, as Linux lists them.
HYPERTHREADED = "\n\n".join(
    f"processor : {cpu}\nmodel name : Some CPU @ 2.50GHz\ncpu MHz : 3100.0\nphysical id : 0\ncore id : {cpu % 2}\n"
    f"flags : fpu sse2 avx avx2 fma"
    for cpu in range(4)
)


def test_hyperthreads_are_not_counted_as_cores() -> None:
    processor = describe_processor(HYPERTHREADED)
    assert (processor.cores, processor.logical_cpus) == (2, 4)


def test_the_nominal_clock_goes_before_that_of_the_moment() -> None:
    assert describe_processor(HYPERTHREADED).ghz == 2.5
    assert describe_processor(HYPERTHREADED.replace(" @ 2.50GHz", "")).ghz == 3.1


@pytest.mark.parametrize(
    ("flags", "float64", "float32"),
    [("sse2", 4, 8), ("sse2 avx", 8, 16), ("avx avx2 fma", 16, 32), ("avx2 fma avx512f", 32, 64), ("asimd fp", 8, 16)],
)
def test_flop_a_cycle_follow_the_instructions(flags: str, float64: int, float32: int) -> None:
    text = HYPERTHREADED.replace("fpu sse2 avx avx2 fma", flags)
    assert describe_processor(text).flops_per_cycle == {"float64": float64, "float32": float32}


def test_a_peak_is_cores_times_clock_times_flop_a_cycle() -> None:
    assert describe_processor(HYPERTHREADED).peak_flops("float64") == 2 * 2.5e9 * 16


def test_a_processor_that_tells_nothing_is_described_all_the_same() -> None:
    processor = describe_processor("processor : 0\n\nprocessor : 1\ncpu MHz : fast")
    assert (processor.cores, processor.logical_cpus) == (2, 2)
    nothing = describe_processor("")
    assert nothing.cores >= 1
    assert nothing.ghz == 0.0


def test_this_machine_is_described_in_plain_data_without_names_of_people_or_hosts() -> None:
    text = json.dumps(describe_machine())
    assert os.uname().nodename not in text
    assert {"system", "processor", "threads", "load"} == set(json.loads(text))


def test_versions_name_python_numpy_torch_and_their_linear_algebra() -> None:
    found = versions("matplotlib", "no-such-package")
    assert {"python", "numpy", "torch", "coursekit", "matplotlib", "numpy's BLAS", "torch's BLAS"} <= set(found)
    assert found["no-such-package"] == "unknown"


def test_without_a_gpu_there_is_nothing_to_describe() -> None:
    if gpu_found():
        pytest.skip("there is a GPU")
    assert describe_gpu() == {}
    assert describe_machine("cuda")["gpu"] == {}
