"""Gradescope's contract, kept in a container like its own: root has Docker's rights, and there are no namespaces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from coursekit.authoring import write_autograder
from coursekit.cells import grade_id, solution_sources
from coursekit.lms.gradescope_container import main
from coursekit.variants import answered

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
LAB = "01_softmax"
#: What Docker leaves root by default (https://docs.docker.com/engine/security/#linux-kernel-capabilities).
RIGHTS = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "SETGID", "SETUID", "SETPCAP", "SYS_CHROOT")
SYSTEM = ("/usr", "/etc", "/bin", "/sbin", "/lib", "/lib64")
#: What a student's code finds out: whether it can read hidden checks, write results, and reach a network.
LOOKS = """
import os, socket, subprocess
saw = []
def tries(name, act):
    try:
        act()
        saw.append(f"{name} yes")
    except OSError as error:
        saw.append(f"{name} {type(error).__name__}")
tries("hidden", lambda: os.listdir("/autograder/source/course/hidden"))
tries("handed in", lambda: os.listdir("/autograder/submission"))
tries("results", lambda: open("/autograder/results/results.json", "w"))
tries("network", lambda: socket.socket().connect(("127.0.0.1", 9)))
tries("root", lambda: os.kill(1, 0))
subprocess.Popen(["setsid", "sleep", "4321"])
def scores(W, b, X):
    raise ValueError(", ".join(saw))
"""

Container: TypeAlias = Callable[[dict[str, bytes]], "subprocess.CompletedProcess[str]"]
Results: TypeAlias = dict[str, Any]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The autograder, unpacked."""
    file = tmp_path_factory.mktemp("zip") / "autograder.zip"
    write_autograder(LAB, file, root=ROOT, settings={}, secret=b"secret")
    with zipfile.ZipFile(file) as opened:
        opened.extractall(file.with_name("source"))
    return file.with_name("source")


@pytest.fixture
def autograder(tmp_path: Path, source: Path) -> Path:
    """The folder /autograder, in which nothing has been handed in."""
    shutil.copytree(source, tmp_path / "source")
    for name in ("submission", "results"):
        (tmp_path / name).mkdir()
    (tmp_path / "submission_metadata.json").write_text('{"users": [{"id": 77, "name": "Ana"}]}')
    return tmp_path


@pytest.fixture
def hand_in(autograder: Path) -> Container:
    """A function that hands in files, and runs the autograder in a container."""
    if os.geteuid() != 0 or shutil.which("bwrap") is None:
        pytest.skip("needs root and bubblewrap, to make a container")
    python = Path(sys.base_prefix).resolve()
    shown = [*SYSTEM, str(python), str(ROOT)]
    parents = {str(parent) for path in (python, ROOT) for parent in path.parents} - {"/"}
    command = ["bwrap", "--unshare-pid", "--unshare-ipc", "--die-with-parent"]
    command += [part for parent in sorted({*parents, "/opt"}) for part in ("--perms", "0755", "--dir", parent)]
    for path in shown:
        link = path in SYSTEM and Path(path).is_symlink()
        command += ["--symlink", str(Path(path).readlink()), path] if link else ["--ro-bind-try", path, path]
    command += ["--ro-bind", sys.prefix, "/opt/coursekit", "--perms", "1777", "--tmpfs", "/tmp"]
    command += ["--proc", "/proc", "--dev", "/dev", "--bind", str(autograder), "/autograder", "--cap-drop", "ALL"]
    command += [part for right in RIGHTS for part in ("--cap-add", f"CAP_{right}")]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}

    def run(files: dict[str, bytes]) -> subprocess.CompletedProcess[str]:
        for name, content in files.items():
            (autograder / "submission" / name).write_bytes(content)
        run = [*command, "bash", "/autograder/source/run_autograder"]
        return subprocess.run(run, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="module")
def notebooks() -> dict[str, bytes]:
    """Notebooks by what is in them."""
    released = json.loads((ROOT / "notebooks" / LAB / f"{LAB}.ipynb").read_text())
    reference = solution_sources(json.loads((ROOT / "solutions" / LAB / f"{LAB}.ipynb").read_text()))
    right = answered(released, reference)
    for cell in right["cells"]:
        if grade_id(cell) == "why_templates_fail":
            cell["source"] = "One template per class is one pose per class."
    return {
        "right": json.dumps(right).encode(),
        "looks": json.dumps(answered(released, reference | {"scores": LOOKS})).encode(),
    }


def results_in(autograder: Path) -> Results:
    found: Results = json.loads((autograder / "results" / "results.json").read_text())
    return found


def points(found: Results, *visibility: str) -> float:
    return float(sum(test.get("score", 0) for test in found["tests"] if test["visibility"] in visibility))


def test_right_work_has_all_points_and_is_told_what_a_person_grades(
    hand_in: Container, autograder: Path, notebooks: dict[str, bytes]
) -> None:
    done = hand_in({"my lab (1).ipynb": notebooks["right"]})
    assert done.returncode == 0, done.stderr
    found = results_in(autograder)
    assert points(found, "visible", "after_published") == 20
    assert 0 < points(found, "visible") <= points(found, "after_published")
    assert "A person grades your answers in words: why_templates_fail." in found["output"]


def test_a_students_code_reads_nothing_of_the_graders_and_changes_nothing(
    hand_in: Container, autograder: Path, notebooks: dict[str, bytes]
) -> None:
    done = hand_in({f"{LAB}.ipynb": notebooks["looks"]})
    assert done.returncode == 0, done.stderr
    found = results_in(autograder)
    denied = ", ".join(f"{name} PermissionError" for name in ("hidden", "handed in", "results"))
    assert f"{denied}, network OSError, root PermissionError" in found["tests"][0]["output"]
    assert points(found, "visible", "after_published") == 19
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any(b"sleep\x004321" in line for line in running)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "it holds nothing"),
        ({f"{LAB}.ipynb": b"<html>Sign in</html>"}, "web page"),
        ({"notes.txt": b"I could not finish."}, "notes.txt"),
    ],
    ids=["nothing", "a web page", "a text"],
)
def test_whoever_handed_in_nothing_that_can_be_graded_reads_why(
    hand_in: Container, autograder: Path, files: dict[str, bytes], said: str
) -> None:
    done = hand_in(files)
    assert done.returncode == 0, done.stderr
    found = results_in(autograder)
    assert said in found["output"]
    assert points(found, "visible", "after_published") == 0


def test_a_fault_of_the_autograders_gives_nobody_a_grade(
    autograder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert main([str(autograder)]) == 1
    assert not (autograder / "results" / "results.json").exists()
    assert "has no grade. Students' code cannot be confined in this container" in capsys.readouterr().err
