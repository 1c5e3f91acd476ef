"""Running a submitted notebook, cell by cell, in a kernel of its own.

:func:`run_notebook` is the only thing in this package that runs students' code. ``nbgrader autograde`` reaches the
same :class:`ExecuteSubmission` through the course's configuration.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Integer, List, Unicode

from coursekit.checking.lab import HIDDEN_VARIABLE, NBGRADER_VARIABLE
from coursekit.errors import CourseError
from coursekit.grading.check_cell import exercise_of, settle, timed_out
from coursekit.grading.configuration import CELL_TIMEOUT_S, QUIET, SUBMISSION_TIMEOUT_S

__all__ = ["QUIET", "ExecuteSubmission", "Job", "Run", "run_notebook"]

#: Seconds for the last output of a cell to arrive, and for an interrupted cell to stop.
_OUTPUT_TIMEOUT_S = 10
#: Bytes of output kept of one cell, verdicts and errors aside.
_MAX_OUTPUT_BYTES = 1_000_000
#: One thread a kernel, so that submissions that run side by side do not fight for the cores.
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
#: Settings of the instructor's own that would change what a student's code does.
_PERSONAL = ("PYTHONSTARTUP", "MPLBACKEND", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH")


@dataclass(frozen=True)
class Job:
    """A notebook to run: plain data, so that it can go to another machine.

    Attributes:
        notebook: The notebook as JSON, rebuilt from the released one.
        lab: The lab's stem.
        hidden: The text of the lab's hidden checks.
        cell_timeout_s: Seconds that one cell may run.
        submission_timeout_s: Seconds after which no further cell is begun.
    """

    notebook: str
    lab: str
    hidden: str
    cell_timeout_s: int = CELL_TIMEOUT_S
    submission_timeout_s: int = SUBMISSION_TIMEOUT_S


@dataclass(frozen=True)
class Run:
    """What came of running a notebook.

    Attributes:
        notebook: The notebook as JSON, with one output in each check cell.
        ended: What cut the run short: ``""``, ``"timeout"`` or ``"crashed"``.
        message: What an instructor should know; empty where there is nothing.
        seconds: How long it took.
    """

    notebook: str
    ended: str
    message: str
    seconds: float

    @classmethod
    def lost(cls, job: Job, cause: str) -> Run:
        """Return the run of a notebook of which nothing came back."""
        notebook = nbformat.reads(job.notebook, as_version=4)
        for cell in notebook.cells:
            if exercise_of(cell) is not None:
                settle(cell, cause=cause)
        return cls(json.dumps(notebook), "crashed", cause, 0.0)


def run_notebook(job: Job) -> Run:
    """Run a notebook in a kernel of its own, in an empty folder.

    Raises:
        CourseError: If no kernel could be started; whatever the student's code does is in what is returned.
    """
    notebook = nbformat.reads(job.notebook, as_version=4)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as hidden:
        (Path(hidden) / f"{job.lab}.py").write_text(job.hidden, encoding="utf-8")
        step = ExecuteSubmission(hidden=hidden, timeout=job.cell_timeout_s, submission_timeout=job.submission_timeout_s)
        step.preprocess(notebook, {})
    return Run(json.dumps(notebook), step.ended, step.message, time.perf_counter() - began)


class _TimeUpError(Exception):
    """A submission's time has run out."""


