"""What a measurement was made on: processor, GPU, versions, date. No names of people, hosts or folders."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

from coursekit.absent import has_torch

__all__ = ["Processor", "describe_gpu", "describe_machine", "describe_processor", "processor_name", "versions"]

_CPUINFO = Path("/proc/cpuinfo")
#: Bytes that one vector register holds, by what the processor calls the instructions; the widest first.
_VECTORS = {"avx512f": 64, "avx2": 32, "avx": 32, "asimd": 16, "neon": 16, "sse2": 16}


@dataclass(frozen=True)
class Processor:
    """A processor as its peak is counted.

    Attributes:
        name: The maker's name.
        cores: Cores that this process may use; hyper-threads of one core count once.
        logical_cpus: What the operating system calls CPUs: threads of all cores that this process may use.
        ghz: Clock in GHz as the system tells it; 0 if it does not. Boost and throttling make it a guess.
        instructions: The widest vector instructions, such as ``"avx512f"``; empty if unknown.
        flops_per_cycle: FLOP that a core can do in a cycle, by precision: numbers in a vector × 2 for multiply and
            add × 2 units. Two units are usual where there is fused multiply-add; few data sheets say.
    """

    name: str
    cores: int
    logical_cpus: int
    ghz: float
    instructions: str
    flops_per_cycle: dict[str, int]

    def peak_flops(self, precision: str) -> float:
        """Return cores × clock × FLOP per cycle, in FLOP/s; 0 if the clock is not known."""
        return self.cores * self.ghz * 1e9 * self.flops_per_cycle[precision]


def describe_processor(cpuinfo: str | None = None) -> Processor:
    """Describe a processor.

    Args:
        cpuinfo: The text of Linux's ``/proc/cpuinfo``, perhaps another machine's; this machine's unless given.
    """
    usable = _usable_cpus()
    text = _read_cpuinfo() if cpuinfo is None else cpuinfo
    entries = [entry for block in text.split("\n\n") if (entry := _entry(block)) and "processor" in entry]
    if cpuinfo is None:
        entries = [entry for entry in entries if int(entry["processor"]) in usable] or entries
    places = {(entry.get("physical id", "0"), entry["core id"]) for entry in entries if "core id" in entry}
    first = entries[0] if entries else {}
    flags = set((first.get("flags") or first.get("Features") or "").split()) or _flags_elsewhere()
    instructions = next((name for name in _VECTORS if name in flags), "")
    fused = bool(flags & {"fma", "asimd", "neon"})
    per_number = 4 if fused else 2
    width = _VECTORS.get(instructions, 8)
    return Processor(
        name=first.get("model name", "") or _name_elsewhere(),
        cores=len(places) or len(entries) or len(usable),
        logical_cpus=len(entries) or len(usable),
        ghz=_ghz(first),
        instructions=instructions,
        flops_per_cycle={"float64": max(width // 8, 1) * per_number, "float32": max(width // 4, 1) * per_number},
    )


def processor_name() -> str:
    """Return the maker's name of this machine's processor."""
    return describe_processor().name


def describe_gpu() -> dict[str, Any]:
    """Describe the GPU that PyTorch would use; empty where there is none.

    Returns:
        Name, memory in bytes, number of multiprocessors, compute capability, CUDA's and the driver's version.
    """
    import torch

    if not torch.cuda.is_available():
        return {}
    about = torch.cuda.get_device_properties(torch.cuda.current_device())
    return {
        "name": about.name,
        "memory_bytes": int(about.total_memory),
        "multiprocessors": int(about.multi_processor_count),
        "compute_capability": f"{about.major}.{about.minor}",
        "cuda": torch.version.cuda,
        "driver": _nvidia("driver_version"),
        "clock_mhz": _nvidia("clocks.max.sm"),
    }


def describe_machine(device: str = "cpu") -> dict[str, Any]:
    """Describe this machine, as a file of results names it.

    Args:
        device: ``"cpu"``, or ``"cuda"`` to describe the GPU as well.

    Returns:
        Plain data: system, processor, PyTorch's threads, load, and the GPU.
    """
    about: dict[str, Any] = {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": asdict(describe_processor()),
        "threads": _torch_threads(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }
    return about | ({"gpu": describe_gpu()} if device == "cuda" else {})


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of Python, of this package, NumPy, PyTorch, their linear algebra, and further packages."""
    names = dict.fromkeys(("coursekit", "numpy", "torch", *packages))
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found | {"numpy's BLAS": _numpy_blas(), "torch's BLAS": _torch_blas()}


def today() -> str:
    """Return the date and time in UTC, as ``"2026-01-31 12:00 UTC"``."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def _numpy_blas() -> str:
    import numpy as np

    settings: Mapping[str, Any] = cast("dict[str, Any]", np.show_config(mode="dicts"))
    blas = settings.get("Build Dependencies", {}).get("blas", {})
    return f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip()


def _torch_threads() -> int | None:
    if not has_torch():
        return None
    import torch

    return torch.get_num_threads()


def _torch_blas() -> str:
    if not has_torch():
        return "unknown"
    import torch

    mkl: Any = torch.backends.mkl
    return "MKL" if mkl.is_available() else "other"


def _read_cpuinfo() -> str:
    return _CPUINFO.read_text(encoding="utf-8", errors="replace") if _CPUINFO.exists() else ""


def _entry(block: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in block.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _usable_cpus() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return set(os.sched_getaffinity(0))
    return set(range(os.cpu_count() or 1))


def _ghz(entry: Mapping[str, str]) -> float:
    """Read the clock off the name (its nominal value) or, failing that, off the clock of the moment."""
    if match := re.search(r"@ ([\d.]+)GHz", entry.get("model name", "")):
        return float(match[1])
    try:
        return round(float(entry.get("cpu MHz", "0")) / 1000, 2)
    except ValueError:
        return 0.0


def _name_elsewhere() -> str:
    if platform.system() == "Darwin":
        return _output("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    return platform.processor() or platform.machine()


def _flags_elsewhere() -> set[str]:
    return {"neon"} if platform.machine() in ("arm64", "aarch64") else set()


def _nvidia(field: str) -> str:
    """Ask NVIDIA's own program about the first card."""
    lines = _output("nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader,nounits").splitlines()
    return lines[0].strip() if lines else "unknown"


def _output(*command: str) -> str:
    """Return what a program prints; nothing if it does not exist or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
