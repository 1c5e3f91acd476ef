"""Where data may lie, in which order it is looked for, and what to do when it lies nowhere."""

from __future__ import annotations

import gzip
import logging
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursekit.datasets.dataset import Dataset
from coursekit.datasets.download import DownloadError, cache_folder, is_offline
from coursekit.datasets.notice import show_notice
from coursekit.errors import DataError

__all__ = ["Published", "find", "locate", "read_content", "user_folder"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Published:
    """A published data set, as far as finding it goes.

    Attributes:
        subfolder: The folder that holds its files, in the user's folder and in the cache.
        files: The files' names; each may also be there packed, with ``.gz`` appended.
        read: Reads it from a folder that holds all files; raises DataError if one is broken.
        download: Puts all files into a folder; raises DownloadError, or OSError if it cannot write there.
        sample: Builds the sample that stands in for it.
    """

    subfolder: str
    files: tuple[str, ...]
    read: Callable[[Path], Dataset]
    download: Callable[[Path], None]
    sample: Callable[[], Dataset]


def find(published: Published, *, notice: bool) -> Dataset:
    """Look for a data set in the user's folder, the cache, the network, and at last in the package.

    A damaged cache is downloaded again. Files of the user are only ever read.

    Args:
        published: The data set.
        notice: Whether to say so if it is the sample.

    Raises:
        DataError: If the user's folder does not exist, or some files in it are missing or broken; or if the cache is
            damaged and cannot be renewed.
    """
    reasons = []
    mine = user_folder()
    if mine is not None:
        if data := _read_users(published, mine / published.subfolder):
            return data
        reasons.append(f"COURSEKIT_DATA ({mine}) has no file of it in {published.subfolder}")
    cached = cache_folder() / published.subfolder
    found = _read_cached(published, cached)
    if isinstance(found, Dataset):
        return found
    try:
        return _downloaded(published, cached)
    except DownloadError as error:
        reasons.append(str(error))
    if found is not None:
        raise DataError(
            f"{found} It lies in the cache, and a fresh copy could not be had: {'; '.join(reasons)}. Go online and try "
            f"again, or delete {cached} to work with the sample."
        )
    log.warning("Using the sample instead of %s: %s", published.subfolder, "; ".join(reasons))
    data = published.sample()
    if notice:
        show_notice(data, "; ".join(reasons))
    return data


def user_folder() -> Path | None:
    """Return the folder that ``COURSEKIT_DATA`` names, or None if it is not set.

    Raises:
        DataError: If there is no such folder.
    """
    name = os.environ.get("COURSEKIT_DATA")
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise DataError(
            f"COURSEKIT_DATA names {name!r}, which is not a folder. It should hold mnist/train-images-idx3-ubyte.gz and"
            " so on, and cifar-10-batches-bin/data_batch_1.bin and so on. Correct it, or unset it to download the data."
        )
    return folder


def locate(folder: Path, name: str) -> Path | None:
    """Return where a file lies in a folder, packed or plain, or None if it is not there."""
    return next((path for path in (folder / f"{name}.gz", folder / name) if path.is_file()), None)


def read_content(folder: Path, name: str) -> tuple[Path, bytes]:
    """Read a file of a folder, packed or plain.

    Returns:
        Its path, for messages, and its content, unpacked.

    Raises:
        DataError: If it is missing, cannot be read, or is damaged.
    """
    path = locate(folder, name)
    if path is None:
        raise DataError(f"{folder / name} is missing, and so is {name}.gz.")
    try:
        content = path.read_bytes()
        return path, gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}.") from None


def _missing(published: Published, folder: Path) -> list[str]:
    return [name for name in published.files if locate(folder, name) is None]


def _read_users(published: Published, folder: Path) -> Dataset | None:
    """Read the user's own files; None if there are none."""
    missing = _missing(published, folder)
    if len(missing) == len(published.files):
        return None
    if missing:
        raise DataError(
            f"{folder} lacks {', '.join(missing)} (plain, or packed as .gz): {len(published.files)} files are needed, "
            f"{len(published.files) - len(missing)} are there. Add what is missing, or unset COURSEKIT_DATA."
        )
    try:
        return published.read(folder)
    except DataError as error:
        remedy = "Replace it by a fresh copy, or unset COURSEKIT_DATA to use the cache or a download."
        raise DataError(f"{error} {remedy}") from None


def _read_cached(published: Published, folder: Path) -> Dataset | DataError | None:
    """Read the cache; None if it is empty or unfinished, and what is wrong if it is damaged."""
    if _missing(published, folder):
        return None
    try:
        return published.read(folder)
    except DataError as error:
        log.warning("Damaged cache: %s", error)
        return error


def _downloaded(published: Published, folder: Path) -> Dataset:
    if is_offline():
        raise DownloadError("COURSEKIT_OFFLINE is set, so nothing was downloaded")
    try:
        published.download(folder)
    except OSError as error:
        reason = f"the cache folder {folder} cannot be written to ({error.strerror or error})"
        raise DownloadError(f"{reason}; COURSEKIT_CACHE may name another") from error
    except DownloadError as error:
        raise DownloadError(f"no mirror could be used: {error}") from error
    return published.read(folder)
