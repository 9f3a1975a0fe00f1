"""An archive in a forum: what is written, what is left out, and what becomes of it."""

import random
import resource
import time
from email.utils import formatdate

import pytest
from click.testing import CliRunner
from ZODB.POSException import ConflictError

from communicate.audience import PUBLIC
from communicate.cli.console import Console
from communicate.cli.progress import Progress, spoken
from communicate.erasure.jobs import replay
from communicate.ids import time_of
from communicate.interfaces import IErasure, IKeyRing, IMembers
from communicate.pictures import Picture
from communicate.profile.interfaces import IProfiles
from communicate_forums.importing import run
from communicate_forums.importing.commands import forget_author, import_mbox, summary
from communicate_forums.importing.writing import Batch, author_of, keyed
from communicate_forums.interfaces import IForums

START = 1_300_000_000
LEA, LEO = "Léa <lea@example.org>", "Léo <leo@example.org>"


def mail(name, body="Bonjour", by="Jeanne Doux <jeanne@example.org>", at=0, **heads):
    """Return a message called *name*, written *at* seconds after the start."""
    given = {
        "From": by,
        "Message-ID": f"<{name}@example.org>",
        "Date": formatdate(START + at),
        "Content-Type": "text/plain; charset=utf-8",
        **{key.replace("_", "-"): value for key, value in heads.items()},
    }
    lines = [f"{key}: {value}" for key, value in given.items() if value]
    return "\n".join([*lines, "", body, ""])


def answer(name, to, body="Oui", by="Marc <marc@example.org>", at=60, **heads):
    """Return a message that answers the one called *to*."""
    return mail(name, body, by, at, In_Reply_To=f"<{to}@example.org>", **heads)


class Archive:
    """A place, and a file that is imported into a forum of it."""

    def __init__(self, place, folder):
        self.place = place
        self.box = folder / "list.mbox"
        self.messages = []
        self.name = place.forum()

    def hold(self, *messages):
        """Add messages to the file."""
        self.messages += messages
        separator = "From someone@example.org Mon Jan  1 10:00:00 2001"
        text = "".join(f"{separator}\n{message}\n" for message in self.messages)
        self.box.write_text(text, encoding="utf-8")
        return self

    def run(self):
        """Import the file; return what came of it."""
        job = run.Import(self.place.house.registry, self.name, self.box)
        job.scan()
        for _done in job.write():
            continue
        return job.outcome

    def topics(self):
        """Return the titles of the topics with their posts' words, as they lie in the tree."""

        def read(request, forums):
            words = request.find_service(IForums)
            topics = [forums.topic(number) for number in forums[self.name].active.values()]
            return [
                (words.title(topic), [words.body(post) for post in topic.posts.values()])
                for topic in topics
            ]

        return self.place.do(read)

    def page(self, login=None):
        """Return the page of the only topic."""
        browser = self.place.browser(login)
        rows = browser.get(f"/forums/{self.name}").html.select(".forum-rows .row-title")
        return browser.get(rows[0]["href"])

    def command(self, command, *words):
        """Return what the command prints."""
        console = Console(None, self.box.parent, self.place.house.registry)
        return CliRunner().invoke(command, words, obj=console)


@pytest.fixture
def archive(place, tmp_path):
    return Archive(place, tmp_path)


