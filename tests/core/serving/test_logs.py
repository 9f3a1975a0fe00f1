"""Where the log goes, for how long, in which form, and what it never holds."""

import json
import logging
import os
import sys
import threading
import time
import types
from datetime import timedelta

import pytest
import structlog

from communicate.serving import logs
from communicate.serving.logs import DailyFile, delete_old


@pytest.fixture
def config(tmp_path):
    """Return what is needed of a configuration; undo what is done to logging."""
    root, waitress = logging.getLogger(), logging.getLogger("waitress")
    before = root.handlers[:], root.level, waitress.filters[:]
    hooks = sys.excepthook, threading.excepthook
    (tmp_path / "site.ini").write_text("[app:main]\n")
    yield types.SimpleNamespace(
        path=tmp_path / "site.ini", settings={"communicate.logs": tmp_path / "var" / "logs"}
    )
    for handler in set(root.handlers) - set(before[0]):
        handler.close()
    root.handlers[:], waitress.filters[:] = before[0], before[2]
    root.setLevel(before[1])
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()


def written(config):
    return (config.settings["communicate.logs"] / logs.NAME).read_text()


def fail():
    secret = "rose@tilleuls.example"
    raise ValueError(f"cannot write to {secret}")


class TestSetUp:
    def test_the_log_lies_in_its_folder(self, config):
        logs.set_up(config)
        logging.getLogger("communicate").info("begun")
        log = config.settings["communicate.logs"] / "communicate.log"
        assert "INFO    communicate: begun" in log.read_text()

    def test_addresses_of_pages_do_not_get_into_it(self, config):
        logs.set_up(config)
        logging.getLogger("waitress").error("Exception while serving /forums/x-secret-title")
        log = (config.settings["communicate.logs"] / "communicate.log").read_text()
        assert "Exception while serving a request" in log
        assert "secret" not in log

    def test_the_ini_file_may_say_otherwise(self, config, capsys):
        config.path.write_text(
            "[loggers]\nkeys = root\n[handlers]\nkeys = out\n[formatters]\nkeys = own\n"
            "[logger_root]\nlevel = INFO\nhandlers = out\n"
            "[handler_out]\nclass = FileHandler\nargs = (r'%(here)s/own.log',)\nformatter = own\n"
            "[formatter_own]\nformat = own %(message)s\n"
        )
        logs.set_up(config)
        logging.getLogger("communicate").info("begun")
        assert (config.path.parent / "own.log").read_text() == "own begun\n"
        assert not config.settings["communicate.logs"].exists()


class TestForm:
    def test_lines_for_machines_have_a_key_for_each_part(self, config):
        config.settings["communicate.log_format"] = "json"
        logs.set_up(config)
        logging.getLogger("communicate.outbox").warning("job %d failed", 7)
        structlog.get_logger("communicate").info("packed", seconds=3)
        first, second = map(json.loads, written(config).splitlines())
        assert (first["level"], first["logger"]) == ("warning", "communicate.outbox")
        assert first["event"] == "job 7 failed"
        assert (second["event"], second["seconds"]) == ("packed", "3")
        assert first["timestamp"].endswith("Z")


class TestClean:
    def test_addresses_and_logins_are_masked_and_networks_stay_coarse(self, config):
        logs.set_up(config)
        logging.getLogger("waitress").error(
            "no answer for %s at /members/rose/disk?after=x from 203.0.113.77 and %s",
            "rose@tilleuls.example",
            "2001:db8:aa:bb::1",
        )
        log = written(config)
        assert "[address] at /members/[login]/disk?[query]" in log
        assert "203.0.113.0/24" in log
        assert "2001:db8:aa::/48" in log
        assert not any(word in log for word in ("rose", "203.0.113.77", "bb::1"))

    def test_this_machine_and_the_time_of_day_stay_as_they_are(self, config):
        logs.set_up(config)
        logging.getLogger("communicate").info("12:30:01 listening on 127.0.0.1:6543 and ::1")
        assert "12:30:01 listening on 127.0.0.1:6543 and ::1" in written(config)

    def test_an_exception_says_where_and_not_with_which_values(self, config):
        logs.set_up(config)
        try:
            fail()
        except ValueError:
            logging.getLogger("communicate").exception("a page failed")
        log = written(config)
        assert "in fail\nValueError\n" in log
        assert "rose" not in log
        assert "secret" not in log

    def test_so_does_what_nobody_caught_in_any_thread(self, config):
        logs.set_up(config)
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        try:
            fail()
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
        log = written(config)
        assert log.count("nobody caught this") == 2
        assert "rose" not in log

    def test_an_operators_own_handlers_are_kept_clean_too(self, config):
        config.path.write_text(
            "[loggers]\nkeys = root\n[handlers]\nkeys = out\n[formatters]\nkeys = own\n"
            "[logger_root]\nlevel = INFO\nhandlers = out\n"
            "[handler_out]\nclass = FileHandler\nargs = (r'%(here)s/own.log',)\nformatter = own\n"
            "[formatter_own]\nformat = own %(message)s\n"
        )
        logs.set_up(config)
        try:
            fail()
        except ValueError:
            logging.getLogger("communicate").exception("of rose@tilleuls.example")
        log = (config.path.parent / "own.log").read_text()
        assert log.startswith("own of [address]\n")
        assert "rose" not in log


class TestSevenDays:
    def test_no_line_outlives_a_week(self, tmp_path):
        for name, days in ((f"{logs.NAME}.2031-03-01", 6.1), (f"{logs.NAME}.2031-03-02", 5.9)):
            self.put(tmp_path / name, days)
        self.put(tmp_path / logs.NAME, 6.1)
        self.put(tmp_path / "other.log", 30)
        delete_old(tmp_path)
        left = {path.name: path.read_text() for path in tmp_path.iterdir()}
        assert left == {logs.NAME: "", f"{logs.NAME}.2031-03-02": "line", "other.log": "line"}

    def test_a_new_day_deletes_what_is_too_old(self, tmp_path):
        self.put(tmp_path / f"{logs.NAME}.2031-03-01", 8)
        handler = DailyFile(tmp_path / logs.NAME)
        handler.doRollover()
        handler.close()
        assert f"{logs.NAME}.2031-03-01" not in [path.name for path in tmp_path.iterdir()]

    @staticmethod
    def put(path, days):
        path.write_text("line")
        then = time.time() - timedelta(days=days).total_seconds()
        os.utime(path, (then, then))
