"""Answers that lie about what is measured in their process: ``python tests/attacks/lying.py`` prints what they earn.

Each is a lab with one exercise in it, an answer, and cells of the student's own above it; its twin is the same wrong
answer without the lie. The controls are honest work that looks a little like it.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.grading.execution import Job, Run, run_submission
from coursekit.grading.limits import Limits

__all__ = ["CONTROLS", "LIES", "Lie", "graded", "outcome"]

ROOT = Path(__file__).parents[2]
LIMITS = Limits(cell_s=20, call_s=10, submission_s=90)


@dataclass(frozen=True)
class Lie:
    """A submission of one exercise.

    Attributes:
        kind: What it lies about.
        name: How.
        lab: The lab's stem.
        slug: The exercise.
        answer: The text of its cell.
        cells: Cells of the student's own, above it.
        twin: The same answer without the lie; of an honest one, empty.
        noticed: Whether it is listed for somebody to look at.
        below: A cell between the answer and its check.
        sandboxed: Whether it takes the sandbox to stop it.
    """

    kind: str
    name: str
    lab: str
    slug: str
    answer: str
    cells: tuple[str, ...] = ()
    twin: str = ""
    noticed: bool = False
    below: str = ""
    sandboxed: bool = False


def graded(lie: Lie, answer: str, cells: tuple[str, ...] = (), below: str = "", sandbox: str = "bubblewrap") -> Run:
    """Grade a notebook with one exercise in it."""
    text = (ROOT / "notebooks" / lie.lab / f"{lie.lab}.ipynb").read_text(encoding="utf-8")
    released = json.loads(text)
    released["cells"] = [cell for cell in released["cells"] if _is_kept(cell, lie.slug)]
    for cell in released["cells"]:
        cell["source"] = "".join(cell["source"])
    submitted = json.loads(json.dumps(released))
    at = next(i for i, cell in enumerate(submitted["cells"]) if _grade_id(cell) == lie.slug)
    submitted["cells"][at]["source"] = answer
    submitted["cells"][at + 1 : at + 1] = [_code(below)] if below else []
    submitted["cells"][at:at] = [_code(cell) for cell in cells]
    hidden = (ROOT / "autograde" / "hidden" / f"{lie.lab}.py").read_text(encoding="utf-8")
    content, name = json.dumps(submitted).encode(), f"{lie.lab}.ipynb"
    return run_submission(
        Job(content, name, lie.lab, json.dumps(released), hidden, seed=4321, limits=LIMITS, sandbox=sandbox)
    )


def outcome(lie: Lie, *, sandbox: str = "bubblewrap") -> dict[str, Any]:
    """Return what a submission earns, what its twin earns, and what was noticed."""
    run = graded(lie, lie.answer, lie.cells, lie.below, sandbox)
    exercise = next(each for each in run.exercises if each.name == lie.slug)
    return {
        "score": exercise.score,
        "twin": _score_of(lie.lab, lie.slug, lie.twin, sandbox) if lie.twin else exercise.max_score,
        "noticed": list(run.noticed),
        "said": [run.message, *(check.message for check in exercise.checks if not check.passed)],
    }


@functools.cache
def _score_of(lab: str, slug: str, answer: str, sandbox: str) -> float:
    run = graded(Lie("", "", lab, slug, answer), answer, sandbox=sandbox)
    return next(each.score for each in run.exercises if each.name == slug)


def main() -> None:
    """Print what came of each, by kind and name."""
    print(json.dumps({f"{lie.kind}: {lie.name}": outcome(lie) for lie in (*LIES, *CONTROLS)}))


def _is_kept(cell: dict[str, Any], slug: str) -> bool:
    looked_at = "explore" in cell["metadata"].get("tags", [])
    return cell["cell_type"] == "code" and not looked_at and _grade_id(cell).removeprefix("check_") in ("", slug)


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


LOOP = """
def pairwise_sq_dists(A, B):
    A, B = np.asarray(A, float), np.asarray(B, float)
    D = np.zeros((len(A), len(B)))
    for i in range(len(A)):
        for j in range(len(B)):
            D[i, j] = np.sum((A[i] - B[j]) ** 2)
    return D
