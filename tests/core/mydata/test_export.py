from datetime import timedelta

from communicate.interfaces import IClock, IErasure, IExports, IMembers
from communicate.mydata import jobs
from communicate.mydata.content import READY
from communicate.testing.archives import Opened

EXPORT = "/account/privacy/export"


def later(home, **delta):
    """Let time pass, and do the work that is due by then."""
    home.house.registry.getUtility(IClock).offset += timedelta(**delta)
    home.house.run_jobs()


def kept(home, login="ines"):
    """Return the export of *login*, or None."""
    return home.house.work(lambda request: request.find_service(IExports).of(home.uids[login]))


class TestExport:
    def test_is_written_by_a_job_told_by_a_notice_and_handed_out_for_the_password(self, home):
        home.say("ines", "phone", "06 12 34 56 78")
        assert "Export my data" in home.get(EXPORT)
        page = home.start().follow()
        assert "It begins in a moment" in page
        home.house.run_jobs()
        assert "Your export is ready" in home.get(EXPORT)
        assert "The export of your data is ready." in home.get("/notices")
        answer = home.download()
        assert answer.content_type == "application/zip"
        assert answer.content_length == len(answer.body)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "2-communicate-ines-" in answer.headers["Content-Disposition"]
        archive = Opened(answer.body)
        assert archive.manifest["login"] == "ines"
        assert archive.failed == {}
        (element,) = archive.records("communicate", "element")
        assert (element["kind"], element["value"]) == ("phone", "06 12 34 56 78")
        assert (element["audience"], element["hidden"]) == ("private", False)

    def test_a_wrong_password_gets_nothing(self, home):
        home.start()
        home.house.run_jobs()
        answer = home.download(password="the cat sleeps on the mat")
        assert answer.status_int == 400
        assert answer.content_type == "text/html"

    def test_nobody_else_gets_at_it(self, home):
        home.start()
        home.house.run_jobs()
        assert "ready" not in home.get(EXPORT, "paul")
        answer = home.click(EXPORT, "download", "paul", status="*", present="x")
        assert answer.content_type != "application/zip"
        home.browser().get(EXPORT, status=403)
        blob = home.house.work(
            lambda r: r.find_service(IExports).of(home.uids["ines"]).archive.uid
        )
        assert blob == home.uids["ines"]

    def test_lies_sealed_on_the_disk(self, home):
        home.say("ines", "phone", "06 12 34 56 78")
        home.start()
        home.house.run_jobs()
        found = [
            path.read_bytes()
            for path in home.house.folder.rglob("*.blob")
            if path.stat().st_size > 1000
        ]
        assert found
        assert not any(b"PK\x03\x04" in data or b"manifest" in data for data in found)

    def test_while_one_is_written_no_other_begins(self, home):
        home.start()
        number = kept(home).number
        home.start()
        assert kept(home).number == number

    def test_goes_after_three_days(self, home):
        home.start()
        home.house.run_jobs()
        later(home, days=2, hours=23)
        assert kept(home).state == READY
        later(home, hours=2)
        assert kept(home) is None
        assert home.house.work(lambda request: len(request.root_map["exports"].by_uid)) == 0

    def test_is_deleted_at_once_by_its_owner(self, home):
        home.start()
        home.house.run_jobs()
        home.click(EXPORT, "drop")
        assert kept(home) is None
        assert home.house.work(lambda request: len(request.root_map["exports"].ends)) == 0

    def test_goes_with_the_account(self, home):
        home.start()
        home.house.run_jobs()
        home.house.work(lambda request: request.find_service(IErasure).start(home.uids["ines"]))
        home.house.run_jobs()
        assert home.house.work(lambda request: len(request.root_map["exports"].by_uid)) == 0

    def test_of_who_is_erased_meanwhile_is_not_kept(self, home, monkeypatch):
        begin = jobs.begin

        def erase(uid, number, request):
            found = begin(uid, number, request)
            request.find_service(IErasure).start(uid)
            return found

        monkeypatch.setattr(jobs, "begin", erase)
        home.start()
        home.house.run_jobs()
        assert home.house.work(lambda request: len(request.root_map["exports"].by_uid)) == 0

    def test_begun_again_after_a_crash_it_is_whole(self, home, monkeypatch):
        def killed(*_arguments):
            raise RuntimeError("killed")

        home.start()
        with monkeypatch.context() as patch:
            patch.setattr(jobs, "finish", killed)
            home.house.run_jobs()
        assert kept(home).state != READY
        later(home, minutes=2)
        assert kept(home).state == READY
        assert Opened(home.download().body).failed == {}

    def test_says_how_far_it_is_and_can_be_left(self, home, monkeypatch):
        monkeypatch.setattr(jobs, "EVERY", 0.0)
        seen = []
        keep = jobs.Progress._keep

        def look(self, count, request):
            keep(self, count, request)
            seen.append(count)

        monkeypatch.setattr(jobs.Progress, "_keep", look)
        for number in range(5):
            home.say("ines", "interest", f"Tilleul {number}")
        home.start()
        home.house.run_jobs()
        assert seen == sorted(seen)
        assert seen[-1] >= 5

    def test_that_is_written_is_shown_with_its_progress(self, home):
        home.start()

        def write(request, member):
            export = request.find_service(IExports).of(member.uid)
            export.state, export.done, export.total = "writing", 250, 1000
            export.began = export.asked - 30_000

        home.act("ines", write)
        text = home.get(EXPORT).html.main.get_text(" ", strip=True)
        assert "250 of about 1,000 records" in text
        assert "left" in text
        assert home.get(EXPORT).html.find("progress")["value"] == "250"

    def test_is_limited(self, home):
        for _turn in range(6):
            home.start()
            home.house.run_jobs()
        home.click(EXPORT, "start", status=429)


class TestSuspended:
    def test_a_suspended_member_is_still_exported_by_a_job_that_was_asked_for(self, home):
        home.start()
        home.house.work(
            lambda request: request.find_service(IMembers).suspend(
                request.find_service(IMembers).by_login("ines")
            )
        )
        home.house.run_jobs()
        assert kept(home).state == READY
