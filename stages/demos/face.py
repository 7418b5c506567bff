"""The chapter's face detector: a question divided into smaller questions, with a perceptron for each."""

from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.demos.shared.wiring import Named, NamedNetwork
from nndigits.stages.store.errors import UsageError

say = Say("deep")

EYE = ("brow", "lashes", "iris")
INPUTS = (
    *(f"left.{part}" for part in EYE),
    *(f"right.{part}" for part in EYE),
    "nostrils",
    "lips",
    "teeth",
    "strands",
)


def face() -> NamedNetwork:
    """Return the network: from details of the picture to eyes, nose, mouth and hair, and from these to the face."""
    return NamedNetwork(
        say,
        INPUTS,
        (
            (
                Named("left eye", {f"left.{part}": 1 for part in EYE}, 1.5),
                Named("right eye", {f"right.{part}": 1 for part in EYE}, 1.5),
                Named("nose", {"nostrils": 1}, 0.5),
                Named("mouth", {"lips": 2, "teeth": 1}, 1.5),
                Named("hair", {"strands": 1}, 0.5),
            ),
            (
                Named("both eyes", {"left eye": 1, "right eye": 1}, 1.5),
                Named("lower half", {"nose": 1, "mouth": 1}, 1.5),
                Named("most parts", {"left eye": 1, "right eye": 1, "nose": 1, "mouth": 1, "hair": 1}, 3.5),
            ),
            (Named("face", {"both eyes": 1, "lower half": 1, "most parts": 2}, 1.5),),
        ),
    )


def inputs_without(without: str) -> dict[str, int]:
    """Return the inputs for a picture without the named parts; ``left`` and ``right`` stand for a whole eye."""
    missing = [part.strip() for part in without.split(",") if part.strip()]
    for part in missing:
        if part not in (*INPUTS, "left", "right"):
            raise UsageError(say("parts-wanted", parts=", ".join(INPUTS)), "without", part[:40])
    return {name: int(name not in missing and name.split(".")[0] not in missing) for name in INPUTS}