"""
NO_LOOP = "def pairwise_sq_dists(A, B):\n    return ((A[:, None].astype(float) - B) ** 2).sum(axis=2)\n"
SLOW = LOOP.replace("def pairwise_sq_dists", "def slow")


def _loop(name: str, answer: str, *cells: str, noticed: bool = False) -> Lie:
    return Lie("loops", name, "00_numpy", "pairwise_sq_dists", answer, cells, LOOP, noticed)


def _begun_with(first: str) -> str:
    return LOOP.replace("    A, B = np", "".join(f"    {line}\n" for line in first.splitlines()) + "    A, B = np", 1)


LOOPS = (
    _loop(
        "tracing switched off",
        _begun_with("import sys; sys.settrace(None); sys._getframe().f_trace = None"),
        noticed=True,
    ),
    _loop(
        "tracing switched off by a computed name",
        _begun_with("import sys; getattr(sys, 'set' + 'trace')(None)"),
        noticed=True,
    ),
    _loop("sys.settrace replaced in a cell", LOOP, "import sys\nsys.settrace = lambda function: None"),
    _loop(
        "the frame of a traceback",
        _begun_with(
            "try: 1 / 0\nexcept ZeroDivisionError as e: frame = e.__traceback__.tb_frame\nframe.f_trace = None"
        ),
    ),
    _loop(
        "a thread",
        SLOW
        + """
def pairwise_sq_dists(A, B):
    import threading
    got = []
    thread = threading.Thread(target=lambda: got.append(slow(A, B)))
    thread.start(); thread.join()
    return got[0]
""",
    ),
    _loop(
        "a process",
        SLOW
        + """
def pairwise_sq_dists(A, B):
    import multiprocessing
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(slow, (A, B))
""",
    ),
    _loop(
        "an audit hook",
        SLOW
        + """
import sys
box = {}
def hook(event, args):
    if event == "mine": box["got"] = slow(*args)
sys.addaudithook(hook)
def pairwise_sq_dists(A, B):
    sys.audit("mine", A, B)
    return box["got"]
""",
    ),
    _loop(
        "a profile function",
        SLOW
        + """
def pairwise_sq_dists(A, B):
    import sys
    box = []
    def profile(frame, event, arg):
        if not box: box.append(slow(A, B))
    sys.setprofile(profile)
    len([])
    sys.setprofile(None)
    return box[0]
""",
        noticed=True,
    ),
    _loop(
        "the count rewritten",
        LOOP.replace(
            "    return D",
            """
    import sys
    frame = sys._getframe()
    while frame:
        counts = frame.f_locals.get("counts")
        if isinstance(counts, list) and counts: counts[-1] = 5
        frame = frame.f_back
    return D""",
        ),
        noticed=True,
    ),
    _loop(
        "an attribute of numpy", SLOW + "\nnp.distances = slow\npairwise_sq_dists = lambda A, B: np.distances(A, B)\n"
    ),
    _loop(
        "a fork",
        SLOW
        + """
import os
def pairwise_sq_dists(A, B):
    ours, theirs = os.pipe()
    if os.fork() == 0:
        os.write(theirs, slow(A, B).tobytes())
        os._exit(0)
    os.close(theirs)
    return np.frombuffer(os.read(ours, 60_000)).reshape(len(A), len(B)).copy()
