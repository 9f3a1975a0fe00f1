"""The job that erases: its steps, and each plugin's part."""

from communicate.declarations import Job
from communicate.erasure import jobs, steps
from communicate.erasure.services import ErasureService
from communicate.interfaces import (
    IAuthored,
    ICatalog,
    IErasure,
    IKeyRing,
    IMembers,
    IOutbox,
    IPlugins,
    ISeals,
)
from communicate.outbox.runner import run_due

MARKER = "marqueur-effacement-71c4"


def start(house, uid):
    return house.work(lambda request: request.find_service(IErasure).start(uid))


def note(house, uid, text=MARKER):
    """Store a sealed text of *uid* in the tree."""

    def store(request):
        request.root_map["note"] = request.find_service(ISeals).seal(uid, "note", text)

    house.work(store)


def read_note(request):
    return request.find_service(ISeals).text(request.root_map["note"])


def receipt(house, code):
    return house.work(lambda request: request.find_service(IErasure).receipt(code))


class TestSteps:
    def test_at_the_end_nothing_is_left_but_a_number(self, house, rose, states):
        note(house, rose)
        code = start(house, rose)
        run_due(house.registry)
        found = states(rose)
        assert set(found.states) == set(steps.STEPS)
        assert found.open is False
        assert house.work(lambda request: request.find_service(IKeyRing).holds(rose)) is False
        assert (
            house.work(lambda request: request.find_service(IMembers).by_uid(rose, closed=True))
            is None
        )
        assert house.work(lambda request: len(request.site["members"])) == 0
        shown = receipt(house, code)
        assert shown.finished is not None
        assert shown.states[steps.BACKUP] == "none"
        assert str(rose) not in repr(shown)
        assert "rose" not in repr(shown)

    def test_jobs_and_kept_mail_of_the_member_go(self, house, rose):
        for owner in (rose, None):
            house.work(
                lambda request, owner=owner: request.find_service(IOutbox).add(
                    "off.note", {"x": 1}, owner=owner
                )
            )
        start(house, rose)
        run_due(house.registry)
        owners = house.work(
            lambda request: [
                job.owner
                for job in request.root_map["outbox"].jobs.values()
                if job.name == "off.note"
            ]
        )
        assert owners == [None]

    def test_a_receipt_is_shown_to_nobody_without_its_code(self, house, rose):
        start(house, rose)
        assert receipt(house, "") is None
        assert receipt(house, str(rose)) is None

    def test_catalog_files_are_wiped_later_where_they_are_busy(
        self, house, rose, states, monkeypatch
    ):
        catalog = house.registry.getUtility(ICatalog)

        def busy():
            raise TimeoutError

        monkeypatch.setattr(catalog, "checkpoint", busy)
        start(house, rose)
        run_due(house.registry)
        assert states(rose).open is True
        assert house.work(lambda request: request.find_service(IKeyRing).holds(rose)) is False
        errors = house.work(
            lambda request: [
                job.error for job in request.root_map["outbox"].jobs.values() if job.error
            ]
        )
        assert errors == ["the catalog is in use without a pause: it is wiped later"]
        monkeypatch.undo()
        jobs.go_on(house.registry, rose)
        assert states(rose).open is False


class TestPlugins:
    def test_each_is_asked_once_in_batches_and_its_counts_are_in_the_receipt(
        self, house, rose, enable, states
    ):
        notes, pads = enable("notes"), enable("pads")
        notes.batches = 3
        start(house, rose)
        run_due(house.registry)
        assert (notes.calls, pads.calls) == ([rose] * 3, [rose])
        assert states(rose).plugins == {"communicate": "done", "notes": "done", "pads": "done"}
        assert states(rose).counts == {"notes.note": 6, "pads.note": 2}

    def test_one_that_fails_is_pending_its_half_is_undone_and_the_others_go_on(
        self, house, rose, enable, states
    ):
        notes, pads = enable("notes"), enable("pads")
        notes.error = ValueError(f"cannot erase {MARKER}")
        start(house, rose)
        run_due(house.registry)
        assert states(rose).plugins == {"communicate": "done", "notes": "pending", "pads": "done"}
        assert house.work(lambda request: "notes" in request.root_map) is False
        assert pads.calls == [rose]
        assert house.work(lambda request: request.find_service(IKeyRing).holds(rose)) is False
        assert house.work(lambda request: ErasureService(request).pending()) == {"notes": 1}

    def test_it_does_the_rest_when_it_works_again(self, house, rose, enable, states):
        notes = enable("notes")
        notes.error = ValueError()
        code = start(house, rose)
        run_due(house.registry)
        assert receipt(house, code).finished is None
        notes.error = None
        jobs.replay(house.registry)
        run_due(house.registry)
        assert notes.calls == [rose]
        assert receipt(house, code).finished is not None
        assert states(rose).open is False

    def test_one_that_is_off_keeps_what_it_needs_to_know(self, house, rose, enable, states):
        notes = enable("notes")
        house.work(lambda request: request.find_service(IAuthored).add(rose, "notes.note", 77))
        house.work(lambda request: request.find_service(IAuthored).add(rose, "communicate.x", 78))
        notes.off()
        start(house, rose)
        run_due(house.registry)
        assert states(rose).plugins["notes"] == "pending"
        assert house.work(lambda request: list(request.find_service(IAuthored).of(rose))) == [
            ("notes.note", 77)
        ]
        notes.on()
        jobs.replay(house.registry)
        run_due(house.registry)
        assert notes.calls == [rose]
        assert house.work(lambda request: rose in request.root_map["authored"].by_member) is False
        assert states(rose).open is False

    def test_nobody_waits_for_one_that_was_purged(self, house, rose, enable, states):
        notes = enable("notes")
        notes.off()
        start(house, rose)
        run_due(house.registry)
        assert states(rose).open is True
        house.work(lambda request: request.root_map["evolve"].pop("notes"))
        jobs.replay(house.registry)
        run_due(house.registry)
        assert states(rose).plugins["notes"] == "none"
        assert states(rose).open is False

    def test_it_may_open_what_everybody_else_sees_as_deleted(self, house, rose, enable):
        note(house, rose)
        notes, seen = enable("notes"), []
        notes.erase = lambda member, receipt: seen.append(read_note(member.request))
        start(house, rose)
        assert house.work(read_note) is None
        run_due(house.registry)
        assert seen == [MARKER]


class TestAsAJob:
    def test_the_handler_is_declared(self, house):
        declared = house.registry.getUtility(IPlugins).gather("communicate_jobs")
        assert {"communicate.erasure", "communicate.erasure.replay"} <= {
            job.name for job in declared if isinstance(job, Job)
        }
