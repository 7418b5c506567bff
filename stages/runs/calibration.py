"""At which temperature a network's confidence is to be read, found on images that it has not learned from."""

from dataclasses import dataclass

from nn.models.network.calibration import best_temperature, calibration_error, class_probabilities, temperature_scaled
from nn.models.network.network import Network
from nn.stages.runs import setup
from nn.stages.store.artifacts import Artifact


@dataclass(frozen=True)
class Calibration:
    """A temperature, on how many images it was found, and the expected calibration error there before and after."""

    temperature: float
    images: int
    error_before: float
    error_after: float


def calibrate(network: Network, data: Artifact) -> Calibration | None:
    """Find the temperature on the validation images of a data artifact; nothing where it has none."""
    images, labels = data.arrays["validation_images"], data.arrays["validation_labels"]
    if not len(images):
        return None
    with setup.training_context():
        claimed = class_probabilities(network, network.outputs(images))
    temperature = best_temperature(claimed, labels)
    mended = temperature_scaled(claimed, temperature)
    return Calibration(temperature, len(images), calibration_error(claimed, labels), calibration_error(mended, labels))