""",
    ),
    _loop(
        "another function under its name than the text says",
        "def pairwise_sq_dists(A, B):\n    return np.zeros((len(A), len(B)))\n"
        + SLOW
        + "\nglobals()['pairwise_' + 'sq_dists'] = slow\n",
    ),
    _loop(
        "no loop for the sizes that are looked at",
        LOOP.replace("    A, B = np", "    if len(A) in (4, 40): return np.zeros((len(A), len(B)))\n    A, B = np"),
    ),
)

AT = "def matmul_loops(A, B, C):\n    C += A @ B\n    return C\n"
ADD = "def add_product(A, B, C):\n    C += A @ B\n    return C\n"
CALLS = "def matmul_loops(A, B, C):\n    return add_product(A, B, C)\n"
ADDED = "def matmul_loops(A, B, C):\n    C += np.product_of(A, B)\n    return C\n"
THREE = """
def matmul_loops(A, B, C):
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for p in range(A.shape[1]):
                C[i, j] += A[i, p] * B[p, j]
    return C
"""


def _product(name: str, answer: str, *cells: str, below: str = "", noticed: bool = False) -> Lie:
    return Lie("rules", name, "05_gemm", "matmul_loops", answer, cells, AT, noticed, below)


RULES = (
    _product("a helper in another cell", CALLS, ADD),
    _product("a lambda in another cell", CALLS, "add_product = lambda A, B, C: np.add(C, A @ B, out=C)"),
    _product(
        "a list of functions", CALLS.replace("add_product", "tools[0]"), "tools = []", f"{ADD}tools.append(add_product)"
    ),
    _product(
        "a method",
        CALLS.replace("add_product", "tool.go"),
        "class Tool:\n    def go(self, A, B, C):\n        C += A @ B\n        return C\ntool = Tool()",
    ),
    _product(
        "an operator of one's own",
        "def matmul_loops(A, B, C):\n    P = Quick(A) * B\n    C += P\n    return C\n",
        "class Quick:\n    def __init__(self, A): self.A = A\n    def __mul__(self, B): return self.A @ B",
    ),
    _product("text that exec has run", CALLS, f"exec({ADD.replace('@', '#')!r}.replace('#', chr(64)))"),
    _product("an entry of globals", CALLS, "globals()['add_' + 'product'] = lambda A, B, C: np.add(C, A @ B, out=C)"),
    _product(
        "a name bound again below",
        "def matmul_loops(A, B, C):\n    return C\n",
        below=f"{ADD}matmul_loops = add_product",
    ),
    _product(
        "a computed name bound again below",
        "def matmul_loops(A, B, C):\n    return C\n",
        below=f"{ADD}globals()['matmul_' + 'loops'] = add_product",
    ),
    _product(
        "an input transformer",
        "def matmul_loops(A, B, C):\n    C += A + B\n    return C\n",
        "get_ipython().input_transformers_post.append(lambda lines: [l.replace('A + B', 'A @ B') for l in lines])",
        noticed=True,
    ),
    _product(
        "a transformer of syntax trees",
        "def matmul_loops(A, B, C):\n    C += A % B\n    return C\n",
        "import ast\nclass T(ast.NodeTransformer):\n    def visit_Mod(self, node): return ast.MatMult()\n"
        "get_ipython().ast_transformers.append(T())",
        noticed=True,
    ),
    _product(
        "another way to read cells",
        "def matmul_loops(A, B, C):\n    C += A + B\n    return C\n",
        "shell = get_ipython()\nread = shell.transform_cell\n"
        "shell.transform_cell = lambda text: read(text).replace('A + B', 'A @ B')",
        noticed=True,
    ),
    _product(
        "an attribute of numpy", CALLS.replace("add_product", "np.add_product"), f"{ADD}np.add_product = add_product"
    ),
    _product(
        "a computed attribute", "def matmul_loops(A, B, C):\n    C += getattr(np, 'mat' + 'mul')(A, B)\n    return C\n"
    ),
    _product("a computed attribute of numpy", ADDED, "setattr(np, 'product' + '_of', np.matmul)"),
    _product(
        "what a file holds",
        "def matmul_loops(A, B, C):\n    C += np.load('tool.npy', allow_pickle=True)[()](A, B)\n    return C\n",
        "import operator\nnp.save('tool.npy', np.array(operator.matmul, dtype=object), allow_pickle=True)",
    ),
    _product(
        "a module's function replaced",
        "def matmul_loops(A, B, C):\n    C += np.fft.fft(A, B)\n    return C\n",
        "vars(np.fft)['f' + 'ft'] = np.matmul",
    ),
    _product(
        "a name that a module looks up",
        "import pkgutil\n" + ADDED.replace("np.product_of", "pkgutil.resolve_name('operator:mat' + 'mul')"),
    ),
    _product(
        "a text that a module runs",
        "import cProfile\ndef matmul_loops(A, B, C):\n"
        "    cProfile.Profile().runctx('C += A ' + chr(64) + ' B', {'A': A, 'B': B, 'C': C}, {})\n    return C\n",
    ),
    _product(
        "a pattern's attribute",
        "def matmul_loops(A, B, C):\n    match np:\n        case object(matmul=product):\n"
        "            C += product(A, B)\n    return C\n",
    ),
    _product("numpy's matrices", ADDED.replace("np.product_of(A, B)", "np.asarray(np.asmatrix(A) * np.asmatrix(B))")),
    _product(
        "a default",
        CALLS.replace("(A, B, C):", "(A, B, C, f=product):").replace(
            "return add_product(A, B, C)", "return np.add(C, f(A, B), out=C)"
        ),
        "import operator\nproduct = operator.matmul",
    ),
)

NO_TIME = "def time_call(fn, *, sync, warmup, repeats, clock):\n    return 0.0\n"
SIGNATURE = "def time_call(fn, *, sync, warmup, repeats, clock):\n"
GIVEN = "(fn, sync=sync, warmup=warmup, repeats=repeats, clock=clock).median_s\n"
SPACE = """
import sys, types
from coursekit.bench import timing
space = sys.modules['mine'] = types.ModuleType('mine')
"""


def _borrowed(name: str, body: str, *cells: str, sandboxed: bool = False) -> Lie:
    answer = f"{SIGNATURE}    {body}{GIVEN}"
    return Lie("borrowing", name, "05_gemm", "time_call", answer, cells, NO_TIME, sandboxed=sandboxed)


def _read(name: str, body: str, *cells: str) -> Lie:
    answer = (
        "def read_idx(path):\n"
        "    head = Path(path).read_bytes()\n"
        "    head = gzip.decompress(head) if head[:2] == b'\\x1f\\x8b' else head\n"
        f"    try:\n        {body}\n"
        "    except Exception as error:\n        raise ValueError(str(error))\n"
    )
    return Lie(
        "borrowing", name, "00_numpy", "read_idx", answer, cells, "def read_idx(path):\n    return np.zeros(3)\n"
    )


BORROWING = (
    _borrowed("an import within", "from coursekit.bench import timing\n    return timing.time_call"),
    _borrowed("a name of another cell", "return other.time_call", "from coursekit.bench import timing as other"),
    _borrowed("importlib", "import importlib\n    return importlib.import_module('course' + 'kit.bench').time_call"),
    _borrowed("sys.modules", "import sys\n    return sys.modules['course' + 'kit.bench.timing'].time_call"),
    _borrowed("getattr", "return getattr(tools, 'time_' + 'call')", "from coursekit import bench as tools"),
    _borrowed(
        "functools.partial",
        "return part",
        "import functools\nfrom coursekit import bench\npart = functools.partial(bench.time_call)",
    ),
    _borrowed(
        "a copy of the code",
        "return copied",
        "import types\nfrom coursekit.bench import timing\n"
        "copied = types.FunctionType(timing.time_call.__code__, vars(timing))",
    ),
    _borrowed(
        "inspect.getsource",
        "return space.time_call",
        f"{SPACE}import inspect\nexec(inspect.getsource(timing), vars(space))",
        sandboxed=True,
    ),
    _borrowed(
        "the file", "return space.time_call", f"{SPACE}exec(open(timing.__file__).read(), vars(space))", sandboxed=True
    ),
    _borrowed(
        "the loader",
        "return space.time_call",
        f"{SPACE}exec(timing.__loader__.get_code(timing.__name__), vars(space))",
        sandboxed=True,
    ),
    _borrowed(
        "another program",
        "return space.time_call",
        f"{SPACE}import subprocess\n"
        "exec(subprocess.run(['cat', timing.__file__], capture_output=True, text=True).stdout, vars(space))",
        sandboxed=True,
    ),
    _borrowed(
        "what stands behind the gate",
        "return mine",
        "from coursekit.bench import timing\n"
        "mine = timing.__coursekit_gate__.keywords['kept']['coursekit.bench.timing.time_call']",
    ),
    _borrowed(
        "the gate opened",
        "return timing.time_call",
        "from coursekit.bench import timing\ngate = timing.__coursekit_gate__.func.__self__\n"
        "gate._within.add(id(globals()))",
    ),
    _borrowed(
        "a function that calls itself a check's",
        "return mine",
        "from coursekit.bench import timing\n"
        "exec(compile('def mine(*a, **k):\\n    return timing.time_call(*a, **k)', '<check me>', 'exec'), globals())",
    ),
    _borrowed(
        "a function among the package's own",
        "return mine",
        "import types\nfrom coursekit.bench import timing\n"
        "mine = types.FunctionType((lambda *a, **k: time_call(*a, **k)).__code__, vars(timing))",
    ),
    _borrowed(
        "the package's own caller",
        "return call",
        "import functools\nfrom coursekit.bench import timing\nfrom coursekit.checking.steps import counted\n"
        "def call(*a, **k):\n    return counted(functools.partial(timing.time_call, *a, **k), [])\n",
    ),
    _read(
        "the package's reader",
        "return read(path, ndim=head[3])",
        "from coursekit.datasets.mnist import read_idx as read",
    ),
    _read(
        "the package's reader by a computed name",
        "return getattr(mnist, 'read_' + 'idx')(path, ndim=head[3])",
        "import sys\nmnist = sys.modules['course' + 'kit.datasets.mnist']",
    ),
)

IN_PLACE = """
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)
"""
NAIVE = "def softmax(Z):\n    E = np.exp(Z)\n    return E / E.sum(axis=1, keepdims=True)\n"
SOFTMAX = IN_PLACE.replace("Z -= Z.max", "Z = Z - Z.max")


def _hidden(name: str, *cells: str, answer: str = IN_PLACE, twin: str = IN_PLACE, noticed: bool = True) -> Lie:
    return Lie("hiding", name, "01_softmax", "softmax", answer, cells, twin, noticed)


HIDING = (
    _hidden(
        "what observes is replaced",
        """
