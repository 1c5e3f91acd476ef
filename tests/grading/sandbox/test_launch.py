"""What the walls of the sandbox hold back. Each test is a submission in a real sandbox with small limits."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursekit.errors import CourseError
from coursekit.grading.sandbox import NONE, EndedError, Sandbox, launch, why_unavailable

MIB = 2**20


def printed(sandbox: Sandbox, *sources: str) -> str:
    """Run cells as one submission and return what they print, with the names of their errors."""
    with sandbox.session() as session:
        runs = [session.run_cell(source) for source in sources]
    texts = [output.get("text", "") for run in runs for output in run.outputs]
    return "".join([*texts, *(run.error for run in runs)]).strip()


@pytest.fixture
def listener() -> Iterator[int]:
    """A port of this machine on which somebody answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        yield server.getsockname()[1]
        with socket.create_connection(server.getsockname(), timeout=1):
            pass


def test_the_network_cannot_be_reached(walls: Sandbox, listener: int) -> None:
    source = f"import socket\nsocket.create_connection(('127.0.0.1', {listener}), timeout=1)"
    assert printed(walls, source) in ("ConnectionRefusedError", "OSError")
    assert printed(walls, "import socket\nsocket.create_connection(('1.1.1.1', 53), timeout=1)") == "OSError"


def test_nothing_of_the_users_can_be_read(walls: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    hidden = Path.cwd() / "autograde" / "hidden"
    places = [str(place) for place in (tmp_path, hidden, Path.home() / ".bashrc", "/etc/passwd", "/home", "/var")]
    assert printed(walls, f"import os\nprint([place for place in {places} if os.path.exists(place)])") == "[]"


def test_of_the_users_data_only_the_data_sets_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if why_unavailable():
        pytest.skip("needs bubblewrap")
    for name in ("hidden/01_softmax.py", "mnist/notes.txt", "mnist/train-images-idx3-ubyte"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("secret" if "images" not in name else "data")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    sandbox = Sandbox()
    look = f"""
import os
place = {str(tmp_path)!r}
found = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names]
print(sorted(os.path.relpath(path, place) for path in found))
"""
    try:
        for _ in range(2):
            assert printed(sandbox, look) == "['mnist/train-images-idx3-ubyte']"
        assert printed(sandbox, "import os\nprint(os.environ['COURSEKIT_DATA'])") == str(tmp_path)
        assert "Error" in printed(sandbox, f"open('{tmp_path}/mnist/train-images-idx3-ubyte', 'w')")
    finally:
        sandbox.close()


def test_nothing_of_the_environment_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "secret")
    monkeypatch.setenv("MPLBACKEND", "agg")
    if why_unavailable():
        pytest.skip("needs bubblewrap")
    sandbox = Sandbox()
    try:
        found = printed(sandbox, "import os\nprint(dict(os.environ))")
    finally:
        sandbox.close()
    assert "SECRET_TOKEN" not in found
    assert "inline" in found


@pytest.mark.parametrize(
    "place", ["/usr/x", "/x", "/etc/x", "/dev/x", "/proc/x", launch.__file__, "/proc/sys/kernel/hostname"]
)
def test_nothing_but_the_scratch_can_be_written_to(walls: Sandbox, place: str) -> None:
    error = printed(walls, f"open({place!r}, 'a')")
    assert error in ("PermissionError", "OSError", "FileNotFoundError", "IsADirectoryError")


def test_the_supervisor_cannot_be_reached(walls: Sandbox) -> None:
    source = """
import ctypes, os, resource, signal
def tried(act):
    try:
        print(act() or "done")
    except OSError as error:
        print(error.errno)
libc = ctypes.CDLL(None, use_errno=True)
for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSTOP, signal.SIGUSR1, signal.SIGSEGV):
    try:
        os.kill(1, number)
    except PermissionError:
        pass
for name in ("mem", "environ", "maps", "fd", "cwd", "root", "task/1/mem"):
    tried(lambda: (os.listdir if name in ("fd", "cwd", "root") else open)("/proc/1/" + name) and "open")
print(libc.ptrace(16, 1, 0, 0), libc.process_vm_readv(1, 0, 0, 0, 0, 0))
for act in (lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (3, 3)), lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
            lambda: os.sched_setaffinity(1, {0}), lambda: os.pidfd_open(1) and 1):
    tried(act)
"""
    lines = printed(walls, source).splitlines()
    assert "open" not in lines
    assert lines[-5] == "-1 -1"
    assert lines[-4:-1] == ["1", "1", "1"]
    assert printed(walls, "print(2)") == "2"


def test_memory_is_limited(walls: Sandbox) -> None:
    with pytest.raises(EndedError, match="256 MiB") as caught:
        printed(walls, "import numpy as np, time\nx = [np.ones(10**6) for _ in range(55)]\ntime.sleep(1.5)")
    assert caught.value.status == "memory"


@pytest.mark.parametrize(
    "source",
    [
        "bytearray(10**10)",
        "import mmap\nmmap.mmap(-1, 10**10)",
        "import numpy\nnumpy.ones(10**10)",
    ],
)
def test_more_memory_than_there_could_be_is_refused(walls: Sandbox, source: str) -> None:
    assert "MemoryError" in printed(walls, source) or "OSError" in printed(walls, source)


def test_memory_of_all_processes_together_is_limited(walls: Sandbox) -> None:
    source = """
import os, time, numpy as np
for _ in range(8):
    if os.fork() == 0:
        x = np.ones(10 * 2**20)
        time.sleep(100)
_, status = os.wait()
print("ended by signal", os.WTERMSIG(status))
"""
    assert printed(walls, source) == "ended by signal 9"


def test_processes_are_limited(walls: Sandbox) -> None:
    source = """
import os, time
made = 0
try:
    for _ in range(500):
        if os.fork() == 0:
            time.sleep(100)
        made += 1
except OSError:
    # 32 of its own, and 32 that the grader may keep beside them.
    print(made < 64)
"""
    assert printed(walls, source) == "True"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("open('x', 'wb').write(bytes(5 * 2**20))", "OSError"),
        ("for i in range(10): open(str(i), 'wb').write(bytes(2**20))", "OSError"),
        ("for i in range(10): open('/dev/shm/' + str(i), 'wb').write(bytes(2**20))", "OSError"),
        ("files = [open('/dev/null') for _ in range(1000)]", "OSError"),
    ],
    ids=["one file", "all files", "shared memory", "open files"],
)
def test_files_are_limited(walls: Sandbox, source: str, error: str) -> None:
    assert printed(walls, source) == error


