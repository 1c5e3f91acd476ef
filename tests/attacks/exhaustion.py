"""Class 3: time, memory, processes, files and output are used up."""

from __future__ import annotations

from tests.attacks.attack import WRONG, Attack

MIXED = "whole matrix was normalised"


def exhausting(
    name: str, cause: str = MIXED, *, cell: str = "", softmax: str = WRONG, plain: bool = False, sandboxed: bool = True
) -> Attack:
    twin = WRONG
    return Attack("exhaustion", name, cause, softmax=softmax, cell=cell, twin=twin, plain=plain, sandboxed=sandboxed)


def function(body: str) -> str:
    return "def softmax(Z):\n" + "".join(f"    {line}\n" for line in body.splitlines())


ATTACKS = [
    exhausting("runs for ever in a cell", "ran out of time", cell="while True: pass"),
    exhausting("runs for ever in the function", "did not come back", softmax=function("while True: pass")),
    exhausting(
        "catches every interrupt",
        "could not be interrupted|timeout",
        cell="""
import time
while True:
    try: time.sleep(9)
    except BaseException: pass
""",
    ),
    exhausting("runs for ever in C", "could not be interrupted|timeout", cell="sum(range(10**13))"),
    exhausting(
        "stops itself",
        "could not be interrupted|timeout",
        cell="""
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
""",
    ),
    exhausting(
        "takes all memory",
        "memory",
        cell="""
hog = []
while True: hog.append(bytearray(10**7))
""",
    ),
    exhausting("asks for more memory than there is", "MemoryError|form", softmax=function("return np.ones(10**12)")),
    exhausting(
        "leaves by os._exit",
        "exit code 0",
        cell="""
import os
os._exit(0)
""",
        plain=True,
    ),
    exhausting(
        "leaves the function by os._exit",
        "ended the process",
        softmax=function("""
import os
os._exit(0)
"""),
    ),
    exhausting(
        "segfaults",
        "SIGSEGV",
        cell="""
import ctypes
ctypes.string_at(0)
""",
        plain=True,
    ),
    exhausting(
        "recurses until the stack is gone",
        "SIGSEGV|recursion|ended the process|RecursionError|did not come back within",
        softmax="""
import sys
sys.setrecursionlimit(10**9)
def softmax(Z):
    return softmax(Z)
""",
    ),
    exhausting(
        "forks for ever",
        "whole matrix|ran out of time|timeout|crashed|memory",
        cell="""
import os, time
for _ in range(3000):
    try:
        if os.fork() == 0: time.sleep(60); os._exit(0)
    except OSError: break
""",
    ),
    exhausting(
        "keeps all cores busy",
        "whole matrix|ran out of time|timeout",
        cell="""
import os, time
for core in (None, 0, 1):
    try:
        if core is not None: os.sched_setaffinity(0, {core})
    except OSError: pass
    for _ in range(12):
        if os.fork() == 0:
            os.setsid()
            while True: pass
time.sleep(2)
""",
    ),
    exhausting("prints 300 MB in one line", cell="print('x' * 300_000_000)", plain=True),
    exhausting(
        "displays a hundred thousand times",
        "whole matrix|ran out of time",
        cell="""
from IPython.display import display
for i in range(100_000): display(i)
""",
    ),
    exhausting(
        "fills the disk",
        cell="""
try:
    for i in range(100): open(f'file{i}', 'wb').write(bytes(10**7))
except OSError: pass
""",
    ),
    exhausting(
        "fills shared memory",
        cell="""
try:
    for i in range(100): open(f'/dev/shm/file{i}', 'wb').write(bytes(10**7))
except OSError: pass
""",
    ),
    exhausting(
        "makes many small files",
        cell="""
import os
for i in range(20_000): open(f'f{i}', 'w').close()
""",
    ),
    exhausting(
        "fills sockets that talk to themselves",
        "memory|whole matrix",
        cell="""
import socket
kept = []
try:
    server = socket.create_server(('127.0.0.1', 0))
    for _ in range(200):
        kept.append(socket.create_connection(server.getsockname(), timeout=1))
        kept[-1].setblocking(False)
        kept[-1].send(bytes(10**7))
except OSError as error: print(type(error).__name__)
""",
    ),
    exhausting(
        "fills sockets between processes",
        "memory|ran out of time|whole matrix|timeout",
        cell="""
import os, socket, time
for _ in range(40):
    if os.fork() == 0:
        kept = []
        try:
            while True:
                ends = socket.socketpair()
                kept.append(ends)
                for end in ends:
                    try: end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 10**7)
                    except OSError: pass
                    end.setblocking(False)
                    try:
                        while True: end.send(bytes(65536))
                    except BlockingIOError: pass
        except OSError: pass
        time.sleep(60)
time.sleep(2)
""",
    ),
    exhausting(
        "makes empty files without end",
        cell="""
import os
try:
    for i in range(10**6): os.close(os.open(f'/tmp/f{i}', os.O_CREAT))
except OSError: pass
""",
    ),
    exhausting(
        "hangs attributes on files without end",
        "ran out of time|whole matrix",
        cell="""
import os
try:
    open('f', 'w').close()
    for i in range(10**6): os.setxattr('f', f'user.{i}', bytes(60000))
except OSError: pass
""",
    ),
    exhausting(
        "watches files and locks them without end",
        "ran out of time|whole matrix",
        cell="""
import ctypes, fcntl, os
libc = ctypes.CDLL(None)
for _ in range(200): libc.inotify_init1(0)
with open('f', 'w') as file:
    for i in range(20_000): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * i)
""",
    ),
    exhausting("waits for input", cell="input('What is the answer?')", sandboxed=False),
    exhausting("sleeps in a shell", "whole matrix|ran out of time|timeout", cell="!sleep 60"),
    exhausting(
        "takes its time in every cell",
        "timeout|whole matrix",
        cell="""
import time
get_ipython().events.register('pre_run_cell', lambda *_: time.sleep(2.5))
""",
    ),
    exhausting(
        "returns a generator that never ends",
        "cannot read",
        softmax=function("""
import itertools
return itertools.count()
"""),
        sandboxed=False,
    ),
    exhausting(
        "returns a hundred million numbers",
        "no good|most is|memory|Memory|did not come back",
        softmax=function("return np.zeros(10**8)"),
    ),
    exhausting(
        "returns keys that Python cannot tell apart",
        "keys that are no text",
        softmax=function("return {k * (2**61 - 1): 0 for k in range(1, 3000)}"),
        sandboxed=False,
    ),
    exhausting(
        "returns a long text among numbers",
        "one of them a text",
        softmax=function("return ['x' * 5_000_000] + [0.0] * 50_000"),
        sandboxed=False,
    ),
    exhausting(
        "returns rows without entries",
        "rows or columns",
        softmax=function("return np.empty((2**40, 0))"),
        sandboxed=False,
    ),
    exhausting(
        "returns eight million small numbers",
        "the most is",
        softmax=function("return np.zeros(2**23, np.int8)"),
        sandboxed=False,
    ),
    exhausting(
        "returns lists within lists",
        "nested deeper",
        softmax=function("""
r = []
for _ in range(100_000): r = [r]
return r
"""),
        sandboxed=False,
    ),
]
