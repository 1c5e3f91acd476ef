from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursekit.authoring import write_bundle
from coursekit.authoring.bundle import MANIFEST, bundle_files
from coursekit.authoring.committed import texts_in
from coursekit.authoring.privacy import leaks, secrets
from coursekit.cells import solution_sources
from coursekit.checking import lab_names, load_lab
from coursekit.errors import CourseError
from tests.authoring.conftest import Course
from tests.conftest import Once

ROOT = Path(__file__).parents[2]
ENVIRONMENT = """\
# The whole course.
name: course
channels:
  - conda-forge
dependencies:
  - python>=3.11
  # What a student needs.
  - numpy>=1.26
  # grade
  - nbgrader>=0.9.5
  # keras
  - keras>=3.4
  # dev
  - mypy>=1.13
  - pip:
      - types-tqdm>=4.66
      - -e .
"""


@pytest.fixture(scope="session")
def released(once: Once) -> dict[str, bytes]:
    """The files of this course's own bundle."""
    kept = once("bundle", lambda place: (place / "files.pickle").write_bytes(pickle.dumps(bundle_files(ROOT))))
    files: dict[str, bytes] = pickle.loads((kept / "files.pickle").read_bytes())
    return files


@pytest.fixture
def whole(course: Course, whole_lab: dict[str, str]) -> Course:
    """A small course with all that a bundle takes from it, and something private of each kind; built."""
    for name, text in {
        "LICENSE": "Anyone may.\n",
        "environment.yml": ENVIRONMENT,
        "src/coursekit/__init__.py": "",
        "src/coursekit/__pycache__/x.pyc": "cached",
        "src/coursekit/.notes": "mine",
        "src/coursekit/old.py~": "mine",
    }.items():
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).write_text(text, encoding="utf-8")
    course.write(whole_lab)
    course.build()
    return course


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    return tmp_path / "students"


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# this course's own bundle


def test_nothing_private_is_in_the_courses_bundle(released: dict[str, bytes]) -> None:
    assert len(list(secrets(ROOT))) > 1000
    assert leaks(ROOT, released) == []


def test_no_hidden_check_is_named_in_the_courses_bundle(released: dict[str, bytes]) -> None:
    labs = [load_lab(name, hidden=ROOT / "autograde" / "hidden") for name in lab_names()]
    names = [c.name for lab in labs for exercise in lab.exercises.values() for c in exercise.checks if not c.visible]
    assert len(names) > 50
    everything = b"\n".join(released.values()).decode(errors="replace")
    assert [name for name in names if name in everything] == []


def test_every_answer_in_the_courses_bundle_is_a_stub(released: dict[str, bytes]) -> None:
    for lab in lab_names():
        sources = solution_sources(json.loads(released[f"notebooks/{lab}/{lab}.ipynb"]))
        assert set(sources) == set(load_lab(lab).exercises)
        assert all("raise NotImplementedError" in source for source in sources.values())


def test_no_line_of_an_answer_is_in_the_courses_bundle_in_other_words_either(released: dict[str, bytes]) -> None:
    """Reference answers' lines as they stand, and those of kernels as CUDA would say them; loops look like any loop."""
    answers = [secret for secret in secrets(ROOT) if secret.what.startswith("the answer to ")]
    own = {line: secret.what for secret in answers for line in secret.lines if is_telling(line)}
    assert len(own) > 100
    shown = {path: {in_the_models_words(line) for line in texts(path, data)} for path, data in released.items()}
    assert [(path, line, own[line]) for path, lines in shown.items() for line in sorted(own.keys() & lines)] == []


def is_telling(line: str) -> bool:
    return len(line) > 24 and not line.startswith(("for ", "while ", "def ", "with ", "class "))


def texts(path: str, data: bytes) -> list[str]:
    text = data.decode(errors="replace")
    return "\n".join(texts_in(json.loads(text)) if path.endswith(".ipynb") else [text]).split("\n")