LEAVINGS = {
    "a file": ("open('left', 'w')", "os.listdir('.')"),
    "a file elsewhere": ("open('/tmp/left', 'w')", "[n for n in os.listdir('/tmp') if n == 'left']"),
    "shared memory": ("open('/dev/shm/left', 'w')", "os.listdir('/dev/shm')"),
    "a closed folder": ("os.makedirs('a/b'); open('a/b/c', 'w'); os.chmod('a', 0)", "os.listdir('.')"),
    "a deep tree": (
        "for _ in range(1500): os.mkdir('d' * 100); os.chdir('d' * 100)",
        "os.listdir('/tmp/home')",
    ),
    "a name in the environment": ("os.environ['LEFT'] = '1'", "[n for n in os.environ if n == 'LEFT']"),
    "a module": ("sys.modules['left'] = os", "[n for n in sys.modules if n == 'left']"),
    "a start-up file": (
        "os.makedirs('/tmp/.ipython/profile_default/startup'); "
        "open('/tmp/.ipython/profile_default/startup/x.py', 'w').write('left = 1')",
        "[n for n in globals() if n == 'left']",
    ),
    "a name": ("left = 1", "[n for n in globals() if n == 'left']"),
    "a daemon": (
        "import subprocess\nsubprocess.Popen(['setsid', 'sleep', '100'])",
        "[p for p in os.listdir('/proc') if p.isdigit() and 'sleep' in open(f'/proc/{p}/cmdline').read()]",
    ),
    "a socket": (
        "import socket\ns = socket.socket(socket.AF_UNIX); s.bind('\\0left'); s.listen()",
        "[1 for line in open('/proc/net/unix') if 'left' in line]",
    ),
    "shared memory of System V": (
        "import ctypes; assert ctypes.CDLL(None).shmget(77, 4096, 0o1666) == -1",
        "open('/proc/sysvipc/shm').read().splitlines()[1:]",
    ),
    "a key": (
        "import ctypes; assert ctypes.CDLL(None).syscall(250, 0, -4, 0, 0, 0) == -1",
        "[]",
    ),
    "a limit": ("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))", "[]"),
    "priority": ("os.nice(10)", "[n for n in [os.nice(0)] if n > 0]"),
    "a umask": ("os.umask(0o777)", "[n for n in [os.umask(0)] if n == 0o777]"),
}


