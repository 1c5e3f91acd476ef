"""The same product in R, where R is installed: the lecture of lab 05 asks for it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import BenchError

__all__ = ["RTiming", "r_found", "time_r_product"]

_LIMIT_S = 60.0
_PROGRAM = """
n <- as.integer(commandArgs(trailingOnly = TRUE)[1])
A <- matrix(runif(n * n), nrow = n)
B <- matrix(runif(n * n), nrow = n)
C <- A %*% B
spent <- system.time(C <- A %*% B)
cat(spent[["elapsed"]], spent[["user.self"]], spent[["sys.self"]], R.version.string, sep = "\\n")
cat(extSoftVersion()[["BLAS"]])
"""


@dataclass(frozen=True)
class RTiming:
    """What R's ``system.time`` says of one product, after one that is not timed.

    R computes in float64 alone: it has no other floating precision, and a product of integers is made in it, too.

    Attributes:
        elapsed_s: Seconds on the wall.
        user_s: Seconds of computing, of all threads together.
        system_s: Seconds that the operating system worked for it.
        version: R's version.
        blas: The file of the library that multiplies; empty where R does not know.
    """

    elapsed_s: float
    user_s: float
    system_s: float
    version: str
    blas: str

    @property
    def cpu_s(self) -> float:
        """Seconds of processors, on whatever."""
        return self.user_s + self.system_s


def r_found() -> bool:
    """Tell whether R can be run here."""
    return shutil.which("Rscript") is not None


def time_r_product(n: int) -> RTiming:
    """Time R's float64 product of two square matrices of random numbers.

    Args:
        n: Rows and columns.

    Raises:
        BenchError: If R is not installed, or does not come to an end within a minute.
    """
    program = shutil.which("Rscript")
    if program is None:
        raise BenchError("Rscript is not found. Install R (https://cran.r-project.org) to time its product too.")
    try:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "product.R"
            script.write_text(_PROGRAM, encoding="utf-8")
            command = [program, "--vanilla", str(script), str(n)]
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_LIMIT_S)  # noqa: S603
        elapsed, user, system, version, *blas = done.stdout.strip().splitlines()
        return RTiming(float(elapsed), float(user), float(system), version, blas[0] if blas else "")
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise BenchError(f"R's product with n = {n} gave no result: {error}") from error
