"""Say where the log of a serving site goes: to standard error and, rotated, to a file."""

import configparser
import logging
import logging.config
from logging.handlers import TimedRotatingFileHandler

from communicate.cli.config import Config

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
DAYS = 14
# What they say in good times: each folder that is made, each request that waits for a thread.
QUIET = {
    "ZODB": logging.WARNING,
    "txn": logging.WARNING,
    "waitress": logging.WARNING,
    "waitress.queue": logging.ERROR,
}


def without_path(record: logging.LogRecord) -> bool:
    """Take the address out of what waitress says of a request: it holds the title of a topic."""
    words, found, _path = str(record.msg).partition(" while serving ")
    if found:
        record.msg = f"{words} while serving a request"
    return True


def set_up(config: Config) -> None:
    """Log as the ini file says in ``[loggers]`` (`logging.config.fileConfig`), or as usual.

    As usual is INFO and above, in `communicate.logs`, one file a day, kept for two weeks.
    """
    logging.getLogger("waitress").addFilter(without_path)
    parser = configparser.RawConfigParser()
    parser.read(config.path, encoding="utf-8")
    if parser.has_section("loggers"):
        defaults = {"here": str(config.path.parent), "__file__": str(config.path)}
        logging.config.fileConfig(config.path, defaults, disable_existing_loggers=False)
        return
    folder = config.settings["communicate.logs"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = TimedRotatingFileHandler(
        folder / "communicate.log", when="midnight", backupCount=DAYS, utc=True, encoding="utf-8"
    )
    handlers: list[logging.Handler] = [logging.StreamHandler(), file]
    logging.basicConfig(level=logging.INFO, format=FORMAT, handlers=handlers, force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
