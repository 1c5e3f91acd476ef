"""Which file it is: a second notebook, another name, an archive, a file of another kind."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping

from tests.field.case import CUTS, Case, Notebook, cell_of, finished, released, stub

#: What an exercise deserves that nobody can read.
NOTHING = "none"


def _written(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def untouched_beside_a_copy(notebook: Notebook) -> Mapping[str, bytes]:
    return {"01_softmax.ipynb": _written(released("01_softmax")), "01_softmax (1).ipynb": _written(notebook)}


def untouched_beside_final(notebook: Notebook) -> Mapping[str, bytes]:
    return {"00_numpy.ipynb": _written(released("00_numpy")), "final/00_numpy.ipynb": _written(notebook)}


def half_beside_a_copy(notebook: Notebook) -> Mapping[str, bytes]:
    half = finished("05_gemm")
    for slug in CUTS["05_gemm"].exercises[1:]:
        stub(half, slug, "05_gemm")
    return {"05_gemm.ipynb": _written(half), "05_gemm-Copy1.ipynb": _written(notebook)}


def whole_beside_half(notebook: Notebook) -> Mapping[str, bytes]:
    half = finished("02_backprop")
    stub(half, "neuron", "02_backprop")
    return {"02_backprop.ipynb": _written(notebook), "02_backprop-old.ipynb": _written(half)}


def in_a_zip(notebook: Notebook) -> Mapping[str, bytes]:
    return {"work.zip": _zipped({"03_mlp/03_mlp.ipynb": _written(notebook), "03_mlp/data.csv": b"1"})}


def a_zip_named_like_the_notebook(notebook: Notebook) -> bytes:
    return _zipped({"04_cnn.ipynb": _written(notebook)})


def deep_in_folders(notebook: Notebook) -> Mapping[str, bytes]:
    return {"downloads/unzipped/mine/01_softmax.ipynb": _written(notebook)}


def with_another_ending(notebook: Notebook) -> Mapping[str, bytes]:
    return {"00_numpy.ipynb.txt": _written(notebook)}


def with_huge_outputs(notebook: Notebook) -> bytes:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 55_000_000}}
    cell_of(notebook, "check_softmax")["outputs"] = [picture]
    return _written(notebook)


def with_a_conflict_in_its_outputs(notebook: Notebook) -> bytes:
    cell_of(notebook, "check_relu")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["CONFLICT"]}]
    text = json.dumps(notebook, indent=1)
    return text.replace('"CONFLICT"', '\n<<<<<<< HEAD\n"a"\n=======\n"b"\n>>>>>>> theirs\n').encode()


def with_a_mark_of_the_byte_order(notebook: Notebook) -> bytes:
    return b"\xef\xbb\xbf" + _written(notebook)


def in_utf_16(notebook: Notebook) -> bytes:
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


def with_a_picture_within_words(notebook: Notebook) -> None:
    picture = "A" * 3_000_000
    words = {"cell_type": "markdown", "metadata": {}, "source": f"![sketch](data:image/png;base64,{picture})"}
    notebook["cells"].insert(2, words)


def with_zeros_at_its_end(notebook: Notebook) -> bytes:
    return _written(notebook) + b"\n" + b"\0" * 4096


def in_format_3(notebook: Notebook) -> bytes:
    for cell in notebook["cells"]:
        cell |= {"input": "".join(cell.pop("source")), "language": "python"} if cell["cell_type"] == "code" else {}
    return _written({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": notebook["cells"]}]})


def a_web_page(notebook: Notebook) -> bytes:
    return b"<!DOCTYPE html>\n<html><head><title>01_softmax - Colab</title></head></html>"


def a_link_to_drive(notebook: Notebook) -> bytes:
    return b'{"url": "https://drive.google.com/open?id=1x", "doc_id": "1x", "email": "me@example.org"}'


def with_merge_marks(notebook: Notebook) -> bytes:
    text = json.dumps(notebook, indent=1)
    return text.replace('\n   "source"', '\n<<<<<<< HEAD\n   "source"', 1).encode()


def a_script(notebook: Notebook) -> Mapping[str, bytes]:
    source = "\n\n".join("".join(cell["source"]) for cell in notebook["cells"])
    return {"03_mlp.py": source.encode()}


def a_page_and_a_picture(notebook: Notebook) -> Mapping[str, bytes]:
    return {"04_cnn.html": b"<html lang='en'></html>", "plot.png": b"\x89PNG\r\n"}


def another_labs(notebook: Notebook) -> bytes:
    return _written(finished("00_numpy"))


def another_labs_without_metadata(notebook: Notebook) -> bytes:
    other = finished("01_softmax")
    other["metadata"] = {}
    for cell in other["cells"]:
        cell["metadata"] = {}
    return _written(other)


def cut_short(notebook: Notebook) -> bytes:
    return _written(notebook)[:-400]


def _refused(name: str, lab: str, edit: object, said: str) -> Case:
    deserves = dict.fromkeys(CUTS[lab].exercises, NOTHING)
    return Case(name, lab, edit, deserves=deserves, status="malformed", said=said)  # type: ignore[arg-type]


CASES = [
    Case("untouched beside a copy", "01_softmax", untouched_beside_a_copy, said=r"'01_softmax \(1\).ipynb' was taken"),
    Case("untouched beside final", "00_numpy", untouched_beside_final, said="'final/00_numpy.ipynb' was taken"),
    Case("half beside a whole copy", "05_gemm", half_beside_a_copy, said="'05_gemm-Copy1.ipynb' was taken"),
    Case("whole beside half", "02_backprop", whole_beside_half, said="'02_backprop.ipynb' was taken"),
    Case("in a zip", "03_mlp", in_a_zip, said="work.zip is a zip archive; the notebook in it was taken"),
    Case("a zip named like it", "04_cnn", a_zip_named_like_the_notebook, said="the notebook in it was taken"),
    Case(
        "deep in folders",
        "01_softmax",
        deep_in_folders,
        said="'downloads/unzipped/mine/01_softmax.ipynb'; it was taken",
    ),
    Case("with another ending", "00_numpy", with_another_ending, said=r"'00_numpy.ipynb.txt'; it was taken"),
    Case("huge outputs", "01_softmax", with_huge_outputs),
    Case("a conflict in outputs", "03_mlp", with_a_conflict_in_its_outputs),
    Case("a mark of the byte order", "05_gemm", with_a_mark_of_the_byte_order),
    Case("a picture within words", "01_softmax", with_a_picture_within_words),
    Case("zeros at its end", "04_cnn", with_zeros_at_its_end),
    Case("in format 3", "03_mlp", in_format_3, said="The file has an old format; it was converted"),
    Case("in UTF-16", "02_backprop", in_utf_16, said="read as utf-16"),
    _refused("a web page", "01_softmax", a_web_page, r"a web page \(HTML\).* Hand in the .ipynb"),
    _refused("a link to Drive", "00_numpy", a_link_to_drive, "a link to Google Drive.* Hand in the .ipynb"),
    _refused("merge marks", "05_gemm", with_merge_marks, r"merge conflict \(line \d+: <<<<<<< HEAD\)"),
    _refused("a script", "03_mlp", a_script, "only '03_mlp.py', a Python script. Hand in the .ipynb"),
    _refused("a page and a picture", "04_cnn", a_page_and_a_picture, "'04_cnn.html', a web page"),
    _refused("another lab's", "01_softmax", another_labs, "the notebook of 00_numpy, and not of 01_softmax"),
    _refused(
        "another lab's without metadata",
        "02_backprop",
        another_labs_without_metadata,
        "the notebook of 01_softmax, and not of 02_backprop",
    ),
    _refused("cut short", "02_backprop", cut_short, "as of a file that was cut short"),
]
