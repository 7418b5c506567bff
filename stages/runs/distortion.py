"""What `--distort` may say, for images of a size."""

from nn.models.augmentation.specification import Distortion, read_distortion, usual_distortion
from nn.stages.store.errors import UsageError

USUAL = "usual"


def read(text: str, image: tuple[int, int]) -> Distortion:
    """Read a distortion; ``usual`` is one for images of this height and width.

    Raises
    ------
    UsageError
        It is no distortion.
    """
    if text == USUAL:
        return usual_distortion(*image)
    try:
        return read_distortion(text)
    except ValueError as error:
        raise UsageError(f"--distort: {error}") from None
