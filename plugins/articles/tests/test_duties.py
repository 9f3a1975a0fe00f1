"""Export, import, erasure, moderation: what the contract asks of articles."""

from datetime import timedelta
from functools import partial

import pytest

from communicate.audience import MEMBERS, PUBLIC
from communicate.demo import running
from communicate.erasure.jobs import go_on
from communicate.interfaces import IAuthored, IClock, IErasure, IKeyRing, IMembers, IPlugins
from communicate.mydata.importing import bring_back
from communicate.mydata.reading import BadArchive
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate.testing.house import House
from communicate_articles import duties
from communicate_articles.indexing import walk
from communicate_articles.sources import remember
from communicate_articles.translations import link
from communicate_articles.words import Written


@pytest.fixture
def own(make_place):
    """Return a place of one test, in which ines has an article in every state."""
    return furnished(make_place())


@pytest.fixture(scope="module")
def kept(place):
    """Return the shared place, furnished so: its tests look and change nothing of hers."""
    return furnished(place)


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """Return another site, for what is refused: nothing comes in."""
    house = House(tmp_path_factory.mktemp("there"), ["articles"], {"language": "en"})
    house.member("paul")
    yield house
    house.close()


def furnished(place):
    """Let ines have an article in every state; return *place*."""
    place.number = place.article(PUBLIC, title="Le pont", text="Avant.", tags=("Bois",))
    place.change(place.number, "Après.", title="Le pont", tags=("Bois", "Été"), language="fr")
    clock = place.house.registry.getUtility(IClock)
    clock.offset += timedelta(seconds=1)  # those made in one millisecond have no order
    place.other = place.article(MEMBERS, title="The bridge", text="After.", language="en")
    clock.offset += timedelta(seconds=1)
    place.begun = place.begin(title="Commencé", text="Trois planches")
    clock.offset += timedelta(seconds=1)
    when = clock.now() + timedelta(days=30)

    def more(request, service):
        link(request, service.find(place.number), service.find(place.other))
        service.save(service.find(place.other), Written("The bridge", "Long after."))
        later = service.begin(place.uids["ines"], Written("Programmé", "Plus tard."))
        service.schedule(later, when)
        remember(request, later, "file:notes/plus-tard.md")

    place.do(more)
    return place


class TestPersonalData:
    def test_every_class_that_holds_words_is_declared(self, kept):
        assert kit.undeclared_classes(kept.house, "articles") == []
        words = ["planches", "Été", "plus-tard"]
        assert promises.undeclared(kept.house, "articles", words=words) == []

    def test_no_core_object_holds_a_class_of_the_plugin(self, kept):
        assert kit.intruders(kept.house) == []

    def test_it_says_for_how_long_versions_are_kept(self):
        kept = next(one for one in duties.PERSONAL_DATA if one.kind == "articles.version")
        assert kept.kept({"articles.keep_versions": 30}).mapping == {"days": 30}


class TestArchive:
    def test_holds_articles_drafts_and_versions(self, kept):
        archive = exported(kept.house, "ines")
        assert archive.failed == {}
        first, second, begun, later = archive.records("articles", "article")
        assert (first["text"], first["tags"], first["draft"]) == ("Après.", ["Bois", "Été"], None)
        assert second["draft"]["text"] == "Long after."
        assert (begun["published"], begun["text"]) == (None, "Trois planches")
        assert later["due"]
        assert (later["source"], begun["source"]) == ("file:notes/plus-tard.md", None)
        assert [row["text"] for row in archive.records("articles", "version")] == ["Avant."]

    def test_nothing_of_others(self, kept):
        kept.article(PUBLIC, by="paul", text="De Paul.")
        assert "De Paul." not in exported(kept.house, "ines").text

    def test_what_is_exported_and_imported_is_exported_alike(self, kept, make_place, tmp_path):
        first = exported(kept.house, "ines")
        path = tmp_path / "ines.zip"
        path.write_bytes(first.data)
        there = make_place()
        bring_back(there.house.registry, path, login="paul")
        again = exported(there.house, "paul")
        assert simple(again) == simple(first)
        number = there.do(
            lambda request, _s: request.find_service(IAuthored).items(
                there.uids["paul"], "articles.article"
            )[0]
        )
        assert "Après." in there.browser().get(there.path(number))
        assert there.found("oscar", "après") == {number}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", 5),
            ("title", "x" * 500),
            ("tags", "bois"),
            ("language", "klingon"),
            ("audience", "all"),
            ("created", "yesterday"),
            ("published", "x"),
        ],
    )
    def test_what_cannot_be_is_refused(self, kept, there, tmp_path, field, value):
        path = tmp_path / "ines.zip"
        path.write_bytes(changed(exported(kept.house, "ines").data, field, value))
        with pytest.raises(BadArchive):
            bring_back(there.registry, path, login="paul")
        assert exported(there, "paul").records("articles", "article") == []