def in_the_models_words(line: str) -> str:
    """Write a line of a kernel as a student writes it."""
    places = {"threadIdx": "thread", "blockIdx": "block", "blockDim": "size", "gridDim": "blocks"}
    for cuda, model in places.items():
        line = line.replace(f"cuda.{cuda}", f"me.{model}")
    line = line.replace("cuda.syncthreads()", "yield me.barrier()")
    return re.sub(r"float32\(([\d.]+)\)", lambda number: str(float(number[1])), line).strip()


def test_each_private_file_would_be_noticed_in_the_courses_bundle() -> None:
    kinds = ("labs/*/*.py", "solutions/*/*.ipynb", "autograde/hidden/[0-9]*.py")
    private = [path for kind in kinds for path in ROOT.glob(kind) if path.name != "lab.py"]
    planted = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in private}
    assert {line.partition(" gives away ")[0] for line in leaks(ROOT, planted)} == set(planted)


def test_the_courses_bundle_has_exactly_these_parts(released: dict[str, bytes]) -> None:
    notebooks = {f"notebooks/{lab}/{lab}.ipynb" for lab in lab_names()}
    package = {path for path in released if path.startswith("src/coursekit/")}
    assert {f"src/coursekit/checks/{lab}.py" for lab in lab_names()} < package
    assert set(released) - package - notebooks == {
        "LICENSE",
        MANIFEST,
        "README.md",
        "environment.yml",
        "pyproject.toml",
    }


def test_the_environment_has_what_students_need_and_no_more(released: dict[str, bytes]) -> None:
    project = tomllib.loads(released["pyproject.toml"].decode())["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *extras["torch"], *extras["lab"], *extras["keras"], "python>=3.11"]
    wanted = {text.partition(";")[0] for text in texts}
    *conda, pip = yaml.safe_load(released["environment.yml"])["dependencies"]
    renamed = {"matplotlib-base": "matplotlib", "pytorch": "torch"}
    got = {renamed.get(name := entry.partition(">")[0], name) + entry.removeprefix(name) for entry in conda}
    assert pip == {"pip": ["-e ."]}
    assert got - {"pip"} == wanted


def test_the_readme_opens_each_lab_here_and_in_colab(released: dict[str, bytes]) -> None:
    readme = released["README.md"].decode()
    assert "{{" not in readme
    for lab in lab_names():
        assert f"](notebooks/{lab}/{lab}.ipynb)" in readme
        assert f"/blob/main/notebooks/{lab}/{lab}.ipynb)" in readme


def test_every_notebook_has_its_badge_for_colab_and_installs_the_course_there(released: dict[str, bytes]) -> None:
    repository = tomllib.loads(released["pyproject.toml"].decode())["project"]["urls"]["Repository"]
    for lab in lab_names():
        first, second = json.loads(released[f"notebooks/{lab}/{lab}.ipynb"])["cells"][:2]
        opening = "".join(first["source"])
        assert re.search(rf"\[!\[Open in Colab\]\(\S+\)\]\(\S+/blob/main/notebooks/{lab}/{lab}\.ipynb\)", opening)
        assert f"git+{repository}" in "".join(second["source"])


# Runs the cells that grading runs, with the package of the bundle and none of what is installed for authors.
RUNNER = """
import json, sys
sys.path.insert(0, sys.argv[1])
import coursekit
assert coursekit.__file__.startswith(sys.argv[1]), coursekit.__file__
import numpy
assert "nbgrader" not in sys.modules
namespace = {"__name__": "__main__"}
said = []
for cell in json.load(open(sys.argv[2]))["cells"]:
    source = "".join(cell["source"])
    if cell["cell_type"] != "code" or {"explore", "colab"} & set(cell["metadata"].get("tags", [])):
        continue
    if cell["id"].startswith("check_"):
        source = "report = " + source
    exec(compile(source, cell["id"], "exec"), namespace)
    if cell["id"].startswith("check_"):
        said.append(namespace["report"].verdict.not_written)
print("NOT WRITTEN", json.dumps(said))
"""


def test_a_bundled_notebooks_checks_run_with_the_bundled_package(released: dict[str, bytes], tmp_path: Path) -> None:
    for path, data in released.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    notebook = tmp_path / "notebooks" / "00_numpy" / "00_numpy.ipynb"
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER, str(tmp_path / "src"), str(notebook)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MPLBACKEND": "Agg"},
    )
    assert done.stdout.startswith("NOT WRITTEN"), done.stdout + done.stderr
    assert json.loads(done.stdout.removeprefix("NOT WRITTEN")) == [True] * 9


