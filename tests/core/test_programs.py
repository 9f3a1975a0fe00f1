"""What tests need of the machine: found, skipped without, failed where it is required."""

import pytest

from communicate.testing import programs


class TestNeeded:
    def test_the_first_that_is_there_is_taken(self):
        assert programs.needed("no-such-program", "sh").endswith("/sh")

    def test_without_one_the_test_is_skipped(self, monkeypatch):
        monkeypatch.delenv(programs.CLIENTS, raising=False)
        with pytest.raises(pytest.skip.Exception, match="no no-such-program was found"):
            programs.needed("no-such-program")

    def test_where_it_is_required_the_test_fails(self, monkeypatch):
        monkeypatch.setenv(programs.CLIENTS, "1")
        with pytest.raises(pytest.fail.Exception, match="install one of them"):
            programs.needed("no-such-program")

    def test_browsers_have_a_variable_of_their_own(self, monkeypatch):
        monkeypatch.setenv(programs.CLIENTS, "1")
        monkeypatch.delenv(programs.BROWSER, raising=False)
        with pytest.raises(pytest.skip.Exception):
            programs.needed("no-such-program", variable=programs.BROWSER)


class TestAsRoot:
    @pytest.fixture(autouse=True)
    def somebody(self, monkeypatch):
        monkeypatch.setattr("os.geteuid", lambda: 1000)

    def test_somebody_else_skips_the_test(self, monkeypatch):
        monkeypatch.delenv(programs.CLIENTS, raising=False)
        with pytest.raises(pytest.skip.Exception, match="Postfix is started by root"):
            programs.as_root("Postfix")

    def test_where_nothing_may_be_missing_the_test_fails(self, monkeypatch):
        monkeypatch.setenv(programs.CLIENTS, "1")
        with pytest.raises(pytest.fail.Exception, match="Postfix is started by root"):
            programs.as_root("Postfix")