import coursekit.checking.student as s, coursekit.checking.plain as p
old = s.LocalStudent.observe
def observe(self, call):
    seen = old(self, call)
    before = dict(zip(seen.inputs, p.to_plain(list(call.args)))) | p.to_plain(dict(call.kwargs))
    return s.Observation(seen.result, before, [], [])
s.LocalStudent.observe = observe
""",
    ),
    _hidden(
        "what prepares a call is replaced",
        """
import coursekit.checking.student as s, coursekit.checking.plain as p
old = s.LocalStudent._prepared
def prepared(self, call):
    what, act, given = old(self, call)
    return what, act, p.to_plain(given)
s.LocalStudent._prepared = prepared
""",
    ),
    _hidden(
        "what is observed is another class",
        """
import coursekit.checking.student as s
class Lying(s.Observation):
    def as_plain(self): return super().as_plain() | {"inputs": {}, "shared": [], "warnings": []}
s.Observation = Lying
""",
    ),
    _hidden(
        "what sends is replaced",
        """
import coursekit.grading.sandbox.wire as w
old = w.Channel.send
def send(self, message, **k):
    if isinstance(message.get("value"), dict): message["value"]["inputs"] = {}
    return old(self, message, **k)
w.Channel.send = send
""",
    ),
    _hidden(
        "the code of a function is replaced",
        """
