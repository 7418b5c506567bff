"""The table of a sweep: a row for each combination of parameters, the best first."""

from pathlib import Path
from typing import TYPE_CHECKING

from nndigits.cli.terminal.output import Output, call
from nndigits.cli.terminal.tables import Column, Table
from nndigits.cli.terminal.typer_command import flag_of
from nndigits.stages.words.nouns import counted
from nndigits.stages.words.numbers import percent, seconds

if TYPE_CHECKING:
    from nndigits.stages.training.sweep import SweepReport
    from nndigits.stages.training.sweep_results import Combination, TrialResult


MOST_ROWS = 40
"""Of combinations; the others are in the file."""


def trial_line(trial: "TrialResult", done: int, total: int) -> str:
    """Format a trial that has ended, as a line of progress."""
    if trial.state == "diverged":
        return f"Trial {done} of {total}: {trial.name}: diverged"
    after = "" if trial.state == "done" else f", stopped after {counted(trial.finished_epochs, 'epoch')}"
    return f"Trial {done} of {total}: {trial.name}: {trial.validation_correct or 0:,} validation images correct{after}"


def print_report(report: "SweepReport", data: Path, output: Output) -> None:
    """Print the table, what its differences mean, and what to do with the best trial."""
    output.line(f"Validation images of {report.dataset_title}:", "")
    shown = report.combinations[:MOST_ROWS]
    output.table(_table(report, shown))
    if output.quiet:
        return
    output.line()
    if len(shown) < len(report.combinations):
        output.prose(f"{len(report.combinations) - len(shown):,} more combinations are in {report.out}.")
    _explain(report, output)
    _suggest(report, data, output)


def _table(report: "SweepReport", shown: "tuple[Combination, ...]") -> Table:
    parameters = [Column(flag_of(name).lstrip("-"), left=True, cut=24) for name in report.varied]
    table = Table(
        *parameters or [Column("parameters", left=True)],
        Column("accuracy"),
        Column("spread", rank=1),
        Column("runs", rank=3),
        Column("s a run", rank=4),
        Column("against the best", left=True, rank=2),
    )
    for row in shown:
        table.add_row(
            *row.values.values() or ["as given"],
            "" if row.validation_accuracy is None else percent(row.validation_accuracy),
            "" if row.spread is None else f"±{percent(row.spread)}",
            str(row.runs) if row.state == "done" else "",
            "" if row.seconds is None else seconds(row.seconds),
            row.against_best or _state(row),
            style="best" if row.against_best == "best" else "",
        )
    return table


def _state(row: "Combination") -> str:
    if row.state == "stopped":
        return f"stopped after {counted(max(one.finished_epochs for one in row.trials), 'epoch')}"
    return row.state if row.state != "done" else ""


def _explain(report: "SweepReport", output: Output) -> None:
    """Say what the table does not: how the differences were judged, and what is uncertain about the best."""
    done = [row for row in report.combinations if row.state == "done"]
    seeds = min((row.runs for row in done), default=0)
    worse = sum(row.against_best == "worse" for row in done)
    if len(done) > 1:
        method = (
            f"Paired t-tests over {counted(seeds, 'seed')}"
            if seeds > 1
            else f"Tests of two proportions, which know only the sampling error of {report.validation_total:,} images; "
            "`--seeds 5` also measures that of the seed"
        )
        others = counted(len(done) - 1, "other combination")
        output.prose(
            f"Of {others}, {worse or 'none'} {'is' if worse == 1 else 'are'} worse than the best beyond noise. "
            f"{method}. The level of 5 % is corrected for {counted(len(done) - 1, 'comparison')} (Holm)."
        )
        output.prose("The best of many is also the luckiest: expect a little less of it on the test images.")
    changed = sorted({one for trial in report.trials for one in trial.other_versions})
    if changed:
        trials = sum(bool(trial.other_versions) for trial in report.trials)
        output.warn(
            f"{counted(trials, 'trial')} made with {', '.join(changed)}: the same command here gives other bytes."
        )


def _suggest(report: "SweepReport", data: Path, output: Output) -> None:
    """Name the files, and the command that evaluates the best trial, or the vote of all seeds."""
    if report.trained:
        output.note(f"{counted(report.trained, 'trial')} in {seconds(report.seconds)} s -> {report.out}")
    if report.others:
        output.note(
            f"Not in the table: {counted(report.others, 'network')} of other sweeps in {report.folder} "
            "(-o names another folder)"
        )
    best = next((row for row in report.combinations if row.against_best == "best"), None)
    if best is None:
        return
    done = [one for one in best.trials if one.state == "done"]
    weights = [report.folder / "trials" / f"{one.name}.npz" for one in done]
    commands = [call("eval", weights=weights[:1], data=data)]
    if len(weights) > 1:
        commands.append(call("eval", weights=weights, data=data))
    output.note("Next:", *commands)
