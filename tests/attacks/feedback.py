"""Class 6: whoever reads the feedback, the console or the table of grades is attacked."""

from __future__ import annotations

from tests.attacks.attack import Attack

MIXED = "whole matrix was normalised"


def showing(name: str, cell: str, cause: str = MIXED, *, plain: bool = False) -> Attack:
    return Attack("feedback", name, cause, cell=cell, plain=plain)


def raising(name: str, text: str, cause: str) -> Attack:
    return Attack("feedback", name, cause, softmax=f"def softmax(Z):\n    raise ValueError({text})\n")


ATTACKS = [
    showing(
        "shows a script",
        """
from IPython.display import HTML, Javascript, display
display(HTML('<script>pwned=1</script>'), Javascript('pwned=1'))
""",
        plain=True,
    ),
    showing(
        "shows a picture that runs",
        """
from IPython.display import SVG, HTML, display
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="pwned=1"></svg>'), HTML('<img src=x onerror=pwned=1>'))
""",
        plain=True,
    ),
    showing(
        "covers the score",
        """
from IPython.display import HTML
HTML('<style>.score{display:none}</style><div style="position:fixed;inset:0">20/20</div>')
""",
    ),
    showing(
        "shows a picture as wide as no number",
        """
from IPython.display import display
for width in (float('nan'), float('inf'), -1, 10**30):
    display({'text/plain': 'x', 'text/html': '<b>x</b>'}, metadata={'text/html': {'width': width}}, raw=True)
""",
    ),
    showing(
        "shows lists within lists",
        """
from IPython.display import HTML
HTML('<ul><li>' * 30_000)
""",
    ),
    showing("prints terminal codes", "print('\\x1b[2J\\x1b[1;1H 20/20 \\x1b]0;owned\\x07')"),
    raising("raises terminal codes", "'\\x1b[2J' + '\\u202e' + 'A' * 20", r"\\x1b\[2J"),
    raising("raises a hundred megabytes", "'x' * 10**8", "xxxx|memory|no good|did not come back"),
    raising("raises markup", "'<img src=x onerror=alert(1)>'", "<img src=x"),
    Attack(
        "feedback",
        "raises what it was given",
        "stopped with an error",
        softmax="""
def softmax(Z):
    import traceback
    raise ValueError(''.join(traceback.format_stack()) + repr(Z))
""",
        plain=True,
    ),
    Attack(
        "feedback",
        "an exception that cannot be shown",
        "no message|stopped with an error",
        softmax="""
class E(Exception):
    def __str__(self): raise self
    __repr__ = __str__
def softmax(Z):
    raise E
""",
    ),
]
