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
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import NoReturn

from coursekit.grading.limits import Limits
from coursekit.grading.sandbox.gate import import_all
from coursekit.grading.sandbox.guard import Guard
from coursekit.grading.sandbox.pictures import draw_once
from coursekit.grading.sandbox.processes import join_pages
from coursekit.grading.sandbox.shell import NotebookShell, make_shell
from coursekit.grading.sandbox.supervisor import Supervisor, drop_privileges, own_folders
from coursekit.grading.sandbox.wire import Channel

_PRELOADED = (
    "numpy",
    "torch",
    "matplotlib.pyplot",
    "coursekit.checking",
    "coursekit.datasets",
    "coursekit.plots",
    "coursekit.questions.notebook",
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


def main() -> NoReturn:
    """Serve the grader, whose socket is the file descriptor that the command line names."""
    control = Channel(socket.socket(fileno=int(sys.argv[1])))
    setup = control.receive()
    if setup["core"] is not None:
        os.sched_setaffinity(0, {setup["core"]})
    drop_privileges(setup["uid"], mounts=setup["sandboxed"])
    limits = Limits.of(setup["limits"])
    scratch, shown = ([Path(path) for path in setup[name]] for name in ("scratch", "shown"))
    privileged = setup["uid"] is not None
    if setup["sandboxed"]:
        # Tried in a fork: what does not work here is told before the first submission.
        _in_fork(lambda: own_folders(limits, scratch, shown, privileged=privileged))
    shell = _preload(int(limits.output_kib * 1024), setup["lab"])
    supervisor = Supervisor(
        control,
        shell,
        Guard(shell),
        limits=limits,
        scratch=scratch,
        shown=shown,
        sandboxed=setup["sandboxed"],
        confined=setup["confined"],
        privileged=privileged,
    )
    # The supervisor has put the gate up by now: gc.get_objects() lists nothing of it to a student's code.
    gc.freeze()
    join_pages()
    control.send({"ready": True})
    supervisor.serve()
    if not setup["sandboxed"]:
        for folder in scratch:
            shutil.rmtree(folder, ignore_errors=True)
    # There is nothing more to do, and to take PyTorch apart in good order takes a third of a second.
    os._exit(0)


def _in_fork(act: Callable[[], object]) -> None:
    """Do something in a process that ends with it.

    Raises:
        SystemExit: If it fails; the fork has said why.
    """
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except OSError as error:
            print(f"A submission cannot have folders of its own here ({error}).", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        sys.exit(1)


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
        import_all()
        shell = make_shell(limit_bytes)
        if "matplotlib" in sys.modules:
            shell.run_line_magic("matplotlib", "inline")
            draw_once(shell)
            shell.run(_FIGURE)
        shell.run("1 / 0")
        # Frozen before, because a reset has the collector look through all that there is.
        gc.freeze()
        shell.reset()
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)
    # As in a notebook: modules that a cell has written are found.
    sys.path.insert(0, "")
    gc.freeze()
    gc.enable()
    return shell
