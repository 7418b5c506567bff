"""The distortion that a run's parameters name, for images of a given size."""

from nndigits.models.augmentation.specification import Distortion, default_distortion, parse_distortion
from nndigits.stages.store.errors import UsageError

USUAL = "usual"


def parse(text: str, image: tuple[int, int]) -> Distortion:
    """Return the distortion that a text describes; ``usual`` is the default for images of this height and width.

    Raises
    ------
    UsageError
        The text is no distortion.
    """
    if text == USUAL:
        return default_distortion(*image)
    try:
        return parse_distortion(text)
    except ValueError as error:
        raise UsageError(str(error), "distort") from None
