from __future__ import annotations

import pytest

from coursekit.bench import MockDevice, Timing, time_call, time_for


def test_a_timing_knows_median_best_and_spread() -> None:
    timing = Timing((4.0, 1.0, 2.0, 3.0))
    assert (timing.median_s, timing.best_s) == (2.5, 1.0)
    assert timing.spread == pytest.approx(1.5 / 2.5)


def test_a_single_sample_has_no_spread() -> None:
    assert Timing((1.0,)).spread == 0.0


def test_the_true_time_of_an_asynchronous_device_is_found() -> None:
    device = MockDevice([0.3, 0.5, 0.02], launch_s=0.001, loading_s=2.0)
    # Not waited for: the device has this to do when the timing begins.
    device.call()
    timing = time_call(device.call, sync=device.sync, warmup=1, repeats=5, clock=device.clock)
    assert timing.samples_s == pytest.approx([0.021] * 5)


def test_each_timed_call_has_a_sync_before_its_start_and_before_its_stop() -> None:
    device = MockDevice([0.01])
    time_call(device.call, sync=device.sync, warmup=2, repeats=2, clock=device.clock)
    program = [event for _, event, _ in device.log if event in ("launch", "sync", "clock")]
    assert program == ["launch"] * 2 + ["sync", "clock", "launch", "sync", "clock"] * 2


@pytest.mark.parametrize("options", [{"warmup": -1}, {"repeats": 0}])
def test_impossible_numbers_of_calls_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="warmup >= 0 and repeats >= 1"):
        time_call(lambda: None, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("call_s", "repeats"), [(0.1, 10), (5.0, 3), (1e-9, 200)])
def test_a_budget_buys_three_to_two_hundred_calls(call_s: float, repeats: int) -> None:
    device = MockDevice([call_s], launch_s=0.0)
    assert len(time_for(1.0001, device.call, sync=device.sync, clock=device.clock).samples_s) == repeats


def test_a_clock_that_stands_still_is_no_error() -> None:
    assert len(time_for(1.0, lambda: None, clock=lambda: 0.0).samples_s) == 200