class ExecuteSubmission(Execute):  # type: ignore[misc]
    """nbgrader's execution, made to withstand what students' code does.

    It passes over ``explore`` cells, runs in an empty folder with none of the user's own Jupyter and IPython settings,
    keeps what was earned before a crash, and ends a run whose kernel no longer answers.

    Attributes:
        ended: What cut the run short: ``""``, ``"timeout"`` or ``"crashed"``.
        message: What an instructor should know; empty where there is nothing.
    """

    hidden = Unicode("", help="The folder of hidden checks.").tag(config=True)
    submission_timeout = Integer(
        SUBMISSION_TIMEOUT_S, help="Seconds after which no further cell of a submission is begun."
    ).tag(config=True)
    iopub_timeout = Integer(_OUTPUT_TIMEOUT_S, help=Execute.iopub_timeout.help).tag(config=True)
    shutdown_kernel = Unicode("immediate", help=Execute.shutdown_kernel.help).tag(config=True)
    extra_arguments = List(list(QUIET), help=Execute.extra_arguments.help).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any, km: Any = None) -> tuple[NotebookNode, Any]:
        """Run a notebook's cells in order, in place."""
        self.ended, self._began = "", time.monotonic()
        self._notes: list[str] = []
        with tempfile.TemporaryDirectory() as scratch:
            try:
                super().preprocess(nb, {"metadata": {"path": scratch}}, km=km)
            except DeadKernelError:
                self._end("crashed", "The notebook's kernel died; what was earned before stays.")
            except _TimeUpError as error:
                self._end("timeout", f"The submission ran out of time; what was earned before stays. {error}")
            except CourseError:
                raise
            except Exception as error:
                # A kernel can send messages that nbclient does not expect.
                self._end(
                    "crashed", f"The run broke off; what was earned before stays. {type(error).__name__}: {error}"
                )
        for cell in nb.cells:
            _strip_interrupts(cell)
            if exercise_of(cell) is not None:
                settle(cell, cause=self._notes[-1] if self.ended else "")
        return nb, resources

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Run a cell, unless it is for the student to look at only."""
        if "explore" in cell.metadata.get("tags", []):
            return cell, resources
        if time.monotonic() - self._began > self.submission_timeout:
            raise _TimeUpError(f"All its cells together have {self.submission_timeout} s.")
        self._output_bytes = 0
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        name = f"Cell {index + 1}" + (f" ({grade_id})" if grade_id else "")
        try:
            super().preprocess_cell(cell, resources, index)
        except CellTimeoutError:
            raise _TimeUpError(f"{name} did not come to an end: {self.timeout} s are allowed.") from None
        if timed_out(cell):
            self._notes.append(f"{name} ran out of time ({self.timeout} s).")
        return cell, resources

    @property
    def message(self) -> str:
        """What an instructor should know; empty where there is nothing."""
        return " ".join(self._notes)

    def create_kernel_manager(self) -> Any:
        """Make a kernel of the Python that runs this, whatever kernels of that name the user has installed."""
        self.km = self.kernel_manager_class(
            kernel_name=NATIVE_KERNEL_NAME, kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), config=self.config
        )
        return self.km

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Start a kernel with an environment of its own, and stop it at the end.

        Raises:
            CourseError: If it does not start, or the hidden checks are not where they should be.
        """
        if self.hidden and not Path(self.hidden).is_dir():
            # Without them no check cell would work, and everybody would get nothing.
            raise CourseError(f"There is no folder of hidden checks {self.hidden!r}. Put it there; it may be empty.")
        with contextlib.ExitStack() as stack:
            log = stack.enter_context(tempfile.TemporaryFile())
            home = stack.enter_context(tempfile.TemporaryDirectory())
            settings = {"env": self._kernel_environment(home), "stdout": subprocess.DEVNULL, "stderr": log}
            try:
                stack.enter_context(super().setup_kernel(**settings, **kwargs))
            except Exception as error:
                raise CourseError(
                    f"No kernel could be started to run notebooks in: {error}. Is ipykernel installed beside"
                    f" coursekit? The kernel said: {_tail(log) or 'nothing'}"
                ) from error
            yield

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take up an output of a cell, unless the cell has put out too much already."""
        if msg["msg_type"] in ("stream", "display_data", "update_display_data"):
            self._output_bytes += len(json.dumps(msg["content"]))
            if self._output_bytes > _MAX_OUTPUT_BYTES:
                return None
        return super().process_message(msg, cell, cell_index)

    def _end(self, how: str, note: str) -> None:
        self.ended = how
        self._notes.append(note)

    def _kernel_environment(self, home: str) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name not in _PERSONAL}
        environment |= dict.fromkeys(_ONE_THREAD, "1")
        environment |= {"IPYTHONDIR": home, "JUPYTER_CONFIG_DIR": home, NBGRADER_VARIABLE: "autograde"}
        return environment | ({HIDDEN_VARIABLE: self.hidden} if self.hidden else {})


def _strip_interrupts(cell: NotebookNode) -> None:
    """Take the traceback of an interrupt, which may show lines of a hidden check, down to its name."""
    for output in cell.get("outputs", []):
        if output.output_type == "error" and output.ename == "KeyboardInterrupt":
            output.traceback = ["KeyboardInterrupt"]


def _tail(log: BinaryIO) -> str:
    log.seek(0)
    return log.read()[-2000:].decode("utf-8", "replace").strip()
