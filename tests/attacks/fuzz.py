"""Inputs made at random, for everything that reads what students wrote: ``make fuzz``.

Each input is made from a seed, so that one that fails can be made again. A reader may refuse what it is given, in its
own words and within its limits; it may not fail in another way, and not take longer. At last the notebooks are graded:
each must end in a row.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Template

from coursekit.errors import LmsError
from coursekit.grading import Record, grade
from coursekit.grading.cleaning import clean_html, markdown2html
from coursekit.grading.outputs import as_outputs
from coursekit.grading.reader import READ_S
from coursekit.grading.reading import read_notebook
from coursekit.grading.sandbox.wire import WireError, unpack
from coursekit.grading.submission import Submission, SubmissionError, SubmittedFile, read_receipt
from coursekit.grading.table import progress_line
from coursekit.lms.archive import UnreadableError, open_source
from coursekit.lms.download import read_download
from coursekit.lms.origin import read_origin
from coursekit.report.similarity import tokens_of
from coursekit.variants import answered
from tests.attacks.attack import LAB, LIMITS, Notebook, hand_in, make_small_course, reference

#: Stands for a number that JSON can hold and Python will not print.
HUGE, HUGE_TEXT = "<huge>", "1" * 5000
PIECES = (
    *(
        "",
        " ",
        "\n",
        "\t",
        "\0",
        "\ud800",
        "\u202e",
        "\x1b[31m",
        "é",
        "\ufeff",
        "%%",
        "!ls",
        "?",
        "#",
        "\\",
        "'",
        '"""',
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "*",
        "_",
        "`",
        "$",
        "|",
        "~",
        "-",
        "- ",
        "> ",
        "1. ",
        "![",
        "[a](",
        "&#",
        "](",
    ),
    *(
        "<ul><li>",
        "<div>",
        "</div>",
        "<svg ",
        "<svg>",
        "</svg>",
        "<!--",
        "<script>",
        "<a href=",
        "<b style='",
        "\\(",
        "\\begin{",
    ),
    *(
        "def softmax(Z):\n",
        "check('softmax')\n",
        "    return Z\n",
        "x = 1\n",
        "lambda: ",
        "if 1:\n ",
        "f'{",
        "x if y else ",
        "not ",
    ),
)
EVIL: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    HUGE,
    float("nan"),
    float("inf"),
    "",
    "\ud800",
    [],
    {},
    [[]],
    {"a": {}},
)
FORMATS = (2, 3, 4, 5, 99, -1, "4", None)


