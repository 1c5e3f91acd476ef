"""Figures that others have published, each with its source; none was measured here."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEVICES", "P100_RATES", "SGEMM_SHARES", "PublishedDevice"]


@dataclass(frozen=True)
class PublishedDevice:
    """A device as its data sheet describes it.

    Attributes:
        name: The maker's name.
        cores: What the maker calls cores.
        ghz: Clock in GHz, that of the lecture where it gives one; as a rule the highest.
        flops_per_cycle: FLOP that a core does in a cycle, in float32: 2 for a multiply-add.
        float64_share: Rate in float64 per rate in float32.
        bandwidth: Bytes/s of its memory.
        memory_gb: Memory of its own in GB; None for a processor.
        price_usd: Price in US dollars that a lecture gives; None where none does.
        tensor_flops: FLOP/s of its tensor cores in float16; None where it has none, or no lecture says.
        in_deck: The lecture that names it.
        source: Where the figures stand that the lecture does not give, and which these are.
    """

    name: str
    cores: int
    ghz: float
    flops_per_cycle: int
    float64_share: float
    bandwidth: float
    memory_gb: float | None
    price_usd: float | None
    tensor_flops: float | None
    in_deck: str
    source: str


#: The lecture decks, as docs/slides.md has them.
_WORCESTER = "K. Lee, CS 539, Machine Learning, Worcester Polytechnic Institute"
_TENNESSEE = "K. Wong, MAT391, Unit 2: MLP Training, University of Tennessee"
_MARYLAND = "CMSC 426, Deep Learning"
_AMPERE = "NVIDIA Ampere GA102 GPU Architecture (2021)"
#: The devices that the lectures set side by side, by name.
DEVICES = {
    device.name: device
    for device in (
        PublishedDevice(
            "i9, 18 cores", 18, 4.4, 64, 1 / 2, 85.3e9, None, 1799, None, _MARYLAND,
            "Intel, Core i9-9980XE: four channels of DDR4-2666; two AVX-512 units for multiply-adds a core",
        ),
        PublishedDevice(
            "GTX 1080", 2560, 1.6, 2, 1 / 32, 320e9, 8, 549, None, _MARYLAND,
            "NVIDIA GeForce GTX 1080 (2016): bandwidth, share of float64",
        ),
        PublishedDevice(
            "GTX 1650", 896, 1.725, 2, 1 / 32, 128e9, 4, None, None, _TENNESSEE,
            "NVIDIA Turing GPU Architecture (2018): share of float64",
        ),
        PublishedDevice(
            "RTX 3090", 10496, 1.695, 2, 1 / 64, 936e9, 24, None, None, _WORCESTER,
            f"19.5 Gbit/s on each of 384 wires; {_AMPERE}: share of float64",
        ),
        PublishedDevice(
            "RTX 3090 Ti", 10752, 1.86, 2, 1 / 64, 1008e9, 24, None, None, _WORCESTER,
            f"21 Gbit/s on each of 384 wires; {_AMPERE}: share of float64",
        ),
        PublishedDevice(
            "RTX 4090", 16384, 2.52, 2, 1 / 64, 1008e9, 24, 1599, None, _WORCESTER,
            "21 Gbit/s on each of 384 wires; NVIDIA Ada GPU Architecture (2022): share of float64",
        ),
        PublishedDevice(
            "Tesla P100", 3584, 1.303, 2, 1 / 2, 732e9, 16, None, None, _TENNESSEE,
            "NVIDIA Tesla P100 PCIe data sheet (2016): cores, boost clock, bandwidth; 4.7 TFLOP/s in float64",
        ),
        PublishedDevice(
            "Tesla V100", 5120, 1.53, 2, 1 / 2, 900e9, 16, None, 125e12, _TENNESSEE,
            "NVIDIA Tesla V100 GPU Architecture (2017): boost clock, memory",
        ),
        PublishedDevice(
            "Jetson Nano", 128, 0.921, 2, 1 / 32, 25.6e9, 4, None, None, _TENNESSEE,
            "NVIDIA Jetson Nano data sheet (2019): GPU clock, share of float64",
        ),
    )
}  # fmt: skip

#: Rates of a Tesla P100 in float64, in FLOP/s (Tennessee's deck, "Computational Intensity").
P100_RATES = {"gemm": 4503e9, "gemv": 145e9, "axpy": 52e9}
#: Nominal float64 peak of a Tesla P100, in FLOP/s (the same deck), and bandwidth of its 16 GB version, in bytes/s
#: (Microway, https://www.microway.com/hpc-tech-tips/nvidia-tesla-p100-pci-e-16gb-gpu-accelerator-pascal-gp100-close/).
P100_PEAK, P100_BANDWIDTH = 4700e9, 732e9
#: Bytes/s from pinned memory to a Tesla P100 over PCI Express 3.0 x16, measured by Microway (as above).
P100_LINK = 11.7e9

#: Share of cuBLAS's rate that kernels written by hand reach, float32, n = 4096 (https://github.com/siboehm/SGEMM_CUDA).
SGEMM_SHARES = {"naive": 0.013, "shared memory": 0.128, "2-D tiles": 0.687, "warp tiles": 0.937, "cuBLAS": 1.0}
