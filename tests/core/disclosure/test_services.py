"""What is remembered of disclosures, for whom, and for how long."""

from communicate.clock import milliseconds
from communicate.disclosure.declared import KIND, sweep_batch
from communicate.disclosure.services import disclosures_of
from communicate.interfaces import IErasure
from communicate.testing.archives import exported


class TestRecord:
    def test_its_member_sees_when_to_whom_which_fields_and_why(self, ledger, clock):
        began = milliseconds(clock.now())
        ledger.record(ledger.ines)
        (seen,) = ledger.of(ledger.ines)
        assert (seen.when, seen.recipient, seen.why) == (began, "mail relay", "mail")
        assert seen.fields == ("address", "text")
        assert ledger.of(ledger.paul) == []

    def test_the_newest_comes_first_and_the_list_goes_on_below_an_id(self, ledger):
        for purpose in ("one", "two", "three"):
            ledger.record(ledger.ines, purpose=purpose)
        first = ledger.of(ledger.ines, most=2)
        assert [each.why for each in first] == ["three", "two"]
        rest = ledger.of(ledger.ines, after=first[-1].id)
        assert [each.why for each in rest] == ["one"]

    def test_what_is_alike_is_described_once_for_everybody(self, house, ledger):
        for uid in (ledger.ines, ledger.ines, ledger.paul):
            ledger.record(uid)
        ledger.record(ledger.paul, purpose="digest")
        terms = house.work(lambda request: list(disclosures_of(request).terms.values()))
        assert terms == [
            ("mail relay", "mail", ("address", "text")),
            ("mail relay", "digest", ("address", "text")),
        ]


class TestRetention:
    def test_a_year_later_it_is_forgotten_and_its_bytes_are(self, house, ledger, clock):
        ledger.record(ledger.ines)
        ledger.record(ledger.paul)
        clock.move(days=300)
        ledger.record(ledger.paul, purpose="digest")
        clock.move(days=66)
        assert ledger.of(ledger.ines) == []
        assert [each.why for each in ledger.of(ledger.paul)] == ["digest"]
        assert house.work(sweep_batch) is False

        def kept(request):
            found = disclosures_of(request)
            return {uid: len(found.by_member[uid]) for uid in found.by_member}, len(found.days)

        assert house.work(kept) == ({ledger.paul: 1}, 1)

    def test_the_site_may_say_for_how_long(self, house, ledger, clock):
        house.registry.settings["communicate.disclosures_days"] = 30
        ledger.record(ledger.ines)
        clock.move(days=31)
        assert ledger.of(ledger.ines) == []


class TestErasure:
    def test_nothing_of_an_erased_member_stays_or_comes_back(self, house, ledger, monkeypatch):
        monkeypatch.setattr("communicate.disclosure.declared.BATCH", 2)
        for _each in range(5):
            ledger.record(ledger.ines)
        ledger.record(ledger.paul)
        house.work(lambda request: request.find_service(IErasure).start(ledger.ines))
        house.run_jobs()
        ledger.record(ledger.ines)

        def kept(request):
            found = disclosures_of(request)
            counts = request.root_map["erasures"].by_uid[ledger.ines].counts
            return list(found.by_member), {uid for _day, uid in found.days}, counts[KIND]

        assert house.work(kept) == ([ledger.paul], {ledger.paul}, 5)


class TestExport:
    def test_all_of_it_is_in_its_members_archive_and_nobody_elses(
        self, house, ledger, monkeypatch
    ):
        monkeypatch.setattr("communicate.disclosure.declared.BATCH", 2)
        for purpose in ("one", "two", "three"):
            ledger.record(ledger.ines, purpose=purpose)
        ledger.record(ledger.paul, purpose="four")
        found = exported(house, "ines").records("communicate", "received")
        assert [each["why"] for each in found] == ["three", "two", "one"]
        assert found[0]["who"] == "mail relay"
        assert found[0]["what"] == ["address", "text"]
        assert found[0]["when"].startswith("2031-03-04T09:30:02")
