"""What operators are shown: what needs them first, and how the machine is."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from communicate.declarations import HealthCheck
from communicate.disclosure import attempts
from communicate.disclosure.attempts import Attempt, Attempts
from communicate.hookspecs import hookimpl
from communicate.interfaces import IOutbox, IPlugins
from communicate.operate.figures import figures_of, measure, note_pack
from communicate.outbox.services import outbox_of


def set_aside(house, name="forums.digest"):
    """Put a job aside that kept failing."""

    def put(request):
        outbox = outbox_of(request)
        job = outbox.jobs[request.find_service(IOutbox).add(name, {})]
        job.error = "the carrier does not answer"
        outbox.give_up(job)

    house.work(put)


@pytest.fixture
def tried(monkeypatch):
    """Return attempts to go past the gate, of this test alone."""
    monkeypatch.setattr(attempts, "told", [Attempts()])
    return attempts.told[0]


class TestOverview:
    def test_a_site_without_trouble_is_quiet(self, claire, tried):
        page = claire.get("/operate")
        assert "Tout est calme." in page.html.get_text()
        assert page.html.select_one("#act") is None

    def test_what_failed_comes_first_and_is_tried_again_from_there(self, house, claire, tried):
        set_aside(house)
        page = claire.get("/operate")
        assert "the carrier does not answer" in page.html.select_one("section").get_text()
        next(f for f in page.forms.values() if "retry" in f.fields).submit("retry")
        assert house.work(lambda request: len(outbox_of(request).aside)) == 0

    def test_who_went_past_the_gate_is_named_with_the_host(self, claire, tried):
        tried.add(Attempt("spy", "communicate_spy.plugin.call:3", "192.0.2.7"))
        text = " ".join(claire.get("/operate").html.get_text(" ").split())
        assert "spy a tenté de joindre 192.0.2.7" in text
        assert "communicate_spy.plugin.call:3" in claire.get("/operate/health")

    def test_it_says_how_late_the_first_work_that_waits_is(self, house, claire, tried):
        for seconds in (7, 90):
            due = datetime.now(UTC) - timedelta(seconds=seconds)
            house.work(
                lambda r, due=due: r.find_service(IOutbox).add("forums.digest", {}, due=due)
            )
        text = " ".join(claire.get("/operate").html.find(class_="figures").get_text(" ").split())
        assert re.search(r"2 en retard de 9\d s", text)


class TestJobs:
    def test_all_are_tried_again_at_once(self, house, claire):
        set_aside(house)
        set_aside(house)
        form = next(f for f in claire.get("/operate/jobs").forms.values() if "all" in f.fields)
        assert "Ils seront relancés." in form.submit("all").follow()
        assert house.work(lambda request: len(outbox_of(request).aside)) == 0

    def test_what_waits_is_counted_by_name(self, house, claire):
        house.work(lambda request: request.find_service(IOutbox).add("forums.digest", {}))
        rows = claire.get("/operate/jobs").html.select("tbody tr")
        assert "forums.digest" in [row.th.get_text() for row in rows]


class TestStorages:
    def test_they_are_measured_by_a_job_and_shown_with_the_last_pack(self, house, claire):
        assert "Mesuré" in claire.get("/operate/storages")
        (house.folder / "var" / "blobs" / "one").write_bytes(b"x" * 5000)
        house.work(lambda request: measure(request, {}))
        house.work(note_pack)
        figures = house.work(
            lambda request: (
                dict(figures_of(request).sizes), figures_of(request).sessions,
                figures_of(request).packed,
            )
        )  # fmt: skip
        assert figures[0]["blobs"] >= 5000
        assert figures[0]["tree"] > 0
        assert figures[0]["keyring"] > 0
        assert figures[1] == 1
        assert figures[2]
        assert "Aucun nettoyage" not in claire.get("/operate/storages")


class TestHealthPage:
    def test_each_check_stands_by_itself_with_what_helps(self, house, claire, tried):
        plugins = house.registry.getUtility(IPlugins)

        def explode(_registry):
            raise RuntimeError("rose@example.org")

        class Ill:
            @hookimpl
            def communicate_health(self):
                return [
                    HealthCheck("ill.one", "One", lambda registry: "It ails: rub it."),
                    HealthCheck("ill.two", "Two", explode),
                    HealthCheck("ill.three", "Three", lambda registry: None),
                ]

        plugins.manager.register(Ill(), "ill")
        page = claire.get("/operate/health")
        text = " ".join(page.html.get_text(" ").split())
        assert "It ails: rub it." in text
        assert "RuntimeError in explode" in text
        assert "rose@example.org" not in text
        rows = [row.strong.get_text() for row in page.html.select("main .rows li")]
        assert rows[:2] == ["One", "Two"]
        assert "Three" in rows[2:]


class TestPagesOfPlugins:
    @pytest.fixture
    def wants(self, house):
        """Return what the page of a plugin says is to be done there; it is empty at first."""
        from communicate.operate.pages import OperatorsPage

        said = []
        made = OperatorsPage(5, "/weather", "cloud", "Weather", lambda _request: "".join(said))
        house.registry.communicate_operators_pages = [made]
        yield said
        del house.registry.communicate_operators_pages

    def test_they_stand_in_the_list_of_operators(self, claire, wants):
        assert claire.get("/operate").html.select_one("nav a[href='/weather']").text == "Weather"

    def test_what_is_to_be_done_there_comes_first(self, claire, wants):
        assert not claire.get("/operate").html.select("#act + ul a[href='/weather']")
        wants.append("Two sensors are silent")
        (link,) = claire.get("/operate").html.select("#act + ul a[href='/weather']")
        assert link.text == "Two sensors are silent"
