"""Where data may lie on this machine, and what to do when it lies nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from coursekit.datasets.dataset import Dataset
from coursekit.datasets.download import cache_folder, is_offline
from coursekit.datasets.notice import show_notice
from coursekit.errors import DataError

__all__ = ["find", "user_folder"]


def find(
    *,
    subfolder: str,
    present: Callable[[Path], bool],
    read: Callable[[Path], Dataset],
    download: Callable[[Path], bool],
    sample: Callable[[], Dataset],
    notice: bool,
) -> Dataset:
    """Look for a data set in the user's folder, the cache, the network, and at last in the package.

    Args:
        subfolder: The folder that holds its files, in the user's folder and in the cache.
        present: Tells whether a folder holds any of its files.
        read: Reads it from a folder; raises DataError if files are missing or broken.
        download: Brings the cache's folder up to date; returns whether it is whole.
        sample: Builds the sample.
        notice: Whether to say so if it is the sample.
    """
    mine = user_folder()
    if mine is not None and present(mine / subfolder):
        return read(mine / subfolder)
    cached = cache_folder() / subfolder
    if is_offline():
        reason = "COURSEKIT_OFFLINE is set, so nothing was downloaded"
        if present(cached):
            return read(cached)
    else:
        reason = "no mirror could be reached"
        if download(cached):
            return read(cached)
    data = sample()
    if notice:
        show_notice(data, reason)
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