def long_text(rng: random.Random) -> str:
    """Return one piece, or a few in turn, again and again."""
    pieces = [rng.choice(PIECES) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    return "".join(pieces) * rng.choice((1, 3, 40, 1000, 20_000, 100_000 // max(1, len("".join(pieces)))))


def any_text(rng: random.Random) -> str:
    """Return pieces in any order."""
    return (
        "".join(rng.choice(PIECES) for _ in range(rng.choice((1, 5, 30, 300))))
        if rng.random() < 0.6
        else long_text(rng)
    )


def nested(rng: random.Random) -> Any:
    """Return lists or objects within one another."""
    value: Any = []
    for _ in range(rng.choice((5, 90, 300))):
        value = [value] if rng.random() < 0.5 else {"a": value}
    return value


def evil(rng: random.Random) -> Any:
    """Return a value that hardly anybody expects."""
    return rng.choice(
        (
            lambda: copy.deepcopy(rng.choice(EVIL)),
            lambda: any_text(rng),
            lambda: nested(rng),
            lambda: [any_text(rng)] * 3,
        )
    )()


def spoil(rng: random.Random, value: Any) -> None:
    """Change one place within a value, at random."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(value[key], dict | list) and value[key] and rng.random() < 0.8:
            value = value[key]
            continue
        if isinstance(value, dict) and rng.random() < 0.2:
            del value[key]
        elif isinstance(value, list) and rng.random() < 0.3:
            value.insert(key, copy.deepcopy(rng.choice(value)))
        else:
            value[key] = evil(rng)
        return


def move_cells(rng: random.Random, notebook: Any) -> None:
    """Shuffle, repeat or rename cells."""
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        return
    act = rng.randrange(5)
    if act == 0:
        rng.shuffle(cells)
    elif act == 1:
        cells[rng.randrange(len(cells))] = copy.deepcopy(rng.choice(cells))
    elif act == 2:
        cells += [copy.deepcopy(rng.choice(cells)) for _ in range(rng.choice((1, 50, 4000)))]
    elif act == 3:
        del cells[rng.randrange(len(cells)) :]
    else:
        notebook["nbformat"] = rng.choice(FORMATS)


def tear(rng: random.Random, content: bytes) -> bytes:
    """Cut, overwrite or repeat bytes."""
    torn = bytearray(content)
    for _ in range(rng.choice((1, 3, 20))):
        at = rng.randrange(len(torn) + 1)
        act = rng.randrange(4)
        if act == 0:
            del torn[at : at + rng.choice((1, 10, 1000))]
        elif act == 1:
            torn[at:at] = rng.randbytes(rng.choice((1, 4, 100)))
        elif act == 2:
            torn[at:at] = torn[at : at + rng.choice((1, 50, 5000))]
        else:
            torn = torn[:at]
    return bytes(torn)


@cache
def handed_in() -> str:
    """Return a notebook of the small lab, answered, as JSON."""
    notebook = answered(json.loads(released()), reference())
    return json.dumps(notebook)


@cache
def released() -> str:
    """Return the small lab's notebook, as JSON."""
    with tempfile.TemporaryDirectory(prefix="coursekit-fuzz-") as folder:
        make_small_course(Path(folder) / "course")
        file = Path(folder) / "course" / "release" / LAB / f"{LAB}.ipynb"
        return json.dumps(nbformat.read(file, as_version=4))


def notebook_bytes(seed: int) -> bytes:
    """Make the file of a notebook that has been through something."""
    rng = random.Random(seed)
    notebook: Notebook = json.loads(handed_in())
    for _ in range(rng.choice((0, 1, 2, 5))):
        spoil(rng, notebook)
    if rng.random() < 0.5:
        move_cells(rng, notebook)
    text = json.dumps(notebook, ensure_ascii=rng.random() < 0.5).replace(f'"{HUGE}"', HUGE_TEXT)
    content = text.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-7")), "surrogatepass")
    return tear(rng, content) if rng.random() < 0.2 else content


def read_any_notebook(seed: int) -> None:
    try:
        rebuilt = read_notebook([SubmittedFile(f"{LAB}.ipynb", notebook_bytes(seed))], LAB, released())
    except SubmissionError as error:
        if error.status != "malformed" or not str(error):
            raise AssertionError(f"{error.status}: {error}") from error
        return
    nbformat.validate(nbformat.from_dict(rebuilt.notebook))


def take_any_outputs(seed: int) -> None:
    rng = random.Random(seed)
    good = {"output_type": "execute_result", "data": {"text/plain": "1", "image/png": "AA"}, "execution_count": 1}
    good |= {"metadata": {"image/png": {"width": 1, "height": 2}}}
    items: Any = [good, {"output_type": "stream", "name": "stdout", "text": "a"}]
    items.append({"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]})
    for _ in range(4):
        spoil(rng, items)
    outputs = as_outputs(json.loads(json.dumps(items).replace(f'"{HUGE}"', "1" * 4000)))
    text = json.dumps(outputs, allow_nan=False)
    text.encode()
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output) for output in json.loads(text)])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def unpack_any_message(seed: int) -> None:
    rng = random.Random(seed)
    message: Any = ["dict", ["a", ["list", 1, ["float", "nan"], ["array", "<f8", 2, 2]]], ["b", ["tuple", "x", None]]]
    for _ in range(rng.choice((0, 1, 3))):
        spoil(rng, message)
    text = json.dumps(message).replace(f'"{HUGE}"', HUGE_TEXT).encode()
    with contextlib.suppress(WireError):
        unpack(tear(rng, text) if rng.random() < 0.3 else text, rng.randbytes(rng.choice((0, 32, 31, 64))))


def render_any_text(seed: int) -> None:
    rng = random.Random(seed)
    text = any_text(rng)
    for page in (clean_html(text), markdown2html(Template("").new_context({"cell": {}}), text)):
        assert "<script" not in page.lower()


def open_any_zip(seed: int) -> None:
    rng = random.Random(seed)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for _ in range(rng.choice((0, 1, 3))):
            numbers = ["1", "9" * rng.choice((3, 4400)), "0", "anon_x"]
            who = rng.choice(["ana", "", "_", any_text(rng)[:200]])
            number, file_number = rng.choice(numbers), rng.choice(numbers)
            names = [f"{who}_{number}_{file_number}_{LAB}.ipynb", f"{who}_{number}_assignsubmission_file_/{LAB}.ipynb"]
            name = rng.choice([*names, any_text(rng)[:300]]).replace("\0", "").encode("utf-8", "replace").decode()
            archive.writestr(name or "x", rng.randbytes(100))
    content = packed.getvalue()
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(tear(rng, content) if rng.random() < 0.6 else content)
        file.flush()
        try:
            with open_source(Path(file.name)) as source:
                read_download(source, LAB, None)
                for entry in source.entries:
                    with contextlib.suppress(UnreadableError):
                        entry.read()
        except LmsError:
            pass


def read_any_receipt(seed: int) -> None:
    rng = random.Random(seed)
    origin = {"lms": "canvas", "number": "1", "name": "a", "file": "f", "late": False, "order": 1, "sha256": "0"}
    spoil(rng, origin)
    times = [
        "2026-01-31 12:00:00 UTC",
        "2026-01-31 12:00:00 ../../../etc/passwd",
        "1" * 90,
        "0001-01-01 00:00:00 +9999",
    ]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "ana" / LAB
        place.mkdir(parents=True)
        (place / "lms.json").write_text(json.dumps(origin).replace(f'"{HUGE}"', HUGE_TEXT), errors="replace")
        text = rng.choice(times)
        text = tear(rng, text.encode()).decode("utf-8", "replace") if rng.random() < 0.7 else any_text(rng)
        (place / "timestamp.txt").write_text(text, encoding="utf-8", errors="replace")
        read_origin(place)
        read_receipt(Submission("ana", LAB, place))


def cut_any_answer(seed: int) -> None:
    tokens_of(any_text(random.Random(seed)))


READERS: Mapping[str, Callable[[int], None]] = {
    "notebooks": read_any_notebook,
    "outputs": take_any_outputs,
    "messages": unpack_any_message,
    "pages": render_any_text,
    "zips": open_any_zip,
    "receipts": read_any_receipt,
    "answers": cut_any_answer,
}


def grade_any(seeds: range) -> list[Record]:
    """Grade a class of notebooks made from seeds."""
    with tempfile.TemporaryDirectory(prefix="coursekit-fuzz-") as folder:
        course = Path(folder) / "course"
        make_small_course(course)
        for seed in seeds:
            hand_in(course, f"seed-{seed:06}", {}).write_bytes(notebook_bytes(seed))
        return list(grade(LAB, course=course, limits=LIMITS, progress=progress_line(sys.stderr)).records)


def main() -> None:
    """Try all readers, then grade; exit with 1 if anything has failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=10_000, help="inputs for each reader (default: 10000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default: 0)")
    parser.add_argument("--only", choices=[*READERS, "rows"], help="one reader, or the grading, by itself")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.size)
    chosen = {name: act for name, act in READERS.items() if options.only in (None, name)}
    bad = sum(failures(name, act, seeds) for name, act in chosen.items())
    if options.only in (None, "rows"):
        bad += rows(seeds)
    sys.exit(1 if bad else 0)


def failures(name: str, act: Callable[[int], None], seeds: range) -> int:
    """Count and print the seeds at which a reader fails or takes too long."""
    bad, slowest, slowest_seed = 0, 0.0, 0
    for seed in seeds:
        began = time.perf_counter()
        try:
            act(seed)
        except Exception as error:
            bad += 1
            print(f"{name}, seed {seed}: {type(error).__name__}: {str(error)[:200]}", flush=True)
        took = time.perf_counter() - began
        if took > slowest:
            slowest, slowest_seed = took, seed
    late = slowest > READ_S + 5
    print(
        f"{name}: {len(seeds)} inputs, {bad} failures; the slowest took {slowest:.2f} s (seed {slowest_seed})",
        flush=True,
    )
    return bad + late


def rows(seeds: range) -> int:
    """Grade the notebooks; return how many have no row, or one that does not say how it went."""
    records = grade_any(seeds)
    slowest = max(records, key=lambda record: record.seconds)
    counts = {status: sum(r.status == status for r in records) for status in sorted({r.status for r in records})}
    print(f"rows: {len(records)} of {len(seeds)} notebooks, {counts}")
    print(f"the slowest took {slowest.seconds:.2f} s ({slowest.student})")
    return len(seeds) - len(records) + (slowest.seconds > float(LIMITS["submission_s"]) + READ_S + 5)


if __name__ == "__main__":
    main()
