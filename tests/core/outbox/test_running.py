"""One job: its outcome, its tries, and what is kept of a failure."""

from datetime import timedelta

import pytest
from ZODB.POSException import ConflictError

from communicate.declarations import Job
from communicate.disclosure.services import DisclosureService
from communicate.interfaces import IGate, IOutbox
from communicate.outbox import running
from communicate.outbox.errors import GiveUp, TryLater, reason
from communicate.outbox.mail.smtp import RELAY
from communicate.outbox.runner import run_due
from communicate.outbox.running import once
from communicate.outbox.services import OutboxService
from communicate.outbox.taking import CROWD

NAME = "sample.note"
SECRET = "rose@tilleuls.example"


def add(site, **payload):
    return site.work(lambda request: request.find_service(IOutbox).add(NAME, payload))


def job(site, job_id):
    def read(request):
        found = request.root_map["outbox"].jobs.get(job_id)
        return found and (found.tries, found.error, found.due)

    return site.work(read)


class TestSuccess:
    def test_what_the_handler_writes_and_the_end_of_its_job_are_one_transaction(self, site):
        def handler(request, payload):
            request.root_map["sample"] = payload["word"]

        site.enable("sample", Job(NAME, handler))
        job_id = add(site, word="linden")
        assert run_due(site.registry) == 1
        assert site.work(lambda request: request.root_map["sample"]) == "linden"
        assert job(site, job_id) is None

    def test_a_handler_may_add_what_comes_next(self, site):
        def handler(request, payload):
            if payload["left"]:
                request.find_service(IOutbox).add(NAME, {"left": payload["left"] - 1})

        site.enable("sample", Job(NAME, handler))
        add(site, left=3)
        assert run_due(site.registry) == 4

    def test_a_conflict_repeats_the_writing_but_not_what_was_done_once(self, site):
        sent, written = [], []

        def handler(request, _payload):
            once(request, "mail", lambda: sent.append(1))
            written.append(1)
            if len(written) < 3:
                raise ConflictError("somebody else was faster")

        site.enable("sample", Job(NAME, handler))
        add(site)
        run_due(site.registry)
        assert (len(sent), len(written)) == (1, 3)

    def test_what_left_once_is_recorded_once_whatever_is_repeated(self, site):
        def send(request):
            gate = request.find_service(IGate)
            with gate.pass_(RELAY, "mail", {"address": SECRET}, about=4711):
                sent.append(1)

        def handler(request, _payload):
            once(request, "mail", lambda: send(request))
            written.append(1)
            if len(written) < 3:
                raise ConflictError("somebody else was faster")

        sent, written = [], []
        site.enable("sample", Job(NAME, handler))
        add(site)
        run_due(site.registry)
        assert (len(sent), len(written)) == (1, 3)
        kept = site.work(lambda request: list(DisclosureService(request).of(4711)))
        assert [(each.recipient, each.fields) for each in kept] == [(RELAY, ("address",))]