class TestImport:
    def test_makes_topics_with_posts_at_their_time(self, archive):
        archive.hold(
            mail("a", "Le toit fuit", Subject="[liste] Le toit"),
            answer("b", "a", "> Le toit fuit\n\nEncore", Subject="Re: [liste] Le toit"),
            mail("c", "Autre chose", Subject="La cave", at=9_000_000),
        )
        outcome = archive.run()
        assert (outcome.found, outcome.written, outcome.topics) == (3, 3, 2)
        assert archive.topics() == [
            ("[liste] Le toit", ["Le toit fuit", "> Le toit fuit\n\nEncore"]),
            ("La cave", ["Autre chose"]),
        ]
        dates = archive.place.do(
            lambda _request, forums: [
                int(time_of(number).timestamp()) - START
                for number in forums[archive.name].active.values()
                for number in forums.topic(number).posts
            ]
        )
        assert dates == [0, 60, 9_000_000]

    def test_authors_have_a_name_and_no_link(self, archive):
        archive.hold(mail("a", Subject="Toit"), answer("b", "a"), mail("c", by="", Subject="x"))
        archive.run()
        page = archive.page().html
        names = [name.text for name in page.select(".thread .name")]
        assert set(names) <= {"Jeanne Doux", "Marc", "somebody"}
        assert page.select(".thread a.name") == []
        assert [tag.text for tag in page.select(".thread .tag")] == ["imported"] * len(names)

    def test_an_author_called_as_a_member_is_shows_no_picture_of_that_member(self, archive):
        uid = archive.place.house.member("claire")

        def show(request, _forums):
            profiles = request.find_service(IProfiles)
            claire = request.find_service(IMembers).by_uid(uid)
            picture = Picture(b"whole", b"small")
            profiles.add(claire, "picture", {"audience": PUBLIC, "picture": picture})
            profiles.limit(profiles.stand(claire, "avatar"), PUBLIC)

        archive.place.do(show)
        archive.hold(mail("a", Subject="Toit", by="claire <claire@ailleurs.example>"))
        archive.run()
        page = archive.page().html
        assert page.select_one(".thread .name").text == "claire"
        assert page.select(".thread img") == []

    def test_no_address_is_in_the_pages_or_the_files(self, archive):
        archive.hold(
            mail(
                "a",
                "Écrivez à secret.adresse@privee.example",
                Subject="secret.adresse@privee.example",
                by="secret.adresse@privee.example",
            )
        )
        archive.run()
        assert "privee.example" not in archive.page().text
        var = archive.place.house.folder / "var"
        for file in var.rglob("*"):
            assert not file.is_file() or b"privee.example" not in file.read_bytes(), file

    def test_again_nothing_is_written_twice(self, archive):
        archive.hold(mail("a", Subject="Toit"), answer("b", "a"), mail("", "sans", Message_ID=""))
        archive.run()
        before = archive.topics()
        outcome = archive.run()
        assert (outcome.written, outcome.skipped[run.AGAIN]) == (0, 3)
        assert archive.topics() == before

    def test_what_comes_later_goes_on_where_it_belongs(self, archive):
        archive.hold(mail("a", "Un", Subject="Toit"))
        archive.run()
        archive.hold(answer("b", "a", "Deux"), answer("c", "b", "Trois", at=90))
        assert archive.run().written == 2
        archive.hold(answer("d", "c", "Sans horloge", at=-500))
        archive.run()
        assert archive.topics() == [("Toit", ["Un", "Deux", "Trois", "Sans horloge"])]

    def test_a_run_that_was_cut_off_goes_on(self, archive, monkeypatch):
        monkeypatch.setattr(run, "BATCH", 2)
        archive.hold(mail("a", Subject="Toit"), *(answer(f"b{n}", "a", f"{n}") for n in range(5)))
        job = run.Import(archive.place.house.registry, archive.name, archive.box)
        assert job.scan() == 6
        next(job.write())
        assert archive.run().written == 4
        ((_title, bodies),) = archive.topics()
        assert sorted(bodies) == ["0", "1", "2", "3", "4", "Bonjour"]

    def test_a_conflict_is_tried_again_and_writes_once(self, archive, monkeypatch):
        ended, failed = Batch.end, []

        def end(batch):
            if not failed:
                failed.append(True)
                raise ConflictError("somebody else")
            return ended(batch)

        monkeypatch.setattr(Batch, "end", end)
        archive.hold(mail("a", Subject="Toit"), answer("b", "a"))
        outcome = archive.run()
        assert (outcome.written, outcome.topics, failed) == (2, 1, [True])
        assert len(archive.topics()) == 1

    def test_what_is_twice_in_the_archive_or_no_message_is_counted(self, archive, tmp_path):
        archive.hold(mail("a"), mail("a"))
        folder = tmp_path / "mails"
        folder.mkdir()
        (folder / "notes.txt").write_text("not a header\n\nat all")
        archive.box.rename(folder / "list.mbox")
        archive.box = folder
        outcome = archive.run()
        assert (outcome.written, outcome.skipped[run.TWICE]) == (1, 1)
        assert outcome.skipped[run.NO_HEADERS] == 1
        lines = list(summary(outcome))
        assert lines[0] == "1 messages imported, in 1 topics."
        assert "1 left out: they are in the archive more than once." in lines


