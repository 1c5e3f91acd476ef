"""What a process has, as the system shows it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from coursekit.grading.sandbox.processes import join_pages

IN_LARGE = """
from coursekit.grading.sandbox.processes import join_pages
def in_large_kib():
    return next(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith("AnonHugePages"))
kept = [bytes(range(256)) * 4 for _ in range(100_000)]
before = in_large_kib()
join_pages()
print(in_large_kib() - before, sum(map(len, kept)))
"""


def test_what_was_in_memory_is_there_in_large_pages() -> None:
    done = subprocess.run([sys.executable, "-c", IN_LARGE], capture_output=True, text=True, check=True)
    more_kib, n_bytes = map(int, done.stdout.split())
    assert n_bytes == 102_400_000
    if not more_kib:
        pytest.skip("needs a system with large pages (Linux 6.1 or later)")
    assert more_kib > 50_000


def test_a_system_without_them_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    join_pages()
