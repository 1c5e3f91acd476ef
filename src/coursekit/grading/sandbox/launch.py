"""Starting the process that runs students' code, in a sandbox of bubblewrap's (https://github.com/containers/bubblewrap).

In the sandbox there is no network, no course, no other student, nothing of the user's: Python and the packages can be
read, two small folders in memory can be written to, and no process outside can be seen.

Most containers do not allow that. There root can have students' code run as a user that is nobody else's: it can read
what every user can, write to a folder of its own, and reach no network.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import coursekit
from coursekit.datasets.folders import files_in
from coursekit.errors import CourseError
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import seccomp
from coursekit.grading.sandbox.cgroups import Group, open_group
from coursekit.grading.sandbox.session import LostError, Session
from coursekit.grading.sandbox.wire import Channel, WireError

__all__ = ["BUBBLEWRAP", "MODES", "NONE", "USER", "Sandbox", "why_unavailable"]

BUBBLEWRAP, USER, NONE = "bubblewrap", "user", "none"
#: What can confine a student's code.
MODES = (BUBBLEWRAP, USER, NONE)

_START_S = 120
_CLEAN_S = 5
# Python runs isolated from the user's settings (-I), so it has to be told where this package is.
_START = "import sys; sys.path.append(sys.argv.pop()); from coursekit.grading.sandbox.worker import main; main()"
#: Folders that a submission may write to: its home is in the first.
_SCRATCH = ("/tmp", "/dev/shm")  # noqa: S108 - in the sandbox, where nobody else is
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
#: What programs of the system look up: where libraries are, and what time it is.
_SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
#: What root's sandbox needs to become another user, and to give each submission folders of its own.
_RIGHTS = ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN")
_OF_SYSTEMD = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
_UIDS = range(1_000_000_000, 2_000_000_000)
_REMEDY = (
    "Install bubblewrap (Debian, Ubuntu: `sudo apt-get install bubblewrap`; Fedora: `sudo dnf install bubblewrap`), or"
    " grade on another Linux machine, or, if you trust the students, grade without a sandbox: --sandbox none."
)


class Sandbox:
    """A process that runs submissions, one after another.

    Args:
        mode: One of :data:`MODES`.
        limits: What one submission may use.
        lab: The lab's stem, whose checks are imported beforehand.
        core: The processor core that all its processes share; any core unless given.

    Raises:
        CourseError: If there can be no sandbox here, or the process does not start.
    """

    def __init__(
        self, *, mode: str = BUBBLEWRAP, limits: Limits | None = None, lab: str = "", core: int | None = None
    ) -> None:
        if mode not in MODES:
            raise CourseError(f"There is no sandbox {mode!r}; legal are {', '.join(MODES)}.")
        self.mode = mode
        self.limits = limits or Limits()
        #: The control group in which its processes are counted; None where there is none.
        self.group: Group | None = None
        self._stack = contextlib.ExitStack()
        try:
            self._start(lab, core)
        except BaseException:
            self.close()
            raise

    @contextlib.contextmanager
    def session(self, seconds: float | None = None) -> Iterator[Session]:
        """Begin a submission, and end it: its processes and files are gone afterwards.

        Args:
            seconds: How long its cells may run together; as the limits say unless given.

        Raises:
            LostError: If the sandbox has ended.
        """
        ours, theirs = Channel.pair()
        with contextlib.closing(ours):
            try:
                with theirs:
                    self._control.send({"do": "begin"}, fds=[theirs.fileno()], timeout_s=_CLEAN_S)
                seconds = self.limits.submission_s if seconds is None else seconds
                session = Session(self._control, ours, self.limits, seconds, self._memory_used_up())
            except WireError as error:
                self.close()
                raise LostError(str(error)) from None
            try:
                yield session
            finally:
                self._finish()

    def _memory_used_up(self) -> Callable[[], bool]:
        """Return what tells whether the kernel has ended processes from now on, for want of memory in the group."""
        group, pid = self.group, self._process.pid
        before = group.n_killed(pid) if group is not None else 0
        return lambda: group is not None and group.n_killed(pid) > before

    @property
    def alive(self) -> bool:
        """Whether submissions can be run here."""
        return self._process.poll() is None and not self._closed

    def close(self) -> None:
        """End the process, and all that runs in it."""
        self._closed = True
        self._stack.close()

    def _finish(self) -> None:
        """Have the last submission cleaned up; close this sandbox if that fails."""
        try:
            self._control.send({"do": "finish"}, timeout_s=_CLEAN_S)
            reply = self._control.receive(timeout_s=_CLEAN_S)
            while "clean" not in reply:
                reply = self._control.receive(timeout_s=_CLEAN_S)
        except WireError:
            reply = {"clean": False}
        if reply["clean"] is not True:
            self.close()

    def _start(self, lab: str, core: int | None) -> None:
        self._closed = False
        self._control, theirs = Channel.pair()
        with theirs, tempfile.TemporaryFile() as log:
            try:
                self._process = self._launch(theirs.fileno(), log)
                self._stack.callback(_end, self._process)
            finally:
                # Closed first on the way out: without a grader, the process cleans up and ends by itself.
                self._stack.callback(self._control.close)
            theirs.close()
            self._prepare(lab, core, log)

    def _prepare(self, lab: str, core: int | None, log: BinaryIO) -> None:
        """Tell the process what it is to do, and wait until it is ready."""
        setup = {
            "limits": self.limits.as_dict(),
            "sandboxed": self.mode == BUBBLEWRAP,
            "confined": self.mode != NONE,
            "uid": self._uid,
            "scratch": list(self._scratch),
            "shown": _readable() if self.mode == BUBBLEWRAP else [],
            "lab": lab,
            "core": core,
        }
        try:
            self._control.send(setup, timeout_s=_START_S)
            self._control.receive(timeout_s=_START_S)
        except WireError as error:
            raise CourseError(self._why_not(error, log)) from None

    def _launch(self, fd: int, log: BinaryIO) -> subprocess.Popen[bytes]:
        """Start the process."""
        why = why_unavailable(self.mode)
        if why:
            raise CourseError(why)
        self._uid = secrets.choice(_UIDS) if self.mode != NONE and os.geteuid() == 0 else None
        if self.mode != BUBBLEWRAP:
            folder = tempfile.mkdtemp()
            self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
            if self._uid is not None:
                os.chown(folder, self._uid, self._uid)
                self._stack.callback(_end_all_of, self._uid)
            self._scratch: tuple[str, ...] = (folder,)
            prefix, environment = [], _environment(folder)
        else:
            self._scratch = _SCRATCH
            self.group = open_group(self.limits)
            prefix, environment = _bubblewrap(self.limits), _environment(_SCRATCH[0])
            prefix += [part for pair in environment.items() for part in ("--setenv", *pair)]
            if self.group is not None:
                self._stack.callback(self.group.close)
                prefix = [*self.group.command, *prefix]
                # For systemd; within the sandbox it is not known.
                environment |= {name: os.environ[name] for name in _OF_SYSTEMD if name in os.environ}
        command = [*prefix, sys.executable, "-I", "-c", _START, str(fd), str(Path(coursekit.__file__).parents[1])]
        return subprocess.Popen(  # noqa: S603 - our own program
            command, pass_fds=[fd], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/"
        )

    def _why_not(self, error: WireError, log: BinaryIO) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        log.seek(0)
        said = log.read()[-2000:].decode("utf-8", "replace").strip() or str(error)
        if self.mode != BUBBLEWRAP:
            return f"The process to grade in did not start. It said: {said}"
        return f"The sandbox to grade in did not start. It said: {said}\n{_REMEDY}"


def why_unavailable(mode: str = BUBBLEWRAP) -> str:
    """Say why there can be no sandbox of this kind on this machine, and what to do; say nothing if there can."""
    if mode == NONE:
        return ""
    if sys.platform != "linux":
        return f"Students' code is graded in a sandbox, which needs Linux; this is {sys.platform}. {_REMEDY}"
    if not seccomp.supported():
        return f"Students' code is graded in a sandbox, which needs a 64-bit x86 or ARM processor. {_REMEDY}"
    if mode == USER:
        return _why_no_other_user()
    if shutil.which("bwrap") is None:
        return f"Students' code is graded in a sandbox, but there is no program `bwrap` on this machine. {_REMEDY}"
    return ""


def _why_no_other_user() -> str:
    if os.geteuid() != 0:
        return f"Only root can run students' code as another user (--sandbox user), as in a container. {_REMEDY}"
    needed = [Path(path).resolve() for path in (sys.executable, sys.prefix, sys.base_prefix, coursekit.__file__)]
    places = dict.fromkeys(place for path in needed for place in (path, *path.parents))
    closed = [str(place) for place in places if not place.stat().st_mode & 0o001 and place.is_dir()]
    if closed:
        return (
            f"Students' code cannot run as another user (--sandbox user): Python or the course lies in {closed[-1]},"
            " which is closed to other users. Install them where all users can read, such as below /opt."
        )
    return ""


def _end_all_of(uid: int) -> None:
    """End every process of a user that is nobody else's."""
    command = [sys.executable, "-I", "-S", "-c", "import os; os.kill(-1, 9)"]
    subprocess.run(command, user=uid, group=uid, extra_groups=[], capture_output=True, check=False)  # noqa: S603


