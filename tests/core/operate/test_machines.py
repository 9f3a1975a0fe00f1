"""What load balancers and monitoring are told, and what nobody is."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from communicate.interfaces import ICatalog, IDatabase
from communicate.operate import alive
from communicate.operate.metrics import behind_unnamed_proxy

TOKEN = "vingt-caracteres-au-moins"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(alive, "REMEMBERED", 0.0)


class TestHealth:
    def test_it_says_ok_and_nothing_else(self, house):
        answer = house.browser().get("/health")
        assert (answer.status_int, answer.text) == (200, "ok\n")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize("store", ["tree", "catalog"])
    def test_with_a_store_away_it_says_503_and_not_which(self, house, monkeypatch, store):
        def away(*_arguments, **_options):
            raise OSError("/srv/secret/place is gone")

        if store == "tree":
            monkeypatch.setattr(house.registry.getUtility(IDatabase), "open", away)
        else:
            engine = house.registry.getUtility(ICatalog).engine
            monkeypatch.setattr(engine.sql, "connect", away)
        answer = house.browser().get("/health", status=503)
        assert answer.text == "failing\n"

    def test_a_site_for_members_only_answers_its_load_balancer_too(self, make_house):
        house = make_house(widest_audience="members")
        assert house.browser().get("/health").text == "ok\n"

    def test_whoever_asks_often_is_told_what_was_found_a_moment_ago(self, house, monkeypatch):
        monkeypatch.setattr(alive, "REMEMBERED", 60.0)
        asked = []
        monkeypatch.setitem(alive.STORES, "tree", lambda registry: asked.append(registry))
        pulse = alive.Pulse()
        assert [pulse.beats(house.registry) for _each in range(5)] == [True] * 5
        assert len(asked) == 1


class TestMetrics:
    @staticmethod
    def here(house):
        browser = house.browser()
        browser.extra_environ["REMOTE_ADDR"] = "127.0.0.1"
        return browser

    @staticmethod
    def read(browser, **options):
        text = browser.get("/metrics", **options).text
        samples = (s for family in text_string_to_metric_families(text) for s in family.samples)
        return {(sample.name, *sample.labels.values()): sample.value for sample in samples}

    def test_they_count_members_work_and_answers(self, house, rose):
        browser = self.here(house)
        browser.get("/nowhere", status=404)
        found = self.read(browser)
        assert found["communicate_members",] == 1
        assert found["communicate_responses_total", "4xx"] >= 1
        assert found["communicate_jobs_set_aside",] == 0
        assert found["communicate_disk_free_bytes",] > 0
        assert found["communicate_storage_use",] == 0

    def test_they_name_nobody(self, house, rose):
        house.browser("rose").get("/members/rose")
        text = self.here(house).get("/metrics").text
        assert "rose" not in text
        assert str(rose) not in text

    def test_another_machine_gets_nothing_without_the_token(self, house):
        elsewhere = house.browser()
        elsewhere.extra_environ["REMOTE_ADDR"] = "203.0.113.7"
        assert elsewhere.get("/metrics", status=404).content_type == "text/html"

    def test_with_a_token_everybody_needs_it(self, make_house):
        house = make_house(metrics_token=TOKEN)
        browser = self.here(house)
        browser.get("/metrics", status=404)
        browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}, status=404)
        browser.get("/metrics", headers={"Authorization": "Bearer é"}, status=404)
        browser.extra_environ["REMOTE_ADDR"] = "203.0.113.7"
        assert self.read(browser, headers={"Authorization": f"Bearer {TOKEN}"})

    @pytest.mark.parametrize(
        ("listen", "proxy", "mode", "unnamed"),
        [
            ("127.0.0.1:6543", "", "production", True),
            ("localhost:6543", "", "production", True),
            ("[::1]:6543", "", "production", True),
            ("127.0.0.1:6543", "127.0.0.1", "production", False),
            ("0.0.0.0:80", "", "production", False),
            ("127.0.0.1:6543", "", "development", False),
        ],
    )
    def test_behind_a_proxy_that_nobody_named_everybody_seems_near(
        self, listen, proxy, mode, unnamed
    ):
        names = ("listen", "trusted_proxy", "mode")
        values = dict(zip(names, (listen, proxy, mode), strict=True))
        settings = {f"communicate.{name}": value for name, value in values.items()}
        assert behind_unnamed_proxy(settings) is unnamed
