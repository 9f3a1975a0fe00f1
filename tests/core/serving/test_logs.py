import logging
import types

import pytest

from communicate.serving import logs


@pytest.fixture
def config(tmp_path):
    """Return what is needed of a configuration; undo what is done to logging."""
    root, waitress = logging.getLogger(), logging.getLogger("waitress")
    before = root.handlers[:], root.level, waitress.filters[:]
    (tmp_path / "site.ini").write_text("[app:main]\n")
    yield types.SimpleNamespace(
        path=tmp_path / "site.ini", settings={"communicate.logs": tmp_path / "var" / "logs"}
    )
    for handler in set(root.handlers) - set(before[0]):
        handler.close()
    root.handlers[:], waitress.filters[:] = before[0], before[2]
    root.setLevel(before[1])


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