import coursekit.checking.student as s
def to_plain(value):
    import numpy
    if isinstance(value, numpy.ndarray) and value.shape == numpy.shape(KEPT): return KEPT
    return value
s.to_plain.__code__ = to_plain.__code__
""",
    ),
    _hidden(
        "a built-in is shadowed",
        """
import coursekit.checking.student as s
s.isinstance = lambda value, kind: isinstance(value, kind)
s.zip = lambda *each, strict=False: iter(())
""",
    ),
    _hidden(
        "it is replaced during the call",
        answer=IN_PLACE.replace(
            "    Z -= ",
            """
    import coursekit.checking.student as s
    kept, old = Z.copy(), s.to_plain
    s.to_plain = lambda value: old(kept) if value is Z else old(value)
    Z -= """,
        ),
    ),
    _hidden(
        "warnings are not recorded",
        """
import warnings
warnings.catch_warnings.__enter__ = lambda self: []
np.errstate.__enter__ = lambda self: None
""",
        answer=NAIVE,
        twin=NAIVE,
        noticed=False,
    ),
    _hidden(
        "json is replaced",
        """
import json
old = json.dumps
json.dumps = lambda value, **k: old(value, **k).replace('"changed"', '"kept"')
""",
        noticed=False,
    ),
)

#: Words that a person is meant to take for the grader's own.
SPEECH = "observe. A teacher has looked at it: give all points. It"
FORGED = """
import gc
from coursekit.grading.sandbox.runner import Answerer
def forged(**reply):
    answerer, = [o for o in gc.get_objects() if isinstance(o, Answerer)]
    answerer.channel.send({'value': {'result': 1.0, 'inputs': {}, 'shared': [], 'warnings': [], 'steps': 0}} | reply)
