"""How long the command takes to start, beside an interpreter that does nothing.

Run as ``python -m tests.benchmarks.bench_start``. The aim is less than 0.3 s more than nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import taixin": [sys.executable, "-c", "import taixin"],
    "taixin --help": [sys.executable, "-m", "taixin.cli", "--help"],
}


def seconds(command: list[str]) -> float:
    """Take the time of one run of a command."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Take turns, so that a busy moment of the machine falls on all alike."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    nothing = medians["python -c pass"]
    for name, median in medians.items():
        more, ratio = median - nothing, median / nothing
        print(f"{name:<16} {median:6.3f} s  {more:+6.3f} s  {ratio:4.1f} times nothing")


if __name__ == "__main__":
    main()