class TestTogether:
    @pytest.fixture
    def transactions(self, site):
        """Return a list to which the handler adds its payload and the transaction it ran in."""
        seen = []

        def handler(request, payload):
            once(request, "note", lambda: sent.append(payload["n"]))
            seen.append((payload["n"], id(request.tm), request))
            if payload["n"] == 2:
                raise ValueError("not that one")
            request.root_map[f"done {payload['n']}"] = True

        sent = self.sent = []
        site.enable("sample", Job(NAME, handler, together=True))
        return seen

    def done(self, site):
        return [n for n in range(6) if site.work(lambda r, n=n: f"done {n}" in r.root_map)]

    def test_jobs_that_wait_are_done_in_one_transaction(self, site, transactions):
        for n in (0, 1, 3):
            add(site, n=n)
        assert run_due(site.registry) == 3
        assert len({manager for _n, manager, _request in transactions}) == 1
        assert self.done(site) == [0, 1, 3]
        assert NAME not in site.work(lambda request: OutboxService(request).waiting())

    def test_a_crowd_is_done_in_one_transaction(self, site, transactions):
        def fill(request):
            for _ in range(CROWD):
                request.find_service(IOutbox).add(NAME, {"n": 5})

        site.work(fill)
        assert run_due(site.registry) == CROWD
        assert len({request for _n, _manager, request in transactions}) == 1
        assert len(transactions) == CROWD

    def test_where_one_fails_the_others_are_done_and_nothing_leaves_twice(
        self, site, transactions
    ):
        ids = [add(site, n=n) for n in range(4)]
        assert run_due(site.registry) == 4
        assert self.done(site) == [0, 1, 3]
        assert sorted(self.sent) == [0, 1, 2, 3]
        assert [job(site, number) and job(site, number)[0] for number in ids] == [
            None,
            None,
            1,
            None,
        ]

    def test_what_is_dropped_by_one_of_them_is_not_done(self, site):
        ran = []

        def handler(request, _payload):
            ran.append(1)
            outbox = request.root_map["outbox"]
            for each in list(outbox.jobs.values()):
                if not each.periodic:
                    outbox.drop(each)

        site.enable("sample", Job(NAME, handler, together=True))
        for n in range(3):
            add(site, n=n)
        run_due(site.registry)
        assert len(ran) == 1


class TestFailure:
    @pytest.fixture
    def failing(self, site):
        def handler(request, payload):
            request.root_map["half"] = "done"
            raise ValueError(f"cannot write to {payload['to']}")

        site.enable("sample", Job(NAME, handler))
        return add(site, to=SECRET)

    def test_nothing_of_the_try_stays_and_it_is_tried_again_after_a_pause(self, site, failing):
        before = site.clock.now().timestamp() * 1000
        assert run_due(site.registry) == 1
        tries, _error, due = job(site, failing)
        assert tries == 1
        assert 22_500 <= due - before <= 37_500
        assert site.work(lambda request: "half" in request.root_map) is False
        assert run_due(site.registry) == 0

    def test_what_is_kept_of_the_error_quotes_nothing(self, site, failing):
        run_due(site.registry)
        error = job(site, failing)[1]
        assert error.startswith("builtins.ValueError in handler (test_running.py:")
        assert SECRET not in error

    def test_it_is_set_aside_after_the_last_try(self, site, failing):
        for _ in range(running.TRIES):
            assert run_due(site.registry) >= 1
            site.clock.move(hours=5, minutes=1)
        assert job(site, failing)[0] == running.TRIES
        aside = site.work(lambda request: [job.id for job in OutboxService(request).set_aside()])
        assert aside == [failing]

    def test_a_handler_says_for_itself_when_to_try_again(self, site):
        def handler(_request, _payload):
            raise TryLater("come back tomorrow", after=timedelta(days=1))

        site.enable("sample", Job(NAME, handler))
        job_id = add(site)
        run_due(site.registry)
        due = site.clock.now() + timedelta(days=1)
        assert job(site, job_id) == (1, "come back tomorrow", int(due.timestamp() * 1000))

    def test_giving_up_sets_aside_at_once(self, site):
        def handler(_request, _payload):
            raise GiveUp("no such address")

        site.enable("sample", Job(NAME, handler))
        job_id = add(site)
        run_due(site.registry)
        aside = site.work(lambda request: [job.id for job in OutboxService(request).set_aside()])
        assert aside == [job_id]

    def test_one_plugins_failures_do_not_stop_anothers_jobs(self, site):
        seen = []
        site.enable("sample", Job(NAME, lambda _request, _payload: 1 / 0))
        site.enable("other", Job("other.note", lambda _request, _payload: seen.append(1)))
        for _ in range(20):
            add(site)
        site.work(lambda request: request.find_service(IOutbox).add("other.note", {}))
        assert run_due(site.registry) == 21
        assert seen == [1]