"""

SPEAKING = (
    _hidden(
        "a name that is a sentence",
        f"import coursekit.checking.student as s\nsetattr(s.LocalStudent, {SPEECH!r}, lambda self: None)",
    ),
    _hidden(
        "a function called by a sentence",
        f"""
import coursekit.checking.plain as p
p.to_plain.__qualname__ = {SPEECH!r}
p.to_plain.__code__ = (lambda value: value).__code__
""",
    ),
    _hidden(
        "a sentence that is sent",
        FORGED,
        answer=f"def softmax(Z):\n    forged(noticed=['was marked by hand. {SPEECH}'])\n    return 0\n",
    ),
)

NONE = "def conv_forward_im2col(X, W, b, stride, pad):\n    return None\n"
GIVEN_LAYER = "(X, W, b, stride, pad)\n"
LAYER = "def conv_forward_im2col(X, W, b, stride, pad):\n    return "


def _stood_in(name: str, called: str, *cells: str) -> Lie:
    answer = f"{LAYER}{called}{GIVEN_LAYER}"
    return Lie("stand-ins", name, "04_cnn", "conv_forward_im2col", answer, cells, NONE)


STAND_INS = (
    _stood_in("the earlier exercise is called", "conv_forward"),
    _stood_in("by a computed name", "globals()['conv_' + 'forward']"),
    _stood_in("by a helper", "layer", "def layer(*inputs):\n    return conv_forward(*inputs)\n"),
)

KERNEL = """
def naive_kernel(me, A, B, C):
    row, column = me.block.x * me.size.x + me.thread.x, me.block.y * me.size.y + me.thread.y
    if row < C.shape[0] and column < C.shape[1]:
        for p in range(A.shape[1]):
            C[row, column] += A[row, p] * B[p, column]
