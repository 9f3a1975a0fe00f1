"""What the forums show on the home page."""

import pytest

from communicate.audience import MEMBERS


@pytest.fixture
def place(make_place):
    return make_place()


def rows(place, login):
    """Return the titles of topics on the home page of *login*."""
    main = place.browser(login).get("/").html.find("section", {"aria-labelledby": "block-forums"})
    found = (
        ()
        if main is None
        else main.find_all("a", class_="row-title", href=lambda path: path.startswith("/forums/"))
    )
    return [row.get_text(strip=True) for row in found if row["href"].count("/") == 3]


class TestBlock:
    def test_shows_the_latest_topics_that_the_viewer_may_read(self, place):
        members = place.forum(audience=MEMBERS)
        chosen = place.forum(audience=place.only("ines"))
        place.topic(title="Pour tous")
        place.topic(members, title="Pour les membres")
        place.topic(chosen, title="Pour Inès", by="ines")
        assert set(rows(place, "ines")) >= {"Pour tous", "Pour les membres", "Pour Inès"}
        assert "Pour Inès" not in rows(place, "paul")
        assert "Pour les membres" in rows(place, "paul")
        assert not {"Pour les membres", "Pour Inès"} & set(rows(place, None))

    def test_shows_five_topics_at_most_the_latest_first(self, place):
        for number in range(7):
            place.topic(title=f"Sujet {number}")
            place.later(seconds=1)
        assert rows(place, "paul") == [f"Sujet {number}" for number in (6, 5, 4, 3, 2)]

    def test_leaves_out_what_was_deleted_or_hidden(self, place):
        from communicate_forums.interfaces import IRemovals

        gone, hidden = place.topic(title="Supprimé"), place.topic(title="Masqué")
        place.remove(gone.number)
        place.do(
            lambda request, forums: request.find_service(IRemovals).set_hidden(
                forums.topic(hidden.number), True
            )
        )
        for login in (None, "ines", "moira"):
            assert not {"Supprimé", "Masqué"} & set(rows(place, login))

    def test_is_not_there_where_there_is_nothing_to_read(self, place):
        assert "In the forums" not in place.browser("paul").get("/").text
        place.topic()
        assert "In the forums" in place.browser("paul").get("/").text

    def test_a_site_without_the_container_has_a_home_page(self, place):
        def drop(request):
            del request.site["forums"]

        place.house.work(drop)
        assert place.browser("paul").get("/").status_int == 200
