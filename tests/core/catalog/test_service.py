import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url, update
from sqlalchemy.exc import IntegrityError

from communicate.catalog import Count, make_catalog
from communicate.catalog.engine import open_engine
from communicate.catalog.tables import item, meta
from communicate.catalog.text import query, stored_words

HOSTILE = [
    '"',
    "'",
    "a' OR 'a'='a",
    'tilleul" OR "chene',
    "tilleul OR chene",
    "NEAR(tilleul chene)",
    "words:tilleul",
    "^tilleul",
    "til*",
    "tilleul -chene",
    "tilleul & !chene",
    "tilleul | chene",
    "chene <-> tilleul",
    "tilleul:*A",
    "\\'",
    "(tilleul",
    "tilleul\x00chene",
    "'; DROP TABLE catalog_item; --",
    "\ud800",
    "tilleul " * 10_000,
]


class TestSearch:
    def test_finds_by_all_words_newest_first(self, write, entry, ids):
        write(lambda changes: changes.put(entry(1, "Le tilleul penche")))
        write(lambda changes: changes.put(entry(2, "Le chêne penche")))
        assert ids("penche ") == [2, 1]
        assert ids("TILLEUL le ") == [1]
        assert ids("chene tilleul ") == []

    def test_accents_and_ligatures_are_found_either_way(self, write, entry, ids):
        write(lambda changes: changes.put(entry(1, "Cœur d'été à Ærø")))
        for words in ("coeur ", "cœur ", "ÉTÉ ", "ete ", "aero "):
            assert ids(words) == [1], words

    def test_the_last_word_may_be_unfinished(self, write, entry, ids):
        write(lambda changes: changes.put(entry(1, "tilleul")))
        assert ids("till") == [1]
        assert ids("till ") == []

    def test_words_are_not_stemmed_and_none_is_skipped(self, write, entry, ids):
        write(lambda changes: changes.put(entry(1, "the horses of les chevaux")))
        assert ids("the ") == ids("of ") == ids("les ") == [1]
        assert ids("horse ") == ids("cheval ") == []

    @pytest.mark.parametrize("words", HOSTILE)
    def test_syntax_is_text(self, write, entry, ids, words):
        write(lambda changes: changes.put(entry(1, "tilleul")))
        write(lambda changes: changes.put(entry(2, "chêne")))
        found = {1: {"tilleul"}, 2: {"chene"}}
        expected = [number for number in (2, 1) if query(words).matches(found[number])]
        assert ids(words) == expected

    def test_no_words_find_nothing(self, write, entry, ids, catalog, viewer):
        write(lambda changes: changes.put(entry(1, "tilleul")))
        assert ids("") == ids("?!") == []
        assert catalog.count(viewer(), "") == Count(0)

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(text=st.text(max_size=60), asked=st.text(max_size=20))
    def test_the_engine_matches_as_the_words_do(self, write, entry, ids, text, asked):
        write(lambda changes: changes.put(entry(1, text)))
        assert ids(asked) == ([1] if query(asked).matches(set(stored_words(text))) else [])
        assert ids(text + " ") == ([1] if query(text + " ") else [])

    def test_a_long_text_is_stored(self, write, entry, ids):
        text = " ".join(f"mot{number}" for number in range(150_000))
        write(lambda changes: changes.put(entry(1, text)))
        assert ids("mot7 ") == [1]