class TestPause:
    def test_it_doubles_up_to_four_hours_and_never_stands_still(self):
        middle = [running.FIRST_PAUSE * 2**tries for tries in range(9)] + [
            running.LONGEST_PAUSE
        ] * 3
        for tries, usual in enumerate(middle, start=1):
            found = {running.pause(tries) for _ in range(20)}
            assert len(found) > 1
            assert all(0.74 * usual <= pause <= 1.26 * usual for pause in found)


class TestDisabledPlugin:
    def test_its_jobs_wait_and_run_when_it_is_back(self, site):
        seen = []
        handler = Job(NAME, lambda _request, payload: seen.append(payload["n"]))
        site.enable("sample", handler)
        add(site, n=1)
        site.disable("sample")
        site.clock.move(hours=1)
        assert run_due(site.registry) == 0
        assert site.work(lambda request: OutboxService(request).waiting())[NAME] == 1
        site.enable("sample", handler)
        assert run_due(site.registry) == 1
        assert seen == [1]

    def test_a_plugin_whose_declaration_fails_has_no_handlers_and_harms_none(self, site):
        seen = []
        site.enable("sample", Job(NAME, lambda _request, _payload: seen.append(1)))
        site.enable("broken")
        site.plugins.manager.get_plugin("broken").communicate_jobs = lambda: 1 / 0
        add(site)
        assert run_due(site.registry) == 1

    def test_a_plugin_cannot_take_over_a_job_of_core(self, site):
        stolen = []
        site.enable("sample", Job("communicate.mail", lambda _request, _payload: stolen.append(1)))
        site.work(lambda request: request.find_service(IOutbox).add("communicate.mail", {"x": 1}))
        run_due(site.registry)
        assert stolen == []


class TestPeriodic:
    @pytest.fixture
    def runs(self, site):
        found = []
        site.enable(
            "sample",
            Job(
                "sample.hourly",
                lambda request, _payload: found.append(request),
                every=timedelta(hours=1),
            ),
        )
        run_due(site.registry)
        return found

    def test_it_comes_back_by_itself(self, site, runs):
        assert len(runs) == 0
        for _ in range(3):
            site.clock.move(hours=1)
            run_due(site.registry)
        assert len(runs) == 3

    def test_missed_times_are_left_out(self, site, runs):
        site.clock.move(hours=10)
        run_due(site.registry)
        assert len(runs) == 1
        site.clock.move(minutes=59)
        run_due(site.registry)
        assert len(runs) == 1

    def test_many_processes_schedule_it_once(self, site, runs):
        for _ in range(3):
            run_due(site.registry)
        assert site.work(lambda request: OutboxService(request).waiting())["sample.hourly"] == 1

    def test_a_shorter_interval_counts_at_once(self, site, runs):
        site.disable("sample")
        site.enable(
            "sample",
            Job(
                "sample.hourly",
                lambda request, _payload: runs.append(1),
                every=timedelta(minutes=5),
            ),
        )
        run_due(site.registry)
        site.clock.move(minutes=5)
        run_due(site.registry)
        assert runs == [1]

    def test_one_that_keeps_failing_is_shown_and_still_comes_back(self, site):
        outcomes = [1] * running.TRIES
        site.enable(
            "sample",
            Job(
                "sample.hourly",
                lambda _request, _payload: 1 / outcomes.pop(),
                every=timedelta(hours=1),
            ),
        )
        outcomes[:] = [0] * running.TRIES
        run_due(site.registry)
        for _ in range(running.TRIES):
            site.clock.move(hours=5, minutes=1)
            run_due(site.registry)
        assert outcomes == []
        aside = site.work(
            lambda request: [job.error for job in OutboxService(request).set_aside()]
        )
        assert len(aside) == 1
        assert "ZeroDivisionError" in aside[0]
        outcomes[:] = [1]
        site.clock.move(hours=1)
        run_due(site.registry)
        assert outcomes == []
        assert site.work(lambda request: OutboxService(request).set_aside()) == []


class TestReason:
    def test_our_own_words_are_kept(self):
        assert reason(TryLater("the relay is away")) == "the relay is away"

    def test_of_others_only_the_kind(self):
        assert reason(KeyError(SECRET)) == "builtins.KeyError"