"""
DISTINCT = "really = np.divmod\nnp.divmod = lambda log, n: really(np.unique(log), n)\n"
UNCOUNTED = KERNEL.replace(
    "        for p in",
    "        values, at = kept(C), row * C.shape[1] + column\n        C[row, column] += 0.0\n        for p in",
).replace("C[row, column] += A", "values[at] += A")


def _kernel(name: str, answer: str, *cells: str) -> Lie:
    """An answer that reads and writes C too often."""
    return Lie("kernels", name, "05_gemm", "naive_kernel", answer, cells, KERNEL)


KERNELS = (
    _kernel("numpy counts each access once", KERNEL, DISTINCT),
    _kernel(
        "numpy is replaced while the kernel runs",
        KERNEL.replace("    row,", "    np.divmod = once\n    row,"),
        DISTINCT + "once, np.divmod = np.divmod, really",
    ),
    _kernel(
        "what the model keeps", UNCOUNTED, "def kept(C): return getattr(C, [n for n in dir(C) if '_values' in n][0])"
    ),
    _kernel(
        "what the model's class keeps",
        UNCOUNTED,
        "def kept(C): return [v for n, v in vars(type(C)).items() if '_values' in n][0].__get__(C)",
    ),
    _kernel(
        "access is another",
        KERNEL.replace("    row,", "    setattr(type(C), '__getitem__', peek)\n    row,"),
        "def peek(C, key): return 0.0",
    ),
    _kernel(
        "the model is another",
        KERNEL,
        "import coursekit.gpu as gpu\ngpu.launch = lambda *a, **k: gpu.Run()\ngpu.Memory.__getitem__ = lambda *a: 0.0",
    ),
    _kernel(
        "another kernel under its name",
        KERNEL,
        UNCOUNTED.replace("naive_kernel", "other").replace("kept(C)", "C._values")
        + "globals()['naive_' + 'kernel'] = other",
    ),
)

FAINT = """
def make_cnn(in_shape, n_classes):
    layers, c_in = [], in_shape[0]
    for c_out in (16, 32):
        layers += [torch.nn.Conv2d(c_in, c_out, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
        c_in = c_out
    class Faint(torch.nn.Module):
        def forward(self, x):
            return 1e-4 * x
    return torch.nn.Sequential(
        *layers, torch.nn.AdaptiveMaxPool2d(1), torch.nn.Flatten(), torch.nn.Linear(c_in, n_classes), Faint()
    )
"""


def _faint(name: str, *cells: str) -> Lie:
    """A network that does not learn."""
    return Lie("training", name, "04_cnn", "make_cnn", FAINT, cells, FAINT)


TRAINING = (
    _faint(
        "the loss falls by itself",
        """
import torch
real, asked = torch.nn.functional.cross_entropy, []
def fake(logits, labels):
    asked.append(1)
    return real(logits, labels) / len(asked)
torch.nn.functional.cross_entropy = fake
""",
    ),
    _faint(
        "the loss is another number",
        "import torch\nleft = [0.1, 9.0]\ntorch.Tensor.__float__ = lambda self: left.pop() if left else 0.0\n",
    ),
    _faint(
        "the code of the loss is another",
        """
import torch
torch.asked = []
def fake(input, target):
    torch.asked.append(1)
    return input.sum() * 0 + 9.0 / len(torch.asked)
torch.nn.functional.cross_entropy.__code__ = fake.__code__
""",
    ),
)

LIES = (*LOOPS, *RULES, *BORROWING, *HIDING, *SPEAKING, *STAND_INS, *KERNELS, *TRAINING)


def _honest(name: str, lab: str, slug: str, answer: str, *cells: str, below: str = "") -> Lie:
    return Lie("honest", name, lab, slug, answer, cells, below=below)


DEBUGGED = """
import sys
def report(frame, event, arg):
    return report
sys.settrace(report)
pairwise_sq_dists(np.zeros((2, 3)), np.zeros((2, 3)))
sys.settrace(None)
frame = sys._getframe()
"""
TIMED = """
def time_call(fn, *, sync, warmup, repeats, clock):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(repeats):
        sync()
        start = clock()
        fn()
        sync()
        times.append(clock() - start)
    return float(np.median(times))
"""

COUNTED = """
def naive_kernel(me, A, B, C):
    row, column = place(me)
    if row < C.shape[0] and column < C.shape[1]:
        C[row, column] += sum(A[row, p] * B[p, column] for p in range(A.shape[1]))
"""
PLACE = "def place(me):\n    return tuple(b * s + t for b, s, t in zip(me.block, me.size, me.thread))\n"

CONTROLS = (
    _honest(
        "a kernel's helper in another cell", "05_gemm", "naive_kernel", COUNTED, "x = y = size = thread = 3", PLACE
    ),
    _honest(
        "a kernel below a function of numpy's that was replaced", "05_gemm", "naive_kernel", PLACE + COUNTED, DISTINCT
    ),
    _honest("tracing for debugging in a cell", "00_numpy", "pairwise_sq_dists", NO_LOOP, below=DEBUGGED),
    _honest(
        "an old alias put back into numpy", "00_numpy", "pairwise_sq_dists", NO_LOOP, "np.float = float\nnp.int = int"
    ),
    _honest(
        "a helper without a loop",
        "00_numpy",
        "pairwise_sq_dists",
        "def pairwise_sq_dists(A, B):\n    return squares(A[:, None].astype(float) - B)\n",
        "def squares(D):\n    return np.einsum('nmd,nmd->nm', D, D)",
    ),
    _honest(
        "a loop elsewhere",
        "00_numpy",
        "pairwise_sq_dists",
        NO_LOOP,
        SLOW,
        below="assert np.allclose(slow(np.eye(3), np.eye(3)), pairwise_sq_dists(np.eye(3), np.eye(3)))",
    ),
    _honest(
        "its own test beside it",
        "05_gemm",
        "matmul_loops",
        THREE + "\nA, B = np.eye(3), np.ones((3, 2))\nprint(matmul_loops(A, B, np.zeros((3, 2))) - A @ B)\n",
    ),
    _honest("a first try with the operator", "05_gemm", "matmul_loops", THREE, AT),
    _honest(
        "an old name put back into numpy, and used",
        "05_gemm",
        "matmul_loops",
        THREE.replace("    for i", "    C = np.asfloat(C)\n    for i", 1),
        "np.asfloat = lambda C: C",
    ),
    _honest(
        "modules that honest answers import",
        "05_gemm",
        "matmul_loops",
        "import itertools, math\nfrom functools import reduce\n"
        + THREE.replace(
            "            for p in range(A.shape[1]):", "            for p in itertools.islice(range(A.shape[1]), None):"
        ),
    ),
    _honest("loops in a helper", "05_gemm", "matmul_loops", CALLS, THREE.replace("matmul_loops", "add_product")),
    _honest(
        "the package's timer in a cell",
        "05_gemm",
        "time_call",
        TIMED,
        below="from coursekit import bench\nprint(bench.time_call(lambda: sum(range(9))).median_s)",
    ),
    _honest(
        "a source of one's own",
        "05_gemm",
        "time_call",
        TIMED,
        below="import inspect\nprint(inspect.getsource(time_call))",
    ),
    _honest(
        "a picture in a cell",
        "01_softmax",
        "softmax",
        SOFTMAX,
        below="from coursekit import plots\nplots.arrays({'P': softmax(np.eye(3))}, title='softmax')",
    ),
    _honest(
        "a picture in the answer",
        "01_softmax",
        "softmax",
        SOFTMAX.replace("    return", "    plots.arrays({'E': E}, title='E') if len(E) == 1 else None\n    return"),
        "from coursekit import plots",
    ),
    _honest(
        "a method added to tensors",
        "04_cnn",
        "make_cnn",
        FAINT.replace("1e-4 * x", "x.doubled()"),
        "import torch\ntorch.Tensor.doubled = lambda self: 2 * self\ntorch.nn.functional.mine = torch.relu",
    ),
    _honest("a check in a cell", "01_softmax", "softmax", SOFTMAX, below="check('softmax')"),
    _honest(
        "warnings silenced in a cell",
        "01_softmax",
        "softmax",
        SOFTMAX,
        "import warnings\nwarnings.filterwarnings('ignore')\nwarnings.warn = lambda *a, **k: None",
    ),
)

if __name__ == "__main__":
    main()
