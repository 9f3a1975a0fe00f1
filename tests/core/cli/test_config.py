from pathlib import Path

import pytest

from communicate.cli.config import BadConfig, peel, read

INI = """
[app:main]
paste.app_factory = communicate:main
communicate.mode = development
communicate.name = Tilleul
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "development.ini").write_text(INI)
    return tmp_path


class TestPeel:
    @pytest.mark.parametrize(
        ("words", "rest", "options"),
        [
            ("serve", "serve", {}),
            ("--config a.ini serve", "serve", {"--config": "a.ini"}),
            ("forum add x --var d --title t", "forum add x --title t", {"--var": "d"}),
            ("pack --config=a.ini --var=d", "pack", {"--config": "a.ini", "--var": "d"}),
            ("pack --var a --var b", "pack", {"--var": "b"}),
            ("add -- --var d", "add -- --var d", {}),
            ("add --variant d", "add --variant d", {}),
        ],
    )
    def test_options_are_taken_from_wherever_they_stand(self, words, rest, options):
        assert peel(words.split()) == (rest.split(), options)

    def test_a_missing_value_is_told(self):
        with pytest.raises(BadConfig, match="--var needs a value"):
            peel(["pack", "--var"])


class TestRead:
    def test_development_ini_is_read_by_default(self, folder):
        config = read({}, folder)
        assert config.path == folder / "development.ini"
        assert config.settings["communicate.name"] == "Tilleul"
        assert config.settings["communicate.var"] == folder / "var"

    def test_paths_start_where_the_caller_is(self, folder, tmp_path):
        below = tmp_path / "below"
        below.mkdir()
        config = read({"--config": "../development.ini", "--var": "data"}, below)
        assert config.settings["communicate.var"] == below / "data"

    def test_a_missing_file_is_told_with_a_cure(self, tmp_path):
        with pytest.raises(BadConfig, match="name an ini file with --config"):
            read({}, tmp_path)

    @pytest.mark.parametrize(
        "text", ["", "[app:main", "[server:main]\nx = 1\n", "[app:main]\nuse="]
    )
    def test_a_file_that_is_none_is_told(self, tmp_path, text):
        (tmp_path / "development.ini").write_text(text)
        with pytest.raises(BadConfig, match="cannot be read"):
            read({}, tmp_path)

    def test_here_can_be_used_in_it(self, tmp_path):
        (tmp_path / "development.ini").write_text(INI + "communicate.var = %(here)s/data\n")
        assert read({}, tmp_path).settings["communicate.var"] == tmp_path / "data"


class TestOverride:
    def test_it_goes_before_the_environment(self, folder, monkeypatch):
        monkeypatch.setenv("COMMUNICATE_LISTEN", "127.0.0.1:1")
        config = read({}, folder).override(listen="127.0.0.1:2")
        assert config.settings["communicate.listen"] == "127.0.0.1:2"

    def test_several_add_up(self, folder):
        config = read({"--var": "/data"}, folder).override(listen="127.0.0.1:2")
        assert config.settings["communicate.var"] == Path("/data")


class TestStatesURL:
    def write(self, folder, *lines):
        (folder / "site.ini").write_text("\n".join([INI, *lines, ""]))
        return read({"--config": "site.ini"}, folder)

    def test_an_ini_file_of_development_does_not_bind(self, folder):
        assert not self.write(folder, "communicate.url = http://a.example").states_url()

    def test_one_of_production_does(self, folder):
        mode = "communicate.mode = production"
        (folder / "site.ini").write_text(INI.replace("communicate.mode = development", mode))
        assert not read({"--config": "site.ini"}, folder).states_url()
        with (folder / "site.ini").open("a") as ini:
            ini.write("communicate.url = http://a.example\n")
        assert read({"--config": "site.ini"}, folder).states_url()

    def test_the_environment_does(self, folder, monkeypatch):
        monkeypatch.setenv("COMMUNICATE_URL", "http://a.example")
        assert self.write(folder).states_url()