def _bubblewrap(limits: Limits) -> list[str]:
    """Return the command that puts the next one into a sandbox."""
    scratch_bytes = str(int(limits.scratch_mib * 2**20))
    command = [shutil.which("bwrap") or "bwrap", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"]
    if os.geteuid() == 0:
        # Root needs no user namespace; the worker changes to a user that is nobody else's, and loses all rights.
        command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        command += ["--cap-drop", "ALL"]
        command += [part for right in _RIGHTS for part in ("--cap-add", right)]
    else:
        command += ["--unshare-all"]
    home, shared = (["--perms", "1777", "--size", scratch_bytes, "--tmpfs", folder] for folder in _SCRATCH)
    # The home comes first: an environment may lie in a folder of that name, and is mounted over it.
    command += home
    # bubblewrap would give the folders above a mount the rights that they have outside, which may be the owner's only.
    parents = {str(parent) for path in _readable() for parent in Path(path).parents} - {"/", *_SCRATCH}
    command += [part for parent in sorted(parents) for part in ("--perms", "0755", "--dir", parent)]
    for path in _readable():
        system_link = path in _SYSTEM and Path(path).is_symlink()
        command += ["--symlink", str(Path(path).readlink()), path] if system_link else ["--ro-bind", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", *shared]
    # Without these two, the folders above the mounts could be written to.
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--hostname", "sandbox", "--chdir", "/"]


def _readable() -> list[str]:
    """List what can be read in the sandbox: the system's programs, Python, its packages, this one, data sets."""
    package = Path(coursekit.__file__).parent
    wanted = [*_SYSTEM, *_SETTINGS, sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages()]
    wanted += [os.path.realpath(path) for path in (sys.executable, sys.prefix, sys.base_prefix)]
    wanted += [str(package), *_data_files()]
    found: list[str] = []
    for path in dict.fromkeys(filter(None, wanted)):
        within = any(Path(path).is_relative_to(parent) for parent in found)
        if Path(path).exists() and not within:
            found.append(path)
    return found


def _data_files() -> list[str]:
    """List the files of the user's data sets: these alone, whatever else lies in their folder."""
    from coursekit.datasets import cifar10, mnist

    folder = os.environ.get("COURSEKIT_DATA")
    if not folder:
        return []
    published = (mnist.published(), cifar10.published())
    return [str(path) for data_set in published for path in files_in(Path(folder).expanduser().absolute(), data_set)]


def _environment(scratch: str) -> dict[str, str]:
    """Return the environment of the process: nothing of the user's."""
    environment = dict.fromkeys(_ONE_THREAD, "1") | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": scratch,
        "TMPDIR": scratch,
        "MPLCONFIGDIR": f"{scratch}/.matplotlib",
        "IPYTHONDIR": f"{scratch}/.ipython",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "LANG": "C.UTF-8",
        "USER": "student",
        "LOGNAME": "student",
        "PYTHONDONTWRITEBYTECODE": "1",
        # As nbgrader does, for notebooks that ask.
        "NBGRADER_EXECUTION": "autograde",
        "COURSEKIT_OFFLINE": "1",
        # There is no network: what pip cannot find here, it need not look for again and again.
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    data = os.environ.get("COURSEKIT_DATA")
    # A folder that nothing is shown of would not be there.
    return environment | ({"COURSEKIT_DATA": str(Path(data).expanduser().absolute())} if data and _data_files() else {})


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_CLEAN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
