"""Fetching published files: several mirrors, checked by content, whole or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import logging
import os
import queue
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

__all__ = ["DownloadError", "fetch", "has_md5", "is_offline"]

log = logging.getLogger(__name__)

#: Seconds within which one mirror at least must have answered; else the machine counts as offline. An ordinary timeout
#: does not suffice: it begins again for each address of a host, and does not limit a name server that never answers.
PATIENCE_S = 4.0
#: Seconds to wait for a mirror to answer, and then for the next piece of the file.
TIMEOUT_S = (4.0, 15.0)
_CHUNK_BYTES = 1 << 18
#: The system's errors when a disk is full or broken, a quota used up or a file too large: not the mirror's fault.
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class DownloadError(Exception):
    """No mirror gave the files; the text says what each one did. It never leaves this package."""


class _WrongContentError(Exception):
    """What a mirror sent is not what was published."""


def is_offline() -> bool:
    """Tell whether ``COURSEKIT_OFFLINE=1`` forbids downloads; unset, empty, 0, no and false allow them."""
    return os.environ.get("COURSEKIT_OFFLINE", "").strip().lower() not in ("", "0", "no", "false")


def fetch(
    mirrors: Sequence[str], checksums: Mapping[str, str], folder: Path, use: Callable[[str, IO[bytes]], None]
) -> None:
    """Download files, each from the first mirror that sends it whole, and hand them over once their content is right.

    What a mirror has sent before its connection broke is kept, and the next mirror goes on from there if it can. A
    mirror that has failed is not asked again. What has not yet been checked has no name in the folder, so that a
    download leaves nothing behind even if the process is killed.

    Args:
        mirrors: Addresses that the files' names are appended to, best first.
        checksums: The files' names, and the md5 of each one's content (see `has_md5`).
        folder: Where to keep what has not yet been checked; made if need be.
        use: Called with each file's name and its content, open for reading.

    Raises:
        DownloadError: If no mirror sent one of the files.
        OSError: If the folder cannot be written to, or the disk is full.
    """
    if sys.platform == "emscripten":
        _fetch_from_site(checksums, folder.name, use)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass  # fails at once where nothing can be written, before anybody waits for the network
    failures = _unreachable(mirrors, next(iter(checksums)))
    for name, md5 in checksums.items():
        with tempfile.TemporaryFile(dir=folder) as stream:
            _receive_from_any(mirrors, failures, name, stream, md5)
            stream.seek(0)
            use(name, stream)


def has_md5(stream: IO[bytes], md5: str) -> bool:
    """Tell whether a file has this md5, as it is or unpacked by gzip: mirrors may pack the same content differently.

    It guards against damage, not against malice.
    """
    if _md5(stream) == md5:
        return True
    try:
        stream.seek(0)
        with gzip.GzipFile(fileobj=stream) as content:
            return _md5(content) == md5
    except (OSError, EOFError, zlib.error):  # no gzip file, or a damaged one
        return False


def _fetch_from_site(checksums: Mapping[str, str], subfolder: str, use: Callable[[str, IO[bytes]], None]) -> None:
    """Fetch files in a browser, which reaches nothing but the site that the notebook was opened from.

    Its owner may have put them into ``data/``, beside the site's front page.
    """
    site = _site_address()
    for name, md5 in checksums.items():
        content = io.BytesIO(_sent_by_site(f"{site}/data/{subfolder}/{name}"))
        if not has_md5(content, md5):
            raise DownloadError(f"data/{subfolder}/{name} of this site is not what was published")
        content.seek(0)
        use(name, content)


def _site_address() -> str:
    """Return the address of the site's front page, without a slash at its end: JupyterLite lies in its folder lite/."""
    import js

    return str(js.location.href).partition("/lite/")[0]


def _sent_by_site(url: str) -> bytes:
    import js

    request = js.XMLHttpRequest.new()
    # A kernel has a thread of its own, which may wait.
    request.open("GET", url, False)
    request.responseType = "arraybuffer"
    try:
        request.send()
    except Exception as error:
        raise DownloadError(f"{url} does not answer") from error
    if request.status != 200:
        raise DownloadError(f"this site has no {url.rpartition('/data/')[2]} in data/ (HTTP {request.status})")
    return bytes(request.response.to_py())


