"""Short names of artifacts, and how a network was trained, in words; from the metadata alone."""

from typing import Any

from nndigits.stages.runs.parameters import DEFAULTS, is_imported
from nndigits.stages.store.artifacts import Meta
from nndigits.stages.store.kinds import title_of_kind
from nndigits.stages.words.nouns import counted

OPTIMIZERS = {
    "sgd": "stochastic gradient descent",
    "momentum": "stochastic gradient descent with momentum",
    "nesterov": "stochastic gradient descent with Nesterov's momentum",
    "adam": "Adam",
}


def name_of(meta: Meta) -> str:
    """Return a short name: 784-30-10 for a network of dense layers, its layers for another, the kind for the rest."""
    if meta["kind"] not in ("weights", "checkpoint"):
        return "average darkness" if meta["kind"] == "darkness" else title_of_kind(meta["kind"]).partition(" ")[2]
    layers, image = meta["about"]["layers"], meta["about"]["image"]
    words = [layer.split() for layer in layers]
    if len(image) == 2 and all(len(word) == 3 and word[0] == "dense" for word in words):
        return "-".join([str(image[0] * image[1]), *(word[1] for word in words)])
    return ", ".join(layers)


def training_in_words(meta: Meta) -> str:
    """Return how a network was trained, in one or two sentences."""
    if is_imported(meta["parameters"]):
        return "Imported from another program. How it was trained is unknown."
    given = {**DEFAULTS, **meta["parameters"]}
    optimizer = OPTIMIZERS.get(str(given.get("optimizer")), given.get("optimizer"))
    epochs = given.get("epochs")
    words = [
        f"{epochs if type(epochs) is not int else f'{epochs:,}'} epoch{'' if epochs == 1 else 's'} of {optimizer}",
        f"mini-batches of {given.get('batch')}",
        f"eta {given.get('eta')}" + ("" if given.get("schedule") == "constant" else f" ({given.get('schedule')})"),
        f"{given.get('cost')} cost",
        f"first weights from {given.get('init')}",
        f"seed {given.get('seed')}",
        counted(given["threads"], "thread") if type(given["threads"]) is int else "1 thread",
    ]
    extras = [
        f"{name.replace('_', '-')} {value}"
        for name, value in changed_parameters(meta).items()
        if name not in ("epochs", "optimizer", "batch", "eta", "schedule", "cost", "init", "seed", "hidden", "layers")
    ]
    text = ", ".join(words) + (f"; {', '.join(extras)}" if extras else "")
    return f"Trained for {text}."


def changed_parameters(meta: Meta) -> dict[str, Any]:
    """Return the parameters of a run that differ from the chapter's.

    With them, `nn train` makes the same run. The number of threads is left out, as `nn train` chooses it.
    """
    changed = {
        name: value
        for name, value in meta["parameters"].items()
        if name in DEFAULTS and value != DEFAULTS[name] and name != "threads"
    }
    if "layers" in changed:  # which take the place of hidden
        changed.pop("hidden", None)
    return changed
