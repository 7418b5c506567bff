"""What the outputs of a trained network show: its temperature (Guo et al. 2017), and digits that are saturated."""

from dataclasses import dataclass
from functools import partial

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.network import metrics
from nndigits.models.network.calibration import InPieces, best_temperature, calibration_error, class_probabilities
from nndigits.models.network.network import Network


@dataclass(frozen=True)
class Calibration:
    """A temperature, the number of images it was fitted on, and their expected calibration error before and after."""

    temperature: float
    images: int
    error_before: float
    error_after: float


def calibrate(network: Network, outputs: Array, labels: Integers) -> Calibration | None:
    """Fit the temperature on validation images, given the network's ``outputs``, ``(n, classes)``, and ``labels``.

    Returns None if there are no images.
    """
    if not len(labels):
        return None
    pieces = InPieces(partial(class_probabilities, network), outputs, labels)
    temperature = best_temperature(pieces)
    return Calibration(temperature, len(labels), calibration_error(pieces), calibration_error(pieces, temperature))


def saturated_digits(network: Network, outputs: Array, labels: Integers) -> tuple[int, ...]:
    """Return the digits whose output neurons are saturated; none for a network without sigmoid outputs.

    ``outputs``, ``(n, classes)``, are those of the network for images with these ``labels``, ``(n,)``.
    """
    if network.last.activation.name != "sigmoid":
        return ()
    return tuple(metrics.saturated_classes(outputs, labels).tolist())
