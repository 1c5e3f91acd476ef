"""Control groups: made where that can be, used when a sandbox is opened, and gone with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from coursekit.grading.sandbox import EndedError, Limits, Sandbox, cgroups, why_unavailable
from coursekit.grading.sandbox.cgroups import open_group

SMALL = Limits(memory_mib=100, scratch_mib=10, processes=20)
Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A function that lays out a tree of groups as the kernel shows it, in which this process stands at /here."""
    (tmp_path / "sys").mkdir()
    monkeypatch.setattr(cgroups, "_ROOTS", (tmp_path / "sys", tmp_path / "sys" / "unified"))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)

    def lay_out(lines: str, *folders: str, files: tuple[str, ...] = ()) -> Path:
        for folder in folders:
            (tmp_path / "sys" / folder).mkdir(parents=True)
            (tmp_path / "sys" / folder / "cgroup.procs").touch()
        paths = dict(line.split(":", 2)[1:] for line in lines.split())
        monkeypatch.setattr(cgroups, "_own_paths", lambda pid: {k: v.lstrip("/") for k, v in paths.items()})
        mkdir = Path.mkdir

        def with_files(folder: Path, *given: object, **named: object) -> None:
            mkdir(folder, *given, **named)  # type: ignore[arg-type]
            if folder.name.startswith("coursekit-"):
                for name in files:
                    (folder / name).touch()

        monkeypatch.setattr(Path, "mkdir", with_files)
        return tmp_path / "sys"

    return lay_out


def test_a_group_of_the_second_version_gets_limits_of_memory_and_processes(tree: Tree) -> None:
    root = tree("0::/here", "here", files=("memory.max", "memory.swap.max", "pids.max"))
    group = open_group(SMALL)
    assert group is not None
    (folder,) = group.folders
    assert folder.parent == root / "here"
    assert (folder / "memory.max").read_text() == str((100 + 2 * 10 + 1024) * 2**20)
    assert (folder / "memory.swap.max").read_text() == "0"
    assert (folder / "pids.max").read_text() == "84"
    assert str(folder) in group.command


@pytest.mark.parametrize("files", [(), ("memory.max",)], ids=["no controller", "memory alone"])
def test_where_controllers_are_not_handed_over_there_is_no_group_and_nothing_is_left(
    tree: Tree, files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree("0::/here", "here", files=files)
    # The kernel's files go with their folder.
    monkeypatch.setattr(Path, "rmdir", shutil.rmtree)
    assert open_group(SMALL) is None
    assert [path.name for path in (root / "here").iterdir()] == ["cgroup.procs"]


def test_a_folder_that_is_no_group_is_left_alone(tree: Tree) -> None:
    root = tree("0::/here", files=("memory.max", "pids.max"))
    (root / "here").mkdir()
    assert open_group(SMALL) is None
    assert list((root / "here").iterdir()) == []


def test_what_a_killed_grader_has_left_is_taken_away(tree: Tree) -> None:
    root = tree("0::/here", "here", files=("memory.max", "pids.max"))
    for name in (f"coursekit-{2**22 + 7}-0", f"coursekit-{os.getpid()}-99"):
        os.mkdir(root / "here" / name)  # noqa: PTH102 - past what lays out the kernel's files
    open_group(SMALL)
    left = {path.name for path in (root / "here").iterdir()}
    assert f"coursekit-{2**22 + 7}-0" not in left
    assert f"coursekit-{os.getpid()}-99" in left


def test_without_groups_of_its_own_a_users_systemd_is_asked(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree("0::/elsewhere")
    cgroups._works.cache_clear()
    program = tmp_path / "bin" / "systemd-run"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    assert open_group(SMALL) is None
    cgroups._works.cache_clear()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    group = open_group(SMALL)
    assert group is not None
    assert group.kind == "systemd"
    assert group.command[:3] == ("systemd-run", "--user", "--scope")
    assert f"MemoryMax={(100 + 2 * 10 + 1024) * 2**20}" in group.command
    assert "TasksMax=84" in group.command
    group.close()


def test_memory_that_is_no_processs_own_ends_the_submission_and_not_the_sandbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if why_unavailable():
        pytest.skip("needs bubblewrap")
    # Files in memory are nobody's but the group's: here they may be large, and the group not.
    limits = Limits(memory_mib=64, scratch_mib=1024, file_mib=1024, cell_s=30)
    monkeypatch.setattr(cgroups, "_OWN_MIB", 600 - 64 - 2 * 1024)
    sandbox = Sandbox(limits=limits)
    try:
        if sandbox.group is None or not sandbox.group.folders:
            pytest.skip("no control group can be had here")
        with pytest.raises(EndedError) as caught, sandbox.session() as session:
            session.run_cell("with open('/dev/shm/big', 'wb') as file:\n for _ in range(900): file.write(bytes(2**20))")
        assert caught.value.status == "memory"
        with sandbox.session() as session:
            assert session.run_cell("1 + 1").error == ""
    finally:
        sandbox.close()
    assert not any(folder.exists() for folder in sandbox.group.folders)
