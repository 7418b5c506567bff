"""Mistakes on the command line: each is one line on stderr, with its exit code, and says what helps."""

import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from support import TINY, Run, draw_one

from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.classifiers.train_svm import svm
from nndigits.stages.datasets.known_sets import choices
from nndigits.stages.exchange.export import export
from nndigits.stages.fetch import fetch
from nndigits.stages.training.train import train


@pytest.fixture(scope="session")
def made(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data, weights, the same images under another split, and other files."""
    folder = tmp_path_factory.mktemp("mistakes")
    (folder / "artifacts").mkdir()
    (folder / "empty").mkdir()
    (folder / "artifacts" / "sweep").mkdir()  # the folder that nn sweep makes before it looks at its trials
    shutil.copy(digits, folder / "artifacts" / "data.npz")
    train(digits, folder / "artifacts" / "weights.npz", TINY)
    fetch(folder / "split.npz", dataset="digits", validation=400)
    (folder / "mine.toml").touch()
    (folder / "typo.toml").write_text("[train]\nhiden = [3]\n")
    (folder / "top.toml").write_text("epochs = 3\n")
    (folder / "notes.json").write_text('{"a": 1}\n')
    (folder / "loop").symlink_to("loop")
    draw_one(folder / "one.png")
    draw_one(folder / "my digit.png")
    (folder / "mine.html").write_text("<!doctype html>my own page")
    (folder / "other.safetensors").write_bytes(b"not tensors")
    train(digits, folder / "kept.npz", replace(TINY, seed=5))
    export([folder / "kept.npz"], folder / "out.safetensors")
    (folder / "kept.npz").chmod(0o444)
    svm(digits, folder / "svm-plus.npz", SvmParameters(train_size=100, join_validation=True, chosen="given"))
    return folder


LONG = "x" * 300
SPLIT = "trained on the images of split.npz under another split"

MISTAKES = [
    # no such file
    ("train --data none.npz", 3, "no such file. Make one with `nn fetch`"),
    ("eval none.npz", 3, "no such file. Make one with `nn train`"),
    ("show none.npz", 3, "none.npz: no such file"),
    ("show .", 3, "is a folder. `nn status .` lists its files"),
    ("status nowhere", 3, "nowhere: no such folder"),
    ("--artifacts nowhere status --check", 3, "nowhere: no such folder"),
    ("compare empty", 3, "holds no network and no baseline"),
    ("fetch --from nowhere", 3, "nowhere: no such file"),
    ("fetch --from mnist.pkl.gz", 3, "pickle"),
    ("train --data loop", 3, "too many levels of symbolic links"),
    (f"fetch --from {LONG}", 3, "file name too long"),
    ("eval artifacts/wieghts.npz", 3, "Did you mean artifacts/weights.npz?"),
    ("eval weights.npz", 3, "Did you mean artifacts/weights.npz?"),
    ("predict one.jpg", 3, "Did you mean one.png?"),
    ("recipes bset", 3, "Did you mean best?"),
    ("train --recipe improved-10", 3, "Did you mean improved-100?"),
    ("train --recipe best.toml", 3, "Did you mean the recipe best?"),
    ("train --recipe mine", 3, "Did you mean ./mine.toml?"),
    # values
    ("train --hidden 30,x", 2, "expected 30, or 100,30, or none"),
    ("train --hidden 0", 2, "expected 1 to 100,000"),
    ("train --eta nan", 2, "expected a positive number"),
    ("train --eta 0x10", 2, "--eta '0x10': expected a number"),
    ("train --epochs ten", 2, "--epochs 'ten': expected a whole number. See `nn train --help`"),
    ("train --dtype float16", 2, "float32"),
    ("train --threads 9999999", 2, "expected at most 256"),
    ("train --activation step", 2, "no slope to learn by"),
    ("train --distort 'twist 3'", 2, "--distort: 'twist 3': expected one of rotate"),
    ("eval --min-accuracy 95", 2, "from 0 to 1"),
    ("fetch --dataset mnits", 2, f"--dataset 'mnits' is not one of {', '.join(map(repr, choices()))}"),
    ("show artifacts/data.npz --distort --seed -1", 2, "--seed -1: expected 0 or more"),
    ("baseline svm --kernel-memory " + 400 * "9", 2, "expected 512 to 1,000,000,000 MB"),
    # values that contradict each other
    ("train --recipe best --hidden 30", 2, "--hidden 30: the recipe sets the layers, 'conv 16 5x5 relu"),
    ("train --recipe improved-100 --init huge", 2, "expected one of N(0,1)"),
    ("train --cost log-likelihood --layers 'dense 10 sigmoid'", 2, "is for a last layer of softmax"),
    ("train --layers 'dense 10 softmax'", 2, "softmax is for the last layer, and needs --cost log-likelihood"),
    ("train --layers 'dense 10 sigmoid' --hidden 5", 2, "--hidden defines the layers too; give one of the two"),
    ("train --layers 'dense 10 sigmoid' --activation relu", 2, "write it behind each layer: dense 30 relu"),
    ("train --optimizer nesterov --momentum 0", 2, "--momentum 0: makes --optimizer nesterov plain gradient descent"),
    ("fetch --dataset digits --from .", 2, "--from .: dataset digits comes with scikit-learn"),
    # files of another kind, by what they are
    ("predict artifacts/weights.npz", 3, "is a trained network, not a picture. `nn predict PICTURE --weights FILE`"),
    ("read artifacts/data.npz", 3, "is a data set, not a picture. `nn predict --index 0 --data FILE`"),
    ("predict mine.html", 3, "as a page for a browser does"),
    ("predict mine.toml", 3, "mine.toml: is not a picture (is empty)"),
    ("train --data one.png", 3, "as a PNG picture does"),
    ("train --data svm-plus.npz", 3, "is a support vector machine, not a data set"),
    ("eval artifacts/data.npz", 3, "is a data set, not a trained network"),
    ("show mine.html", 3, "is not a page of nn"),
    ("show other.safetensors", 3, "other.safetensors: is not a safetensors file"),
    ("show artifacts/data.npz one.png", 3, "is a picture; read its digit: `nn predict one.png`"),
    ("compare artifacts/data.npz", 3, "is a file, not a folder"),
    ("status artifacts/data.npz", 3, "is a file, where a folder is expected"),
    ("import artifacts/weights.npz -o w.npz", 3, "is an .npz file; `nn show` says whether nn can read it as it is"),
    # the closest value
    ("fetch --dataset fashion", 2, "Did you mean fashion-mnist?"),
    ("eval --split tset", 2, "Did you mean test?"),
    ("train --optimizer adm", 2, "Did you mean adam?"),
    ("predict one.png --weights pretained", 3, "Did you mean pretrained?"),
    ("train --cost cross", 2, "Did you mean cross-entropy?"),
    ("train artifacts/data.npz", 2, "Did you mean --data artifacts/data.npz?"),
    ("draw artifacts/weights.npz", 2, "Did you mean --weights artifacts/weights.npz?"),
    ("fetch mnist", 2, "Did you mean --dataset mnist?"),
    ("chapter --no-solution", 2, "Did you mean --no-solutions?"),
    ("predict example-digits", 3, "Did you mean example-digit?"),
    ("train -epochs 1", 2, "Did you mean --epochs?"),
    ("train -help", 2, "Did you mean --help?"),
    ("train \u2013\u2013epochs 1", 2, "begins with a long dash; type --epochs"),
    ("train -o '~/w.npz'", 2, "-o ~/w.npz: the shell replaces ~ only outside quotation marks"),
    # what the shell or a program took apart
    ("train -o ''", 2, "-o '': an empty word, where a value is expected"),
    ("predict my digit.png", 2, "my digit.png: is one file; write its name in quotation marks"),
    ("predict http://example.org/a.png", 3, "It is an address; download the file first"),
    # limits
    ("train --hidden 99999999", 2, "--hidden 99999999: expected 1 to 100,000 neurons in each layer"),
    ("sweep --eta 1 --random 2", 2, "there is only 1 combination"),
    ("fetch --dataset digits --size 0x0 --images empty", 2, "expected a height and a width, such as 28x28"),
    ("import other.safetensors --image 28by28 -o w.npz", 2, "--image '28by28': expected a height and a width"),
    ("read one.png --length 0", 2, "--length 0: expected 1 or more"),
    ("train --recipe best", 3, "best: layers: for images of 8 x 8, layer"),
    ("train --recipe top.toml", 3, "top.toml: has 'epochs', which belongs in the table [train]"),
    ("train --recipe artifacts/weights.npz", 3, "is not a recipe; `nn show --recipe FILE` prints"),
    ("train --recipe empty", 3, "empty: is a folder, not a recipe"),
    ("train --recipe typo.toml", 3, "typo.toml: [train] has 'hiden', which no recipe has. Did you mean hidden?"),
    # flags that would do nothing
    ("train --hidden 5 --hidden 6", 2, "--hidden: is given twice, and has one value"),
    ("train --no-resume --resume", 2, "--resume: is given twice"),
    ("train --hidden none --activation relu", 2, "--activation relu: is that of the hidden layers, and there are none"),
    ("draw --weights artifacts/weights.npz --weights artifacts/weights.npz", 2, "is named twice"),
    ("find-eta --eta 1", 2, "--eta is what this command proposes; leave it out"),
    ("sweep --halving --eta 1 --eta 2", 2, "--halving: would stop nothing early"),
    ("train --drawn 1", 2, "--drawn 1: needs --rejects"),
    ("fetch --plain", 2, "--plain: is for a folder of pictures; name it with --images"),
    ("read one.png one.png --plot p.png", 2, "--plot draws one picture; name one"),
    ("report --weights a.npz --weights b.npz", 2, "--weights names one network: a report is about one"),
    ("find-eta --resume", 2, "no such option: --resume"),
    ("eval artifacts/weights.npz --weights artifacts/weights.npz", 2, "is named twice"),
    ("compare --hidden 30", 2, "--hidden needs --seeds"),
    ("predict one.png --split test", 2, "--split is where --index takes images from"),
    ("show artifacts/weights.npz --split train", 2, "holds no images; give a data set"),
    ("show artifacts/data.npz --seed 1", 2, "--seed needs --distort"),
    ("show artifacts/weights.npz --recipe --index 1", 2, "--recipe draws nothing"),
    ("sweep --show empty -o other", 2, "--show prints a table"),
    ("baseline svm --tuned --search", 2, "leave one of them out"),
    ("baseline svm --tuned --c 3", 2, "cannot be combined with --tuned or --search"),
    ("baseline --json darkness", 2, "belongs behind darkness"),
    ("demo --quiet gates", 2, "belongs behind gates"),
    ("show artifacts/data.npz --plot digits.pdf", 2, ".png or .svg"),
    # sweeps
    ("sweep --eta 1:x --random 2", 2, "a range such as 0.05:2"),
    ("sweep --eta 1:2", 2, "say how many with"),
    ("sweep --epochs 1.5", 2, "expected a whole number"),
    ("sweep --dtype float16", 2, "float32 or float64"),
    ("sweep --workers 2 --on tcp://x:1", 2, "--workers"),
    ("sweep --momentum 0.5", 2, "--optimizer sgd has none"),
    ("sweep --distort none --distort nothing", 2, "--distort"),
    ("sweep --layers 'dense 5 sigmoid'", 2, "end in dense 10"),
    (f"sweep --recipe {LONG}", 3, "no such recipe"),
    ("sweep --show nowhere", 3, "nowhere/sweep.json: no such file"),
    ("sweep --show nowhere --eta 1", 2, "leave out the flags"),
    ("train --eta 1e300 --quiet", 5, "Try a smaller eta"),
    # outputs
    ("train -o w.txt", 2, "w.txt: expected a file ending in .npz"),
    ("eval -o figures.txt", 2, "expected a file ending in .json"),
    ("report -o page.txt", 2, "expected a file ending in .html"),
    ("train -o artifacts", 2, "is a folder"),
    ("train -o artifacts/data.npz/w.npz", 2, "artifacts/data.npz: is a file, and a folder has to be there for w.npz"),
    ("sweep -o one.png", 2, "one.png: is a file, and a folder has to be there"),
    (f"train -o {LONG}.npz", 1, "file name too long"),
    ("train -o artifacts/data.npz", 2, "is a data set, and both read and written by this command"),
    ("fetch --dataset digits -o /proc/nn/data.npz", 2, "is a file of the system"),
    ("train --data artifacts/weights.npz", 2, "is a trained network, and both read and written by this command"),
    # files of others, and of other kinds, are not replaced
    ("fetch --dataset digits -o artifacts/weights.npz", 2, "is a trained network, and would be replaced by a data set"),
    ("train --data split.npz -o artifacts/data.npz", 2, "is a data set, and would be replaced by a trained network"),
    ("export -o other.safetensors", 2, "was not written by nn, and would be replaced by a network for other programs"),
    ("train -o kept.npz", 1, "kept.npz: is write-protected"),
    ("import out.safetensors -o artifacts/weights.npz", 2, "holds another network, which was trained here"),
    ("draw -o mine.html", 2, "mine.html: was not written by nn, and would be replaced by a page"),
    (
        "eval -o notes.json",
        2,
        "notes.json: was not written by nn, and would be replaced by an evaluation",
    ),
    ("eval --plot one.png", 2, "one.png: was not written by nn, and would be replaced by a figure"),
    ("predict example-digit --save-seen artifacts/weights.npz", 2, "expected a file ending in .png"),
    # what would be measured on images that were learned
    ("eval --split validation --data split.npz", 3, SPLIT),
    ("predict --index 3 --data split.npz", 3, SPLIT),
    ("report --data split.npz", 3, SPLIT),
    ("draw --data split.npz", 3, SPLIT),
    ("eval svm-plus.npz --split validation --data artifacts/data.npz", 3, "learned from the validation images, too"),
    ("predict --index 1 --split validation --weights svm-plus.npz", 3, "learned from the validation images, too"),
    # words
    ("show", 2, "nn: missing argument 'FILE...'"),
    ("show --plot", 2, "nn: option '--plot' requires an argument"),
    ("train --hidden 30 20", 2, "unexpected extra argument"),
    ("recipes best a\x1b[31mb", 2, "nn: got unexpected extra argument(s) (a\\x1b[31mb). See `nn recipes --help`"),
    ("train --batsh 3", 2, "Did you mean --batch?"),
    ("train --lr 3", 2, "Did you mean --eta?"),
    ("demo learning-rate --lr 3", 2, "Did you mean --rates?"),
    ("trian", 2, "Did you mean train?"),
    ("download", 2, "Did you mean fetch?"),
    ("baseline svn", 2, "Did you mean svm?"),
    ("demo percptron", 2, "Did you mean perceptron?"),
    ("one.png", 2, "Did you mean `nn predict one.png`?"),
    ("artifacts/weights.npz", 2, "Did you mean `nn show artifacts/weights.npz`?"),
]


@pytest.mark.parametrize(("typed", "code", "words"), MISTAKES, ids=[typed[:60] for typed, _, _ in MISTAKES])
def test_a_mistake_is_explained_in_one_line_and_writes_nothing(
    quick_nn: Path, made: Path, typed: str, code: int, words: str
) -> None:
    before = sorted(made.rglob("*"))
    done = subprocess.run([quick_nn, *shlex.split(typed)], cwd=made, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in " ".join(done.stderr.split())
    assert len(done.stderr.splitlines()) == 1
    assert sorted(made.rglob("*")) == before


@pytest.mark.parametrize(
    "typed", ["train --zzz", "demo sgd --lr 3", "quux", "eval quux.npz", "recipes quux", "show -x"]
)
def test_nothing_is_suggested_where_nothing_is_close(nn: Run, typed: str) -> None:
    done = nn(*typed.split())
    assert done.returncode in (2, 3)
    assert "Did you mean" not in done.stderr
