"""A submission's own folders: mounted for it alone, in a namespace of mounts that ends with its last process.

Whatever it leaves in them goes with them: files, folders, and also modes, times and extended attributes of the folders
themselves. To make mounts takes a right (mount_namespaces(7), user_namespaces(7)). Where root has opened the sandbox,
its first process has kept that right; elsewhere a process has it in a user namespace that it makes for itself. Either
way it is given up before anything of a student's runs.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

__all__ = ["give_up_rights", "keep_right_to_mount", "mount_own"]

_NEW_MOUNTS, _NEW_USERS = 0x00020000, 0x10000000
_NO_SUID, _NO_DEVICES, _BIND, _RECURSIVE = 0x2, 0x4, 0x1000, 0x4000
_REMOUNT, _READ_ONLY, _RELATIVE_TIMES = 0x20, 0x1, 0x200000
#: Devices that are the machine's own: what is written to them goes nowhere, but they could be given other times.
_DEVICES = [Path("/dev", name) for name in ("null", "zero", "full", "random", "urandom", "tty")]
_PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 4, 8
# struct __user_cap_header_struct and __user_cap_data_struct (capget(2)), of version 3: two words for each set.
_CAP_VERSION = 0x20080522
_CAP_SYS_ADMIN = 1 << 21


def keep_right_to_mount(uid: int) -> None:
    """Change from root to a user, and keep of root's rights only that to make mounts.

    Args:
        uid: The user to become.
    """
    _call("prctl", _PR_SET_KEEPCAPS, ctypes.c_ulong(1), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    _set_rights(_CAP_SYS_ADMIN)


def mount_own(
    folders: Iterable[Path],
    shown: Iterable[Path],
    *,
    size_bytes: int,
    n_files: int,
    privileged: bool,
    hidden: Mapping[Path, Iterable[Path]],
) -> None:
    """Give this process, and all that it starts, empty folders of its own, and take away all rights.

    Args:
        folders: Where; what lies there is hidden, and nothing that is written there is seen from outside.
        shown: What is to be seen all the same, where it lies in one of them.
        size_bytes: Room in each, in bytes.
        n_files: How many files and folders each has room for.
        privileged: Whether this process has kept the right to make mounts.
        hidden: Folders of which nothing is to be seen but what is listed for each.

    Raises:
        OSError: If the system does not allow it.
    """
    folders = list(folders)
    _enter_namespace(with_users=not privileged)
    beneath = {path: os.open(path, os.O_PATH) for path in shown if any(map(path.is_relative_to, folders))}
    options = f"mode=1777,size={size_bytes},nr_inodes={n_files}".encode()
    for folder in folders:
        _call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(_NO_SUID | _NO_DEVICES), options)
    for path, fd in beneath.items():
        _show(path, fd)
        os.close(fd)
    for folder, kept in hidden.items():
        _hide(folder, kept)
    for device in filter(Path.exists, _DEVICES):
        _fix(device)
    give_up_rights()


def give_up_rights() -> None:
    """Take all rights from this process, for good."""
    _set_rights(0)


def _enter_namespace(*, with_users: bool) -> None:
    """Go into a namespace of mounts of this process's own, and of users where that is what gives the right to it."""
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _NEW_MOUNTS | (_NEW_USERS if with_users else 0))
    # Its own settings belong to it again, which they do not while it is closed to others.
    _call("prctl", _PR_SET_DUMPABLE, ctypes.c_ulong(1), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    if with_users:
        # Groups can be mapped by a process that cannot change its own any more.
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            Path("/proc/self", name).write_text(text)


def _show(path: Path, fd: int) -> None:
    """Mount what was open before in its old place, as readable and as little writable as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if Path(f"/proc/self/fd/{fd}").is_dir():
        path.mkdir()
    else:
        path.touch()
    again = ctypes.c_ulong(_BIND | _RECURSIVE)
    _call("mount", f"/proc/self/fd/{fd}".encode(), os.fsencode(path), None, again, None)


def _hide(folder: Path, kept: Iterable[Path]) -> None:
    """Show nothing of a folder but what is kept, where it lay; nothing of it can be changed."""
    beneath = {path: os.open(path, os.O_PATH) for path in kept}
    options = b"mode=755,size=64k,nr_inodes=100"
    _call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(_NO_SUID | _NO_DEVICES), options)
    for path, fd in beneath.items():
        _show(path, fd)
        os.close(fd)
    _fix(folder)


def _fix(device: Path) -> None:
    """Let nothing of a device or a folder be changed; a device can be read from and written to as before."""
    now = os.statvfs(device).f_flag
    kept = now & (os.ST_NOSUID | os.ST_NODEV | os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME)
    kept |= _RELATIVE_TIMES if now & os.ST_RELATIME else 0
    flags = ctypes.c_ulong(_REMOUNT | _BIND | _READ_ONLY | kept)
    _call("mount", None, os.fsencode(device), None, flags, None)


def _set_rights(rights: int) -> None:
    header = struct.pack("=Ii", _CAP_VERSION, 0)
    _call("capset", header, struct.pack("=IIIIII", rights, rights, 0, 0, 0, 0))


def _call(name: str, *arguments: object) -> None:
    """Call a function of the C library.

    Raises:
        OSError: If it fails.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
