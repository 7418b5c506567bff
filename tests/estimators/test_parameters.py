"""Parameters of an estimator: the same names, defaults, types and errors, whichever way they are given."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nndigits.sklearn import NetworkClassifier
from nndigits.sklearn.parameters import NAMES
from nndigits.stages.runs.parameters import WrongType, convert
from nndigits.stages.store.errors import InputError

X, Y = np.eye(6), np.arange(6) % 3


def by_fit(**given: Any) -> NetworkClassifier:
    return NetworkClassifier(**given).fit(X, Y)


def by_recipe(**given: Any) -> NetworkClassifier:
    return NetworkClassifier.from_recipe("book-30", **given)


WRONG = {
    "eta": ("3", -1.0, 10**400, None, True, np.nan, np.zeros((3, 3))),
    "epochs": (2.5, 0, "many"),
    "hidden": (30, (0,), (True,), "30"),
    "dtype": ("float16", 32),
    "threads": (0, 1.5),
    "momentum": ("much", 1.5),
    "cost": ("log-likelihod", 1),
    "distort": ("twist 3", None),
    "layers": ("dense 3 sofmax", ["dense 3 sigmoid"]),
    "patience": (0, 1.0),
}


def test_an_estimator_has_the_parameters_of_a_run() -> None:
    own = set(NetworkClassifier().get_params())
    assert own - set(NAMES) == {
        "class_weight", "image_shape", "random_state", "validation_fraction", "verbose", "warm_start"
    }  # fmt: skip
    assert set(NAMES) - own == {"seed"}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_one_error_whichever_way_it_is_given(name: str, value: Any) -> None:
    said = []
    ways: tuple[Callable[..., Any], ...] = (by_fit, lambda **given: by_recipe(**given).fit(X, Y))
    for way in ways:
        with pytest.raises(ValueError, match=rf"^{name}\b.*: ") as error:
            way(**{name: value})
        assert error.type is ValueError
        said.append(str(error.value))
    assert said[0] == said[1]
    assert "\n" not in said[0]
    assert len(said[0]) < 200


@pytest.mark.parametrize("name", ["etaa", "rejects", "drawn"])
def test_a_name_that_no_estimator_has_is_the_error_of_a_call(name: str) -> None:
    for way in (by_fit, by_recipe):
        with pytest.raises(
            TypeError, match=re.escape(f"NetworkClassifier.__init__() got an unexpected keyword argument {name!r}")
        ):
            way(**{name: 1})


def test_a_recipe_that_cannot_be_an_estimator_says_why() -> None:
    with pytest.raises(ValueError, match="a network with a reject class cannot be an estimator"):
        NetworkClassifier.from_recipe("reader")
    with pytest.raises(ValueError, match="hidden 30: the recipe sets the layers"):
        NetworkClassifier.from_recipe("best", hidden=(30,))
    with pytest.raises(InputError, match="no such recipe"):
        NetworkClassifier.from_recipe("bset")


def test_numbers_of_numpy_become_pythons_own() -> None:
    network = NetworkClassifier.from_recipe(
        "book-30", epochs=np.int64(1), eta=np.float32(0.5), hidden=[np.int8(3)], threads=None, dtype=np.str_("float64")
    )
    values = [getattr(network, name) for name in ("epochs", "eta", "hidden", "threads", "dtype")]
    assert values == [1, 0.5, (3,), None, "float64"]
    assert [type(value) for value in (*values[:2], values[2][0], values[4])] == [int, float, int, str]
    assert network.fit(X, Y).n_iter_ == 1


@pytest.mark.parametrize(("name", "value"), [("seed", True), ("eta", False), ("hidden", [2.0]), ("keep", ["best"])])
def test_what_is_no_value_of_a_type(name: str, value: Any) -> None:
    with pytest.raises(WrongType, match=r"^expected "):
        convert(name, value)
