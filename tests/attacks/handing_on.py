"""What a submission may try to leave for the next one: ``python tests/attacks/handing_on.py`` prints what arrived.

Each pair is two submissions in one sandbox: the first leaves something, the second looks for it and prints ``arrived``.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import NamedTuple

import coursekit
from coursekit.grading.sandbox import EndedError, Limits, LostError, Sandbox

LIMITS = Limits(cell_s=5, submission_s=20, memory_mib=256, processes=32, scratch_mib=16)
SHARED = ("/tmp", "/dev/shm")
ANYWHERE = """
import os
def places():
    for folder, below, _ in os.walk("/"):
        if folder.count("/") > 3 or folder.startswith(("/proc", "/sys")):
            below.clear()
        yield folder
"""
#: Folders beside and above what the sandbox shows: the packages, Python, the checkout.
ABOVE = sorted(
    {
        str(parent)
        for path in (coursekit.__file__, sys.prefix, sys.base_prefix, __file__)
        for parent in Path(path).parents
        if str(parent) != "/"
    }
)


class Pair(NamedTuple):
    """Two submissions of a cell each."""

    leave: str
    look: str


PAIRS = {
    "an attribute of a shared folder": Pair(
        f"import os\nfor place in {SHARED}: os.setxattr(place, 'user.answers', b'def softmax(Z): ...')",
        f"import os\nif any(os.listxattr(place) for place in {SHARED}): print('arrived')",
    ),
    "a shared folder's mode": Pair(
        f"import os\nfor place in {SHARED}: os.chmod(place, 0o555)",
        f"import os\nif any(os.stat(place).st_mode != 0o41777 for place in {SHARED}): print('arrived')",
    ),
    "a shared folder's times": Pair(
        f"import os\nfor place in {SHARED}: os.utime(place, (7, 7))",
        f"import os\nif any(os.stat(place).st_mtime == 7 for place in {SHARED}): print('arrived')",
    ),
    "an attribute of any folder": Pair(
        ANYWHERE
        + """
for place in places():
    try: os.setxattr(place, 'user.answers', b'x')
    except OSError: pass
""",
        ANYWHERE
        + """
def left(place):
    try: return os.listxattr(place)
    except OSError: return []
if any(left(place) for place in places()): print('arrived')
""",
    ),
    "a file anywhere": Pair(
        ANYWHERE
        + """
for place in places():
    try: open(os.path.join(place, '.left-by-a-student'), 'x').close()
    except OSError: pass
""",
        ANYWHERE
        + "if any(os.path.exists(os.path.join(place, '.left-by-a-student')) for place in places()): print('arrived')",
    ),
    "a module beside what is shown": Pair(
        f"""
import os
for place in {ABOVE}:
    for name in ('softmax_answers.py', 'antigravity.py'):
        try: open(os.path.join(place, name), 'w').write('ARRIVED = True')
        except OSError: pass
""",
        """
import importlib, sys
try:
    import softmax_answers
    print('arrived')
except ImportError: pass
""",
    ),
    "a device's times": Pair(
        """
import os
for name in os.listdir('/dev'):
    try: os.utime(f'/dev/{name}', (7, 7))
    except OSError: pass
    try: os.utime(f'/dev/{name}'); print('touched')
    except OSError: pass
""",
        """
import os
times = [os.lstat(f'/dev/{name}').st_mtime for name in os.listdir('/dev')]
if 7 in times: print('arrived')
""",
    ),
    "a tree that is hard to delete": Pair(
        f"""
import os
for place in {SHARED}:
    os.chdir(place)
    for _ in range(1500): os.mkdir('d'); os.chmod('.', 0o300); os.chdir('d')
    os.chmod('.', 0)
""",
        f"import os\nif any('d' in os.listdir(place) for place in {SHARED}): print('arrived')",
    ),
    "a process and a socket": Pair(
        """
import os, socket, time
if os.fork() == 0:
    os.setsid()
    s = socket.socket(socket.AF_UNIX); s.bind(chr(0) + 'answers'); s.listen()
    time.sleep(60)
time.sleep(0.2)
""",
        """
import socket
try: socket.socket(socket.AF_UNIX).connect(chr(0) + 'answers'); print('arrived')
except OSError: pass
""",
    ),
}


def main() -> None:
    """Try each pair in one sandbox, and print what came of it, by the pair's name."""
    with contextlib.ExitStack() as stack:
        sandbox, found = None, {}
        for name, pair in PAIRS.items():
            if sandbox is None or not sandbox.alive:
                sandbox = stack.enter_context(contextlib.closing(Sandbox(limits=LIMITS)))
            found[name] = tried(sandbox, pair)
    print(json.dumps(found))


def tried(sandbox: Sandbox, pair: Pair) -> str:
    """Run a pair; return what the second submission printed: ``looked`` if it found nothing."""
    printed(sandbox, pair.leave)
    return printed(sandbox, f"{pair.look}\nprint('looked')")


def printed(sandbox: Sandbox, source: str) -> str:
    """Run a cell as a submission of its own."""
    try:
        with sandbox.session() as session:
            run = session.run_cell(source)
    except (EndedError, LostError) as error:
        return str(error)
    texts = [output.get("text", "") for output in run.outputs if output.get("output_type") == "stream"]
    return "".join([*texts, run.error]).strip()


if __name__ == "__main__":
    main()
