"""A deep-learning notebook course, and the autograder that goes with it.

A lab begins with :func:`checks_for` and :func:`questions_for`, loads its data with :func:`load_mnist` or
:func:`load_cifar10`, and ends with :func:`progress`; its pictures are in :mod:`coursekit.plots`. Each name is imported
when it is first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from coursekit.extras import on_first_use

if TYPE_CHECKING:
    from coursekit.checking import checks_for as checks_for
    from coursekit.checking.progress import progress as progress
    from coursekit.datasets import load_cifar10 as load_cifar10
    from coursekit.datasets import load_mnist as load_mnist
    from coursekit.questions.notebook import questions_for as questions_for

__version__ = "0.1.0"

# A library logs; whether that is shown is for the program to say.
logging.getLogger("coursekit").addHandler(logging.NullHandler())

__getattr__, __all__ = on_first_use(
    __name__,
    {
        "checking": "checks_for",
        "checking.progress": "progress",
        "datasets": "load_cifar10 load_mnist",
        "questions.notebook": "questions_for",
    },
)