@pytest.mark.parametrize(("leave", "find"), LEAVINGS.values(), ids=LEAVINGS.keys())
def test_nothing_that_one_submission_leaves_reaches_the_next(walls: Sandbox, leave: str, find: str) -> None:
    assert printed(walls, f"import os, sys\n{leave}") == ""
    sandbox = walls if walls.alive else Sandbox(limits=walls.limits)
    try:
        assert printed(sandbox, f"import os, sys\nprint({find})") == "[]"
    finally:
        if sandbox is not walls:
            sandbox.close()


def test_a_new_namespace_cannot_be_made(walls: Sandbox) -> None:
    source = "import ctypes\nlibc = ctypes.CDLL(None)\nprint(libc.unshare(0x10000000), libc.syscall(319, b'x', 0))"
    assert printed(walls, source) == "-1 -1"


def test_torch_works_within_the_limits(walls: Sandbox) -> None:
    source = """
import torch
x = torch.ones(200, 200, requires_grad=True)
(x @ x).sum().backward()
print(x.grad[0, 0].item())
"""
    assert printed(walls, source) == "400.0"


def test_the_worker_ends_with_its_sandbox(walls: Sandbox) -> None:
    sandbox = Sandbox(limits=walls.limits)
    pid = sandbox._process.pid
    sandbox.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_a_sandbox_nothing_is_left_either(tmp_path: Path) -> None:
    sandbox = Sandbox(mode=NONE)
    (folder,) = sandbox._scratch
    before = list(Path(folder).iterdir())
    daemon = f"import subprocess\nsubprocess.Popen(['setsid', 'sleep', '1234.5'])\nopen('{folder}/left', 'w')"
    assert printed(sandbox, daemon) == ""
    assert list(Path(folder).iterdir()) == before
    sandbox.close()
    assert not Path(folder).exists()
    running = [path.read_text() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any("1234.5" in line for line in running)


# where there can be none


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("sys.platform", "darwin", "needs Linux; this is darwin"),
        ("platform.machine", lambda: "riscv64", "needs a 64-bit x86 or ARM processor"),
        ("shutil.which", lambda _: None, "no program `bwrap`"),
    ],
)
def test_where_there_can_be_no_sandbox_the_reason_and_the_remedy_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object, part: str
) -> None:
    monkeypatch.setattr(name, value)
    assert part in why_unavailable()
    with pytest.raises(CourseError, match=r"apt-get install bubblewrap.*--sandbox none"):
        Sandbox()


def test_a_sandbox_that_does_not_start_tells_what_was_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho no permission to make namespaces >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(fake))
    with pytest.raises(CourseError, match=r"(?s)no permission to make namespaces.*--sandbox none"):
        Sandbox()


def test_an_unknown_sandbox_is_refused() -> None:
    with pytest.raises(CourseError, match="legal are bubblewrap, user, none"):
        Sandbox(mode="docker")


def test_a_sandbox_keeps_to_its_core(walls: Sandbox) -> None:
    core = max(os.sched_getaffinity(0))
    sandbox = Sandbox(limits=walls.limits, core=core)
    try:
        leave = f"import os\ntry: os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))})\nexcept OSError: pass\n"
        assert printed(sandbox, leave + "print(os.sched_getaffinity(0))") == str({core})
    finally:
        sandbox.close()
