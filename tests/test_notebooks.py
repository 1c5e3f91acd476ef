"""The labs' notebooks, run as the people who use them run them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient

from coursekit.cells import solution_sources
from coursekit.checking import lab_names, load_lab
from coursekit.grading.configuration import QUIET
from coursekit.variants import answered

ROOT = Path(__file__).parents[1]
BAR = re.compile(r"([\d.]+)% of the test images are right; the bar is ([\d.]+)%")


def path_of(lab: str) -> Path:
    return ROOT / "solutions" / lab / f"{lab}.ipynb"


LOADS_IMAGES = [lab for lab in lab_names() if re.search(r"\bload_(mnist|cifar10)\(", path_of(lab).read_text("utf-8"))]
# The longest begins at once, so that two processes end at about the same time.
LOADS_IMAGES.sort(key=lambda lab: lab != "04_cnn")


# The packages that start kernels warn of themselves.
starts_a_kernel = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@starts_a_kernel
@pytest.mark.long
@pytest.mark.parametrize("lab", LOADS_IMAGES)
def test_the_instructors_notebook_runs_and_reaches_its_bars_on_the_real_images(lab: str, tmp_path: Path) -> None:
    if not os.environ.get("COURSEKIT_DATA"):
        pytest.skip("COURSEKIT_DATA names no folder with the real images")
    bars = run_and_reach_the_bars(lab, tmp_path)
    if lab == "01_softmax":
        assert bars == {91, 36}
    if lab == "03_mlp":
        assert bars == {92, 94, 97.76}
    if lab == "04_cnn":
        assert bars >= {98.5, 70}


@starts_a_kernel
@pytest.mark.long
@pytest.mark.parametrize("lab", lab_names())
def test_the_instructors_notebook_runs_and_reaches_its_bars_on_the_sample(
    lab: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path))
    run_and_reach_the_bars(lab, tmp_path)


def run_and_reach_the_bars(lab: str, folder: Path) -> set[float]:
    """Run a notebook as in Jupyter, hold what it says of its accuracies against its bars, and return these."""
    import nbformat

    notebook = nbformat.read(path_of(lab), as_version=4)
    client = NotebookClient(notebook, timeout=1800, kernel_name="python3", extra_arguments=[QUIET])
    client.execute(cwd=str(folder))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []
    shown = [o.data["text/plain"] for o in outputs if "application/vnd.jupyter.widget-view+json" in o.get("data", {})]
    assert len(shown) == (lab in {"03_mlp", "04_cnn"})
    # A pad whose network fails says so, and the notebook goes on.
    assert all(re.search("the network says: An? [0-9]", text) for text in shown), shown
    printed = "".join(o.text for o in outputs if o.output_type == "stream")
    bars = [(float(got), float(bar)) for got, bar in BAR.findall(printed)]
    assert all(got >= bar for got, bar in bars), bars
    assert len(bars) == printed.count("the bar is")
    return {bar for _, bar in bars}


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


@pytest.mark.parametrize(
    "lab", [pytest.param(lab, marks=[pytest.mark.long] if lab in ("03_mlp", "04_cnn") else []) for lab in lab_names()]
)
def test_the_students_notebook_needs_none_of_the_instructors_tools(lab: str, tmp_path: Path) -> None:
    released = json.loads((ROOT / "notebooks" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    reference = solution_sources(json.loads((ROOT / "solutions" / lab / f"{lab}.ipynb").read_text(encoding="utf-8")))
    exercises = load_lab(lab, hidden=ROOT / "autograde" / "hidden").exercises
    chosen = list(reference)[::2]
    used = {stand_in for slug in chosen for stand_in in exercises[slug].stand_ins}
    # In a notebook nothing stands in for an answer that another one uses: that has to be there too.
    half = {slug: source for slug, source in reference.items() if slug in chosen or slug in used}
    notebook = tmp_path / "notebook.ipynb"
    notebook.write_text(json.dumps(answered(released, half)), encoding="utf-8")
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path / "ipython"), "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(notebook)], capture_output=True, text=True, check=False, env=environment
    )
    assert "VERDICTS" in done.stdout, done.stdout + done.stderr
    verdicts = json.loads(done.stdout.rpartition("VERDICTS")[2])
    assert verdicts == {slug: "passed" if slug in half else "not written" for slug in reference}


# Runs all of a notebook's code where there is nothing but Python, NumPy and matplotlib with what it stands on, as in
# JupyterLite: there Python runs in the browser, without these parts of the standard library.
LITE_RUNNER = """
import ast, json, linecache, sys

ALLOWED = {"coursekit", "numpy", "matplotlib", "mpl_toolkits"}
ALLOWED |= {"PIL", "contourpy", "cycler", "dateutil", "fontTools", "kiwisolver", "packaging", "pyparsing", "six"}
NOT_IN_A_BROWSER = {"ssl", "_ssl", "sqlite3", "lzma", "_lzma", "curses", "tkinter", "multiprocessing"}

class Absent:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        known = top in ALLOWED or top in sys.stdlib_module_names or top.startswith("_sysconfigdata")
        if top in NOT_IN_A_BROWSER or not known:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
namespace = {"__name__": "__main__"}
passed = []
for cell in json.load(open(sys.argv[1]))["cells"]:
    if cell["cell_type"] == "code":
        source = "".join(cell["source"])
        if cell["id"].startswith("check_"):
            source = "report = " + source
        # As IPython does, so that the text of a cell can be found.
        linecache.cache[cell["id"]] = len(source), None, source.splitlines(keepends=True), cell["id"]
        # A cell may wait for something, which nothing here does.
        waits = eval(compile(source, cell["id"], "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), namespace)
        if waits is not None:
            try:
                waits.send(None)
            except StopIteration:
                pass
        if cell["id"].startswith("check_"):
            passed.append(namespace["report"].verdict.passed)
print("PASSED", json.dumps(passed))
"""


@pytest.mark.parametrize("lab", ["00_numpy"])
def test_the_first_lab_needs_numpy_and_matplotlib_alone(lab: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MPLBACKEND": "Agg"}
    notebook = ROOT / "solutions" / lab / f"{lab}.ipynb"
    done = subprocess.run(
        [sys.executable, "-c", LITE_RUNNER, str(notebook)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=tmp_path,
    )
    assert "PASSED" in done.stdout, done.stdout + done.stderr
    passed = json.loads(done.stdout.rpartition("PASSED")[2])
    assert len(passed) == 9
    assert all(passed)
    assert done.stderr == ""
