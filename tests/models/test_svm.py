"""The support vector machine: a step by hand, agreement with libsvm, the same bytes for any memory and threads."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.models.baselines import binary_svm, rbf_kernel, smo
from nndigits.models.baselines.svm import SVM, assemble, screening_axes
from nndigits.stages.classifiers import svm_memory
from nndigits.stages.classifiers.svm_memory import Limits
from nndigits.stages.classifiers.svm_pairs import PairJob
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.classifiers.svm_search import search
from nndigits.stages.classifiers.train_svm import svm
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, Interrupted, UsageError, WorldError


@pytest.fixture(scope="module")
def data(digits):
    """scikit-learn's digits: 8 x 8 pixels, 1,285 to train with."""
    return digits


@pytest.fixture(scope="module")
def arrays(data):
    return artifacts.load(data, "dataset").arrays


def learn(arrays, c=1.0, gamma=0.05, digits=10, classes=10):
    images, labels = arrays["train_images"], arrays["train_labels"]
    axes = screening_axes(images)
    of = [images[labels == digit] for digit in range(digits)]
    with threadpool_limits(1, "blas"):
        pairs = {
            (a, b): binary_svm.fit(of[a], of[b], c=c, gamma=gamma, axes=axes, memory=np.inf)
            for a, b in combinations(range(digits), 2)
        }
    return assemble(pairs, images, labels, classes, c=c, gamma=gamma)


def test_the_kernel_matches_its_definition_and_is_symmetric():
    images = np.random.default_rng(0).integers(0, 256, (700, 5, 5), np.uint8)
    p = rbf_kernel.points(images)
    found = np.empty((700, 700), np.float32)
    rbf_kernel.fill_symmetric(found, p, 0.1)
    rows = images.reshape(700, -1) / 255
    wanted = np.exp(-0.1 * ((rows[:, None] - rows[None]) ** 2).sum(axis=2))
    np.testing.assert_allclose(found, wanted, atol=2e-6)
    np.testing.assert_allclose(found, found.T, atol=1e-6)
    assert (found.diagonal() == 1).all()


def test_a_kernel_filled_in_steps_is_the_kernel_filled_at_once():
    p = rbf_kernel.points(np.random.default_rng(0).integers(0, 256, (700, 5, 5), np.uint8))
    whole, grown = np.empty((2, 700, 700), np.float32)
    rbf_kernel.fill_symmetric(whole, p, 0.1)
    rbf_kernel.fill_symmetric(grown, p.take(slice(0, 600)), 0.1)
    rbf_kernel.fill_symmetric(grown, p, 0.1, 600)
    np.testing.assert_allclose(grown, whole, atol=1e-6)


def test_an_expansion_is_the_weighted_sum_of_kernels():
    rng = np.random.default_rng(0)
    a, b = (rbf_kernel.points(rng.integers(0, 256, (n, 4, 4), np.uint8)) for n in (600, 1100))
    weights = rng.standard_normal((1100, 3))
    np.testing.assert_allclose(
        rbf_kernel.expansion(a, b, weights, 0.2), rbf_kernel.rbf(a, b, 0.2).astype(float) @ weights, atol=1e-4
    )


def test_the_first_step_by_hand():
    # Two samples, K_12 = 0.5, y = 1 and -1. Both require b = y at first: v = (1, -1), a violation of 2.
    # The curvature is 2 - 2 x 0.5 = 1, so delta = 2 / 1 = 2; with C = 10 no bound is met, and both alphas are 2:
    # f(x_1) = 2 - 2 x 0.5 + b = 1 + b and f(x_2) = -1 + b, so b = 0 puts both on the margin.
    k = np.array([[1, 0.5], [0.5, 1]], np.float32)
    y = np.array([1.0, -1.0])
    duals = smo.start(y)
    assert smo.solve(k, y, 10.0, duals) == 1
    assert duals.alpha.tolist() == [2, 2]
    assert smo.intercept(y, 10.0, duals) == 0


def test_a_step_ends_at_the_bound():
    k = np.array([[1, 0.5], [0.5, 1]], np.float32)
    y = np.array([1.0, -1.0])
    duals = smo.start(y)
    smo.solve(k, y, 0.5, duals)
    assert duals.alpha.tolist() == [0.5, 0.5]


def test_equal_images_of_two_digits_converge():
    y = np.array([1.0, -1.0])
    duals = smo.start(y)
    smo.solve(np.ones((2, 2), np.float32), y, 1.0, duals)
    assert duals.alpha.tolist() == [1, 1]


