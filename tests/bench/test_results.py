from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit.bench import RECORDED, Measurement, Results, load_results, recorded_results, save_results
from coursekit.errors import BenchError

RESULTS = Results(
    date="2026-01-31 12:00 UTC",
    machine={"system": "Linux", "processor": {"name": "Some CPU"}, "gpu": {"name": "Some GPU", "cuda": "12.4"}},
    versions={"torch": "2.9", "numpy": "2.3", "python": "3.11"},
    measurements=(Measurement("gemm", 64, "float64", "torch", "cuda", (0.1, 0.25)),),
    extra={"bandwidth": {"copy": 1e11}},
)


def test_what_was_saved_is_loaded_to_the_last_sample(tmp_path: Path) -> None:
    save_results(RESULTS, tmp_path / "results.json")
    assert load_results(tmp_path / "results.json") == RESULTS


def test_a_label_names_device_date_and_versions() -> None:
    assert RESULTS.label == "recorded on Some GPU, 2026-01-31 12:00 UTC, torch 2.9, numpy 2.3, CUDA 12.4"


def test_without_a_gpu_the_processor_gives_its_name() -> None:
    assert Results("today", {"processor": {"name": "Some CPU"}}, {}, ()).device == "Some CPU"
    assert Results("today", {}, {}, ()).device == "an unnamed device"


def test_a_recordings_link_is_the_mean_of_three_ways_there_and_one_back() -> None:
    there, back = {"latency_s": 1e-5, "bytes_per_s": 1e10}, {"latency_s": 3e-5, "bytes_per_s": 5e9}
    links = {"to the GPU, pinned": there, "from the GPU, pinned": back}
    link = replace(RESULTS, extra={"links": links}).link
    assert link is not None
    assert (link["latency_s"], link["bytes_per_s"]) == pytest.approx((1.5e-5, 8e9))


def test_a_recording_without_a_link_has_none() -> None:
    assert RESULTS.link is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read"),
        ("[]", "holds no results"),
        ('{"format": 2}', "holds no results"),
        ('{"format": 1}', "is damaged: KeyError"),
        (json.dumps({"format": 1, "date": "", "machine": {}, "versions": {}, "measurements": [{}]}), "is damaged"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BenchError, match=message):
        load_results(path)


@pytest.mark.parametrize("samples_s", [[], [0.0], [1.0, -1.0]])
def test_samples_that_no_clock_gives_are_refused(samples_s: list[float], tmp_path: Path) -> None:
    save_results(RESULTS, tmp_path / "results.json")
    record = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    record["measurements"][0]["samples_s"] = samples_s
    (tmp_path / "results.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(BenchError, match="seconds above zero"):
        load_results(tmp_path / "results.json")


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="nowhere"):
        save_results(RESULTS, tmp_path / "nowhere" / "results.json")


def test_recordings_are_all_files_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursekit.bench.results.RECORDED", tmp_path)
    assert recorded_results() == []
    for name in ("b", "a"):
        save_results(RESULTS, tmp_path / f"{name}.json")
    (tmp_path / "README.md").write_text("not a recording", encoding="utf-8")
    assert recorded_results() == [RESULTS, RESULTS]


def test_recordings_that_come_with_the_package_are_of_named_gpus() -> None:
    assert (RECORDED / "README.md").exists()
    for results in recorded_results():
        assert results.machine["gpu"]["name"]
        assert results.date.endswith("UTC")
        assert all(len(each.samples_s) >= 3 for each in results.measurements)