class TestReaders:
    def test_search_finds_it_by_date_and_name(self, archive):
        archive.hold(mail("a", "Un paratonnerre", Subject="Toit"))
        archive.run()
        page = archive.place.browser().get("/search?q=paratonnerre&until=2011-12-31")
        (row,) = page.html.select(".finds > li")
        assert "Jeanne Doux" in row.text
        assert (
            archive.place.browser()
            .get("/search?q=paratonnerre&since=2012-01-01")
            .html.select(".finds > li")
            == []
        )

    def test_it_is_news_to_nobody(self, archive):
        archive.place.browser("paul").get(f"/forums/{archive.name}")
        archive.place.topic(archive.name, title="De maintenant")
        archive.place.browser("paul").get("/forums")
        recent = int(time.time()) - START
        archive.hold(mail("a", Subject="Toit", at=recent), answer("b", "a", at=recent))
        archive.run()
        page = archive.place.browser("paul").get(f"/forums/{archive.name}")
        new = [
            row.select_one(".row-title").text for row in page.html.select(".forum-rows .unread")
        ]
        assert "Toit" not in new

    def test_members_reply_to_it(self, archive):
        archive.hold(mail("a", "Un", Subject="Toit"))
        archive.run()
        ((number,),) = [
            archive.place.do(lambda _r, forums: list(forums[archive.name].active.values()))
        ]

        def reply(request, forums):
            uid = archive.place.uids["paul"]
            return request.find_service(IForums).reply(forums.topic(number), uid, "Deux").id

        archive.place.do(reply)
        assert archive.topics() == [("Toit", ["Un", "Deux"])]
        assert [name.text for name in archive.page().html.select(".thread .name")][-1] == "paul"

    def test_moderators_hide_it(self, archive):
        archive.hold(mail("a", "Un", Subject="Toit"), answer("b", "a", "Deux"))
        archive.run()
        numbers = archive.place.do(
            lambda _r, forums: next(
                list(forums.topic(number).posts) for number in forums[archive.name].active.values()
            )
        )
        archive.place.remove(numbers[1], "set_hidden", True)
        assert "Deux" not in archive.page().text
        archive.place.remove(numbers[1], "destroy")
        archive.run()
        assert archive.topics()[0][1] == ["Un", None]


class TestForgetting:
    def test_an_author_is_erased_with_every_word_and_comes_back_no_more(self, archive):
        archive.hold(mail("a", "Un secret", LEA, Subject="Toit"), answer("b", "a", "Deux"))
        archive.run()
        told = archive.command(forget_author, "Lea@Example.org")
        assert told.exit_code == 0, told.output
        archive.place.later(minutes=1)
        assert archive.topics() == [(None, [None, "Deux"])]
        assert "Léa" not in archive.page().text
        archive.hold(answer("c", "b", "Un autre secret", by="L <lea@example.org>"))
        outcome = archive.run()
        assert (outcome.written, outcome.skipped[run.ERASED]) == (0, 1)
        assert archive.command(forget_author, "lea@example.org").exit_code == 1

    def test_nothing_is_left_to_be_done(self, archive):
        archive.hold(mail("a", "Un", LEO, Subject="Toit"))
        archive.run()
        registry = archive.place.house.registry
        key = keyed(registry)(b"author\0leo@example.org")
        uid = archive.place.do(lambda request, _forums: author_of(request, key))
        assert registry.getUtility(IKeyRing).holds(uid)
        archive.place.do(
            lambda request, _forums: request.find_service(IErasure).start(uid) and None
        )
        archive.place.later(minutes=1)
        assert not registry.getUtility(IKeyRing).holds(uid)
        assert replay(registry) == 0


class TestCommand:
    def test_imports_and_tells(self, archive):
        archive.hold(mail("a", Subject="Toit"), answer("b", "a"))
        told = archive.command(import_mbox, archive.name, str(archive.box))
        assert told.exit_code == 0, told.output
        assert told.output.splitlines() == [
            "2 messages found, 2 of them to import.",
            "2 messages imported, in 1 topics.",
        ]

    def test_without_such_a_forum_nothing_happens(self, archive):
        archive.hold(mail("a"))
        told = archive.command(import_mbox, "nowhere", str(archive.box))
        assert told.exit_code == 1
        assert "There is no forum nowhere" in told.output

    def test_the_time_that_is_left(self):
        progress = Progress(1000)
        progress.add(250)
        assert progress.line(30) == "250 of 1,000 (25%), about 2 min left"
        assert spoken(0.2) == "about 1 s"


@pytest.mark.slow
def test_fifty_thousand_with_deep_threads(make_place, tmp_path):
    """Import them in bounded memory, every one in its thread."""
    archive, count = Archive(make_place(), tmp_path), 50_000
    luck = random.Random(1)
    with archive.box.open("w") as file:
        for number in range(count):
            to = number - luck.choice((1, 1, 1, 2, 5)) if number % 5_000 > 5 else None
            message = (
                mail(f"m{number}", "Bonjour " * 30, Subject=f"Sujet {number}", at=number * 60)
                if to is None
                else answer(f"m{number}", f"m{to}", "> Bonjour\n\nOui " * 10, at=number * 60)
            )
            file.write(f"From a@example.org Mon Jan  1 10:00:00 2001\n{message}\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = archive.run()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024  # MB
    assert outcome.written == count
    assert outcome.topics == 60
    assert grown < 250, f"{grown:.0f} MB"
    assert archive.run().skipped[run.AGAIN] == count
