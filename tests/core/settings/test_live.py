"""Where open pages wait for news: settings that fit together."""

import pytest

from communicate.settings import BadSettings, load

PRODUCTION = {
    "communicate.mode": "production",
    "communicate.url": "https://communicate.example",
    "communicate.ledger_file": "/srv/ledger/erasures.log",
    "communicate.master_key_file": "/etc/communicate/master.key",
}
LISTENS = {**PRODUCTION, "communicate.live_listen": "127.0.0.1:6544"}


def read(ini):
    given = {"here": "/srv/site", "__file__": "/srv/site/site.ini"}
    return load(given, ini, environ={}, extra_nodes={}, enabled=())


def faults(ini):
    with pytest.raises(BadSettings) as caught:
        read(ini)
    return {problem.key: str(problem) for problem in caught.value.problems}


class TestDefaults:
    def test_a_site_that_is_worked_on_takes_any_free_port_of_its_host(self):
        ini = {"communicate.mode": "development", "communicate.listen": "127.0.0.2:7000"}
        assert read(ini)["communicate.live_listen"] == "127.0.0.2:0"

    @pytest.mark.parametrize("ini", [PRODUCTION, {"communicate.mode": "testing"}])
    def test_elsewhere_nobody_listens(self, ini):
        assert read(ini)["communicate.live_listen"] == ""

    def test_a_site_that_is_worked_on_may_do_without(self):
        ini = {"communicate.mode": "development", "communicate.live_listen": "off"}
        assert read(ini)["communicate.live_listen"] == ""


class TestAddress:
    def test_another_host_is_protected(self):
        found = faults({**LISTENS, "communicate.live_url": "ws://live.example/live"})
        assert "TLS" in found["communicate.live_url"]
        values = read({**LISTENS, "communicate.live_url": "wss://Live.example/live"})
        assert values["communicate.live_url"] == "wss://live.example/live"

    @pytest.mark.parametrize(
        "text",
        [
            "https://live.example/live",
            "wss://live.example/live?x=1",
            "wss://live.example/;script-src *",
            "wss://a@live.example/live",
            "wss://",
            "live.example",
        ],
    )
    def test_it_is_the_address_of_a_websocket_and_nothing_more(self, text):
        assert "communicate.live_url" in faults({**LISTENS, "communicate.live_url": text})

    def test_it_is_not_that_of_the_pages(self):
        found = faults({**LISTENS, "communicate.live_listen": "127.0.0.1:6543"})
        assert "is communicate.listen" in found["communicate.live_listen"]