# writing one


def test_folder_and_zip_hold_the_same_files(whole: Course, dest: Path) -> None:
    bundle = write_bundle(dest, root=whole.root)
    files = content(dest)
    assert sorted(files) == [
        "LICENSE",
        MANIFEST,
        "README.md",
        "environment.yml",
        "notebooks/01_lab/01_lab.ipynb",
        "pyproject.toml",
        "src/coursekit/__init__.py",
        "src/coursekit/checks/01_lab.py",
        "src/coursekit/checks/01_lab.skipped.json",
    ]
    with zipfile.ZipFile(bundle.archive) as archive:
        assert {name.removeprefix("students/"): archive.read(name) for name in archive.namelist()} == files
    assert files["notebooks/01_lab/01_lab.ipynb"] == whole.student().read_bytes()
    assert "https://github.com/someone/course" in bundle.text()


def test_the_manifest_has_the_checksum_of_each_file(whole: Course, dest: Path) -> None:
    write_bundle(dest, root=whole.root)
    files = content(dest)
    lines = files.pop(MANIFEST).decode().splitlines()
    assert lines == [f"{hashlib.sha256(data).hexdigest()}  {path}" for path, data in sorted(files.items())]


def test_the_same_course_gives_the_same_bytes(whole: Course, dest: Path) -> None:
    first = write_bundle(dest, root=whole.root).archive.read_bytes()
    (whole.root / "LICENSE").touch()
    again = write_bundle(dest.parent / "elsewhere" / "students", root=whole.root)
    assert again.archive.read_bytes() == first
    assert write_bundle(dest, root=whole.root).archive.read_bytes() == first


def test_an_earlier_bundle_is_brought_up_to_date_and_other_files_stay(whole: Course, dest: Path) -> None:
    extra = whole.root / "src" / "coursekit" / "gone" / "soon.py"
    extra.parent.mkdir()
    extra.write_text("x = 1\n", encoding="utf-8")
    write_bundle(dest, root=whole.root)
    (dest / ".git").mkdir()
    (dest / ".git" / "HEAD").write_text("ref", encoding="utf-8")
    extra.unlink()
    (whole.root / "LICENSE").write_text("Everyone may.\n", encoding="utf-8")
    write_bundle(dest, root=whole.root)
    files = content(dest)
    assert files.pop(".git/HEAD") == b"ref"
    assert files == bundle_files(whole.root)
    assert not (dest / "src" / "coursekit" / "gone").exists()


def test_a_bundle_left_half_written_can_be_finished(whole: Course, dest: Path) -> None:
    write_bundle(dest, root=whole.root)
    (dest / "LICENSE").unlink()
    (whole.root / "environment.yml").write_text(ENVIRONMENT.replace("1.26", "2.0"), encoding="utf-8")
    (dest / "environment.yml").write_bytes(bundle_files(whole.root)["environment.yml"])
    write_bundle(dest, root=whole.root)
    assert content(dest) == bundle_files(whole.root)


def test_a_bundle_may_go_into_an_empty_folder(whole: Course, dest: Path) -> None:
    dest.mkdir()
    write_bundle(dest, root=whole.root)
    assert (dest / "README.md").is_file()


@pytest.mark.parametrize("name", ["thesis.txt", MANIFEST])
def test_a_folder_that_is_no_bundle_is_left_alone(whole: Course, dest: Path, name: str) -> None:
    dest.mkdir()
    (dest / name).write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="is not empty and no earlier bundle"):
        write_bundle(dest, root=whole.root)
    assert content(dest) == {name: b"mine"}
    assert not dest.with_name("students.zip").exists()


def test_the_course_itself_is_no_place_for_a_bundle(whole: Course) -> None:
    before = content(whole.root)
    with pytest.raises(CourseError, match="is not empty and no earlier bundle"):
        write_bundle(whole.root, root=whole.root)
    assert content(whole.root) == before


