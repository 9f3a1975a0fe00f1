import queue
import threading
import time

import pytest
from BTrees.OOBTree import OOBTree
from persistent.mapping import PersistentMapping
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.response import Response
from pyramid.threadlocal import get_current_request
from transaction.interfaces import NoTransaction, TransientError
from webtest import TestApp
from ZODB.POSException import ConflictError

import communicate.courtesy
from communicate.content import Site
from communicate.courtesy import courtesy
from communicate.interfaces import IDatabase
from communicate.storage import retry
from communicate.storage.errors import NoSite
from communicate.storage.work import work


@pytest.fixture
def database(open_tree, root, either_uri):
    database = open_tree(uri=either_uri)
    with root(database) as mapping:
        mapping["site"] = Site()
        mapping["count"] = PersistentMapping(value=0)
    return database


@pytest.fixture
def config(database):
    with Configurator(settings={"communicate.url": "https://example.org/base"}) as config:
        config.include("communicate.storage")
        config.registry.registerUtility(database, IDatabase)
        yield config


@pytest.fixture
def registry(config):
    config.commit()
    return config.registry


@pytest.fixture
def without_pauses(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


def idle(database):
    """Tell whether every connection is back in its pool."""
    return all(not connection["opened"] for connection in database.connectionDebugInfo())


class TestWork:
    def test_commits_and_returns_what_the_function_returns(self, registry, database, root):
        def change(request):
            request.root_map["word"] = "written"
            return "done"

        assert work(registry, change) == "done"
        with root(database) as mapping:
            assert mapping["word"] == "written"
        assert idle(database)

    def test_gives_the_site_addresses_and_the_thread_s_current_request(self, registry):
        def look(request):
            assert get_current_request() is request
            assert isinstance(request.site, Site)
            return request.application_url

        assert work(registry, look) == "https://example.org/base"
        assert get_current_request() is None

    def test_undoes_everything_when_the_function_fails(self, registry, database, root):
        def fail(request):
            request.root_map["word"] = "written"
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            work(registry, fail)
        with root(database) as mapping:
            assert "word" not in mapping
        assert idle(database)

    def test_undoes_a_doomed_transaction_without_an_error(self, registry, database, root):
        def rehearse(request):
            request.root_map["word"] = "written"
            request.tm.doom()
            return "rehearsed"

        assert work(registry, rehearse) == "rehearsed"
        with root(database) as mapping:
            assert "word" not in mapping

    def test_needs_its_transaction(self, registry):
        kept = []
        work(registry, kept.append)
        with pytest.raises(NoTransaction):
            kept[0].tm.get()

    def test_says_so_when_there_is_no_site(self, registry, database, root):
        with root(database) as mapping:
            del mapping["site"]
        with pytest.raises(NoSite, match="communicate serve"):
            work(registry, lambda request: request.site)


class TestRetries:
    def test_writers_of_one_record_all_get_through(self, registry, database, root):
        def count(request):
            request.root_map["count"]["value"] += 1

        failures = []

        def writer():
            try:
                for _turn in range(10):
                    work(registry, count)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=writer) for _writer in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        with root(database) as mapping:
            assert mapping["count"]["value"] == 40

    def test_each_try_has_a_new_request_and_a_new_view_of_the_tree(self, registry, database, root):
        requests = []

        def collide(request):
            requests.append(request)
            request.root_map["count"]["value"] += 1
            if len(requests) == 1:
                with root(database) as mapping:
                    mapping["count"]["value"] = 100

        work(registry, collide)
        assert len({id(request) for request in requests}) == 2
        with root(database) as mapping:
            assert mapping["count"]["value"] == 101

    @pytest.mark.usefixtures("without_pauses")
    def test_ends_after_ten_tries(self, registry, database):
        tries = []

        def collide(request):
            tries.append(request)
            raise ConflictError

        with pytest.raises(ConflictError):
            work(registry, collide)
        assert len(tries) == 10
        assert idle(database)

    def test_who_takes_long_over_what_others_change_quickly_has_a_turn(
        self, registry, database, root, monkeypatch
    ):
        monkeypatch.setattr(retry, "HELD", 3_600)
        done, changed = threading.Event(), threading.Event()

        def bump(request):
            request.root_map["count"]["value"] += 1

        def quick():
            while not done.is_set():
                work(registry, bump, tries=1_000)
                changed.set()

        def slow(request):
            before = request.root_map["count"]["value"]
            changed.clear()
            changed.wait(0.3)
            request.root_map["count"]["value"] = before + 1
            request.root_map["slow"] = True

        rival = threading.Thread(target=quick)
        rival.start()
        try:
            work(registry, slow)
        finally:
            done.set()
            rival.join()
        with root(database) as mapping:
            assert mapping["slow"]

    def test_no_other_error_is_tried_again(self, registry):
        tries = []

        def fail(request):
            tries.append(request)
            raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011
            work(registry, fail)
        assert len(tries) == 1

    def test_an_error_that_a_data_manager_calls_retryable_is_tried_again(self, registry):
        class Busy(Exception):
            pass

        class Store:
            def __init__(self, manager, busy):
                self.transaction_manager = manager
                self.busy = busy

            def tpc_vote(self, _transaction):
                if self.busy:
                    raise Busy

            def sortKey(self):
                return "store"

            def should_retry(self, error):
                return isinstance(error, Busy)

            def tpc_begin(self, _transaction):
                pass

            commit = abort = tpc_finish = tpc_abort = tpc_begin

        tries = []

        def store(request):
            tries.append(request)
            request.tm.get().join(Store(request.tm, busy=len(tries) < 3))

        work(registry, store)
        assert len(tries) == 3


