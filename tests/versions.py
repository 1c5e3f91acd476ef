"""Versions that nobody develops with: ``python -m tests.versions`` (`make versions`).

The lowest versions that pyproject.toml names are installed into an environment of their own, and the newest Python with
today's versions, but without PyTorch, into another. In each, the references of labs 00 to 02 must pass every visible
check; with the lowest, ``coursekit doctor`` must find nothing amiss; the newest passes the suites that need no PyTorch.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from itertools import chain
from pathlib import Path

from tests.torchless import NEEDS_TORCH, OUTCOME, ROOT, reference, short_of_points

LABS = ("00_numpy", "01_softmax", "02_backprop")
NEWEST = "3.13"
#: The suites that need no PyTorch.
SUITES = ("authoring", "datasets", "feedback", "lms", "report", "test_cells.py", "test_files.py", "test_skipped.py")
PRINTED = "\nimport sys\nprint('\\n' + outcome(sys.stdin.read()))"


def run(*command: str, **options: object) -> str:
    """Run a program, and return what it printed; one that fails ends this one."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} ended with {done.returncode}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return str(done.stdout)


def uv(scratch: Path) -> str:
    """Install uv, which finds versions and Pythons; return its path."""
    run(sys.executable, "-m", "venv", str(scratch / "tools"))
    run(str(scratch / "tools/bin/python"), "-m", "pip", "install", "--quiet", "uv")
    return str(scratch / "tools/bin/uv")


def lowest(scratch: Path, uv: str) -> Path:
    """Install the lowest versions that students' requirements allow; return the environment's Python."""
    pins = scratch / "lowest.txt"
    run(
        *(uv, "pip", "compile", "--quiet", "--resolution", "lowest-direct"),
        *("--python", sys.executable, "--output-file", str(pins), str(ROOT / "pyproject.toml")),
    )
    run(sys.executable, "-m", "venv", str(scratch / "lowest"))
    python = str(scratch / "lowest/bin/python")
    run(python, "-m", "pip", "install", "--quiet", "-r", str(pins))
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", str(ROOT))
    return listed(Path(python))


def newest(scratch: Path, uv: str, which: str) -> Path:
    """Install today's versions, without PyTorch, for the newest Python; return the environment's Python."""
    python = scratch / "newest/bin/python"
    run(uv, "venv", "--quiet", "--seed", "--python", which, str(scratch / "newest"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (project["optional-dependencies"][name] for name in ("grade", "dev"))
    wanted = [each for each in chain(project["dependencies"], *extras) if not each.startswith("torch")]
    pins = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "torch" not in line]
    (scratch / "pins.txt").write_text("\n".join(pins), encoding="utf-8")
    run(str(python), "-m", "pip", "install", "--quiet", "-c", str(scratch / "pins.txt"), *wanted)
    run(str(python), "-m", "pip", "install", "--quiet", "--no-deps", "-e", str(ROOT))
    return listed(python)


def listed(python: Path) -> Path:
    """Print what is installed beside a Python; return it."""
    found = json.loads(run(str(python), "-m", "pip", "list", "--format", "json"))
    version = run(str(python), "-c", "import sys; print(sys.version.split()[0])").strip()
    print(f"Python {version}: " + ", ".join(f"{each['name']} {each['version']}" for each in found))
    return python


def offline() -> dict[str, str]:
    """Return the environment of a course that downloads nothing."""
    return os.environ | {"COURSEKIT_OFFLINE": "1", "PYTHONPATH": ""}


def check(python: Path, folder: Path) -> None:
    """Check the references of the labs."""
    for lab in LABS:
        printed = run(
            *(str(python), "-P", "-c", OUTCOME + PRINTED),
            input=json.dumps(reference(lab)),
            cwd=folder,
            env=offline(),
        )
        short = short_of_points(json.loads(printed.strip().splitlines()[-1]))
        if short != NEEDS_TORCH.get(lab, set()):
            sys.exit(f"{lab}: with these versions the references fall short in {', '.join(sorted(short))}.")
        print(f"{lab}: every visible check passes")


def test(python: Path) -> None:
    """Run the suites that need no PyTorch; the first that fails ends this program."""
    # What a test starts by its name is this environment's.
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    suites = [str(Path("tests") / suite) for suite in SUITES]
    done = subprocess.run(
        [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *suites],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        check=False,
    )
    if done.returncode:
        sys.exit("Tests fail on the newest Python; see above.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newest", default=NEWEST, help="its version, which uv finds or fetches, or its path")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tool = uv(scratch)
        python = lowest(scratch, tool)
        run(str(python), "-P", "-m", "coursekit", "doctor", cwd=scratch, env=offline())
        check(python, scratch)
        # No doctor here: it misses PyTorch.
        python = newest(scratch, tool, options.newest)
        check(python, scratch)
        test(python)
