"""Adding jobs, and what operators do with those that were set aside."""

import threading
from datetime import timedelta

import pytest

from communicate.declarations import Job
from communicate.interfaces import IOutbox
from communicate.outbox.errors import GiveUp, NoSuchJob
from communicate.outbox.runner import run_due
from communicate.outbox.services import OutboxService
from communicate.sealing import Destroyed

UID = 4711
MARKER = "marqueur-outbox-5d1e"


def add(site, name="sample.note", payload=None, **details):
    return site.work(
        lambda request: request.find_service(IOutbox).add(name, payload or {}, **details)
    )


def outbox(site, func):
    return site.work(lambda request: func(OutboxService(request)))


class TestAdd:
    def test_a_job_of_an_aborted_transaction_does_not_exist(self, site):
        def fail(request):
            request.find_service(IOutbox).add("sample.note", {})
            raise RuntimeError("changed my mind")

        with pytest.raises(RuntimeError):
            site.work(fail)
        assert outbox(site, OutboxService.waiting) == {}

    def test_what_json_cannot_hold_is_refused(self, site):
        with pytest.raises(TypeError):
            add(site, payload={"when": object()})
        assert outbox(site, OutboxService.waiting) == {}

    def test_the_payload_is_sealed_for_the_owner_and_for_the_site(self, site, tmp_path):
        site.keyring.create(UID)
        add(site, payload={"to": MARKER}, owner=UID)
        add(site, payload={"to": MARKER})
        held = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(MARKER.encode() in data for data in held)

    def test_a_destroyed_key_ends_what_was_waiting(self, site):
        site.keyring.create(UID)
        job_id = add(site, payload={"to": MARKER}, owner=UID)
        site.keyring.destroy(UID)
        with pytest.raises(Destroyed):
            outbox(site, lambda service: service.payload(service.outbox.jobs[job_id]))

    def test_eight_writers_at_once_lose_nothing(self, site):
        ids: list[int] = []

        def write():
            for _ in range(12):
                ids.append(add(site))

        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(ids)) == 96
        assert outbox(site, OutboxService.waiting) == {"sample.note": 96}


class TestOrder:
    def test_jobs_run_in_the_order_in_which_they_are_due(self, site):
        seen: list[str] = []
        site.enable(
            "sample", Job("sample.note", lambda _request, payload: seen.append(payload["n"]))
        )
        now = site.clock.now()
        add(site, payload={"n": "later"}, due=now + timedelta(seconds=5))
        add(site, payload={"n": "sooner"}, due=now + timedelta(seconds=2))
        add(site, payload={"n": "tomorrow"}, due=now + timedelta(days=1))
        site.clock.move(seconds=10)
        assert run_due(site.registry) == 2
        assert seen == ["sooner", "later"]


class TestSetAside:
    @pytest.fixture
    def job_id(self, site, answers):
        def handler(_request, _payload):
            answers.append("tried")
            if len(answers) == 1:
                raise GiveUp("the relay refuses it")

        site.enable("sample", Job("sample.note", handler))
        found = add(site)
        run_due(site.registry)
        return found

    @pytest.fixture
    def answers(self):
        return []

    def test_it_is_listed_with_its_reason_and_does_not_run_again(self, site, job_id, answers):
        site.clock.move(days=2)
        assert run_due(site.registry) == 1  # core's own daily one
        listed = outbox(
            site, lambda service: [(job.id, job.name, job.error) for job in service.set_aside()]
        )
        assert listed == [(job_id, "sample.note", "the relay refuses it")]
        assert answers == ["tried"]

    def test_retried_it_runs_and_leaves_the_list(self, site, job_id, answers):
        outbox(site, lambda service: service.retry(job_id))
        assert run_due(site.registry) == 1
        assert answers == ["tried", "tried"]
        assert outbox(site, OutboxService.set_aside) == []
        assert outbox(site, lambda service: job_id in service.outbox.jobs) is False

    def test_discarded_it_is_gone(self, site, job_id):
        outbox(site, lambda service: service.discard(job_id))
        assert outbox(site, lambda service: len(service.outbox.jobs)) == 1  # the periodic one
        with pytest.raises(NoSuchJob):
            outbox(site, lambda service: service.retry(job_id))

    def test_a_job_that_only_waits_cannot_be_discarded(self, site, job_id):
        waiting = add(site)
        with pytest.raises(NoSuchJob):
            outbox(site, lambda service: service.discard(waiting))

    def test_after_thirty_days_it_is_discarded_by_itself(self, site, job_id):
        site.clock.move(days=29)
        run_due(site.registry)
        assert len(outbox(site, OutboxService.set_aside)) == 1
        site.clock.move(days=2)
        run_due(site.registry)
        assert outbox(site, OutboxService.set_aside) == []


class TestDropOwned:
    def test_only_the_jobs_of_that_member_go_however_far_they_are(self, site):
        site.enable("sample", Job("sample.note", lambda _request, _payload: 1 / 0))
        for uid in (UID, UID + 1):
            site.keyring.create(uid)
            add(site, owner=uid)
        run_due(site.registry)
        add(site, "other.waits", owner=UID)
        assert outbox(site, lambda service: service.drop_owned(UID)) == 2
        assert outbox(site, lambda service: service.drop_owned(UID)) == 0
        assert outbox(site, OutboxService.waiting) == {
            "communicate.outbox.tidy": 1,
            "sample.note": 1,
        }
