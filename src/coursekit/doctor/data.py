"""Where the data sets would come from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from coursekit.datasets import cifar10, mnist
from coursekit.datasets.folders import Published, find, locate, user_folder
from coursekit.doctor.finding import DATA, Finding
from coursekit.doctor.requirements import short
from coursekit.errors import DataError

__all__ = ["look_at_data"]


class _DownloadError(Exception):
    """A data set would have to be downloaded; the argument is the folder to keep it in."""


class _SampleError(Exception):
    """A data set is not here, and may not be downloaded."""


def look_at_data() -> list[Finding]:
    """Look for the data sets where the labs do, read them, and download nothing."""
    try:
        user_folder()
    except DataError as error:
        reason, _, remedy = str(error).partition(". ")
        return [Finding(DATA, "data sets", False, reason, remedy)]
    digits, pictures = (
        replace(data_set.published(), download=_no_download, sample=_no_sample) for data_set in (mnist, cifar10)
    )
    return [_look_for("MNIST", digits, "12 MB"), _look_for("CIFAR-10", pictures, "170 MB")]


def _look_for(name: str, published: Published, size: str) -> Finding:
    try:
        data = find(published, notice=False)
    except DataError as error:
        return Finding(DATA, name, False, "found, but cannot be used", str(error))
    except _DownloadError as error:
        return _to_be_downloaded(name, published, size, error.args[0])
    except _SampleError:
        found = "not here, and COURSEKIT_OFFLINE forbids downloads; a lab uses small built-in pictures instead"
        return Finding(DATA, name, None, found, f"To have it downloaded ({size}): unset COURSEKIT_OFFLINE")
    n_images = len(data.train_labels) + len(data.test_labels)
    return Finding(DATA, name, True, f"{n_images:,} images in {short(Path(data.source))}")


def _to_be_downloaded(name: str, published: Published, size: str, cached: Path) -> Finding:
    damaged = all(locate(cached, file) for file in published.files)
    state = f"damaged in {short(cached)}" if damaged else "not here yet"
    mine = user_folder()
    hint = f"COURSEKIT_DATA names {short(mine)}, which has no file of it in {published.subfolder}/." if mine else ""
    found = f"{state}; a lab that needs it downloads it ({size}) or, offline, uses small built-in pictures"
    return Finding(DATA, name, None, found, hint)


def _no_download(folder: Path) -> NoReturn:
    raise _DownloadError(folder)


def _no_sample() -> NoReturn:
    raise _SampleError
