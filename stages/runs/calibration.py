"""Temperature scaling of a trained network, fitted on the validation images (Guo et al. 2017)."""

from dataclasses import dataclass

from nn.models.network.calibration import best_temperature, calibration_error, class_probabilities, temperature_scaled
from nn.models.network.network import Network
from nn.stages.runs import setup
from nn.stages.store.artifacts import Artifact


@dataclass(frozen=True)
class Calibration:
    """A temperature, the number of images it was fitted on, and their expected calibration error before and after."""

    temperature: float
    images: int
    error_before: float
    error_after: float


def calibrate(network: Network, data: Artifact) -> Calibration | None:
    """Fit the temperature on the validation images of a data artifact; return None if there are none."""
    images, labels = data.arrays["validation_images"], data.arrays["validation_labels"]
    if not len(images):
        return None
    with setup.training_context():
        probabilities = class_probabilities(network, network.outputs(images))
    temperature = best_temperature(probabilities, labels)
    scaled = temperature_scaled(probabilities, temperature)
    return Calibration(
        temperature, len(images), calibration_error(probabilities, labels), calibration_error(scaled, labels)
    )
