"""Kernels that students write: launched on the model of a GPU, beside the student's code.

The model is made anew from its own text for each check, so that nothing that a notebook does to ``coursekit.gpu`` is of
use. The kernel is what its own text says, and this text may read and write what is counted, and nothing else: it names
no private attribute, sets no attribute, and asks for none by a computed name. Besides, what the model keeps inside goes
by other names each time.
"""

from __future__ import annotations

import ast
import inspect
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from coursekit import gpu
from coursekit.checking.expectations import expect
from coursekit.checking.failures import NotWrittenError, StudentError
from coursekit.checking.rules import by_itself
from coursekit.checking.student import Student
from coursekit.errors import GpuError
from coursekit.gpu import launch

__all__ = ["case", "launched"]

_HINTS = {
    "bounds": (
        "The grid may reach past the edge: let a thread ask, with if, whether its element is there before it reads or"
        " writes. If no edge is near, are row and column exchanged?"
    ),
    "race": (
        "What one thread writes, no other may touch before the next barrier. Give each thread an element of its own,"
        " or put yield me.barrier() between."
    ),
    "barrier": "Put the if around the reading and the writing, not around the barrier, and return before none.",
    "unwritten": "Fill shared memory first, every element of it that is read: with 0 where the matrix has ended.",
    "yield": "Write the barrier as `yield me.barrier()`, and yield nothing else.",
    "index": "Ask for one element by whole numbers, as in A[row, column]; // divides whole numbers.",
    "value": "Compute with elements, such as x[i], and not with whole arrays.",
    "shared": "Ask for one shared array for each matrix, of tile × tile, under a name of its own.",
}
#: What a kernel's arguments have.
_KNOWN = tuple(
    sorted(
        {
            *gpu.Index._fields,
            *("block", "thread", "size", "blocks", "shared", "barrier"),
            *("name", "shape", "item_bytes"),
        }
    )
)
_WHOLE = "Use the arrays that the kernel is given, element by element, and what me has; nothing else is counted."


def case(
    inputs: Sequence[Any], blocks: int | tuple[int, int], threads: int | tuple[int, int], *, seed: int = 0
) -> dict[str, Any]:
    """Describe a launch.

    Args:
        inputs: Arrays, which become float32, and numbers.
        blocks: As for :func:`coursekit.gpu.launch`.
        threads: As there.
        seed: Of the order of the threads.
    """
    single = [np.asarray(each, dtype=np.float32) if isinstance(each, np.ndarray) else each for each in inputs]
    return {"inputs": single, "blocks": blocks, "threads": threads, "seed": seed}


def launched(student: Student, slug: str, probe: Callable[..., Any], cases: list[dict[str, Any]]) -> list[Any]:
    """Have a kernel launched, and return for each case its arrays and its counts.

    Args:
        student: The student's code.
        slug: The kernel's name.
        probe: A function of the kernel, ``text`` and ``cases`` that runs the text and calls what it defines last,
            ``_attempt``, with the kernel and the cases: see lab 05.
        cases: What :func:`case` gives.

    Raises:
        NotWrittenError: If the kernel is still a stub.
        StudentError: If it stops with an error.
        CheckFailure: If it does what a GPU leaves to chance, in any of the cases.
    """
    _expect_defined(student, slug)
    with by_itself(student, slug, hint=_WHOLE, known=_KNOWN) as text:
        for_others = sorted(set(_not_for_kernels(text)))
        expect(not for_others, f"The kernel uses {', '.join(for_others[:5])}, which is not for kernels.", hint=_WHOLE)
        stopped: StudentError | None = None
        try:
            found = student.run(probe, text=_text(), cases=cases)
        except StudentError as error:
            stopped = error
    if stopped is not None:
        # The notebook's own function stops in the same way, and in a line of its cell, which is then named.
        student.run(probe, text=_text(), cases=cases)
        raise stopped
    known = isinstance(found, list) and all(isinstance(made, dict) and "fault" in made for made in found)
    expect(known and bool(found), "The launch gave nothing that the check can read.", hint=_WHOLE)
    for made in found:
        expect(not made["fault"], made["said"], hint=_HINTS.get(made["fault"], _WHOLE))
    return list(found)


def _expect_defined(student: Student, slug: str) -> None:
    """Expect that the kernel is there: of one that nobody has written, nothing else is to be said."""
    try:
        student.source(slug)
    except NotWrittenError:
        raise
    except StudentError:
        # Where its text cannot be found, what it reaches will tell.
        return


def _not_for_kernels(text: str) -> Iterator[str]:
    """Yield what could reach past what is counted: private attributes, attributes that are set, lists of names."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and (node.attr.startswith("_") or not isinstance(node.ctx, ast.Load)):
            yield ast.unparse(node)
        elif isinstance(node, ast.Name) and node.id == "dir":
            yield node.id
        elif isinstance(node, ast.MatchClass):
            yield from (name for name in node.kwd_attrs if name.startswith("_"))


def _text() -> str:
    """Return the text of a model, whose private names nobody has seen."""
    private, token = set(re.findall(r"self\.(_[a-z]\w*)", _MODEL)), secrets.token_hex(4)
    return re.sub(rf"\b({'|'.join(sorted(private))})\b", rf"\1_{token}", _MODEL)


def _attempt(kernel: Callable[..., Any], cases: list[dict[str, Any]]) -> list[Any]:
    """Launch a kernel for each case, up to the first that fails. Only this text runs, below the model's."""
    done: list[Any] = []
    for each in cases:
        arrays = [item.copy() if isinstance(item, np.ndarray) else item for item in each["inputs"]]
        try:
            run = launch(kernel, *arrays, blocks=each["blocks"], threads=each["threads"], seed=each["seed"])
        except GpuError as fault:
            return [*done, {"fault": fault.kind, "said": str(fault)}]
        counts = {name: getattr(run, name) for name in ("reads", "writes", "transactions", "shared_reads", "barriers")}
        done.append({"fault": "", "said": "", "arrays": arrays, **counts})
    return done


_MODEL = f"{inspect.getsource(gpu)}\n\n{inspect.getsource(_attempt)}"
