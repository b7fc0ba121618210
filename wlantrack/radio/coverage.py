"""What a client hears on one floor, and the maps drawn from it.

Decides what a cell's best, k-th best and number of levels are, for chosen access points. Refuses
to know how a level comes about, requirements, records and pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.radio.bands import BANDS, NOISE_FIGURE_DB, noise_floor_dbm
from wlantrack.radio.prediction import predict_transmitter
from wlantrack.radio.scene import ClutterArea, Scene, Slab, Transmitter, Wall

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from wlantrack.geometry.grid import Grid

    Raster = npt.NDArray[np.float32]
    Counts = npt.NDArray[np.int32]

__all__ = [
    "ClutterArea",
    "Coverage",
    "Scene",
    "Slab",
    "Transmitter",
    "Wall",
    "predict",
    "predict_transmitter",
]


@dataclass(frozen=True, eq=False)
class Coverage:
    """Levels on one floor: a layer (bands, ny, nx) in dBm for each of the scene's transmitters.

    Every map below is an array (bands, ny, nx), drawn from all transmitters or from those whose
    ids are given.
    """

    scene: Scene
    grid: Grid
    floor: int
    layers: tuple[Raster, ...]

    @cached_property
    def rssi_dbm(self) -> Raster:
        """All levels as one float32 array (transmitters, bands, ny, nx); NaN where radio is off."""
        shape = (len(self.layers), len(BANDS), *self.grid.shape)
        return np.array(self.layers, dtype=np.float32).reshape(shape)

    def replace(self, transmitter: Transmitter) -> Coverage:
        """Exchange the transmitter with the same id; only its layer is computed anew.

        Raises
        ------
        InvalidInput
            No transmitter has this id, or the new one has unusable numbers.
        """
        place = self._places((transmitter.id,))[0]
        layer = predict_transmitter(self.scene, self.grid, transmitter, self.floor)
        others = self.scene.transmitters
        scene = self.scene.with_transmitters((*others[:place], transmitter, *others[place + 1 :]))
        layers = (*self.layers[:place], layer, *self.layers[place + 1 :])
        return Coverage(scene, self.grid, self.floor, layers)

    def best(self, transmitters: Collection[str] | None = None) -> Raster:
        """Give the strongest level in dBm; NaN where nothing transmits."""
        strongest = self._raster(np.nan)
        for place in self._places(transmitters):
            np.fmax(strongest, self.layers[place], out=strongest)
        return strongest

    def best_server(self, transmitters: Collection[str] | None = None) -> Counts:
        """Give the place of the strongest among the scene's transmitters; -1 where none."""
        strongest, server = self._raster(-np.inf), self._counts(-1)
        for place in self._places(transmitters):
            is_stronger = self.layers[place] > strongest
            np.copyto(strongest, self.layers[place], where=is_stronger)
            np.copyto(server, place, where=is_stronger)
        return server

    def nth(self, k: int, transmitters: Collection[str] | None = None) -> Raster:
        """Give the k-th strongest level in dBm, 1 is the best; NaN where fewer transmit.

        Raises
        ------
        InvalidInput
            ``k`` is below 1, or an id is unknown.
        """
        if k < 1:
            raise InvalidInput(Problem(msg("Ranks count from 1."), field="k", value=str(k)))
        ranks = [self._raster(-np.inf) for _ in range(k)]
        for place in self._places(transmitters):
            falling = np.fmax(self.layers[place], -np.inf)
            for rank in ranks:
                kept = np.maximum(rank, falling)
                np.minimum(rank, falling, out=falling)
                rank[:] = kept
        return np.where(np.isneginf(ranks[-1]), np.float32(np.nan), ranks[-1])

    def count_above(
        self, threshold_dbm: float, transmitters: Collection[str] | None = None
    ) -> Counts:
        """Count the transmitters at or above a level."""
        count = self._counts(0)
        for place in self._places(transmitters):
            count += self.layers[place] >= threshold_dbm
        return count

    def snr(
        self,
        bandwidth_hz: float = 20e6,
        noise_figure_db: float = NOISE_FIGURE_DB,
        transmitters: Collection[str] | None = None,
    ) -> Raster:
        """Give the strongest level above the receiver's noise in dB; NaN where nothing transmits."""
        return self.best(transmitters) - np.float32(noise_floor_dbm(bandwidth_hz, noise_figure_db))

    def _places(self, ids: Collection[str] | None) -> list[int]:
        """Find the places among the layers; None gives all."""
        present = [transmitter.id for transmitter in self.scene.transmitters]
        unknown = sorted(set(ids or ()) - set(present))
        if unknown:
            message = msg("There is no access point %(id)s in this prediction.", id=unknown[0])
            raise InvalidInput(Problem(message, field="transmitters", value=unknown[0]))
        return [place for place, name in enumerate(present) if ids is None or name in ids]

    def _raster(self, level_dbm: float) -> Raster:
        return np.full((len(BANDS), *self.grid.shape), level_dbm, dtype=np.float32)

    def _counts(self, count: int) -> Counts:
        return np.full((len(BANDS), *self.grid.shape), count, dtype=np.int32)


def predict(scene: Scene, grid: Grid, floor: int = 0) -> Coverage:
    """Predict the level every access point of a scene has in every cell of a floor.

    Parameters
    ----------
    scene
        The building and its access points, on whatever floors.
    grid
        The raster; receivers stand ``scene.receiver_height_m`` above the floor at cell centres.
    floor
        Index of the floor the receivers are on.

    Raises
    ------
    InvalidInput
        Some part of the scene has numbers that cannot be used; the message names it.
    """
    shape = (len(scene.transmitters), len(BANDS), *grid.shape)
    rssi_dbm = np.empty(shape, dtype=np.float32)
    for layer, transmitter in zip(rssi_dbm, scene.transmitters, strict=True):
        layer[:] = predict_transmitter(scene, grid, transmitter, floor)
    coverage = Coverage(scene, grid, floor, tuple(rssi_dbm))
    coverage.__dict__["rssi_dbm"] = rssi_dbm  # the layers are views of it: no second copy
    return coverage
