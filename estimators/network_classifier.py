"""The network of `nn train` as a classifier for scikit-learn."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from nndigits.models.arrays.types import Array
from nndigits.models.network.calibration import class_probabilities, temperature_scaled
from nndigits.models.network.network import Network
from nndigits.sklearn import artifacts
from nndigits.sklearn.features import image_form
from nndigits.sklearn.labels import split_off
from nndigits.sklearn.parameters import NAMES, as_value_error, of_their_types, seed_of, to_estimator, to_run
from nndigits.sklearn.run import Run, check_same, new_run, of_one_thread, outputs_in_blocks
from nndigits.stages.runs import recipe
from nndigits.stages.runs.parameters import Parameters, is_real
from nndigits.stages.runs.setup import training_context

LEAST_CLASSES = 2


class NetworkClassifier(ClassifierMixin, BaseEstimator):
    """A neural network, trained as `nn train` trains it.

    The parameters have the names of `nn train`, and ``random_state`` is its seed. The defaults are for tables: one
    hidden layer of 100 rectified linear units, a softmax output, and Adam with a falling eta.
    ``from_recipe("book-30")`` has those of chapter 1. :class:`Parameters
    <nndigits.stages.runs.parameters.Parameters>` describes them.

    Features may be any numbers. Bytes (``uint8``) are divided by 255. Scale other numbers, for example by a
    ``StandardScaler`` in a pipeline.

    Parameters
    ----------
    random_state
        The seed of the first weights and of the order of the samples; None or a ``RandomState`` draws one.
    class_weight
        The weight of each class, a dictionary, or ``balanced`` for equal sums of weights.
    verbose
        Whether to print the cost, and the accuracy on the validation samples, after each epoch.
    image_shape
        Height and width of the images whose pixels are the features, for convolutions and distortions. None means
        square images if the number of features is a square, else a single row.
    validation_fraction
        The share of the training samples of each class that are set aside. They choose the epoch that is kept, stop a
        run early, and calibrate the probabilities. 0 trains on all samples and does not calibrate.
    warm_start
        Whether ``fit`` continues from the weights of the fit before, with the same classes and features.

    Attributes
    ----------
    classes_
        The labels, in ascending order; of ``load``, in the order of the artifact's data set.
    n_features_in_
        The number of features.
    network_
        The trained network, a :class:`nndigits.models.network.network.Network`.
    loss_curve_
        The mean cost of a training sample, by epoch.
    validation_scores_
        The accuracy on the validation samples, by epoch; empty without validation samples.
    best_epoch_
        The index of the epoch whose weights are kept.
    temperature_
        The temperature that calibrates the probabilities, 1.0 without validation samples.
    n_iter_
        The number of epochs.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> x, y = load_digits(return_X_y=True)
    >>> network = NetworkClassifier(epochs=5).fit(x[:1000] / 16, y[:1000])
    >>> network.score(x[1000:] / 16, y[1000:]) > 0.8
    True
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (100,),
        epochs: int = 60,
        batch: int = 16,
        eta: float = 0.003,
        random_state: Any = 0,
        dtype: str = "float32",
        keep: str = "last",
        threads: int | None = None,
        layers: str = "",
        activation: str = "relu",
        cost: str = "log-likelihood",
        init: str = "he",
        optimizer: str = "adam",
        momentum: float | None = None,
        schedule: str = "cosine",
        warm_up: float = 0.0,
        patience: int | None = None,
        average: float = 0.0,
        l2: float = 0.0,
        l1: float = 0.0,
        max_norm: float = 0.0,
        label_smoothing: float = 0.0,
        distort: str = "none",
        image_shape: tuple[int, int] | None = None,
        validation_fraction: float = 0.1,
        warm_start: bool = False,
        class_weight: Any = None,
        verbose: bool = False,
    ) -> None:
        self.hidden = hidden
        self.epochs = epochs
        self.batch = batch
        self.eta = eta
        self.random_state = random_state
        self.dtype = dtype
        self.keep = keep
        self.threads = threads
        self.layers = layers
        self.activation = activation
        self.cost = cost
        self.init = init
        self.optimizer = optimizer
        self.momentum = momentum
        self.schedule = schedule
        self.warm_up = warm_up
        self.patience = patience
        self.average = average
        self.l2 = l2
        self.l1 = l1
        self.max_norm = max_norm
        self.label_smoothing = label_smoothing
        self.distort = distort
        self.image_shape = image_shape
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.class_weight = class_weight
        self.verbose = verbose

    @classmethod
    def from_recipe(cls, name: str, **given: Any) -> Self:
        """Return an estimator with the parameters of a recipe, by name or from a TOML file, and those ``given``.

        Raises
        ------
        InputError
            There is no such recipe, or it is damaged.
        TypeError
            A name in ``given`` is no parameter of an estimator.
        ValueError
            A value in ``given`` is one that ``fit`` would refuse, or it contradicts the recipe; or the recipe has a
            reject class, which no estimator has.
        """
        cls(**given)  # raises TypeError
        of_run = of_their_types({name: value for name, value in given.items() if name in NAMES})
        if "random_state" in given:
            of_run["seed"] = seed_of(given["random_state"])
        with as_value_error():
            parameters = recipe.parameters(recipe.read(name).parameters, of_run)
        return cls(**{**given, **to_estimator(parameters)})

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train on samples ``X``, ``(n, features)``, with labels ``y``, ``(n,)``, of any kind.

        With weights, ``(n,)``, an epoch draws each sample in proportion to its weight, by systematic sampling.

        Raises
        ------
        ValueError
            Parameters are out of range, or a classifier cannot learn from the samples.
        FloatingPointError
            The training diverged: eta is too large, or the features are.
        """
        continues = self.warm_start and self.__sklearn_is_fitted__()
        x, labels = self._checked(X, y, continues)
        weights = self._weights(sample_weight, x, labels)
        parameters = to_run(self)
        rng = np.random.default_rng([parameters.seed, len(labels)])
        kept, held_out = split_off(labels, self.validation_fraction, rng)
        images = self.form_.images(x, parameters.dtype)
        run = self._new_run(parameters, len(kept), continues)
        with closing(run.trainer):
            run.weights = None if weights is None else weights[kept]
            run.train((images[kept], labels[kept]), (images[held_out], labels[held_out]), verbose=self.verbose)
        self.calibration_, self._is_partial = run.calibration, False
        return self._take(run)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train for one epoch on these samples, on one thread and with a constant eta. None are set aside.

        After ``fit`` it continues from those weights, and keeps their calibration.

        Parameters
        ----------
        classes
            All labels that any call will have. Needed in the first call, unless ``fit`` came before.
        """
        continues = self.__sklearn_is_fitted__()
        if classes is None and not continues:
            raise ValueError("the first call of partial_fit needs classes, all labels that any call will have")
        x, labels = self._checked(X, y, continues, classes)
        weights = self._weights(sample_weight, x, labels)
        parameters = replace(of_one_thread(to_run(self)), schedule="constant", warm_up=0.0)
        run = self._run if continues and self._is_partial else self._new_run(parameters, len(labels), continues)
        run.weights = weights
        run.train_epoch((self.form_.images(x, parameters.dtype), labels))
        if not continues:
            self.calibration_ = None
        self._is_partial = True
        return self._take(run)

    def predict(self, X: Any) -> Any:  # noqa: N803
        """Return the most probable label of each sample, ``(n,)``."""
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(axis=1)]

    def predict_proba(self, X: Any) -> Array:  # noqa: N803
        """Return the calibrated probability of each class, ``(n, classes)``, in the order of ``classes_``."""
        check_is_fitted(self)
        x = validate_data(self, X, reset=False)
        with training_context():  # of one BLAS thread: the same samples give the same bits
            outputs = outputs_in_blocks(self.network_, self.form_.images(x, str(np.dtype(self.network_.dtype))))
        return temperature_scaled(class_probabilities(self.network_, outputs), self.temperature_)

    def predict_log_proba(self, X: Any) -> Array:  # noqa: N803
        """Return the logarithm of ``predict_proba``."""
        with np.errstate(divide="ignore"):
            logarithms: Array = np.log(self.predict_proba(X))
        return logarithms

    def save(self, path: str | Path) -> None:
        """Write the network as a weights artifact, which `nn show`, `nn predict` and `nn draw` read.

        ``load`` gives labels of the same type: text, booleans, whole and real numbers.

        Raises
        ------
        ValueError
            It was not trained on bytes, which those commands read, or an artifact cannot hold its labels or images:
            labels are as ``load`` gives them, at most 256 of up to 40 printable characters.
        """
        check_is_fitted(self)
        artifacts.save(Path(path), self)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return a fitted estimator from a weights artifact, such as one of `nn train`. Its features are bytes.

        Raises
        ------
        InputError
            The file is missing or unusable.
        ValueError
            The network has a reject class, which no estimator has.
        """
        return artifacts.load(cls, Path(path))

    def _checked(self, X: Any, y: Any, continues: bool, classes: Any = None) -> tuple[Any, Any]:  # noqa: N803
        """Return samples and the indices of their classes. Set what is learned from their form, unless it is known."""
        x, y = validate_data(self, X, y, reset=not continues)
        check_classification_targets(y)
        if not (is_real(self.validation_fraction) and 0 <= self.validation_fraction < 1):
            raise ValueError(f"validation_fraction={self.validation_fraction!r}: expected 0 or more and less than 1")
        if not continues:
            if self.__sklearn_is_fitted__():
                del self._run  # its outputs may be for other classes
            self.classes_ = unique_labels(y if classes is None else classes)
            self.form_ = image_form(x, self.image_shape)
        elif classes is not None and not np.array_equal(np.sort(self.classes_), unique_labels(classes)):
            raise ValueError(f"classes={classes!r}: expected those that are known, {self.classes_!r}")
        if len(self.classes_) < LEAST_CLASSES:
            raise ValueError(f"y has {len(self.classes_)} class, expected at least {LEAST_CLASSES}")
        if not np.isin(y, self.classes_).all():
            unknown = np.setdiff1d(y, self.classes_)
            raise ValueError(f"y has the labels {unknown!r}, expected some of {self.classes_!r}")
        order = np.argsort(self.classes_)  # those of an artifact are in any order
        return x, order[np.searchsorted(self.classes_, y, sorter=order)]

    def _weights(self, sample_weight: Any, x: Any, labels: Any) -> Any:
        """Return the weights of samples, those given times those of their classes; None without any."""
        if sample_weight is None and self.class_weight is None:
            return None
        weights = _check_sample_weight(sample_weight, x, dtype=np.float64, ensure_non_negative=True)
        weights = weights * compute_sample_weight(self.class_weight, self.classes_[labels])
        if not weights.sum() > 0:
            raise ValueError("sample_weight and class_weight: expected a positive sum")
        return weights

    @property
    def network_(self) -> Network:
        """The trained network."""
        return self._run.network

    @property
    def temperature_(self) -> float:
        """The temperature that calibrates the probabilities, 1.0 if no samples were set aside."""
        return 1.0 if self.calibration_ is None else self.calibration_.temperature

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether there is a network: after a ``fit`` that failed there is none."""
        return hasattr(self, "_run")

    def _new_run(self, parameters: Parameters, samples: int, continues: bool) -> Run:
        """Return a run for a number of training samples, with a new network or the one that there is.

        Raises ValueError if the one that there is has other layers, cost or precision than the parameters.
        """
        self.form_.check(parameters.distort)
        network = self._run.network if continues else None
        if network is not None:
            check_same(network, parameters, self.form_.shape)
        return new_run(parameters, self.form_.shape, len(self.classes_), samples, network)

    def _take(self, run: Run) -> Self:
        """Set what a run has learned."""
        self._run = run
        self.loss_curve_ = [row.cost for row in run.rows]
        self.validation_scores_ = run.scores
        self.n_iter_ = len(run.rows)
        self.best_epoch_ = self.n_iter_ - 1 if self._is_partial else run.best_epoch
        return self