def _unreachable(mirrors: Sequence[str], name: str) -> dict[str, str]:
    """Ask all mirrors at once for a file's head, until the first one answers, be it with an error.

    Returns:
        Why a mirror cannot be used, for those known by then; for all of them if none answers within PATIENCE_S.
    """
    answers: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    for mirror in mirrors:
        threading.Thread(
            target=lambda mirror=mirror: answers.put((mirror, _objection(mirror + name))), daemon=True
        ).start()
    failures: dict[str, str] = {}
    deadline = time.monotonic() + PATIENCE_S
    while len(failures) < len(mirrors):
        try:
            mirror, objection = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return {mirror: failures.get(mirror, _silence()) for mirror in mirrors}
        if not objection:
            break
        failures[mirror] = objection
    return failures


def _objection(url: str) -> str:
    """Say why an address cannot be reached, or an empty text if it can."""
    import pooch
    import requests

    try:
        # A refusal is an answer too: some servers and proxies give files, but no heads.
        pooch.HTTPDownloader(timeout=PATIENCE_S)(url, None, None, check_only=True)
    except requests.Timeout:
        return _silence()
    except Exception as error:  # a broken network can raise anything
        log.info("No answer from %s: %s", url, error)
        return _brief(error)
    return ""


def _silence() -> str:
    return f"no answer within {PATIENCE_S:g} s"


def _receive_from_any(mirrors: Sequence[str], failures: dict[str, str], name: str, stream: IO[bytes], md5: str) -> None:
    """Fill the stream with a file from the first mirror that has it whole; note in ``failures`` which ones had not."""
    for mirror in mirrors:
        if mirror in failures:
            continue
        try:
            _receive_checked(mirror + name, stream, md5)
        except Exception as error:  # a broken mirror can raise anything: the next one is tried
            if getattr(error, "errno", None) in _DISK_ERRORS:
                raise
            failures[mirror] = _brief(error)
            log.warning("Mirror failed: %s%s (%s)", mirror, name, error)
        else:
            return
    raise DownloadError(", ".join(f"{urlsplit(mirror).netloc} ({failures[mirror]})" for mirror in mirrors))


def _receive_checked(url: str, stream: IO[bytes], md5: str) -> None:
    """Fill the stream from one mirror, going on from what another has sent if that makes a good file."""
    resumed = stream.seek(0, os.SEEK_END) > 0
    try:
        _receive(url, stream)
        if has_md5(stream, md5):
            return
    except Exception as error:
        # A mirror may refuse to go on where the last one stopped, and yet have the file.
        if not (resumed and _status(error)):
            raise
    stream.truncate(stream.seek(0))
    if not resumed:
        raise _WrongContentError("the content is not what was published")
    _receive_checked(url, stream, md5)


def _md5(stream: IO[bytes] | gzip.GzipFile) -> str:
    stream.seek(0)
    digest = hashlib.md5(usedforsecurity=False)
    while piece := stream.read(_CHUNK_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _receive(url: str, stream: IO[bytes]) -> None:
    """Append to the stream what it lacks of a file; all of it if the mirror sends only whole files."""
    import pooch

    have_bytes = stream.seek(0, os.SEEK_END)
    # Without "identity" a server may compress the file on the way, and then counts the bytes of a part differently.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have_bytes}-"} if have_bytes else {})

    def begin_anew(response: Any, **_: object) -> None:
        if response.status_code == 200:  # not 206: the mirror does not do parts
            stream.truncate(stream.seek(0))

    with _progress_bar(url) as bar:
        downloader = pooch.HTTPDownloader(
            progressbar=bar, chunk_size=_CHUNK_BYTES, timeout=TIMEOUT_S, headers=headers, hooks={"response": begin_anew}
        )
        downloader(url, stream, None)


def _progress_bar(url: str) -> Any:
    """Make a progress bar on stdout: in a graded notebook, text on stderr costs points."""
    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[type-arg]
        def __bool__(self) -> bool:
            return True  # pooch asks before it knows the size, which a plain bar answers with TypeError

    return Bar(desc=url.rpartition("/")[2], unit="B", unit_scale=True, ncols=79, file=sys.stdout)


def _brief(error: Exception) -> str:
    """Say in a few words what went wrong; the texts of network errors are long."""
    if isinstance(error, _WrongContentError):
        return str(error)
    if status := _status(error):
        return f"HTTP {status}"
    return getattr(error, "strerror", None) or type(error).__name__


def _status(error: Exception) -> int | None:
    """Return the HTTP status that a mirror refused with, if that is what happened."""
    status: int | None = getattr(getattr(error, "response", None), "status_code", None)
    return status
