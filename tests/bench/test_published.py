from __future__ import annotations

import pytest

from coursekit.bench import published


@pytest.mark.parametrize(("name", "tflops"), [("RTX 4090", 82.6), ("RTX 3090 Ti", 40.0), ("RTX 3090", 35.6)])
def test_cards_come_to_the_peaks_that_their_cores_and_clocks_give(name: str, tflops: float) -> None:
    card = published.GPUS[name]
    assert round(card.cores * card.ghz * card.flops_per_cycle / 1e3, 1) == tflops


def test_the_p100s_shares_of_its_peak() -> None:
    shares = {op: round(100 * rate / published.P100_PEAK, 1) for op, rate in published.P100_RATES.items()}
    assert shares == {"gemm": 95.8, "gemv": 3.1, "axpy": 1.1}
