"""`nn run`: the pipeline without make leaves the same bytes as its stages, and does again only what is out of date."""

from pathlib import Path

from support import Run


def test_a_run_leaves_the_bytes_of_the_three_stages(nn: Run, idx_folder: Path, tmp_path: Path) -> None:
    flags = ("--hidden", "5", "--epochs", "2")
    assert nn("run", "--from", idx_folder, *flags).returncode == 0
    by_run = {path.name: path.read_bytes() for path in (tmp_path / "artifacts").glob("[!.]*[!v]")}
    assert {"data.npz", "weights.npz", "weights-eval.json", "weights-eval.png"} <= set(by_run)
    for line in (("fetch", "--from", idx_folder), ("train", *flags), ("eval", "--plot", "b/weights-eval.png")):
        assert nn("--artifacts", "b", *line).returncode == 0
    for name in set(by_run) - {"checkpoint.npz"}:
        assert (tmp_path / "b" / name).read_bytes() == by_run[name], name


def test_a_run_does_again_what_is_out_of_date(nn: Run, idx_folder: Path, tmp_path: Path) -> None:
    flags = ("--hidden", "5", "--epochs", "1")
    weights = tmp_path / "artifacts" / "weights.npz"

    def trains(*more: object) -> bool:
        done = nn("run", *flags, *more)
        assert done.returncode == 0, done.stderr
        return "Epoch 0" in done.stdout

    assert trains("--from", idx_folder)
    assert not trains()
    assert trains("--seed", "1")
    assert trains("--seed", "1", "--validation", "20", "--from", idx_folder)
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-100])
    assert not trains("--seed", "1"), "all epochs are in the checkpoint"
    assert weights.read_bytes() == whole


def test_with_json_a_run_prints_the_document_of_the_evaluation(nn: Run, idx_folder: Path) -> None:
    first = nn("run", "--from", idx_folder, "--epochs", "1", "--json")
    assert first.stdout == nn("eval", "--json").stdout
