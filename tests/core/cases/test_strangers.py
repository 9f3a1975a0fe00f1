"""Somebody without an account asks for a deletion: confirmed by mail, answered, then destroyed."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_string

import pytest

from communicate.backup import age, making
from communicate.backup.keys import read_copy
from communicate.backup.making import Places
from communicate.cases.strangers import wishes_of
from communicate.interfaces import IClock, IKeyRing

WHAT = "Ma photo de la kermesse"
ADDRESS = "jeanne@ailleurs.example"
MANY = {"communicate.limits.deletion_address": "100/hour"}


class Clock:
    def __init__(self):
        self.present = datetime.now(UTC)

    def now(self):
        return self.present


class Desk:
    def __init__(self, house):
        self.house, self.clock = house, Clock()
        house.registry.registerUtility(self.clock, IClock)
        house.member("oscar", "operators")
        house.member("ines")

    def ask(self, **values):
        form = self.house.browser().get("/privacy/request").forms["request"]
        given = {"what": WHAT, "where": "/forums/general", "why": "C'est moi", "email": ADDRESS}
        for name, value in (given | values).items():
            form[name] = value
        return form.submit("send", expect_errors=True)

    def letters(self, to=ADDRESS):
        """Return subject and text of each mail to the address, the newest first."""
        while self.house.run_jobs():
            pass
        found = [message_from_string(letter) for letter in self.house.letters()]
        return [
            (str(one["Subject"]), one.get_payload(decode=True).decode())
            for one in found
            if one["To"] == to
        ]

    def link(self):
        _subject, text = self.letters()[0]
        return re.search(r"/privacy/request/confirm\?token=\S+", text)[0]

    def confirm(self, link):
        page = self.house.browser().get(link)
        form = next(one for one in page.forms.values() if "confirm" in one.fields)
        return form.submit("confirm")

    def kept(self):
        def look(request):
            ring = request.find_service(IKeyRing)
            wishes = wishes_of(request)
            return [ring.holds(one.key) for one in wishes.wishes.values()]

        return self.house.work(look)

    def answer(self, outcome="done", text="C'est fait"):
        oscar = self.house.browser("oscar")
        link = oscar.get("/operate/requests").html.select_one("main .row-title")["href"]
        form = oscar.get(link).forms["answer"]
        form["outcome"], form["text"] = outcome, text
        return form.submit("answer")


@pytest.fixture
def desk(make_house):
    return Desk(make_house([], language="en", request_days=10, **MANY))


class TestAsking:
    def test_is_kept_once_the_link_was_opened_and_the_button_pressed(self, desk):
        assert desk.ask().status_int == 303
        link = desk.link()
        assert desk.kept() == []
        desk.house.browser().get(link)
        assert desk.kept() == []
        assert "with the operators" in desk.confirm(link).text
        assert desk.kept() == [True]
        desk.house.browser().get(link, status=404)
        assert WHAT in desk.house.browser("oscar").get("/operate/requests").text
        assert "Requests for deletion" in desk.house.browser("oscar").get("/").text

    def test_the_answer_tells_nothing_of_who_is_known(self, desk):
        pages = [desk.ask(email=one).follow().text for one in (ADDRESS, "ines@example.org")]
        assert len({re.sub(r'value="[^"]{20,}"', "", page) for page in pages}) == 1

    @pytest.mark.parametrize("given", [{"email": "jeanne"}, {"what": ""}, {"why": "x" * 5000}])
    def test_what_cannot_be_answered_is_refused(self, desk, given):
        assert desk.ask(**given).status_int == 400

    def test_one_address_is_written_to_a_few_times_a_day(self, desk):
        for _ in range(7):
            desk.ask()
        assert len(desk.letters()) == 5

    def test_one_network_asks_a_few_times_an_hour(self, make_house):
        desk = Desk(make_house([]))
        found = [desk.ask(email=f"x{n}@ailleurs.example").status_int for n in range(12)]
        assert found[-1] == 429

    def test_an_old_link_is_none(self, desk):
        desk.ask()
        link = desk.link()
        desk.clock.present += timedelta(days=3)
        desk.house.browser().get(link, status=404)

    @pytest.mark.parametrize("login", ["ines", None])
    def test_only_operators_read(self, desk, login):
        desk.ask()
        desk.confirm(desk.link())
        for address in ("/operate/requests", "/operate/requests/0000000000000"):
            desk.house.browser(login).get(address, status=403)


class TestAnswering:
    def test_goes_out_by_mail_and_all_is_destroyed_later(self, desk):
        desk.ask()
        desk.confirm(desk.link())
        desk.answer("partly", "La photo n'est plus là")
        subject, text = desk.letters()[0]
        assert subject.startswith("Your request")
        assert "La photo n'est plus là" in text
        assert "Part of it is deleted" in text
        assert "10 days" in text
        desk.clock.present += timedelta(days=9)
        desk.house.run_jobs()
        assert desk.kept() == [True]
        desk.clock.present += timedelta(days=2)
        desk.house.run_jobs()
        desk.clock.present += timedelta(days=2)
        desk.house.run_jobs()
        assert desk.kept() == []

    def test_its_key_is_destroyed_before_it_goes(self, desk):
        desk.ask()
        desk.confirm(desk.link())
        desk.answer()
        keys = desk.house.work(lambda r: [one.key for one in wishes_of(r).wishes.values()])
        desk.house.run_jobs()
        desk.clock.present += timedelta(days=12)
        desk.house.run_jobs()
        held = desk.house.work(lambda r: [r.find_service(IKeyRing).holds(key) for key in keys])
        assert held == [False]

    def test_no_copy_of_the_ring_keeps_its_key(self, make_house, tmp_path):
        age.new_identity(tmp_path / "identity")
        public = (tmp_path / "identity").read_text().splitlines()[0].rpartition(" ")[2]
        given = {"language": "en", "request_days": 10, "backup_recipients": public, **MANY}
        desk = Desk(make_house([], **given))
        desk.ask()
        desk.confirm(desk.link())
        desk.answer()
        keys = desk.house.work(lambda r: {one.key for one in wishes_of(r).wishes.values()})
        making.make(
            desk.house.registry, Places(tmp_path / "backup", tmp_path / "keys"), lambda _said: None
        )

        def copied():
            identities = age.identities([tmp_path / "identity"])
            return {uid for uid, _wrapped in read_copy(tmp_path / "keys", identities).rows}

        assert keys <= copied()
        desk.house.run_jobs()
        desk.clock.present += timedelta(days=12)
        desk.house.run_jobs()
        assert keys.isdisjoint(copied())
