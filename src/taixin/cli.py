"""The command: arguments in, files and sentences out, errors as sentences."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from taixin import __version__
from taixin.commands import COMMANDS
from taixin.errors import InputError, OutputError, TaixinError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="taixin")
def command() -> None:
    """Spatial plans as code: build the atlas, the layers and the exports."""


for _command in COMMANDS:
    command.add_command(_command)


class _Stopped(BaseException):
    """The system asks the program to end; like `KeyboardInterrupt`, it is no error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _listening() -> Iterator[None]:
    """End tidily when asked to, unless whoever started the program has it ignore that."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        raise _Stopped(number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # nohup has the second one ignored, and so it stays
    heard = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


def main() -> None:
    """Run the command; errors become sentences, never a traceback."""
    number = 0
    try:
        with _listening():
            command(standalone_mode=False)
    except (InputError, OutputError, TaixinError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except OSError as error:  # such as a full folder for temporary files
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"{place}the system refuses: {error.strerror or error}.", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        number = signal.SIGINT
    except _Stopped as stopped:
        number = stopped.number
    if number:
        sentence = "stopped; the output is whole: what stood there before, or all of the new."
        click.echo(sentence, err=True)
        sys.exit(128 + number)


if __name__ == "__main__":
    main()