def simple(archive):
    """Return the restored documents of *archive* without addresses and ids, which are new."""
    rows = [*archive.records("articles", "article"), *archive.records("articles", "version")]
    names = {row["id"]: place for place, row in enumerate(rows) if "id" in row}
    new = {"id", "path"}
    return [
        {
            key: [names[each] for each in value]
            if key == "translations"
            else names[value]
            if key == "article"
            else value
            for key, value in row.items()
            if key not in new
        }
        for row in rows
    ]


def changed(data, field, value):
    """Return the archive *data* with another *value* in the first article."""
    import json
    from io import BytesIO
    from zipfile import ZipFile

    out = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "data/articles/article.json":
                lines = text.decode().split("\n")
                row = json.loads(lines[1].rstrip(","))
                tail = "," if lines[1].endswith(",") else ""
                lines[1] = json.dumps({**row, field: value}) + tail
                text = "\n".join(lines).encode()
            target.writestr(name, text)
    return out.getvalue()


class TestErasure:
    def test_leaves_nothing(self, own):
        assert promises.forgotten(own.house, "articles", "ines") == []
        held = own.do(
            lambda request, _s: (
                len(request.site["articles"].owners),
                len(request.site["articles"].versions),
            )
        )
        assert held == (0, 0)
        assert own.found("paul", "après") == set()

    def test_works_when_account_and_key_are_gone(self, own):
        uid = own.uids["ines"]
        own.do(lambda request, _s: request.find_service(IErasure).start(uid))
        own.do(lambda request, _s: request.find_service(IMembers).remove(uid))
        own.house.registry.getUtility(IKeyRing).destroy(uid)
        go_on(own.house.registry, uid)
        assert own.do(lambda request, _s: len(request.site["articles"].owners)) == 0


class TestModeration:
    @pytest.fixture
    def moderable(self, own):
        plugins = own.house.registry.getUtility(IPlugins)
        return plugins.call("articles", "communicate_moderables")[0]

    def test_words_hide_restore_forget(self, own, moderable):
        path = own.path(own.number)

        def act(request, func):
            return func(request, moderable.find(request, own.number))

        assert own.do(lambda r, _s: act(r, moderable.words)) == "Le pont\n\nAprès."
        own.do(lambda r, _s: act(r, lambda request, one: moderable.hide(request, one, "Non.")))
        assert [own.status(who, path) for who in ("paul", "moira", "ines")] == [404, 200, 200]
        own.do(lambda r, _s: act(r, moderable.restore))
        assert own.status("paul", path) == 200
        forget = lambda uid: lambda request, one: moderable.forget(request, one, uid)  # noqa: E731
        own.do(lambda r, _s: act(r, forget(own.uids["paul"])))
        assert own.status("paul", path) == 200
        own.do(lambda r, _s: act(r, forget(own.uids["ines"])))
        assert own.status("ines", path) == 404
        assert own.do(lambda r, _s: moderable.find(r, 5)) is None

    def test_it_is_reported_from_its_page(self, own):
        page = own.browser("paul").get(own.path(own.number))
        link_ = page.html.select_one("a[href^='/report/articles.article/']")
        assert own.browser("paul").get(link_["href"]).status_int == 200


class TestSwitchedOff:
    def test_all_is_404_and_back_as_before(self, own):
        path = own.path(own.number)
        kit.check_switching(own.house, "articles", "/articles")
        assert "Après." in own.house.browser().get(path)
        own.house.reboot([])
        own.house.browser().get(path, status=403)  # as what is not there, of a closed space
        own.house.reboot(["articles"])

    def test_the_hooks_are_those_of_the_contract(self, kept):
        call = partial(kept.house.registry.getUtility(IPlugins).call, "articles")
        assert [mount.where for mount in call("communicate_mounts")] == ["site", "member"]
        assert {job.name for job in call("communicate_jobs")} >= {
            "articles.out",
            "articles.destroy",
            "articles.sweep",
        }
        assert call("communicate_help")


class TestDemo:
    def test_it_stores_nothing_undeclared_and_an_erasure_forgets_nothing(self, make_house):
        house = make_house(["articles"])
        made = running.make(house.registry, 6, 1, lambda _line: None)
        assert made.failed == {}
        assert promises.undeclared(house, "articles") == []

        def states(request):
            found = list(walk(request))
            pairs = [one for one in found if one.translations]
            return (
                sum(bool(one.published) for one in found),
                sum(bool(one.due) for one in found),
                len(pairs),
                {one.language for one in pairs},
            )

        out, due, paired, languages = house.work(states)
        assert out >= 6
        assert (due, paired, languages) == (1, 2, {"fr", "en"})
        login = house.work(lambda request: next(iter(walk(request))).__parent__.__parent__.login)
        assert promises.forgotten(house, "articles", login) == []
