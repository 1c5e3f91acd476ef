"""The program in the sandbox: it imports what labs need once, and forks for each submission.

The first process, the *supervisor*, runs no student's code. For each submission it forks a *runner*, which runs the
cells in a shell. At a check cell the runner forks in turn: the fork, an *answerer*, calls the student's functions
for the grader, so that what a call breaks or changes is gone with it, and the notebook goes on as if nothing had been
called. Each of the three has a socket of its own to the grader; a fork closes those that it has inherited.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from coursekit.grading.limits import Limits
from coursekit.grading.sandbox.shell import NotebookShell, make_shell
from coursekit.grading.sandbox.supervisor import Supervisor, drop_privileges
from coursekit.grading.sandbox.wire import Channel

_PRELOADED = (
    "numpy",
    "torch",
    "matplotlib.pyplot",
    "coursekit.checking",
    "coursekit.datasets",
    "coursekit.plots",
)
#: The first figure, and the first traceback, take much longer than those that follow.
_FIGURE = """
import matplotlib.pyplot as plt
fig, axes = plt.subplots(1, 2)
axes[0].plot([0, 1], label="$x^2$")
axes[0].set(title="title", xlabel="x", ylabel="y")
axes[0].legend()
axes[1].imshow([[0, 1], [1, 0]])
plt.show()
"""


def main() -> None:
    """Serve the grader, whose socket is the file descriptor that the command line names."""
    control = Channel(socket.socket(fileno=int(sys.argv[1])))
    setup = control.receive()
    if setup["core"] is not None:
        os.sched_setaffinity(0, {setup["core"]})
    drop_privileges(setup["uid"])
    limits = Limits.of(setup["limits"])
    # What lies there already, such as Python itself, is mounted and cannot be written to.
    scratch = {Path(folder): set(Path(folder).iterdir()) for folder in setup["scratch"]}
    shell = _preload(int(limits.output_kib * 1024), setup["lab"])
    supervisor = Supervisor(control, shell, limits=limits, scratch=scratch, sandboxed=setup["sandboxed"])
    control.send({"ready": True})
    supervisor.serve()
    if not setup["sandboxed"]:
        for folder in scratch:
            shutil.rmtree(folder, ignore_errors=True)


def _preloaded_for(lab: str) -> Iterator[str]:
    """List what a lab wants to be imported: its visible checks and, once these are there, what they name as PRELOAD."""
    checks = f"coursekit.checks.{lab}"
    yield checks
    yield from getattr(sys.modules.get(checks), "PRELOAD", ())


def _preload(limit_bytes: int, lab: str) -> NotebookShell:
    """Import what labs use, and make the shell; return it."""
    # What is imported stays: the collector would look through it again and again, and a fork would copy it to count
    # what refers to it.
    gc.disable()
    # A library's news about its own future belongs to nobody's submission.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in chain(_PRELOADED, _preloaded_for(lab)):
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module(name)
        shell = make_shell(limit_bytes)
        if "matplotlib" in sys.modules:
            shell.run_line_magic("matplotlib", "inline")
            shell.run(_FIGURE)
        shell.run("1 / 0")
        shell.reset()
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)
    # As in a notebook: modules that a cell has written are found.
    sys.path.insert(0, "")
    gc.freeze()
    gc.enable()
    return shell
