"""A machine without PyTorch: what runs there, and what says how to get it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from coursekit import absent
from coursekit.absent import require_torch
from coursekit.checking import lab_names
from tests.torchless import NEEDS_TORCH, OUTCOME, reference, short_of_points

ROOT = Path(__file__).parents[1]
COMMAND = "pip install 'coursekit[torch]'"
#: Hides PyTorch, as on a machine that has none.
HIDING = """
import importlib.util, sys
class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nowhere())
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "torch" else find_spec(name, *more)
"""
PRINTED = "\nprint('\\n' + outcome(open(sys.argv[1]).read(), sys.argv[2].split(',')))"


def run_without_torch(lab: str, *explore: str) -> tuple[dict[str, list[object]], str]:
    """Run a lab's reference notebook without PyTorch; return what came of its exercises, and what was printed."""
    notebook = ROOT / "solutions" / lab / f"{lab}.ipynb"
    command = [sys.executable, "-c", HIDING + OUTCOME + PRINTED, str(notebook), ",".join(explore)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"COURSEKIT_OFFLINE": "1"}
    )
    assert done.returncode == 0, done.stderr
    said, _, found = done.stdout.strip().rpartition("\n")
    return json.loads(found), said


@pytest.mark.parametrize("lab", lab_names())
def test_the_references_pass_without_torch_where_it_is_not_the_subject(lab: str) -> None:
    found, said = run_without_torch(lab)
    short = short_of_points(found)
    assert short == NEEDS_TORCH.get(lab, set())
    assert (COMMAND in said) == (lab in NEEDS_TORCH)
    for slug in short:
        assert all(COMMAND in str(hint) for hint in found[slug][2:])


@pytest.mark.parametrize("lab", sorted(NEEDS_TORCH))
def test_a_lab_says_at_its_top_which_exercises_need_torch(lab: str) -> None:
    cells = json.loads((ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))["cells"]
    (said,) = [text for cell in cells[:3] if "In the browser alone" in (text := "".join(cell["source"]))]
    assert all(f"`{slug}`" in said.partition("In the browser alone")[2] for slug in NEEDS_TORCH[lab])


@pytest.mark.parametrize(
    ("lab", "said"), [("01_softmax", "db: largest"), pytest.param("02_backprop", "", marks=pytest.mark.long)]
)
def test_a_cell_that_compares_with_torch_says_so_and_goes_on(lab: str, said: str) -> None:
    explore = [cell for cell in reference(lab)["cells"] if "explore" in cell["metadata"].get("tags", [])]
    (comparing,) = [i for i, cell in enumerate(explore) if "import torch" in "".join(cell["source"])]
    _, printed = run_without_torch(lab, *(cell["id"] for cell in explore[: comparing + 1]))
    assert COMMAND in printed
    assert said in printed


def test_the_stand_in_is_false_and_any_use_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    from coursekit.absent import torch

    assert not torch
    assert COMMAND in capsys.readouterr().out
    assert not hasattr(torch, "_repr_html_")
    with pytest.raises(ModuleNotFoundError, match="needs PyTorch") as caught:
        torch.nn.Linear(2, 2)
    assert COMMAND in str(caught.value)


def test_there_is_no_stand_in_for_anything_else() -> None:
    with pytest.raises(ImportError, match="jax"):
        from coursekit.absent import jax  # noqa: F401


def test_in_a_browser_nobody_is_told_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    assert "pip" not in absent.remedy()
    assert "on a computer or in Colab" in absent.remedy()


def test_what_needs_torch_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    require_torch("Nothing")
    monkeypatch.setattr(absent, "has_torch", lambda: False)
    with pytest.raises(ModuleNotFoundError, match=r"Reading minds needs PyTorch.*coursekit\[torch\]"):
        require_torch("Reading minds")


def test_every_way_to_install_the_labs_brings_torch() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert not [text for text in project["dependencies"] if text.startswith("torch")]
    for extra in ("lab", "grade"):
        assert set(extras["torch"]) <= set(extras[extra])
    for page in ("docs/handbook/students.md", "src/coursekit/authoring/students.md"):
        assert ".[lab]" in (ROOT / page).read_text(encoding="utf-8")
