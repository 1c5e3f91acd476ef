from __future__ import annotations

import pytest

from coursekit.bench import MockDevice


def test_a_call_returns_before_its_work_is_done() -> None:
    device = MockDevice([0.04], launch_s=0.002, loading_s=0.06)
    device.call()
    assert device.clock() == pytest.approx(0.062)
    device.sync()
    assert device.clock() == pytest.approx(0.102)


def test_work_waits_for_what_was_launched_before() -> None:
    device = MockDevice([1.0, 0.5, 0.25], launch_s=0.0)
    for _ in range(4):
        device.call()
    ends = [time_s for time_s, event, _ in device.log if event == "end"]
    assert ends == [1.0, 1.5, 1.75, 2.0]


def test_the_log_is_in_the_order_of_time() -> None:
    device = MockDevice([0.5], launch_s=0.1)
    for _ in range(3):
        device.call()
    times = [time_s for time_s, _, _ in device.log]
    assert times == sorted(times)
    assert [event for _, event, call in device.log if call == 0] == ["launch", "return", "begin", "end"]
