"""A deep-learning notebook course, and the autograder that goes with it.

Students use :func:`coursekit.checking.checks_for`, :mod:`coursekit.datasets` and :mod:`coursekit.plots`.
Importing the package imports none of them, so that it costs next to nothing.
"""

import logging

__version__ = "0.1.0"

# A library logs; whether that is shown is for the program to say.
logging.getLogger("coursekit").addHandler(logging.NullHandler())
