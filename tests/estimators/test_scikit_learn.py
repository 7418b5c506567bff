"""scikit-learn's own checks of the estimators, none skipped, and their use in pipelines and searches."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from nndigits.sklearn import DarknessClassifier, NetworkClassifier

CHECKS = """
import collections
from sklearn.utils.estimator_checks import check_estimator
from nndigits.sklearn import DarknessClassifier, NetworkClassifier
DRAWS = {"check_sample_weight_equivalence_on_dense_data": "samples are drawn, and repeated ones have another order"}
for estimator, expected in ((DarknessClassifier(), {}), (NetworkClassifier(), DRAWS)):
    results = check_estimator(estimator, on_fail=None, on_skip=None, expected_failed_checks=expected)
    for result in results:
        if result["status"] != ("xfail" if result["check_name"] in expected else "passed"):
            print(result["check_name"], result["status"], result["exception"])
    print("CHECKS", len(results))
"""


@pytest.mark.slow
def test_all_checks_of_scikit_learn_pass_and_none_is_skipped() -> None:
    pytest.importorskip("pandas", reason="a check needs pandas")
    done = subprocess.run(
        [sys.executable, "-c", CHECKS],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},  # SciPy reads it when it is imported
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["CHECKS", "CHECKS"], done.stdout
    expected = len(list(estimator_checks_generator(NetworkClassifier())))
    assert int(lines[1].split()[1]) == expected > 50


@pytest.mark.slow
def test_a_search_over_a_pipeline_finds_the_better_parameter() -> None:
    x, y = load_iris(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), NetworkClassifier(epochs=20))
    search = GridSearchCV(pipeline, {"networkclassifier__eta": [1e-6, 0.01]}, n_jobs=2, cv=3).fit(x, y)
    assert search.best_params_ == {"networkclassifier__eta": 0.01}
    assert search.best_score_ > 0.8 > 1.3 * search.cv_results_["mean_test_score"].min()


def test_a_clone_learns_the_same() -> None:
    x, y = load_iris(return_X_y=True)
    network = NetworkClassifier(epochs=3).fit(x, y)
    assert np.array_equal(clone(network).fit(x, y).predict_proba(x), network.predict_proba(x))


def test_set_output_gives_a_frame() -> None:
    pandas = pytest.importorskip("pandas")
    x, y = load_iris(return_X_y=True, as_frame=True)
    pipeline = make_pipeline(StandardScaler().set_output(transform="pandas"), NetworkClassifier(epochs=2)).fit(x, y)
    assert isinstance(pipeline[:-1].transform(x), pandas.DataFrame)
    assert list(pipeline[-1].feature_names_in_) == list(x.columns)


def test_a_pickle_between_two_epochs_changes_nothing() -> None:
    x, y = load_digits(return_X_y=True)
    x = (x * 15).astype(np.uint8)
    text = "conv 2 3x3 relu, max 2, norm, flatten, dropout 0.2, dense 10 softmax"
    network = NetworkClassifier(layers=text, cost="log-likelihood", optimizer="adam", eta=0.01, average=0.9)
    network.partial_fit(x, y, classes=range(10))
    copied = pickle.loads(pickle.dumps(network))
    for one in (network, copied):
        one.partial_fit(x, y)
    assert np.array_equal(copied.predict_proba(x), network.predict_proba(x))
    assert copied.loss_curve_ == network.loss_curve_
    assert copied.n_iter_ == 2


def test_darkness_is_the_mean_of_the_sums() -> None:
    darkness = DarknessClassifier().fit([[1, 1], [3, 1], [8, 8], [10, 8]], ["light", "light", "dark", "dark"])
    assert dict(zip(darkness.classes_, darkness.means_, strict=True)) == {"dark": 17.0, "light": 3.0}  # (2 + 4) / 2
    assert list(darkness.predict([[4, 5], [6, 5]])) == ["light", "dark"]  # 9 is nearer to 3, and 11 to 17
    e = np.exp(-4.0)  # at 12, the distances are 5 and 9
    assert np.allclose(darkness.predict_proba([[6, 6]]), [[1 / (1 + e), e / (1 + e)]])


def test_samples_are_drawn_in_proportion_to_their_weights(capsys: pytest.CaptureFixture[str]) -> None:
    x, y = load_iris(return_X_y=True)
    network = NetworkClassifier(epochs=3, validation_fraction=0)
    plain = network.fit(x, y).predict_proba(x)
    assert np.array_equal(network.predict_log_proba(x), np.log(plain))
    wrong = np.where(np.arange(len(y)) % 5 == 0, (y + 1) % 3, y)
    weighted = NetworkClassifier(random_state=1).fit(x, wrong, sample_weight=(wrong == y) * 3.0)
    assert weighted.score(x, y) > 0.93, "labels of weight 0 are not learned"
    rare = NetworkClassifier(class_weight={0: 1e-9, 1: 1, 2: 1}).fit(x, y)
    assert not (rare.predict(x) == 0).any()
    with pytest.raises(ValueError, match="expected a positive sum"):
        NetworkClassifier(class_weight={0: 0, 1: 0, 2: 0}).fit(x, y)
    NetworkClassifier(epochs=2, verbose=True).fit(x, y)
    assert capsys.readouterr().out.startswith("Epoch 1 of 2: cost ")


def test_a_random_state_is_a_seed_or_draws_one() -> None:
    x, y = load_iris(return_X_y=True)
    one, same, other = (
        NetworkClassifier(epochs=1, random_state=state).fit(x, y).predict_proba(x)
        for state in (np.random.RandomState(1), np.random.RandomState(1), None)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    with pytest.raises(ValueError, match="random_state='x': expected"):
        NetworkClassifier(random_state="x").fit(x, y)
