"""A file of measurements: what was measured, on what, with which versions, when, and every raw sample."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.bench.sweep import Measurement
from coursekit.errors import BenchError

__all__ = ["RECORDED", "Results", "load_results", "recorded_results", "save_results"]

#: Where recordings of named devices lie; see the README there.
RECORDED = Path(__file__).parent / "recorded"
_FORMAT = 1
_KEYS = ("op", "n", "precision", "backend", "device", "samples_s")


@dataclass(frozen=True)
class Results:
    """Measurements of one machine.

    Attributes:
        date: When, as ``"2026-01-31 12:00 UTC"``.
        machine: What :func:`coursekit.bench.machine.describe_machine` says.
        versions: What :func:`coursekit.bench.machine.versions` says.
        measurements: In the order in which they were made.
        extra: Further figures, such as ``"bandwidth"`` (bytes/s by way) and ``"links"`` (points by direction).
    """

    date: str
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    measurements: tuple[Measurement, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def device(self) -> str:
        """The name of the GPU, or of the processor where there is none."""
        name = (self.machine.get("gpu") or self.machine.get("processor") or {}).get("name", "an unnamed device")
        return str(name)

    @property
    def label(self) -> str:
        """Device, date and versions in one line, to stand beside a recorded curve."""
        shown = [f"{name} {self.versions[name]}" for name in ("torch", "numpy") if name in self.versions]
        if cuda := (self.machine.get("gpu") or {}).get("cuda"):
            shown.append(f"CUDA {cuda}")
        return ", ".join([f"recorded on {self.device}", self.date, *shown])

    @property
    def link(self) -> dict[str, float] | None:
        """Latency and bytes/s of a pinned transfer, the mean of three there and one back; None if none was measured."""
        links = self.extra.get("links") or {}
        there, back = (links.get(f"{way} the GPU, pinned") for way in ("to", "from"))
        if not there or not back:
            return None
        latency_s = (3 * there["latency_s"] + back["latency_s"]) / 4
        s_per_byte = (3 / there["bytes_per_s"] + 1 / back["bytes_per_s"]) / 4
        return {"latency_s": latency_s, "bytes_per_s": 1 / s_per_byte}


def save_results(results: Results, path: Path) -> None:
    """Write results as JSON.

    Raises:
        BenchError: If the file cannot be written.
    """
    record = {
        "format": _FORMAT,
        "date": results.date,
        "machine": dict(results.machine),
        "versions": dict(results.versions),
        "extra": dict(results.extra),
        "measurements": [{key: getattr(each, key) for key in _KEYS} for each in results.measurements],
    }
    try:
        path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise BenchError(f"The results cannot be written to {str(path)!r}: {error.strerror or error}.") from error


def load_results(path: Path) -> Results:
    """Read what :func:`save_results` wrote.

    Raises:
        BenchError: If the file cannot be read, or is not of this form.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BenchError(f"The results in {str(path)!r} cannot be read: {error}") from error
    if not isinstance(record, dict) or record.get("format") != _FORMAT:
        raise BenchError(
            f'{str(path)!r} holds no results of `coursekit bench`: it should be a JSON object with "format": {_FORMAT}.'
        )
    try:
        return Results(
            date=str(record["date"]),
            machine=dict(record["machine"]),
            versions=dict(record["versions"]),
            measurements=tuple(_measurement(each) for each in record["measurements"]),
            extra=dict(record.get("extra", {})),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BenchError(f"{str(path)!r} is damaged: {type(error).__name__}: {error}. Measure again.") from error


def recorded_results() -> list[Results]:
    """Load the recordings that come with the package, by name of the file; none where none has been made.

    Raises:
        BenchError: If one of them cannot be read.
    """
    return [load_results(path) for path in sorted(RECORDED.glob("*.json"))]


def _measurement(record: Mapping[str, Any]) -> Measurement:
    samples_s = tuple(float(sample) for sample in record["samples_s"])
    if not samples_s or min(samples_s) <= 0:
        raise ValueError(f"samples_s should be seconds above zero; got {samples_s[:3]}")
    texts = {key: str(record[key]) for key in _KEYS if key not in ("n", "samples_s")}
    return Measurement(n=int(record["n"]), samples_s=samples_s, **texts)


def best_rates(measurements: Iterable[Measurement]) -> dict[str, Measurement]:
    """Return the measurement with the highest rate of each series."""
    best: dict[str, Measurement] = {}
    for each in measurements:
        if each.series not in best or each.flops_per_s > best[each.series].flops_per_s:
            best[each.series] = each
    return best
