"""What a wall takes from a signal: from its layers by ITU-R P.2040, or as measured.

Decides the electrical values of material classes and how a stack of layers is computed. Refuses to
know where walls stand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.radio.bands import BANDS, Band, BandValues
from wlantrack.units import GIGAHERTZ, SPEED_OF_LIGHT_M_PER_S

SAMPLES_PER_BAND = 41
"""A thick slab's loss ripples over a band; this many frequencies, both edges among them, are
averaged. More change no result by 0.02 dB."""

AIR = "air"


@dataclass(frozen=True)
class MaterialClass:
    """Constants of one class: permittivity a f^b and conductivity c f^d in S/m, f in GHz."""

    a: float
    b: float
    c: float
    d: float


P2040_CLASSES: dict[str, MaterialClass] = {
    AIR: MaterialClass(1.0, 0.0, 0.0, 0.0),
    "concrete": MaterialClass(5.24, 0.0, 0.0462, 0.7822),
    "brick": MaterialClass(3.91, 0.0, 0.0238, 0.16),
    "plasterboard": MaterialClass(2.73, 0.0, 0.0085, 0.9395),
    "wood": MaterialClass(1.99, 0.0, 0.0047, 1.0718),
    "glass": MaterialClass(6.31, 0.0, 0.0036, 1.3394),
    "ceiling board": MaterialClass(1.48, 0.0, 0.0011, 1.0750),
    "chipboard": MaterialClass(2.58, 0.0, 0.0217, 0.7800),
    "plywood": MaterialClass(2.71, 0.0, 0.33, 0.0),
    "marble": MaterialClass(7.074, 0.0, 0.0055, 0.9262),
    "metal": MaterialClass(1.0, 0.0, 1e7, 0.0),
}
"""ITU-R P.2040-3 (2023), table 3; vacuum is listed there as the first class."""

MAX_LOSS_DB = 150.0
"""More than any receiver could tell from silence; metal would otherwise be infinite."""


@dataclass(frozen=True)
class Layer:
    """A layer of one class; thickness in metres.

    Raises
    ------
    InvalidInput
        There is no such class, or the thickness is not between 0 and 5 m.
    """

    material_class: str
    thickness_m: float

    def __post_init__(self) -> None:
        if self.material_class not in P2040_CLASSES:
            raise InvalidInput(
                Problem(
                    msg("There is no such class of building material."),
                    msg("Use one of: %(classes)s.", classes=", ".join(P2040_CLASSES)),
                    field="layers",
                    value=self.material_class,
                )
            )
        if not 0.0 < self.thickness_m <= 5.0:
            raise InvalidInput(
                Problem(
                    msg("A layer is between 0 and 5 m thick."),
                    msg("Give the thickness in metres."),
                    field="layers",
                    value=str(self.thickness_m),
                )
            )


@dataclass(frozen=True)
class BuildingMaterial:
    """A wall or slab: its layers in order, or its measured loss in dB per band, which wins."""

    code: str
    name: str
    layers: tuple[Layer, ...] = ()
    measured_db: BandValues | None = None

    @property
    def loss_db(self) -> BandValues:
        """Give the loss in each band."""
        return self.measured_db or compute_loss(self.layers)


@lru_cache(maxsize=512)
def compute_loss(layers: tuple[Layer, ...]) -> BandValues:
    """Compute the transmission loss of a stack of layers.

    Returns
    -------
    tuple of float
        dB in each band at normal incidence, where TE and TM agree; the mean of the transmitted
        power over the band.

    Notes
    -----
    A single layer is ITU-R P.2040-3, eq. 43: T = (1 - r^2) e^{-jq} / (1 - r^2 e^{-2jq}). Stacks
    multiply characteristic matrices (Born and Wolf, Principles of Optics, 7th ed., 1.6.4), of
    which that equation is the case of one layer.
    """
    low, middle, high = (_average_loss(layers, band) for band in BANDS)
    return low, middle, high


def _average_loss(layers: tuple[Layer, ...], band: Band) -> float:
    frequencies_hz = np.linspace(band.low_hz, band.high_hz, SAMPLES_PER_BAND)
    # Admittance and characteristic matrix [[m11, m12], [m21, m22]], relative to free space.
    m11 = m22 = np.ones_like(frequencies_hz, dtype=complex)
    m12 = m21 = np.zeros_like(frequencies_hz, dtype=complex)
    attenuation_np = 0.0
    for layer in layers:
        index = np.sqrt(relative_permittivity(layer.material_class, frequencies_hz))
        phase = 2 * np.pi * frequencies_hz / SPEED_OF_LIGHT_M_PER_S * layer.thickness_m * index
        attenuation_np += float(-phase.imag.min())
        if attenuation_np > 300:  # the matrix would overflow soon; 300 Np are 2600 dB
            return MAX_LOSS_DB
        cosine, sine = np.cos(phase), 1j * np.sin(phase)
        m11, m12, m21, m22 = (
            m11 * cosine + m12 * sine * index,
            m11 * sine / index + m12 * cosine,
            m21 * cosine + m22 * sine * index,
            m21 * sine / index + m22 * cosine,
        )
    transmission = 2 / (m11 + m12 + m21 + m22)
    power = float(np.mean(np.abs(transmission) ** 2))
    return min(-10 * math.log10(max(power, 1e-15)), MAX_LOSS_DB)


def relative_permittivity(
    material_class: str, frequencies_hz: np.typing.NDArray[np.float64]
) -> np.typing.NDArray[np.complex128]:
    """Give the complex relative permittivity (ITU-R P.2040-3, eq. 57 to 59)."""
    constants = P2040_CLASSES[material_class]
    f_ghz = frequencies_hz / GIGAHERTZ
    conductivity = constants.c * f_ghz**constants.d
    real = constants.a * f_ghz**constants.b
    return np.asarray(real - 1j * 17.98 * conductivity / f_ghz, dtype=np.complex128)


def _single(code: str, name: str, material_class: str, thickness_m: float) -> BuildingMaterial:
    return BuildingMaterial(code, name, (Layer(material_class, thickness_m),))


STANDARD_MATERIALS = (
    _single("concrete-100", "Concrete 100 mm", "concrete", 0.1),
    _single("concrete-150", "Concrete 150 mm", "concrete", 0.15),
    _single("concrete-200", "Concrete 200 mm", "concrete", 0.2),
    _single("brick-120", "Brick 120 mm", "brick", 0.12),
    _single("brick-240", "Brick 240 mm", "brick", 0.24),
    _single("brick-365", "Brick 365 mm", "brick", 0.365),
    BuildingMaterial(
        "plasterboard-partition",
        "Plasterboard partition 100 mm",
        (Layer("plasterboard", 0.0125), Layer(AIR, 0.075), Layer("plasterboard", 0.0125)),
    ),
    _single("wood-door", "Wooden door 40 mm", "wood", 0.04),
    _single("glass-6", "Glass 6 mm", "glass", 0.006),
    BuildingMaterial("glass-low-e", "Low-E double glazing", measured_db=(23.5, 29.9, 29.8)),
    BuildingMaterial("steel-door", "Steel door", measured_db=(40.0, 40.0, 40.0)),
    BuildingMaterial("natural-stone-600", "Natural stone 600 mm", measured_db=(28.0, 38.0, 41.0)),
    _single("chipboard-19", "Chipboard 19 mm", "chipboard", 0.019),
    _single("marble-30", "Marble 30 mm", "marble", 0.03),
)
"""What a new installation knows. Low-E glazing and steel door: typical measured values; natural
stone: sandstone masonry, estimated between brick and concrete of the same thickness."""
