"""Writing files so that none is ever half written."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import IO

__all__ = ["replace_file", "write_once"]

_CHUNK_BYTES = 2**20


def replace_file(
    file: Path, content: bytes | IO[bytes], *, mode: int | None = None, survive_power_cut: bool = False
) -> None:
    """Write a file in one step: at any time, others see the whole old file or the whole new one.

    Args:
        file: Where to write, in a folder that is there. A link is replaced, not followed.
        content: The new content, or a stream to copy it from.
        mode: Who may read and write it, whatever the umask says; as for any new file unless given.
        survive_power_cut: Whether to wait until the disk has it, which takes some milliseconds.

    Raises:
        OSError: If the system refuses; nothing has changed then.
    """
    # Not mkstemp, whose files nobody else may read: a folder is often shared.
    aside = file.with_name(f".{secrets.token_hex(8)}.unfinished")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            if isinstance(content, bytes):
                stream.write(content)
            else:
                shutil.copyfileobj(content, stream, _CHUNK_BYTES)
            stream.flush()
            if survive_power_cut:
                os.fsync(stream.fileno())
        if mode is not None:
            aside.chmod(mode)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def write_once(file: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, unless it is there already: the first process to write it wins.

    Raises:
        OSError: If the system refuses.
    """
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}") as stream:
        stream.write(content)
        stream.flush()
        with contextlib.suppress(FileExistsError):
            os.link(stream.name, file)
