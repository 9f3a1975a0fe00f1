"""The command ``communicate``.

A plugin adds commands of its own through the hook ``communicate_commands(group)``::

    from communicate.cli import Console, pass_console

    @click.command()
    @click.argument("name")
    @pass_console
    def greet(console: Console, name: str) -> None:
        console.work(lambda request: ...)

Every command takes ``--config`` and ``--var`` without declaring them, and runs inside the
serving site where there is one.
"""

from communicate.cli.apart import apart
from communicate.cli.console import Console, pass_console
from communicate.cli.run import main

__all__ = ["Console", "apart", "main", "pass_console"]
