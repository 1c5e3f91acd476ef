"""Class 7: the subject itself is cheated at."""

from __future__ import annotations

from tests.attacks.attack import Attack


def cheating(name: str, cause: str, softmax: str, *, twin: str, cell: str = "", last: str = "") -> Attack:
    return Attack("subject", name, cause, softmax=softmax, cell=cell, last=last, twin=twin)


RIGHT = """
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
"""
IN_PLACE = """
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)
"""
NAIVE = RIGHT.replace(" - Z.max(axis=1, keepdims=True)", "")
CONSTANT = """
def softmax(Z):
    return np.full(np.shape(Z), 1 / np.shape(Z)[1])
"""
ONE_ROW = """
def softmax(Z):
    return np.exp(Z[:1]) / np.exp(Z[:1]).sum()
"""

ATTACKS = [
    cheating(
        "knows the visible examples by heart",
        "hidden|Compare|not right",
        CONSTANT
        + """
def softmax(Z, plain=softmax):
    known = {(1, 3): [[0.09003057, 0.24472847, 0.66524096]]}
    return np.array(known.get(np.shape(Z))) if np.shape(Z) in known and Z[0, 0] == 1 else plain(Z)
""",
        twin=CONSTANT,
    ),
    cheating(
        "hides that it changes its input",
        "input",
        """
import coursekit.checking.student as s, coursekit.checking.plain as p
s.equal = p.equal = lambda a, b: True
np.array_equal = np.may_share_memory = np.shares_memory = lambda *a: True
"""
        + IN_PLACE,
        twin=IN_PLACE,
    ),
    cheating(
        "hides its warnings",
        "finite|overflow|warn|RuntimeError|more than a float holds",
        """
import warnings
warnings.warn = warnings.warn_explicit = lambda *a, **k: None
warnings.catch_warnings.__enter__ = lambda self: []
"""
        + NAIVE,
        twin=NAIVE,
    ),
    cheating("returns a shape that broadcasts", "shape", ONE_ROW, twin=ONE_ROW),
    cheating(
        "counts on known random numbers",
        "not right|whole matrix|shape|row sum",
        CONSTANT,
        cell="""
class Known:
    def normal(self, size=1, **_): return np.zeros(size)
    def __getattr__(self, name): return lambda *a, **k: 0
np.random.default_rng = lambda *a: Known()
import random; random.random = lambda: 0.5
""",
        twin=CONSTANT,
    ),
    cheating(
        "remembers what it was asked before",
        "not right|row sum|differ",
        """
seen = {}
def softmax(Z):
    key = Z.shape
    seen.setdefault(key, np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))
    return seen[key]
""",
        twin="""
def softmax(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
""",
    ),
    cheating(
        "is right only when nobody looks",
        "not right|row sum|whole matrix",
        """
import sys
def softmax(Z):
    frame, names = sys._getframe(), set()
    while frame:
        names.add(frame.f_code.co_name); frame = frame.f_back
    return np.ones_like(Z) if {'observe_call', 'observe_run'} & names else Z
""",
        twin="""
def softmax(Z):
    return np.ones_like(Z)
""",
    ),
    cheating(
        "claims to be right",
        "not right|row sum|shape",
        CONSTANT
        + """
softmax.accuracy = 1.0
print('accuracy: 100 %')
""",
        twin=CONSTANT,
    ),
    cheating(
        "is redefined after its check",
        "not right|row sum|differ",
        CONSTANT,
        twin=CONSTANT,
        last=RIGHT,
    ),
]
