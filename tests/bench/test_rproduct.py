from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.bench import r_found, time_r_product
from coursekit.errors import BenchError


def put_rscript(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in R's place."""
    program = folder / "Rscript"
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_without_r_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not r_found()
    with pytest.raises(BenchError, match="Install R"):
        time_r_product(8)


def test_what_r_prints_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_rscript(tmp_path, 'echo 7.840; echo 15.449; echo 0.025; echo "R version 4.4.1"; echo libblas.so', monkeypatch)
    assert r_found()
    timing = time_r_product(5000)
    assert (timing.elapsed_s, timing.user_s, timing.system_s) == (7.84, 15.449, 0.025)
    assert (timing.version, timing.blas) == ("R version 4.4.1", "libblas.so")
    assert timing.cpu_s == pytest.approx(15.474)


@pytest.mark.parametrize("text", ["exit 1", "echo no numbers", "exec /bin/sleep 5"])
def test_a_program_that_gives_no_result_is_named(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.bench.rproduct._LIMIT_S", 0.5)
    put_rscript(tmp_path, text, monkeypatch)
    with pytest.raises(BenchError, match="R's product with n = 8 gave no result"):
        time_r_product(8)


def test_where_r_is_installed_its_product_is_timed() -> None:
    if not r_found():
        pytest.skip("needs R")
    timing = time_r_product(512)
    assert timing.version.startswith("R version")
    assert timing.elapsed_s > 0
    assert timing.user_s > 0
