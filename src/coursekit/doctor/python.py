"""Python itself, and what runs in it: short programs in processes of their own, since a broken package may end them."""

from __future__ import annotations

import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from coursekit.doctor.finding import GPU, LABS, Finding
from coursekit.doctor.requirements import installed_version, short, will_do

__all__ = ["look_at_python", "look_for_gpu", "why_not_imported"]

_TIMEOUT_S = 120
#: Modules that are not named like their packages.
_MODULES = {"ipython": "IPython", "python-dateutil": "dateutil", "pyyaml": "yaml"}
_BUILDS = "https://pytorch.org/get-started/locally"
_LOOK_FOR_GPU = """
import torch
if torch.cuda.is_available():
    kind, names = "cuda", [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
elif torch.backends.mps.is_available():
    kind, names = "mps", ["Apple GPU"]
else:
    kind, names = "", []
print(", ".join(names), flush=True)
if kind:
    assert torch.ones(2, device=kind).sum().item() == 2
"""


def look_at_python(versions: str) -> Finding:
    """Look whether this Python will do.

    Args:
        versions: Conditions on its version, such as ``">=3.11"``.
    """
    version = platform.python_version()
    found = f"{version} on {platform.system()} {platform.machine()}, {short(Path(sys.executable))}"
    # A + ends the version of a Python that somebody built between two releases.
    if will_do(version.removesuffix("+"), versions):
        return Finding(LABS, "Python", True, found)
    remedy = (
        f"Install coursekit into another, such as one of conda's:\nconda create -n coursekit 'python{versions}' pip"
    )
    return Finding(LABS, "Python", False, f"{found}; needed is {versions}", remedy)


def why_not_imported(package: str) -> str:
    """Import a package, and say what went wrong; say nothing if it went well."""
    return _run(f"import {_MODULES.get(package, package)}")[1]


def look_for_gpu() -> Finding:
    """Look whether PyTorch finds a GPU, and have it compute something."""
    printed, error = _run(_LOOK_FOR_GPU)
    name = printed.strip()
    if name and error:
        remedy = f'Install a PyTorch that suits it: {_BUILDS}\nor do without it: export CUDA_VISIBLE_DEVICES=""'
        return Finding(GPU, "GPU", False, f"{name}, but it does not compute: {error}", remedy)
    if name:
        return Finding(GPU, "GPU", True, name)
    if error:
        return Finding(GPU, "GPU", None, "not looked for without torch")
    if card := _card():
        found = f"{card}, but PyTorch {installed_version('torch')} cannot use it"
        return Finding(GPU, "GPU", None, found, f"If you want to use it, install a PyTorch that can: {_BUILDS}")
    return Finding(GPU, "GPU", None, "none found, and none needed: where a lab could use one, it says so and goes on")


def _card() -> str:
    """Return the names of this machine's NVIDIA cards, as NVIDIA's own program tells them."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    command = [program, "--query-gpu=name", "--format=csv,noheader"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return ", ".join(done.stdout.splitlines()) if done.returncode == 0 else ""


def _run(source: str) -> tuple[str, str]:
    """Run a short program; return what it printed, and in one line what went wrong."""
    # Without -P, a file in this folder with the name of a module would be taken for it.
    command = [sys.executable, "-P", "-c", source]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "", f"it came to no end in {_TIMEOUT_S} s"
    if done.returncode < 0:
        return done.stdout, f"it ends Python ({signal.Signals(-done.returncode).name})"
    said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return done.stdout, said[-1][:300] if done.returncode else ""
