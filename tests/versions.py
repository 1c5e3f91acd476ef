"""Versions that nobody develops with: ``python -m tests.versions`` (`make versions`).

The lowest versions that pyproject.toml names are installed into an environment of their own; there ``coursekit doctor``
must find nothing amiss, and the references of labs 00 to 02 must pass every visible check.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.torchless import NEEDS_TORCH, OUTCOME, ROOT, reference, short_of_points

LABS = ("00_numpy", "01_softmax", "02_backprop")
PRINTED = "\nimport sys\nprint('\\n' + outcome(sys.stdin.read()))"


def run(*command: str, **options: object) -> str:
    """Run a program, and return what it printed; one that fails ends this one."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} ended with {done.returncode}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return str(done.stdout)


def lowest(scratch: Path) -> Path:
    """Install the lowest versions that students' requirements allow; return the environment's Python."""
    run(sys.executable, "-m", "venv", str(scratch / "tools"))
    run(str(scratch / "tools/bin/python"), "-m", "pip", "install", "--quiet", "uv")
    pins = scratch / "lowest.txt"
    run(
        *(str(scratch / "tools/bin/uv"), "pip", "compile", "--quiet", "--resolution", "lowest-direct"),
        *("--python", sys.executable, "--output-file", str(pins), str(ROOT / "pyproject.toml")),
    )
    run(sys.executable, "-m", "venv", str(scratch / "lowest"))
    python = str(scratch / "lowest/bin/python")
    run(python, "-m", "pip", "install", "--quiet", "-r", str(pins))
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", str(ROOT))
    listed = json.loads(run(python, "-m", "pip", "list", "--format", "json"))
    print(", ".join(f"{each['name']} {each['version']}" for each in listed))
    return Path(python)


def check(python: Path, folder: Path) -> None:
    """Have doctor look, and check the references of the labs."""
    environment = os.environ | {"COURSEKIT_OFFLINE": "1", "PYTHONPATH": ""}
    run(str(python), "-P", "-m", "coursekit", "doctor", cwd=folder, env=environment)
    for lab in LABS:
        printed = run(
            *(str(python), "-P", "-c", OUTCOME + PRINTED),
            input=json.dumps(reference(lab)),
            cwd=folder,
            env=environment,
        )
        short = short_of_points(json.loads(printed.strip().splitlines()[-1]))
        if short != NEEDS_TORCH.get(lab, set()):
            sys.exit(f"{lab}: with these versions the references fall short in {', '.join(sorted(short))}.")
        print(f"{lab}: every visible check passes")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        check(lowest(Path(scratch)), Path(scratch))
