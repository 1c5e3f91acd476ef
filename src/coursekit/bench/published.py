"""Figures that others have published, each with its source; none was measured here."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GPUS", "P100_RATES", "SGEMM_SHARES", "PublishedDevice"]


@dataclass(frozen=True)
class PublishedDevice:
    """A device as its data sheet describes it.

    Attributes:
        name: The maker's name.
        cores: What the maker calls cores.
        ghz: Boost clock in GHz.
        flops_per_cycle: FLOP that a core does in a cycle, in float32: 2 for a multiply-add.
        source: Where the figures stand.
    """

    name: str
    cores: int
    ghz: float
    flops_per_cycle: int
    source: str


#: The lecture decks, as docs/slides.md has them.
_WORCESTER = "K. Lee, CS 539, Machine Learning, Worcester Polytechnic Institute"
_TENNESSEE = "K. Wong, MAT391, Unit 2: MLP Training, University of Tennessee"
#: GPUs whose cores and clocks the lectures give, by name.
GPUS = {
    device.name: device
    for device in (
        PublishedDevice("RTX 4090", 16384, 2.52, 2, _WORCESTER),
        PublishedDevice("RTX 3090 Ti", 10752, 1.86, 2, _WORCESTER),
        PublishedDevice("RTX 3090", 10496, 1.695, 2, _WORCESTER),
        PublishedDevice("GTX 1650", 896, 1.725, 2, _TENNESSEE),
    )
}

#: Rates of a Tesla P100 in float64, in FLOP/s (Tennessee's deck, "Computational Intensity").
P100_RATES = {"gemm": 4503e9, "gemv": 145e9, "axpy": 52e9}
#: Nominal float64 peak of a Tesla P100, in FLOP/s (the same deck), and bandwidth of its 16 GB version, in bytes/s
#: (Microway, https://www.microway.com/hpc-tech-tips/nvidia-tesla-p100-pci-e-16gb-gpu-accelerator-pascal-gp100-close/).
P100_PEAK, P100_BANDWIDTH = 4700e9, 732e9
#: Bytes/s from pinned memory to a Tesla P100 over PCI Express 3.0 x16, measured by Microway (as above).
P100_LINK = 11.7e9

#: Share of cuBLAS's rate that kernels written by hand reach, float32, n = 4096 (https://github.com/siboehm/SGEMM_CUDA).
SGEMM_SHARES = {"naive": 0.013, "shared memory": 0.128, "2-D tiles": 0.687, "warp tiles": 0.937, "cuBLAS": 1.0}