@pytest.mark.parametrize(("c", "gamma"), [(1.0, 1 / 64), (5.0, 0.1)])
@pytest.mark.parametrize("small", [2000, 50], ids=["all at once", "screened"])
def test_decisions_agree_with_libsvm(arrays, monkeypatch, c, gamma, small):
    from sklearn.svm import SVC

    monkeypatch.setattr(binary_svm, "MAX_UNSCREENED", small)
    machine, indices = learn(arrays, c, gamma)
    # libsvm's default tolerance, 1e-3, would leave its own decisions that far from the optimum.
    reference = SVC(C=c, gamma=gamma, tol=1e-4, decision_function_shape="ovo")
    reference.fit(arrays["train_images"].reshape(-1, 64) / 255, arrays["train_labels"])
    unseen = arrays["test_images"]
    np.testing.assert_allclose(
        machine.decisions(unseen), reference.decision_function(unseen.reshape(-1, 64) / 255), atol=1e-3
    )
    answers = machine.outputs(unseen).argmax(axis=1)
    assert (answers == reference.predict(unseen.reshape(-1, 64) / 255)).all()
    assert (arrays["train_images"][indices] == machine.support).all()
    assert abs(len(indices) - len(reference.support_)) <= 3


def test_decisions_on_mnist_agree_with_the_defaults_of_scikit_learn(mnist, monkeypatch):
    from sklearn.svm import SVC

    monkeypatch.setattr(binary_svm, "MAX_UNSCREENED", 50)
    whole = artifacts.load(mnist, "dataset").arrays
    arrays = {name: array[:2000] for name, array in whole.items()}
    machine, _ = learn(arrays, 1.0, 1 / 784)
    reference = SVC(C=1, gamma="auto", decision_function_shape="ovo")
    reference.fit(arrays["train_images"].reshape(-1, 784) / 255, arrays["train_labels"])
    unseen = arrays["test_images"][:300]
    rows = unseen.reshape(-1, 784) / 255
    np.testing.assert_allclose(machine.decisions(unseen), reference.decision_function(rows), atol=1e-3)
    assert (machine.outputs(unseen).argmax(axis=1) == reference.predict(rows)).all()


def test_gamma_scale_agrees_with_scikit_learn(arrays):
    images = arrays["train_images"]
    assert rbf_kernel.gamma_scale(images) == pytest.approx(1 / (64 * (images / 255).var()), rel=1e-12)


def test_of_equal_votes_the_smaller_digit_wins():
    # Without support vectors, f of each pair is its intercept: 0 beats 1, 1 beats 2, 2 beats 0, a vote for each.
    images = np.zeros((1, 2, 2), np.uint8)
    machine = SVM(images[:0], np.zeros(3, int), np.zeros((2, 0)), np.array([1.0, -1.0, 1.0]), 1.0, 0.1)
    votes = machine.outputs(images)[0]
    assert votes.argmax() == 0
    assert votes.tolist() == [1, 1, 1]  # the winner lost a pair: no confidence


def test_a_digit_without_images_never_wins(arrays):
    few = {name: array[arrays[f"{name.split('_')[0]}_labels"] < 9] for name, array in arrays.items()}
    machine, _ = learn(few, digits=9)
    assert machine.outputs(few["test_images"]).argmax(axis=1).max() == 8


def test_the_file_is_the_same_for_any_memory_and_threads(data, tmp_path):
    made = []
    for limits in (Limits(threads=1), Limits(threads=3), Limits(kernel_memory=1024, threads=2)):
        made.append(svm(data, tmp_path / "svm.npz", limits=limits).out.read_bytes())
    assert made[0] == made[1] == made[2]
    assert not (tmp_path / "svm-pairs.npz").exists()


