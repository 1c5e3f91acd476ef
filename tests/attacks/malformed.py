"""Class 4: what is handed in is hardly a notebook."""

from __future__ import annotations

import json
from typing import Any

from tests.attacks.attack import Attack, Notebook, cell_of, code, copied

MIXED = "whole matrix was normalised"


def truncated(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode()[:2000]


def empty(notebook: Notebook) -> bytes:
    return b""


def binary(notebook: Notebook) -> bytes:
    return bytes(range(256)) * 100


def other_encoding(notebook: Notebook) -> bytes:
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


def from_the_future(notebook: Notebook) -> bytes:
    return json.dumps({**notebook, "nbformat": 99}).encode()


def old_format(notebook: Notebook) -> bytes:
    cells = []
    for cell in notebook["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"], "outputs": [], "language": "python"}
        cells.append(old | {"input" if cell["cell_type"] == "code" else "source": cell["source"]})
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()


def deeply_nested(notebook: Notebook) -> bytes:
    return b'{"nbformat": 4, "cells": ' + b"[" * 200_000


def many_cells(notebook: Notebook) -> bytes:
    return json.dumps({**notebook, "cells": notebook["cells"] * 2000}).encode()


def wrong_types(notebook: Notebook) -> None:
    notebook["cells"][1:1] = [None, 7, "cell", {"cell_type": 3, "source": {}, "metadata": []}]
    notebook["metadata"] = "none"


def without_metadata(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def without_checks(notebook: Notebook) -> None:
    notebook["cells"].remove(cell_of(notebook, "check_softmax"))


def twice(notebook: Notebook) -> None:
    at = notebook["cells"].index(cell_of(notebook, "check_scores"))
    notebook["cells"][at:at] = [copied(cell_of(notebook, "check_scores")) for _ in range(5)]


def retyped(notebook: Notebook) -> None:
    cell_of(notebook, "softmax")["cell_type"] = "raw"


def backwards(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def other_kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "../../bin/sh", "display_name": "sh", "language": "bash"}


def half_characters(notebook: Notebook) -> None:
    cell_of(notebook, "softmax")["source"] += "\n# \ud800 \u202e \x00"


def extra_cell(source: str) -> Any:
    def mangle(notebook: Notebook) -> None:
        notebook["cells"].insert(1, code(source))

    return mangle


def almost_alike(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    notebook["cells"][1:1] = [code("# " + "".join(chr(97 + (i * j) % 26) for i in range(3900))) for j in range(3, 60)]


def lists_without_end(notebook: Notebook) -> bytes:
    return b'{"nbformat": 4, "cells": [' + b"[]," * 16_000_000 + b"[]]}"


def old_format_without_end(notebook: Notebook) -> bytes:
    old = {"cell_type": "code", "input": "x", "outputs": [], "language": "python", "metadata": {}}
    text = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [old] * 20_000}]})
    return text.encode()


def malformed(name: str, cause: str, mangle: Any, *, plain: bool = False) -> Attack:
    return Attack("malformed", name, cause, mangle=mangle, plain=plain)


ATTACKS = [
    malformed("cut short", "JSON is broken", truncated, plain=True),
    malformed("an empty file", "it is empty", empty),
    malformed("a binary file", "is not a notebook", binary),
    malformed("another encoding", "read as utf-16", other_encoding),
    malformed("a format from the future", "nbformat is 99", from_the_future),
    malformed("an old format", "old format", old_format),
    malformed("nested too deeply", "nested too deeply", deeply_nested),
    malformed("a hundred thousand cells", "cells; the most is", many_cells),
    malformed("cells of the wrong type", MIXED, wrong_types),
    malformed("without metadata", MIXED, without_metadata, plain=True),
    malformed("without a check cell", "check_softmax was missing", without_checks),
    malformed("a check cell six times", "check_scores was there more than once", twice),
    malformed("an answer in a raw cell", "softmax had become a raw cell", retyped),
    malformed("backwards", "changed places", backwards),
    malformed("another kernel", MIXED, other_kernel),
    malformed("lists that fill the memory", "MiB of memory to read|takes more than", lists_without_end),
    malformed("an old format that takes minutes", "takes more than|cells; the most is", old_format_without_end),
    malformed("a cell of three megabytes", "characters together", extra_cell("x = 1\n" * 500_000)),
    malformed("a cell of one long expression", MIXED, extra_cell("-" * 90_000 + "1")),
    malformed("blank lines by the hundred thousand", MIXED, extra_cell("\n" * 300_000 + "x = 1")),
    malformed("cells that are almost alike", MIXED, almost_alike),
    malformed("half characters and a null", "whole matrix|not written|not defined|null", half_characters),
]
