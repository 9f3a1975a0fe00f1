"""The log of a serving site: to standard error and, a file a day, to a folder; kept seven days.

Whatever is logged, by us or by a library, passes `clean` first: no words of members, no logins in
addresses, no full network address, no values of variables (see `communicate.serving.masking`).
"""

import configparser
import logging
import logging.config
import os
import sys
import threading
import time
from datetime import timedelta
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any

import structlog

from communicate.cli.config import Config
from communicate.serving.masking import masked, trace

NAME = "communicate.log"
KEPT = timedelta(days=7)
# What they say in good times: each folder that is made, each request that waits for a thread.
QUIET = {
    "ZODB": logging.WARNING,
    "txn": logging.WARNING,
    "waitress": logging.WARNING,
    "waitress.queue": logging.ERROR,
}
SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up(config: Config) -> None:
    """Log as the ini file says in ``[loggers]`` (`logging.config.fileConfig`), or as usual.

    As usual is INFO and above, in `communicate.logs`; `communicate.log_format` says for whom.
    """
    parser = configparser.RawConfigParser()
    parser.read(config.path, encoding="utf-8")
    if parser.has_section("loggers"):
        defaults = {"here": str(config.path.parent), "__file__": str(config.path)}
        logging.config.fileConfig(config.path, defaults, disable_existing_loggers=False)
    else:
        as_usual(config)
    for handler in handlers():
        handler.addFilter(clean)
    speak()
    tell_of_the_uncaught()


def as_usual(config: Config) -> None:
    """Log to standard error and to a file, in the form that the settings name."""
    folder = config.settings["communicate.logs"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    delete_old(folder)
    found: list[logging.Handler] = [logging.StreamHandler(), DailyFile(folder / NAME)]
    for handler in found:
        handler.setFormatter(formatter(config.settings.get("communicate.log_format", "human")))
    logging.basicConfig(level=logging.INFO, handlers=found, force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def handlers() -> list[logging.Handler]:
    """Return every handler that a logger of this process has."""
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    return list(dict.fromkeys(handler for logger in loggers for handler in logger.handlers))


def formatter(form: str) -> logging.Formatter:
    """Return what makes lines for people (``human``) or for machines (``json``)."""
    shown: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else human
    return structlog.stdlib.ProcessorFormatter(
        processors=[traced, structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        foreign_pre_chain=SHARED,
    )


def traced(_logger: Any, _method: str, event: Any) -> Any:
    """Put what `clean` made of an exception into *event*."""
    way = getattr(event["_record"], "trace", "")
    return {**event, "exception": way} if way else event


def human(_logger: Any, _method: str, event: Any) -> str:
    """Return *event* as a line: when, how grave, where, what; and the way to an exception."""
    rest = dict(event)
    when, level, name = (rest.pop(key, "") for key in ("timestamp", "level", "logger"))
    words, tail = rest.pop("event", ""), rest.pop("exception", "")
    more = "".join(f" {key}={value}" for key, value in rest.items())
    return f"{when} {level.upper():<7} {name}: {words}{more}" + (f"\n{tail}" if tail else "")


def speak() -> None:
    """Let ``structlog.get_logger`` lead to the same handlers."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def clean(record: logging.LogRecord) -> bool:
    """Take out of *record* what a log must not hold; always let it pass."""
    if hasattr(record, "trace"):  # another handler has been here
        return True
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(record.msg, dict):  # from structlog
        record.msg = {key: masked(str(value)) for key, value in record.msg.items()}
    else:
        record.msg, record.args = masked(without_path(record.getMessage())), ()
    way = trace(error)
    vars(record)["trace"] = way
    record.exc_info, record.exc_text, record.stack_info = None, way or None, None
    return True


def without_path(text: str) -> str:
    """Take the address out of what waitress says of a request: it holds the title of a topic."""
    words, found, _path = text.partition(" while serving ")
    return f"{words} while serving a request" if found else text


def tell_of_the_uncaught() -> None:
    """Log what nobody caught, in any thread: Python itself would show the words of the error."""
    log = logging.getLogger("communicate")

    def uncaught(_kind: Any, error: Any, _trace: Any) -> None:
        log.critical("nobody caught this", exc_info=error)

    sys.excepthook = uncaught
    threading.excepthook = lambda given: uncaught(None, given.exc_value, None)


class DailyFile(TimedRotatingFileHandler):
    """A file for each day (UTC); what is too old is deleted when a day begins."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, when="midnight", utc=True, encoding="utf-8")

    def doRollover(self) -> None:
        """Begin a new file."""
        super().doRollover()
        delete_old(Path(self.baseFilename).parent)


def delete_old(folder: Path) -> None:
    """Delete the files in *folder* of which a line is older than a week; empty the present one."""
    limit = time.time() - (KEPT - timedelta(days=1)).total_seconds()  # a file holds a day
    for path in folder.glob(f"{NAME}*"):
        if path.stat().st_mtime >= limit:
            continue
        if path.name == NAME:
            os.truncate(path, 0)
        else:
            path.unlink(missing_ok=True)
