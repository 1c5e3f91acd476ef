"""What system calls a submission may not make: those by which it could outlive its end or reach past its walls.

A seccomp filter (https://docs.kernel.org/userspace-api/seccomp_filter.html) is a program for the kernel's classic BPF
machine: it loads parts of the call's description and compares them. It holds for the process and all that it
starts, and cannot be taken off again. Refused calls fail as if the user had not the right, or the kernel not the call.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
from collections.abc import Iterable

__all__ = ["forbid", "supported"]

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Offsets in struct seccomp_data: the number of the call, the machine, and the low halves of its arguments.
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_X32_NUMBERS = 0x40000000
_NEW_NAMESPACES = 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x00020000

_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
#: Numbers of the calls, on x86_64 and on aarch64 (Linux, arch/x86/entry/syscalls/syscall_64.tbl and
#: scripts/syscall.tbl).
_NUMBERS = {
    # What stays in the kernel when its maker is gone: keys, System V shared memory, queues.
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # Other processes' memory and files.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # New namespaces, and parts of the kernel that a lab has no use for.
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    # A core is given, and the others are the neighbours'.
    "sched_setaffinity": (203, 122),
    # Memory that no limit counts: files without a place, watches of files, large buffers of sockets.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "inotify_init": (253, 26),
    "inotify_init1": (294, 26),
    # Forbidden for some arguments only.
    "prlimit64": (302, 261),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "socket": (41, 198),
    "setsockopt": (54, 208),
    "clone": (56, 220),
    "clone3": (435, 435),
}
#: Calls that change a process, by the position of the argument that is 0 for the caller itself.
_OF_ONESELF_ONLY = {
    "prlimit64": 0,
    "sched_setparam": 0,
    "sched_setscheduler": 0,
    "sched_setattr": 0,
    "setpriority": 1,
    "ioprio_set": 1,
}
#: Kinds of sockets: there is no network to reach, and what waits in a network's sockets is counted by nobody.
_SOCKETS = (socket.AF_UNIX,)
#: SO_SNDBUF and SO_SNDBUFFORCE.
_BUFFER_SIZES = (7, 32)


def supported() -> bool:
    """Tell whether filters can be made for this machine."""
    return platform.machine() in _MACHINES


def forbid() -> None:
    """Forbid this process, and all that it starts, the calls above; for good.

    Raises:
        OSError: If the kernel does not take the filter.
    """
    program = _program(platform.machine())
    n_steps = len(program) // 8
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of steps, padding, and where they are.
    description = struct.pack("HxxxxxxP", n_steps, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    for arguments in (
        (_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero),
        (_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.c_char_p(description), zero, zero),
    ):
        if libc.prctl(*arguments) != 0:
            code = ctypes.get_errno()
            raise OSError(code, f"the filter of system calls was not taken: {os.strerror(code)}")


def _program(machine: str) -> bytes:
    """Return the filter as the kernel reads it."""
    column = list(_MACHINES).index(machine)
    numbers = {name: both[column] for name, both in _NUMBERS.items()}
    no, none = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    steps = [_step(_LOAD, _MACHINE), *_unless(_EQUAL, _MACHINES[machine], _KILL), _step(_LOAD, _NUMBER)]
    if machine == "x86_64":
        steps += _if(_AT_LEAST, _X32_NUMBERS, [_step(_RETURN, none)])
    for name, number in numbers.items():
        if name in _OF_ONESELF_ONLY:
            own = _unless(_EQUAL, 0, no)
            refusal = [_step(_LOAD, _argument(_OF_ONESELF_ONLY[name])), *own, _step(_RETURN, _ALLOW)]
        elif name == "socket":
            refusal = [_step(_LOAD, _argument(0)), *_none_of(_SOCKETS, _ERRNO | errno.EAFNOSUPPORT)]
        elif name == "setsockopt":
            refusal = [_step(_LOAD, _argument(2))]
            refusal += [step for option in _BUFFER_SIZES for step in _if(_EQUAL, option, [_step(_RETURN, no)])]
            refusal.append(_step(_RETURN, _ALLOW))
        elif name == "clone":
            refusal = [_step(_LOAD, _argument(0)), *_if(_ANY_BIT, _NEW_NAMESPACES, [_step(_RETURN, no)])]
            refusal.append(_step(_RETURN, _ALLOW))
        else:
            # Without clone3, whose flags a filter cannot see, and without memfds, libraries fall back on older calls.
            refusal = [_step(_RETURN, none if name in ("clone3", "memfd_create", "memfd_secret") else no)]
        steps += _if(_EQUAL, number, refusal)
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def _argument(position: int) -> int:
    return _ARGUMENTS + 8 * position


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return one step: struct sock_filter."""
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _if(test: int, value: int, then: list[bytes]) -> list[bytes]:
    return [_step(test, value, 0, len(then)), *then]


def _unless(test: int, value: int, verdict: int) -> list[bytes]:
    return [_step(test, value, 1, 0), _step(_RETURN, verdict)]


def _none_of(legal: Iterable[int], verdict: int) -> list[bytes]:
    steps = [step for value in legal for step in _if(_EQUAL, int(value), [_step(_RETURN, _ALLOW)])]
    return [*steps, _step(_RETURN, verdict)]
