from __future__ import annotations

import platform
from pathlib import Path

import pytest

from coursekit.doctor import python
from coursekit.doctor.python import look_at_python, look_for_gpu, why_not_imported
from coursekit.doctor.requirements import installed_version, read_needs

#: A stand-in for torch, in which a few words are to be filled in.
TORCH = """
__version__ = "9"
class cuda:
    is_available = staticmethod(lambda: {cuda})
    device_count = staticmethod(lambda: 2)
    get_device_name = staticmethod(lambda i: f"Card {{i}}")
class backends:
    class mps:
        is_available = staticmethod(lambda: {mps})
class ones:
    def __init__(self, n, device):
        self.n, self.device = n, device
    def sum(self):
        return self
    def item(self):
        {item}
"""
WORKS = "return self.n"


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which programs find modules before all others."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a shell script the only program on PATH."""
    file = folder / "bin" / name
    file.parent.mkdir()
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(file.parent))


def test_this_python_will_do() -> None:
    finding = look_at_python(">=3.11")
    assert (finding.name, finding.ok, finding.remedy) == ("Python", True, "")
    assert finding.found.startswith(platform.python_version())


def test_an_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "python_version", lambda: "3.10.4")
    finding = look_at_python(">=3.11")
    assert finding.ok is False
    assert finding.found.endswith("; needed is >=3.11")
    assert "conda create -n coursekit 'python>=3.11' pip" in finding.remedy.splitlines()


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import sys; print('noise'); print('noise', file=sys.stderr)", ""),
        ("raise ImportError('libcuda.so is missing')", "ImportError: libcuda.so is missing"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "it ends Python (SIGSEGV)"),
        ("import os; os._exit(3)", "exit code 3"),
    ],
    ids=["loads", "raises", "crashes", "exits"],
)
def test_an_import_is_tried_in_another_process(source: str, error: str, modules: Path) -> None:
    (modules / "a_module.py").write_text(source)
    assert why_not_imported("a_module") == error


def test_an_import_without_end_is_given_up(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python, "_TIMEOUT_S", 0.5)
    (modules / "a_module.py").write_text("while True: pass")
    assert why_not_imported("a_module") == "it came to no end in 0.5 s"


def test_a_module_may_have_another_name_than_its_package(modules: Path) -> None:
    (modules / "IPython.py").write_text("raise ImportError('this one')")
    assert why_not_imported("ipython") == "ImportError: this one"


def test_a_file_in_the_current_folder_is_not_taken_for_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise ImportError('not numpy')")
    monkeypatch.chdir(tmp_path)
    assert why_not_imported("numpy") == ""


@pytest.mark.parametrize(
    ("cuda", "mps", "item", "ok", "found"),
    [
        (True, False, WORKS, True, "Card 0, Card 1"),
        (False, True, WORKS, True, "Apple GPU"),
        (True, False, "raise RuntimeError('no kernel image')", False, "Card 0, Card 1, but it does not compute: "),
        (True, False, "return 0", False, "Card 0, Card 1, but it does not compute: AssertionError"),
        (False, False, WORKS, None, "none found, and none needed: where a lab could use one, it says so and goes on"),
    ],
)
def test_a_gpu_is_well_only_if_it_computes(
    cuda: bool, mps: bool, item: str, ok: bool | None, found: str, modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (modules / "torch.py").write_text(TORCH.format(cuda=cuda, mps=mps, item=item))
    finding = look_for_gpu()
    assert finding.ok is ok
    assert finding.found.startswith(found)
    assert bool(finding.remedy) == (ok is False)


def test_without_torch_there_is_nothing_to_say_of_a_gpu(modules: Path) -> None:
    (modules / "torch.py").write_text("raise ImportError")
    assert look_for_gpu().found == "not looked for without torch"


@pytest.mark.parametrize(
    ("text", "found"),
    [("echo NVIDIA H200", "NVIDIA H200, but PyTorch"), ("echo no driver; exit 9", "none found, and none needed")],
)
def test_a_card_that_torch_does_not_know_is_told(
    text: str, found: str, modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (modules / "torch.py").write_text(TORCH.format(cuda=False, mps=False, item=WORKS))
    program(modules, "nvidia-smi", text, monkeypatch)
    finding = look_for_gpu()
    assert finding.ok is None
    assert finding.found.startswith(found)


def looked_at() -> list[str]:
    """The packages whose import is tried: what the labs and grading need, as far as it is installed here."""
    needs = read_needs()
    return [package.name for package in (*needs.of(""), *needs.of("grade")) if installed_version(package.name)]


@pytest.mark.parametrize("package", looked_at())
def test_each_package_is_imported_by_the_name_of_its_module(package: str) -> None:
    assert why_not_imported(package) == ""