def test_a_file_in_the_folders_place_is_left_alone(whole: Course, dest: Path) -> None:
    dest.write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="is a file"):
        write_bundle(dest, root=whole.root)
    assert dest.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("mine", [b"mine", b""])
def test_a_zip_that_is_not_from_a_bundle_is_left_alone(whole: Course, dest: Path, mine: bytes) -> None:
    dest.with_name("students.zip").write_bytes(mine)
    with pytest.raises(CourseError, match=r"students\.zip is not the zip of an earlier bundle"):
        write_bundle(dest, root=whole.root)
    assert dest.with_name("students.zip").read_bytes() == mine
    assert not dest.exists()


def test_a_file_changed_in_the_bundle_is_not_written_over(whole: Course, dest: Path) -> None:
    write_bundle(dest, root=whole.root)
    (dest / "README.md").write_text("Due on Monday.", encoding="utf-8")
    (whole.root / "LICENSE").write_text("Everyone may.\n", encoding="utf-8")
    before = content(dest)
    with pytest.raises(CourseError, match=r"nothing was written over them:\nREADME\.md\nMove your changes"):
        write_bundle(dest, root=whole.root)
    assert content(dest) == before


def test_a_file_of_ones_own_in_the_place_of_a_new_one_is_not_written_over(whole: Course, dest: Path) -> None:
    write_bundle(dest, root=whole.root)
    mine = dest / "src" / "coursekit" / "new.py"
    mine.write_text("mine", encoding="utf-8")
    (whole.root / "src" / "coursekit" / "new.py").write_text("theirs", encoding="utf-8")
    with pytest.raises(CourseError, match=r"src/coursekit/new\.py"):
        write_bundle(dest, root=whole.root)
    assert mine.read_text(encoding="utf-8") == "mine"


# what is not bundled


def test_notebooks_that_are_not_what_their_sources_build_are_not_bundled(whole: Course, dest: Path) -> None:
    whole.student().write_text("{}", encoding="utf-8")
    with pytest.raises(CourseError, match=r"(?s)not ready for students.*run: coursekit build"):
        write_bundle(dest, root=whole.root)
    assert not dest.exists()


@pytest.mark.parametrize("leak", ["doubles_what_is_random", "twice = x + x\nreturn twice"])
def test_a_leak_stops_the_bundle(whole: Course, dest: Path, leak: str) -> None:
    (whole.root / "src" / "coursekit" / "notes.py").write_text(leak, encoding="utf-8")
    with pytest.raises(CourseError, match=r"src/coursekit/notes\.py gives away the (answer|hidden check)"):
        write_bundle(dest, root=whole.root)
    assert not dest.exists()


@pytest.mark.parametrize("name", ["LICENSE", "environment.yml", "src"])
def test_a_course_that_lacks_what_students_need_says_so(whole: Course, dest: Path, name: str) -> None:
    whole.write()  # without checks, which would be missed first
    (whole.root / "labs" / "01_lab" / "lab.py").write_text("# %% [markdown]\n# # A title\n\n# %% exercise double\n")
    shutil.rmtree(whole.root / "autograde" / "hidden")
    (whole.root / "src" / "coursekit" / "checks" / "01_lab.py").unlink()
    whole.build()
    (whole.root / name).rename(whole.root / "away")
    with pytest.raises(CourseError, match=f"Students need .*{name}"):
        write_bundle(dest, root=whole.root)
    assert not dest.exists()


def test_a_course_that_is_not_on_github_has_no_badges(whole: Course, dest: Path) -> None:
    (whole.root / "pyproject.toml").write_text(
        '[project.urls]\nRepository = "https://git.example.org/course"\n', encoding="utf-8"
    )
    whole.build()
    write_bundle(dest, root=whole.root)
    assert "| [A title](notebooks/01_lab/01_lab.ipynb) | 3 |  |" in (dest / "README.md").read_text(encoding="utf-8")


def test_the_environment_leaves_out_grading_and_developing(whole: Course) -> None:
    environment: dict[str, Any] = yaml.safe_load(bundle_files(whole.root)["environment.yml"])
    assert environment["dependencies"] == ["python>=3.11", "numpy>=1.26", "keras>=3.4", {"pip": ["-e ."]}]