class TestPages:
    def test_pages_follow_each_other_without_gap_or_repeat(self, write, entry, catalog, viewer):
        # Many share a time: the id decides among them.
        write(lambda c: [c.put(entry(number, "mot", time=number // 7)) for number in range(1, 60)])
        for ask in (catalog.newest, lambda by, **terms: catalog.search(by, "mot ", **terms)):
            seen, before = [], None
            while hits := ask(viewer(), before=before, limit=8):
                seen += [hit.id for hit in hits]
                before = hits[-1].cursor
            assert seen == list(range(59, 0, -1))

    def test_titles_go_by_folded_title(self, write, entry, catalog, viewer):
        names = ["Zoé", "émile", "Anaïs", "Édith"]
        write(lambda c: [c.put(entry(n, title=name)) for n, name in enumerate(names, 1)])
        first = catalog.titles(viewer(), limit=3)
        assert [hit.id for hit in first] == [3, 4, 2]
        after = (first[-1].sort, first[-1].id)
        assert [hit.id for hit in catalog.titles(viewer(), after=after)] == [1]

    def test_terms_narrow(self, write, entry, ids):
        write(lambda c: c.put(entry(1, kind="topic", author=7, container=70)))
        write(lambda c: c.put(entry(2, kind="post", author=7, container=80)))
        write(lambda c: c.put(entry(3, kind="post", author=8, container=80)))
        assert ids(kinds=["post"]) == [3, 2]
        assert ids(kinds=[]) == []
        assert ids(author=7) == [2, 1]
        assert ids(container=80, author=7) == [2]


class TestCount:
    def test_counts_up_to_the_ceiling_and_says_more(self, write, entry, catalog, viewer):
        write(lambda c: [c.put(entry(number, "mot")) for number in range(1, 500)])
        assert catalog.count(viewer()) == Count(499)
        write(lambda c: c.put(entry(500, "mot")))
        assert catalog.count(viewer(), "mot ") == Count(500)
        write(lambda c: c.put(entry(501, "mot")))
        assert catalog.count(viewer(), "mot ") == Count(500, more=True)

    def test_only_what_may_be_read_is_counted(self, write, entry, catalog, viewer):
        write(lambda c: c.put(entry(1, "mot")))
        write(lambda c: c.put(entry(2, "mot", principals=("members",))))
        assert catalog.count(viewer(), "mot ") == Count(1)
        assert catalog.count(viewer(5), "mot ") == Count(2)


class TestRows:
    def test_putting_again_replaces(self, write, entry, ids, catalog, viewer):
        write(lambda c: c.put(entry(1, "avant", time=1)))
        write(lambda c: c.put(entry(1, "après", time=2, locator=("ailleurs", "é/1"))))
        assert ids("avant ") == []
        hit = catalog.search(viewer(), "apres ")[0]
        assert (hit.time, hit.locator) == (2, ("ailleurs", "é/1"))

    def test_removing_forgets_row_words_and_rights(self, write, entry, ids, catalog):
        write(lambda c: c.put(entry(1, "mot")))
        write(lambda c: c.remove(1))
        assert ids("mot ") == ids() == []
        write(lambda c: c.put(entry(2, "mot", acl=1, principals=("member:3",))))
        assert ids() == []  # the rights of 1 did not stay behind

    def test_ids_and_uids_take_63_bits(self, write, entry, catalog, viewer):
        most = 2**63 - 1
        write(lambda c: c.put(entry(most, "mot", author=most, acl=most, container=most)))
        assert catalog.search(viewer(most), "mot ", author=most)[0].id == most

    def test_two_kinds_cannot_share_an_id(self, write, entry):
        with pytest.raises(ValueError, match="note and photo share the id 1"):
            write(lambda c: [c.put(entry(1)), c.put(entry(1, kind="photo"))])


class TestOpening:
    def test_a_catalog_is_new_once(self, url):
        first = make_catalog(url)
        second = make_catalog(url)
        assert (first.is_new, second.is_new) == (True, False)
        first.close()
        second.close()

    def test_a_catalog_of_another_schema_is_made_anew(self, catalog, url, write, entry, viewer):
        write(lambda c: c.put(entry(1, "mot")))
        with catalog.engine.begin() as connection:
            connection.execute(update(meta).values(value="0"))
            connection.commit()
        again = make_catalog(url)
        assert again.is_new
        assert again.newest(viewer()) == again.search(viewer(), "mot ") == []
        again.close()

    def test_another_engine_is_refused(self):
        with pytest.raises(ValueError, match="neither sqlite nor postgresql"):
            open_engine(make_url("mysql://localhost/catalog"))

    def test_a_catalog_in_memory_is_refused(self):
        with pytest.raises(ValueError, match="needs a file"):
            make_catalog("sqlite://")

    def test_the_file_is_its_owners(self, tmp_path):
        catalog = make_catalog(f"sqlite:///{tmp_path}/var/catalog.sqlite")
        catalog.close()
        assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "var" / "catalog.sqlite").stat().st_mode & 0o777 == 0o600

    def test_an_error_does_not_show_what_was_written(self, catalog):
        with catalog.engine.begin() as connection, pytest.raises(IntegrityError) as caught:
            connection.execute(item.insert().values(id=1, locator="secret"))
        assert "secret" not in str(caught.value)
