"""The labs' prose: numbers that no cell computes are computed anew where they are said, and links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coursekit.authoring.repository import repository_address

ROOT = Path(__file__).parents[1]
LABS = ROOT / "labs"
NUMBER = re.compile(r"[\d,]*\.?\d+")
#: For each phrase of a source, what its first number comes to.
SAID = [
    ("00_numpy/pairwise_sq_dists", "3.76 · 10¹² bytes", 10_000 * 60_000 * 784 * 8 / 1e12),
    ("00_numpy/pairwise_sq_dists", "3.8 TB", 10_000 * 60_000 * 784 * 8 / 1e12),
    ("00_numpy/pairwise_sq_dists", "4.8 · 10⁹ bytes", 10_000 * 60_000 * 8 / 1e9),
    ("00_numpy/pairwise_sq_dists", "38 GB", 100 * 60_000 * 784 * 8 / 1e9),
    ("00_numpy/batched_matvec", "128 of them per example", 8 * 16),
    ("01_softmax/numeric_gradient", "5 · 10⁻⁶", 1e-16 ** (1 / 3) * 1e6),
    ("01_softmax/numeric_gradient", "2 · 10⁻¹¹", 1e-16 ** (2 / 3) * 1e11),
    ("01_softmax/train_softmax", "2.303", 2.302585),
    ("03_mlp/mlp_backward", "32. Full mark", 2 ** (10 / 2)),
    ("03_mlp/train_mlp", "82 %. The network", 80 + 20 / 10),
    ("03_mlp/lab", "13,002 for 784-16-16-10", 785 * 16 + 17 * 16 + 17 * 10),
    ("03_mlp/lab", "101,770 for 784-128-10", 785 * 128 + 129 * 10),
]


def prose(source: str) -> str:
    """Return a source's comments, as one line."""
    lines = re.findall(r"^# ?(.*)$", (LABS / f"{source}.py").read_text(encoding="utf-8"), re.MULTILINE)
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize(("source", "phrase", "value"), SAID)
def test_a_number_in_the_prose_is_what_it_comes_to(source: str, phrase: str, value: float) -> None:
    assert phrase in prose(source)
    number = NUMBER.match(phrase)
    assert number
    decimals = len(number[0].partition(".")[2])
    assert round(value, decimals) == float(number[0].replace(",", ""))


def test_two_epochs_of_photographs_are_the_steps_that_the_bar_is_asked_after() -> None:
    source = (LABS / "04_cnn" / "train_cnn.py").read_text(encoding="utf-8")
    steps = int(re.findall(r"PHOTOS_STEPS = (\d+)", source)[0])
    assert "800 batches of 128 are twice round the 50,000 images" in prose("04_cnn/train_cnn")
    assert steps == 800
    assert round(steps * 128 / 50_000, 1) == 2.0


def test_nothing_that_a_bar_is_asked_after_is_counted_in_seconds() -> None:
    """Where a cell prints a bar, or trains what is judged by one, budgets are steps or epochs."""
    for file in LABS.rglob("*.py"):
        lines = file.read_text(encoding="utf-8").split("# %% visible")[0].splitlines()
        budgets = [line for line in lines if re.search(r"budget_s=[^,)]+", line) and "train_cnn(" in line]
        assert not [line for line in budgets if "step_clock" not in line and "clock=clock" not in line], file


@pytest.mark.parametrize("lab", sorted(folder.name for folder in LABS.glob("[0-9]*")))
def test_links_hold_where_a_notebook_stands_alone(lab: str) -> None:
    """Colab opens a notebook without its neighbours: links are whole addresses, and the course's own name its files."""
    here = f"{repository_address(ROOT)}/blob/main/"
    cells = json.loads((ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(([^)\s…]+)\)", text)
    assert len(links) > 5
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    ours = [link.removeprefix(here) for link in links if link.startswith(here)]
    assert ours
    assert [path for path in ours if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("lab", sorted(folder.name for folder in LABS.glob("[0-9]*")))
def test_no_cell_ends_with_what_matplotlib_gives_back(lab: str) -> None:
    """``plt.ylim(0, 1)`` as a last line prints (0.0, 1.0) under the picture; ``_ = plt.ylim(0, 1)`` does not."""
    cells = json.loads((ROOT / "solutions" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    last = [source.rstrip().rpartition("\n")[2] for source in sources]
    found = [line for line in last if re.match(r"(plt|ax|axes|axis|figure)\b[^=]*\.(?!show)\w+\(", line)]
    assert [line for line in found if not line.endswith(".remove()")] == []