class TestRequests:
    @pytest.fixture
    def views(self):
        return {}

    @pytest.fixture
    def app(self, config, views):
        config.set_root_factory(lambda request: request.site)
        for name in ("", "SECRETNAME"):
            config.add_view(lambda request: views["page"](request), name=name)
        config.add_exception_view(self.failed, context=Exception)
        config.commit()
        return TestApp(config.make_wsgi_app())

    @staticmethod
    def failed(error, request):
        return Response(f"{type(error).__name__} in {type(request.site).__name__}", status=500)

    def test_commit_and_give_their_connection_back(self, app, views, database, root):
        def page(request):
            request.root_map["word"] = "written"
            return Response("ok")

        views["page"] = page
        app.get("/")
        with root(database) as mapping:
            assert mapping["word"] == "written"
        assert idle(database)

    @pytest.mark.parametrize("status", [400, 403, 503])
    def test_that_answer_with_an_error_write_nothing(self, app, views, database, root, status):
        def page(request):
            request.root_map["word"] = "written"
            return Response("no", status=status)

        views["page"] = page
        app.get("/", status=status)
        with root(database) as mapping:
            assert "word" not in mapping

    def test_that_raise_a_refusal_write_nothing(self, app, views, database, root):
        def page(request):
            request.root_map["word"] = "written"
            raise HTTPForbidden

        views["page"] = page
        app.get("/", status=403)
        with root(database) as mapping:
            assert "word" not in mapping
        assert idle(database)

    def test_that_collide_are_tried_again_with_their_body(self, app, views, database, root):
        tries = []

        def page(request):
            tries.append(request.params["body"])
            request.root_map["count"]["value"] += 1
            if len(tries) < 3:
                with root(database) as mapping:
                    mapping["count"]["value"] += 10
            return Response("ok")

        views["page"] = page
        app.post("/", {"body": "a reply"}, status=200)
        assert tries == ["a reply"] * 3
        with root(database) as mapping:
            assert mapping["count"]["value"] == 21

    @pytest.mark.usefixtures("without_pauses")
    def test_that_collide_for_ever_get_a_page_that_can_read_the_site(
        self, app, views, database, root
    ):
        tries = []

        def page(request):
            tries.append(request)
            request.root_map["count"]["value"] += 1
            with root(database) as mapping:
                mapping["count"]["value"] += 10
            return Response("ok")

        views["page"] = page
        answer = app.get("/", status=500)
        assert answer.text == "ConflictError in Site"
        assert len(tries) == 10
        assert idle(database)

    def test_pause_before_they_are_tried_again(self, app, views, monkeypatch):
        pauses = []
        monkeypatch.setattr("communicate.storage.retry.pause", pauses.append)

        def page(request):
            if len(pauses) < 2:
                raise TransientError
            return Response("ok")

        views["page"] = page
        app.get("/", status=200)
        assert pauses == [1, 2]

    def test_leave_no_address_in_the_file(self, app, views, bytes_of):
        def page(request):
            request.root_map["word"] = OOBTree()
            return Response("ok")

        views["page"] = page
        app.get("/SECRETNAME", status=200)
        assert b"SECRETNAME" not in bytes_of()


@pytest.fixture
def asked(monkeypatch):
    """Return a request that holds up jobs for as long as a test may take; answered at the end."""
    monkeypatch.setattr(communicate.courtesy, "LONGEST", 10)
    monkeypatch.setattr(communicate.courtesy, "PATIENCE", 10)
    yield "request"
    courtesy.answered("request")


def test_a_long_job_lets_requests_go_before_it_begins_loads_and_commits(database, registry, asked):
    steps = queue.Queue()

    def add(request):
        steps.put("begun")
        count = request.root_map["count"]
        count._p_deactivate()
        courtesy.arrived(asked)
        count["value"] += 1
        courtesy.arrived(asked)
        steps.put("loaded")

    def job():
        with courtesy.giving_way():
            work(registry, add)
        steps.put("committed")

    courtesy.arrived(asked)
    thread = threading.Thread(target=job)
    thread.start()
    for step in ("begun", "loaded", "committed"):
        with pytest.raises(queue.Empty):
            steps.get(timeout=0.05)
        courtesy.answered(asked)
        assert steps.get(timeout=5) == step
    thread.join(10)


def test_a_short_job_waits_for_no_request(database, registry, asked):
    courtesy.arrived(asked)
    done = threading.Event()
    threading.Thread(
        target=lambda: work(registry, lambda request: request.root_map) and done.set()
    ).start()
    assert done.wait(5)
