"""docs/techniques.md is true: its commands run, and its table is the ladder's."""

import re
import runpy
import shlex

from support import REPOSITORY, Run

PAGE = (REPOSITORY / "docs" / "techniques.md").read_text()
COMMANDS = [" ".join(found.split()) for found in re.findall(r"`(nn [^`]*)`", PAGE) if "..." not in found]
LADDER = runpy.run_path(str(REPOSITORY / "benchmarks" / "ladder" / "rungs.py"))


def test_its_commands_run_on_the_small_set(nn: Run) -> None:
    ran = [shlex.split(command)[1:] for command in COMMANDS]
    assert len(ran) >= 15
    for arguments in [["fetch", "--dataset", "digits"], *ran]:
        if arguments == ["fetch"]:
            continue  # the real digits are not fetched in a test
        if arguments[0] == "train" and "--epochs" not in arguments:
            arguments += ["--epochs", "2"]  # how well they learn is for the ladder to say
        done = nn(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)


def test_its_table_and_its_rungs_are_those_of_the_ladder() -> None:
    names = [rung.name for rung in LADDER["RUNGS"]]
    assert [name for name in names if f"| {name} | " in PAGE] == names
    told = re.findall(r"^- \*\*(.*)\.\*\*", PAGE, re.MULTILINE)
    assert [name.lower() for name in told] == [name.lower() for name in names[1:]]


def test_every_rung_changes_what_the_one_below_is_trained_with() -> None:
    trained, parameters = LADDER["trained"], LADDER["parameters"]
    own = [number for number in range(len(LADDER["RUNGS"])) if trained(number) == number]
    assert len({parameters(number, 0) for number in own}) == len(own) >= 12
    assert parameters(0, 3) == type(parameters(0, 3))(seed=3, threads=1)
    assert {trained(number) for number in range(own[-1], len(LADDER["RUNGS"]))} == {own[-1]}
