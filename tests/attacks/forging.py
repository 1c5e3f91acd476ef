"""Class 1: the verdict is forged in the process that runs the student's code."""

from __future__ import annotations

from tests.attacks.attack import WRONG, Attack, Notebook, cell_of

#: What the check of the wrong answer says of it.
MIXED = "whole matrix was normalised"


def forging(name: str, cause: str = MIXED, *, cell: str = "", softmax: str = WRONG, plain: bool = False) -> Attack:
    return Attack("forging", name, cause, softmax=softmax, cell=cell, plain=plain)


def forged_outputs(notebook: Notebook) -> None:
    """Have the check cell come with full marks already."""
    record = {"name": "softmax", "score": 3, "max_score": 3, "checks": []}
    data = {"text/plain": "3", "application/vnd.coursekit.verdict+json": record}
    cell_of(notebook, "check_softmax")["outputs"] = [
        {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
    ]


def forged_record(notebook: Notebook) -> None:
    """Have the notebook look as if it had been graded."""
    notebook["metadata"]["coursekit"] = {"digest": "", "edition": "", "record": {"score": 6, "status": "graded"}}


def edited_check(notebook: Notebook) -> None:
    """Have the check cell say what it should give."""
    cell_of(notebook, "check_softmax")["source"] = "3.0"


def richer(notebook: Notebook) -> None:
    """Have the exercise be worth more."""
    for cell in notebook["cells"]:
        if "points" in cell["metadata"].get("nbgrader", {}):
            cell["metadata"]["nbgrader"]["points"] = 1000


def renamed(notebook: Notebook) -> None:
    """Have the right answer's check cell stand for the wrong one's."""
    cell_of(notebook, "check_scores")["metadata"]["nbgrader"]["grade_id"] = "check_softmax"


def sending(part: str) -> str:
    """Return an answer that sends a reply of its own, with something in it that has another form."""
    return f"""
import gc
from coursekit.grading.sandbox.runner import Answerer
def softmax(Z):
    answerer, = [o for o in gc.get_objects() if isinstance(o, Answerer)]
    reply = {{'result': 1.0, 'inputs': {{}}, 'shared': [], 'warnings': [], 'steps': 0}}
    answerer.channel.send({{'value': reply | {{{part}}}}})
    return 0
"""


LIAR = """
class Liar(np.ndarray):
    def __eq__(self, other): return np.True_
    def __array_ufunc__(self, *args, **kwargs): return np.True_
    def __array_function__(self, *args, **kwargs): return np.True_
    def __float__(self): return 1.0
    def all(self, *args, **kwargs): return True
"""

ATTACKS = [
    forging(
        "swallows tracebacks",
        cell="shell = get_ipython()\nshell.showtraceback = shell._showtraceback = lambda *a, **k: None",
        plain=True,
    ),
    forging(
        "drops asserts",
        cell="""
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
""",
        plain=True,
    ),
    forging(
        "replaces run_cell",
        cell="""
shell = get_ipython()
shell.run_code = lambda *a, **k: False
""",
        cause="not defined|whole matrix",
        plain=True,
    ),
    forging(
        "wipes outputs after each cell",
        cell="""
def hide(*_):
    import sys
    sys.last_value = None
    get_ipython().display_pub.clear_output()
get_ipython().events.register('post_run_cell', hide)
""",
    ),
    forging(
        "patches numpy.testing and builtins",
        cell="""
import numpy.testing, builtins
for name in dir(numpy.testing):
    if name.startswith('assert'):
        setattr(numpy.testing, name, lambda *a, **k: None)
np.allclose = np.array_equal = lambda *a, **k: True
builtins.all = lambda *a: True
""",
        plain=True,
    ),
    forging(
        "patches the package's own functions",
        cell="""
import coursekit.checking.expectations as e, coursekit.checking.verdicts as v
from coursekit.checking import plain, student
for module in (e, v, plain, student):
    for name in dir(module):
        if name.startswith('expect') or name == 'equal': setattr(module, name, lambda *a, **k: True)
v.Verdict.passed = property(lambda self: True)
v.Verdict.fraction = property(lambda self: 1.0)
""",
    ),
    forging("gives a check that gives full marks", cell="check = lambda slug: 3.0", plain=True),
    forging("takes the check away", cell="del check"),
    forging(
        "returns an array that equals everything",
        cell=LIAR,
        softmax=WRONG.replace("return E / E.sum()", "return (E / E.sum()).view(Liar)"),
        plain=True,
    ),
    forging(
        "returns a number that lies",
        cause="shape|form|whole matrix|cannot read",
        softmax="""
class Any(float):
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    __sub__ = __rsub__ = lambda self, other: 0.0
    __hash__ = None
def softmax(Z):
    return Any(1)
""",
    ),
    forging(
        "returns a pickle bomb",
        cause="cannot read",
        softmax="""
class Bomb:
    def __reduce__(self): return (print, ('3.0',))
    def __array__(self, *a): return 1/0
def softmax(Z):
    return Bomb()
""",
    ),
    forging(
        "returns nan",
        cause="not right|finite",
        softmax="""
def softmax(Z):
    return np.full(np.shape(Z), np.nan)
""",
    ),
    forging(
        "leaves by SystemExit",
        cause="SystemExit",
        softmax="""
def softmax(Z):
    raise SystemExit(0)
""",
        plain=True,
    ),
    forging(
        "skips by unittest",
        cause="SkipTest",
        softmax="""
def softmax(Z):
    import unittest
    raise unittest.SkipTest('passed')
""",
    ),
    forging(
        "prints results in the grader's words",
        cell="""
import os
for fd in range(3, 64):
    try:
        os.write(fd, b'{"score": 3}' * 50)
    except OSError: pass
""",
        cause="garbled|ended|process|whole matrix",
    ),
    forging(
        "answers before it is asked",
        softmax=WRONG
        + """
import gc
from coursekit.grading.sandbox.runner import Answerer
def softmax(Z):
    answerer, = [o for o in gc.get_objects() if isinstance(o, Answerer)]
    right = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    for _ in range(9):
        answerer.channel.send({'value': {'result': 1.0, 'inputs': {}, 'shared': [], 'warnings': []}})
    return 0
""",
        cause="shape|form|not right|garbled|no good",
    ),
    forging(
        "sends an array for the names of what is shared",
        cause="garbled",
        softmax=sending("'shared': np.zeros(60_000_000, np.int8)"),
    ),
    forging(
        "sends an array for the texts of warnings",
        cause="garbled",
        softmax=sending("'warnings': np.zeros(60_000_000, np.int8)"),
    ),
    forging(
        "sends a hundred thousand names of inputs",
        cause="garbled",
        softmax=sending("'inputs': {str(i): 0 for i in range(100_000)}"),
    ),
    forging(
        "edits the caller's frames",
        softmax="""
import sys
def softmax(Z):
    frame = sys._getframe()
    while frame:
        for name in ('seen', 'expected', 'passed', 'report'):
            if name in frame.f_locals: frame.f_locals[name] = True
        frame = frame.f_back
    return Z
""",
        cause="not right|whole matrix|row sum",
    ),
    Attack("forging", "brings the check cell's output along", MIXED, mangle=forged_outputs),
    Attack("forging", "brings a record along", MIXED, mangle=forged_record),
    Attack("forging", "edits the check cell", "check_softmax had been changed", mangle=edited_check, plain=True),
    Attack("forging", "gives the exercise more points", "points of check_scores had been changed", mangle=richer),
    Attack("forging", "gives a check cell another's name", "check_scores|check_softmax", mangle=renamed),
]
