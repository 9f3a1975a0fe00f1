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

import warnings

# Pyramid 2.1 imports pkg_resources, which says so on the terminal of everybody who runs a command.
warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)

from communicate.cli.apart import apart  # noqa: E402
from communicate.cli.console import Console, pass_console  # noqa: E402
from communicate.cli.run import main  # noqa: E402

__all__ = ["Console", "apart", "main", "pass_console"]
