"""Where data are looked for, in which order, and what to do when they are not found."""

from __future__ import annotations

import gzip
import logging
import os
import sys
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursekit.datasets.dataset import Dataset
from coursekit.datasets.download import DownloadError, is_offline
from coursekit.datasets.notice import show_notice
from coursekit.errors import DataError

__all__ = ["Published", "cache_folder", "files_in", "find", "locate", "read_content", "user_folder"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Published:
    """A published data set: what is needed to find it.

    Attributes:
        subfolder: The folder that holds its files, in the user's folder and in the cache.
        files: The files' names; each may also be there packed, with ``.gz`` appended.
        n_images: How many images it has, training and test. The cache must hold all; a user's own files may be a part.
        read: Reads it from a folder that holds all files; raises DataError if one is broken.
        download: Puts all files into a folder; raises DownloadError, or OSError if it cannot write there.
        sample: Builds the sample that stands in for it.
    """

    subfolder: str
    files: tuple[str, ...]
    n_images: int
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
            f"{found} It lies in the cache, and a fresh copy could not be downloaded: {'; '.join(reasons)}. Go online"
            f" and try again, or delete {cached} to work with the sample."
        )
    log.warning("Using the sample instead of %s: %s", published.subfolder, "; ".join(reasons))
    data = published.sample()
    if notice:
        show_notice(data, "; ".join(reasons))
    return data


def user_folder() -> Path | None:
    """Return the folder that ``COURSEKIT_DATA`` names, or None if it is not set.

    Raises:
        DataError: If there is no such folder, or it is closed to this user.
    """
    folder = _folder_named_by("COURSEKIT_DATA")
    if folder is None:
        return None
    try:
        is_folder, trouble = folder.is_dir(), "which is not a folder"
    except PermissionError:
        is_folder, trouble = False, "which you may not look into"
    if not is_folder:
        raise DataError(
            f"COURSEKIT_DATA names {str(folder)!r}, {trouble}. It should hold mnist/train-images-idx3-ubyte.gz and"
            " so on, and cifar-10-batches-bin/data_batch_1.bin and so on. Correct it, or unset it to download the data."
        )
    return folder


def cache_folder() -> Path:
    """Return where downloads are kept: ``COURSEKIT_CACHE`` if it is set, else the system's cache folder."""
    if chosen := _folder_named_by("COURSEKIT_CACHE"):
        return chosen
    if sys.platform == "emscripten":
        # It lasts as long as the kernel; the browser keeps what it has fetched by itself.
        return Path(tempfile.gettempdir(), "coursekit")
    import pooch

    return Path(pooch.os_cache("coursekit"))


def locate(folder: Path, name: str) -> Path | None:
    """Return where a file lies in a folder, packed or plain, or None if it is not there."""
    return next((path for path in (folder / f"{name}.gz", folder / name) if path.is_file()), None)


def files_in(folder: Path, published: Published) -> list[Path]:
    """List the files of a data set that a user's folder has, packed or plain."""
    try:
        found = [locate(folder / published.subfolder, name) for name in published.files]
    except OSError:
        return []
    return [path for path in found if path is not None]


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


def _folder_named_by(variable: str) -> Path | None:
    name = os.environ.get(variable)
    try:
        return Path(name).expanduser() if name else None
    except RuntimeError:
        raise DataError(f"{variable} names {name!r}, but there is no such user's home. Write the path out.") from None


def _missing(published: Published, folder: Path) -> list[str]:
    return [name for name in published.files if locate(folder, name) is None]


def _read_users(published: Published, folder: Path) -> Dataset | None:
    """Read the user's own files; None if there are none."""
    try:
        missing = _missing(published, folder)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be read: {error.strerror}. Give yourself the right to, or unset COURSEKIT_DATA."
        ) from None
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
    """Read the cache; None if it is empty, unfinished or closed to this user, and what is wrong if it is damaged."""
    try:
        if _missing(published, folder):
            return None
        data = published.read(folder)
        n_images = len(data.train_labels) + len(data.test_labels)
        if n_images != published.n_images:
            raise DataError(f"{folder} holds {n_images:,} images, expected {published.n_images:,}.")
        return data
    except OSError as error:
        log.warning("Cache cannot be read: %s", error)
        return None
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
