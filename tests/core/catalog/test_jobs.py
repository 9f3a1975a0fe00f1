"""After a change of audience a job takes words out of the catalog, or puts them in, in batches."""

import pytest
import sqlalchemy
from ZODB.POSException import ConflictError

from communicate.audience import MEMBERS, PRIVATE, PUBLIC
from communicate.catalog import declared, jobs, set_audience
from communicate.catalog.rights import WORDS_JOB
from communicate.content import Folder
from communicate.storage.work import made_request


@pytest.fixture
def worded(catalog):
    """Return what lists the ids of all items that have words."""

    def worded():
        with catalog.engine.begin() as connection:
            return set(connection.scalars(catalog.engine.worded()))

    return worded


@pytest.fixture
def choose(site):
    """Return what changes the audience of the folder of notes, and runs the jobs that follow."""

    def choose(audience, *, run=True):
        def change(request):
            request.site["notes"].audience = audience
            set_audience(request, request.site["notes"])

        site.work(change)
        while run and site.jobs:
            name, payload = site.jobs.pop(0)
            handler = {job.name: job.handler for job in declared.jobs()}[name]
            site.work(lambda request, p=payload, do=handler: do(request, p))

    return choose


class TestNarrowing:
    def test_nobody_finds_them_from_the_same_moment(self, site, choose, ids, viewer):
        site.note("un", "tilleul")
        choose(PRIVATE, run=False)
        assert ids() == ids("tilleul") == ids("tilleul", by=viewer(5)) == []
        assert [name for name, _payload in site.jobs] == [WORDS_JOB]

    def test_words_and_titles_leave_in_batches(self, site, choose, worded, catalog, monkeypatch):
        monkeypatch.setattr(jobs, "BATCH", 3)
        for number in range(7):
            site.note(f"note{number}", "tilleul")
        own = site.note("public", "tilleul", audience=PUBLIC)
        assert len(worded()) == 8
        choose(PRIVATE)
        assert worded() == {own}
        titles = sqlalchemy.text("SELECT count(*) FROM catalog_item WHERE sort <> ''")
        with catalog.engine.begin() as connection:
            assert connection.scalar(titles) == 1

    def test_things_that_cannot_be_loaded_lose_their_words_too(
        self, site, choose, worded, write, entry
    ):
        site.note("un", "tilleul")
        acl = site.work(lambda request: request.site["notes"].id)
        write(lambda c: c.put(entry(9, "tilleul", acl=acl)))
        assert len(worded()) == 2
        choose(PRIVATE)
        assert worded() == set()


class TestNew:
    def test_what_is_made_in_the_same_transaction_governs_nothing_yet(self, site):
        def make(request):
            folder = Folder(audience=PUBLIC)
            request.site["new"] = folder
            set_audience(request, folder)

        site.work(make)
        assert site.jobs == []


class TestWidening:
    def test_words_come_in(self, site, choose, ids, viewer, worded):
        choose(PRIVATE)
        site.note("un", "tilleul")
        assert worded() == set()
        choose(MEMBERS)
        assert len(ids("tilleul", by=viewer(5))) == 1
        assert ids("tilleul") == []

    def test_a_thing_that_changes_meanwhile_makes_the_job_try_again(self, site, choose):
        site.note("un", "tilleul")
        choose(PUBLIC, run=False)
        _name, payload = site.jobs.pop()
        with made_request(site.registry) as request:
            request.tm.begin()
            jobs.rewrite(request, payload)
            request.root_map["ran"] = True  # as the outbox does, which ends the job
            site.change("un", text="chêne")
            with pytest.raises(ConflictError):
                request.tm.commit()
