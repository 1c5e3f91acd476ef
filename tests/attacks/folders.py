"""Class 5: the folder in which a submission lies is a trap."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.attacks.attack import Attack

MIXED = "whole matrix was normalised"


def link_to_a_neighbour(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parents[2] / "neighbour-1" / file.parent.name / file.name)


def link_to_the_root(file: Path) -> None:
    file.unlink()
    (file.parent / "timestamp.txt").unlink()
    file.parent.rmdir()
    file.parent.symlink_to("/")


def link_to_the_gradebook(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parents[3] / "gradebook.db")


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def modules_beside_it(file: Path) -> None:
    for name in ("numpy.py", "coursekit.py", "sitecustomize.py"):
        (file.parent / name).write_text("raise SystemExit('pwned')")


def stray_files(file: Path) -> None:
    (file.parent / "gradebook.db").write_bytes(b"SQLite")
    (file.parent / "page.html").write_text("<script>alert(1)</script>")
    (file.parent / "leak").symlink_to("/etc/passwd")
    os.mkfifo(file.parent / "pipe")


def a_forged_time(file: Path) -> None:
    (file.parent / "timestamp.txt").write_text("x" * 5_000_000)


def a_linked_time(file: Path) -> None:
    (file.parent / "timestamp.txt").unlink()
    (file.parent / "timestamp.txt").symlink_to("/dev/zero")


def another_name(file: Path) -> None:
    file.rename(file.with_name("01_softmax (1).ipynb"))


def trap(name: str, cause: str, act: Callable[[Path], None], *, plain: bool = False) -> Attack:
    return Attack("folder", name, cause, trap=act, plain=plain)


ATTACKS = [
    trap("a link to a neighbour's notebook", "is a link", link_to_a_neighbour, plain=True),
    trap("a link to the root folder", "is a link", link_to_the_root),
    trap("a link to the gradebook", "is a link", link_to_the_gradebook),
    trap("a pipe in place of the notebook", "not an ordinary file", a_pipe),
    trap("a folder in place of the notebook", "not an ordinary file", a_folder),
    trap("modules of well-known names beside it", MIXED, modules_beside_it, plain=True),
    trap("links and pipes beside it", MIXED, stray_files),
    trap("a time of five megabytes", MIXED, a_forged_time),
    trap("a time without an end", MIXED, a_linked_time),
    trap("another file name", "was taken for", another_name),
]
