"""The labs' notebooks, run as the people who use them run them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient

from coursekit.checking import lab_names
from coursekit.grading.configuration import QUIET
from coursekit.variants import answered, solution_sources

ROOT = Path(__file__).parents[1]
BAR = re.compile(r"([\d.]+)% of the test images are right; the bar is ([\d.]+)%")


@pytest.fixture(params=["real", "sample"])
def data(request, monkeypatch, tmp_path):
    """The images that the notebook finds: the real ones where there are any, or the built-in sample."""
    if request.param == "real" and not os.environ.get("COURSEKIT_DATA"):
        pytest.skip("COURSEKIT_DATA names no folder with the real images")
    if request.param == "sample":
        monkeypatch.delenv("COURSEKIT_DATA", raising=False)
        monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
        monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path))
    return request.param


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("lab", lab_names())
def test_the_instructors_notebook_runs_and_reaches_its_bars(lab, data, tmp_path):
    import nbformat

    notebook = nbformat.read(ROOT / "solutions" / lab / f"{lab}.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", extra_arguments=[QUIET])
    client.execute(cwd=str(tmp_path))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []
    printed = "".join(o.text for o in outputs if o.output_type == "stream")
    bars = [(float(got), float(bar)) for got, bar in BAR.findall(printed)]
    assert all(got >= bar for got, bar in bars), bars
    assert len(bars) == printed.count("the bar is")
    if data == "real" and lab == "01_softmax":
        assert {bar for _, bar in bars} == {91, 36}
    if data == "real" and lab == "03_mlp":
        assert {bar for _, bar in bars} == {92, 94, 97.76}


# Runs a notebook's code in IPython with what only instructors and developers have out of reach.
RUNNER = """
import json, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"nbgrader", "jupytext", "jupyterlab", "notebook", "nbformat", "distributed"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
said = {}
for cell in json.load(open(sys.argv[1]))["cells"]:
    tags = cell["metadata"].get("tags", [])
    if cell["cell_type"] != "code" or "explore" in tags:
        continue
    result = shell.run_cell("".join(cell["source"]), store_history=True)
    result.raise_error()
    if cell["id"].startswith("check_"):
        verdict = result.result.verdict
        said[verdict.exercise.slug] = "passed" if verdict.passed else "not written" if verdict.not_written else "failed"
print("VERDICTS", json.dumps(said))
"""


@pytest.mark.parametrize("lab", lab_names())
def test_the_students_notebook_needs_none_of_the_instructors_tools(lab, tmp_path):
    released = json.loads((ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    reference = solution_sources(json.loads((ROOT / "solutions" / lab / f"{lab}.ipynb").read_text(encoding="utf-8")))
    # The first half: an answer may use earlier ones, and right ones that stand in for them are the graders' alone.
    half = dict(list(reference.items())[: len(reference) // 2])
    notebook = tmp_path / "notebook.ipynb"
    notebook.write_text(json.dumps(answered(released, half)), encoding="utf-8")
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path / "ipython"), "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(notebook)], capture_output=True, text=True, check=False, env=environment
    )
    assert "VERDICTS" in done.stdout, done.stdout + done.stderr
    verdicts = json.loads(done.stdout.rpartition("VERDICTS")[2])
    assert verdicts == {slug: "passed" if slug in half else "not written" for slug in reference}
