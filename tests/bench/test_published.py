from __future__ import annotations

import pytest

from coursekit.bench import published


@pytest.mark.parametrize(("name", "tflops"), [("RTX 4090", 82.6), ("RTX 3090 Ti", 40.0), ("RTX 3090", 35.6)])
def test_cards_come_to_the_peaks_that_their_cores_and_clocks_give(name: str, tflops: float) -> None:
    card = published.DEVICES[name]
    assert round(card.cores * card.ghz * card.flops_per_cycle / 1e3, 1) == tflops


def test_the_p100s_shares_of_its_peak() -> None:
    shares = {op: round(100 * rate / published.P100_PEAK, 1) for op, rate in published.P100_RATES.items()}
    assert shares == {"gemm": 95.8, "gemv": 3.1, "axpy": 1.1}


@pytest.mark.parametrize("device", published.DEVICES.values(), ids=lambda device: device.name)
def test_every_device_says_where_its_figures_stand(device: published.PublishedDevice) -> None:
    assert device.in_deck
    assert device.source
    assert 0 < device.float64_share <= 1
    assert device.cores * device.ghz * device.flops_per_cycle > 0
    assert device.bandwidth > 0


def test_the_data_sheets_peaks_follow_from_cores_and_clocks() -> None:
    """What the sheets print: a P100 4.7 and a V100 7.8 TFLOP/s in float64, a V100 15.7 in float32."""
    p100, v100 = published.DEVICES["Tesla P100"], published.DEVICES["Tesla V100"]
    single = {each.name: each.cores * each.ghz * each.flops_per_cycle / 1e3 for each in (p100, v100)}
    assert round(single["Tesla P100"] * p100.float64_share, 1) == 4.7
    assert (round(single["Tesla V100"], 1), round(single["Tesla V100"] * v100.float64_share, 1)) == (15.7, 7.8)


def test_a_processor_with_142_times_fewer_cores_is_ahead_in_float64() -> None:
    i9, gtx = published.DEVICES["i9, 18 cores"], published.DEVICES["GTX 1080"]
    rates = {d.name: d.cores * d.ghz * d.flops_per_cycle for d in (i9, gtx)}
    assert round(gtx.cores / i9.cores) == 142
    assert round(rates["GTX 1080"] / rates["i9, 18 cores"], 1) == 1.6
    assert rates["i9, 18 cores"] * i9.float64_share > 9 * rates["GTX 1080"] * gtx.float64_share
