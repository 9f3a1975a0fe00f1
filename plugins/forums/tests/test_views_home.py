"""What the forums show on the home page."""

import pytest

from communicate.audience import MEMBERS


@pytest.fixture
def place(make_place):
    return make_place()


def rows(place, login):
    """Return the titles of what is new on the home page of *login*."""
    page = place.browser(login).get("/").html
    return [a.get_text(strip=True) for a in page.select("section[aria-labelledby=new] .row-title")]


class TestNew:
    def test_shows_the_latest_topics_that_the_viewer_may_read(self, place):
        members = place.forum(audience=MEMBERS)
        chosen = place.forum(audience=place.only("ines"))
        place.topic(title="Pour tous")
        place.topic(members, title="Pour les membres")
        place.topic(chosen, title="Pour Inès", by="ines")
        assert "Pour Inès" not in rows(place, "paul")
        assert "Pour les membres" in rows(place, "paul")
        assert not {"Pour les membres", "Pour Inès"} & set(rows(place, None))

    def test_shows_the_latest_first(self, place):
        for number in range(7):
            place.topic(title=f"Sujet {number}")
            place.later(seconds=1)
        assert rows(place, "paul")[:5] == [f"Sujet {number}" for number in (6, 5, 4, 3, 2)]

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
        assert rows(place, "paul") == []
        place.topic()
        assert len(rows(place, "paul")) == 1

    def test_a_site_without_the_container_has_a_home_page(self, place):
        def drop(request):
            del request.site["forums"]

        place.house.work(drop)
        assert place.browser("paul").get("/").status_int == 200