def test_pairs_that_cannot_be_removed_are_harmless(data, tmp_path, monkeypatch):
    remove = Path.unlink

    def fail(path, missing_ok=False):
        if path.name == "svm-pairs.npz":
            raise OSError(5, "Input/output error")
        remove(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", fail)
    made = svm(data, tmp_path / "svm.npz").out.read_bytes()
    assert (tmp_path / "svm-pairs.npz").exists()
    monkeypatch.undo()
    assert svm(data, tmp_path / "svm.npz").out.read_bytes() == made
    assert not (tmp_path / "svm-pairs.npz").exists()


def test_an_interrupted_run_goes_on_to_the_same_bytes(data, tmp_path):
    whole = svm(data, tmp_path / "whole.npz").out.read_bytes()
    out = tmp_path / "svm.npz"

    def stop(digits, done, total):
        if done == 7:
            raise Interrupted(2)

    with pytest.raises(Interrupted):
        svm(data, out, on_pair=stop)
    assert not out.exists()
    report = svm(data, out)
    assert report.resumed == 7
    assert out.read_bytes() == whole


def test_pairs_of_another_run_are_not_used(data, tmp_path):
    def stop(digits, done, total):
        raise Interrupted(2)

    with pytest.raises(Interrupted):
        svm(data, tmp_path / "svm.npz", on_pair=stop)
    assert svm(data, tmp_path / "svm.npz", SvmParameters(c=2.0)).resumed == 0


def test_a_kernel_that_does_not_fit_is_refused_in_one_line(data, tmp_path, monkeypatch):
    monkeypatch.setattr("nndigits.stages.classifiers.svm_memory.BASE", 512 * 2**20)
    with pytest.raises(WorldError, match=r"kernel_memory 512.*Allow more") as error:
        svm(data, tmp_path / "svm.npz", limits=Limits(kernel_memory=512))
    assert "\n" not in str(error.value)
    with pytest.raises(WorldError, match=r"kernel_memory 512.*Allow more"):
        search(data, tmp_path / "search.csv", limits=Limits(kernel_memory=512))


def test_as_many_pairs_at_once_as_the_memory_holds():
    images, labels = np.zeros((2000, 28, 28), np.uint8), np.repeat(np.arange(2), 1000)
    little, much = (svm_memory.plan(Limits(memory, 40), images, labels, 0) for memory in (512, 4096))
    assert little.threads < much.threads == 40
    for plan, memory in ((little, 512), (much, 4096)):
        assert 2000**2 * 4 <= plan.pair_bytes < (memory * 2**20 - svm_memory.BASE) / plan.threads


@pytest.mark.parametrize(
    ("flags", "chosen", "c", "gamma", "train"),
    [
        ("", "defaults", 1.0, "auto", 1285),
        ("--c 3 --gamma scale", "given", 3.0, "scale", 1285),
        ("--gamma 0.02 --train-size 300", "given", 1.0, 0.02, 300),
        ("--tuned", "search", 5.0, 0.027, 1541),
        ("--tuned --no-join-validation", "search", 5.0, 0.027, 1285),
        ("--c 3 --join-validation", "given", 3.0, "auto", 1541),
    ],
)
def test_the_command_takes_its_parameters(data, tmp_path, flags, chosen, c, gamma, train):
    arguments = ["baseline", "svm", "--json", "--data", str(data), "-o", "svm.npz", *flags.split()]
    done = CliRunner().invoke(app, arguments)
    report = json.loads(done.stdout)
    assert (report["train"], report["parameters"]["c"], report["parameters"]["gamma"]) == (train, c, gamma)
    assert report["parameters"]["chosen"] == chosen


def test_threads_of_this_machine_do_not_go_with_a_cluster(data):
    arguments = ["baseline", "svm", "--data", str(data), "--threads", "2", "--on", "tcp://x:1"]
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, "leave it out with --on" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "wrong", [{"c": 0.0}, {"c": float("nan")}, {"gamma": "half"}, {"gamma": -1.0}, {"train_size": 0}]
)
def test_invalid_parameters_are_refused(wrong):
    with pytest.raises(UsageError):
        SvmParameters(**wrong)


def test_more_images_than_there_are(data, tmp_path):
    with pytest.raises(UsageError, match="there are 1,285"):
        svm(data, tmp_path / "svm.npz", SvmParameters(train_size=5000))


def test_one_digit_alone(data, tmp_path):
    with pytest.raises(InputError, match="all of one class"):
        svm(data, tmp_path / "svm.npz", SvmParameters(train_size=1))


def test_search_keeps_what_it_tried_and_chooses_on_validation(data, tmp_path, monkeypatch):
    monkeypatch.setattr("nndigits.stages.classifiers.svm_search.CS", (1.0,))
    monkeypatch.setattr("nndigits.stages.classifiers.svm_search.SCALES", (0.01, 1.0, 2.0))
    out = tmp_path / "svm-search.csv"
    seen = []

    def stop(tried, done, total):
        seen.append(tried)
        if done == 2:
            raise Interrupted(2)

    with pytest.raises(Interrupted):
        search(data, out, train_size=400, on_tried=stop)
    assert len(out.read_text().splitlines()) == 4  # what made it, the header, two tries
    monkeypatch.setattr(PairJob, "run", _only_new(seen))
    report = search(data, out, train_size=400)
    assert set(seen) < set(report.tried)
    assert [tried.gamma for tried in report.tried] == sorted(tried.gamma for tried in report.tried)
    assert report.best.correct == max(tried.correct for tried in report.tried)
    assert report.parameters == SvmParameters(report.best.c, report.best.gamma, 400, True, "search")


def _only_new(seen):
    original = PairJob.run

    def run(job, data, check):
        assert (job.parameters.c, job.gamma) not in [(tried.c, tried.gamma) for tried in seen]
        return original(job, data, check)

    return run
