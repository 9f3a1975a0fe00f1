"""Owners fill their spaces by plain forms; others see what is for them."""

from collections.abc import Callable
from typing import Any

import pytest
from webtest import Upload

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IClock
from communicate.profile.kinds import KINDS, MOST
from communicate_forums.interfaces import IForums

GIVEN = {
    "name": ("Claire Morvan", "Claire Morvan"),
    "text": ("Je prête **ma brouette**.", "<strong>ma brouette</strong>"),
    "birthday": ("1984-04-09", "9 April 1984"),
    "place": ("Quimper", "Quimper"),
    "language": ("brezhoneg", "brezhoneg"),
    "occupation": ("Institutrice", "Institutrice"),
    "interest": ("Semis & arrosage", "Semis &amp; arrosage"),
    "web": ("jardin.example/un", 'href="https://jardin.example/un" rel="nofollow noreferrer"'),
    "phone": ("+33 (0)6 12 34", 'href="tel:+3361234">+33 (0)6 12 34'),
    "email": ("claire@jardin.example", 'href="mailto:claire@jardin.example"'),
    "postal": ("14 rue des Tilleuls\n29000 Quimper", "Tilleuls<br>29000"),
    "other": ("A+, pour <b>les</b> secours", "A+, pour &lt;b&gt;les&lt;/b&gt; secours"),
}


def add(browser: Any, kind: str, login: str = "claire", **typed: str) -> Any:
    """Send the form of a new element; return the answer."""
    form = browser.get(f"/members/{login}/add?kind={kind}").forms["element"]
    for name, value in typed.items():
        form[name] = value
    return form.submit("save", expect_errors=True)


class TestEmptySpace:
    def test_it_shows_the_login_and_nothing_else(self, spaces: Any) -> None:
        page = spaces.get("/members/claire")
        assert page.html.h1.text == "claire"
        assert "Nothing to see here." in page
        assert page.html.select("main form, main a") == []

    def test_looking_at_it_writes_nothing(self, spaces: Any) -> None:
        spaces.get("/members/claire", "claire")
        spaces.get("/members/claire", "claire")
        assert spaces.act("claire", lambda _profiles, member, _r: list(member)) == []

    def test_engines_are_kept_out(self, spaces: Any) -> None:
        assert spaces.get("/members/claire").html.find("meta", attrs={"name": "robots"})
        page = spaces.get("/members/claire", "paul")
        assert len(page.html.select("meta[name=robots]")) == 1


class TestAdding:
    @pytest.mark.parametrize("kind", GIVEN)
    def test_every_kind_shows_as_it_should_to_its_owner_only(self, spaces: Any, kind: str) -> None:
        value, shown = GIVEN[kind]
        more = {"label": "Étiquette"} if KINDS[kind].label else {}
        more |= {"shows_year": "yes"} if kind == "birthday" else {}
        answer = add(spaces.browser("claire"), kind, value=value, **more)
        page = answer.follow()
        assert shown in page
        assert "It is in your space." in page
        assert not more.get("label") or "Étiquette" in page
        for login in ("paul", "rose", None):
            assert "Nothing to see here." in spaces.space("claire", login)
            assert shown not in spaces.space("claire", login)

    def test_its_form_opens_on_nobody_but_its_owner(self, spaces: Any) -> None:
        form = spaces.get("/members/claire/add?kind=place", "claire").forms["element"]
        assert form["audience"].value == "private"

    def test_the_name_is_the_heading_for_those_who_may_read_it(self, spaces: Any) -> None:
        add(spaces.browser("claire"), "name", value="Claire Morvan", audience="contacts")
        assert spaces.get("/members/claire", "paul").html.h1.text == "Claire Morvan"
        assert "Claire Morvan" in spaces.get("/members/claire", "paul").html.title.text
        assert spaces.get("/members/claire", "rose").html.h1.text == "claire"

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("web", "javascript:alert(1)"),
            ("web", "ftp://jardin.example"),
            ("web", "https://banque.example@voleur.example/"),
            ("web", "https://"),
            ("web", "https://exa mple.org"),
            ("web", "http://[::1"),
            ("phone", "appelle-moi"),
            ("phone", "+1"),
            ("email", "claire"),
            ("birthday", "hier"),
            ("birthday", "2999-01-01"),
            ("place", ""),
            ("place", "x" * 201),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(
        self, spaces: Any, kind: str, value: str
    ) -> None:
        answer = add(spaces.browser("claire"), kind, value=value)
        assert answer.status_int == 400
        assert answer.html.find(class_="invalid-feedback")

    def test_another_cannot(self, spaces: Any) -> None:
        form = spaces.get("/members/claire/add?kind=place", "claire").forms["element"]
        values = dict(form.submit_fields("save"))
        for login in ("paul", None):
            browser = spaces.browser(login)
            browser.get("/members/claire/add?kind=place", status=(403, 404))
            browser.post(
                "/members/claire/add?kind=place",
                {**values, "value": "Brest", "csrf_token": spaces.token(login)},
                status=(403, 404),
            )
        assert "Brest" not in spaces.space("claire", "claire")

    def test_a_kind_that_is_full_is_not_offered_and_not_taken(self, spaces: Any) -> None:
        form = spaces.get("/members/claire/add?kind=name", "claire").forms["element"]
        form["value"] = "Claire"
        add(spaces.browser("claire"), "name", value="Claire M.")
        assert form.submit("save", expect_errors=True).status_int == 400
        page = spaces.get("/members/claire/add?kind=name", "claire", status=303).follow()
        assert "There is no room for one more." in page
        assert 'value="name"' not in page

    def test_a_space_has_room_for_so_many(self, spaces: Any) -> None:
        def fill(profiles: Any, member: Any, _request: Any) -> None:
            for kind in KINDS.values():
                while len(profiles.profile(member).order) < MOST and profiles.room(
                    member, kind.name
                ):
                    profiles.add(member, kind.name, {})

        spaces.act("claire", fill)
        assert len(spaces.act("claire", lambda p, member, _r: p.profile(member).order)) == MOST
        assert spaces.get("/members/claire/add?kind=interest", "claire", status=303)


class TestChanging:
    def test_value_label_and_audience_count_at_the_next_request(self, spaces: Any) -> None:
        path = spaces.say("claire", "phone", "06 12 34 56", CONTACTS, label="maison")
        assert "06 12 34 56" in spaces.space("claire", "paul")
        form = spaces.get(f"{path}/edit", "claire").forms["element"]
        assert (form["value"].value, form["label"].value) == ("06 12 34 56", "maison")
        form["value"], form["label"] = "07 00 00", "bureau"
        page = form.submit("save").follow()
        assert "Saved." in page
        picker = spaces.get(f"{path}/audience", "claire").forms["picker"]
        assert picker["visible"].value == "contacts"
        picker["visible"] = "members"
        picker.submit("save")
        assert "06 12 34 56" not in page
        for login in ("paul", "rose"):
            assert "07 00 00" in spaces.space("claire", login)
            assert "bureau" in spaces.space("claire", login)
        assert "07 00 00" not in spaces.space("claire")

    def test_the_year_of_a_birthday_stays_with_its_owner(self, spaces: Any) -> None:
        spaces.say("claire", "birthday", "1984-04-09", MEMBERS, shows_year=False)
        assert "9 April" in spaces.space("claire", "rose")
        assert "1984" not in spaces.space("claire", "rose")
        assert "1984" in spaces.space("claire", "claire")

    def test_it_is_moved_up_and_down(self, spaces: Any) -> None:
        for place in ("Brest", "Quimper", "Rennes"):
            path = spaces.say("claire", "place", place, PUBLIC)
        browser = spaces.browser("claire")

        def order() -> list[str]:
            rows = spaces.get("/members/claire").html.select(".fields li div")
            return [row.text.strip() for row in rows]

        def move(to: str) -> None:
            form = next(
                form
                for form in browser.get("/members/claire").forms.values()
                if form.action == f"{path}/move"
            )
            form.submit("to", value=to)

        move("up")
        assert order() == ["Brest", "Rennes", "Quimper"]
        move("up")
        move("up")
        assert order() == ["Rennes", "Brest", "Quimper"]
        move("down")
        assert order() == ["Brest", "Rennes", "Quimper"]

    def test_it_is_deleted_at_once(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper", PUBLIC)
        form = spaces.get(f"{path}/edit", "claire").forms["element"]
        assert "Deleted." in form.submit("delete").follow()
        assert "Quimper" not in spaces.space("claire")
        assert spaces.act("claire", lambda p, member, _r: len(p.profile(member))) == 0
        spaces.get(path, "claire", status=404)
        spaces.get(f"{path}/edit", "claire", status=404)

    @pytest.mark.parametrize("view", ["/edit", "/move"])
    def test_another_cannot(self, spaces: Any, view: str) -> None:
        path = spaces.say("claire", "place", "Quimper", PUBLIC)
        for login in ("paul", None):
            browser = spaces.browser(login)
            token = spaces.token(login)
            values = {"csrf_token": token, "value": "Brest", "delete": "delete", "to": "up"}
            browser.post(f"{path}{view}", values, status=(403, 404))
        assert "Quimper" in spaces.space("claire")

    def test_a_move_to_nowhere_is_refused(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper")
        browser = spaces.browser("claire")
        token = spaces.token("claire")
        browser.post(f"{path}/move", {"csrf_token": token, "to": "left"}, status=400)


class TestElement:
    def test_its_address_leads_to_its_place(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper", CONTACTS)
        number = path.rpartition("/")[2]
        answer = spaces.get(path, "paul", status=303)
        assert answer.headers["Location"] == f"/members/claire#e-{number}"
        assert f'id="e-{number}"' in answer.follow()
        spaces.get(path, "rose", status=404)
        spaces.get(path, status=403)


class TestPicture:
    def send(self, spaces: Any, file: Any, **typed: str) -> Any:
        form = spaces.get("/members/claire/add?kind=picture", "claire").forms["element"]
        form["picture"] = Upload("moi.png", file.getvalue(), "image/png")
        for name, value in typed.items():
            form[name] = value
        if typed.get("audience") == "public":
            form["audience.sure"] = True
        return form.submit("save", expect_errors=True)

    def test_it_is_shown_to_whom_its_owner_says(
        self, spaces: Any, image_file: Callable[..., Any]
    ) -> None:
        assert self.send(spaces, image_file(), audience="contacts").status_int == 303
        source = spaces.get("/members/claire", "paul").html.select_one("main img.av-l")["src"]
        answer = spaces.get(source, "paul")
        assert answer.content_type == "image/webp"
        assert answer.body.startswith(b"RIFF")
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        spaces.get(source, "rose", status=404)
        spaces.get(source, status=403)
        assert "<img" not in spaces.space("claire", "rose")

    def test_a_copy_is_asked_about_each_time(
        self, spaces: Any, image_file: Callable[..., Any]
    ) -> None:
        self.send(spaces, image_file(), audience="contacts")
        source = spaces.get("/members/claire", "paul").html.select_one("main img.av-l")["src"]
        tag = {"If-None-Match": spaces.get(source, "paul").headers["ETag"]}
        answer = spaces.browser("paul").get(source, headers=tag)
        assert (answer.status_int, answer.body) == (304, b"")
        spaces.part("claire", "paul")
        spaces.browser("paul").get(source, headers=tag, status=404)

    def test_it_stands_small_beside_what_its_owner_writes_only_if_asked(
        self, spaces: Any, image_file: Callable[..., Any]
    ) -> None:
        self.send(spaces, image_file(), audience="members")
        assert "av-s" not in str(spaces.get("/", "rose").html.select("img"))
        spaces.let("claire", "avatar", CONTACTS)
        assert "/image" in spaces.get("/", "claire").html.select_one(".tools img")["src"]
        source = spaces.get("/", "claire").html.select_one(".tools img")["src"]
        spaces.get(source, "paul")
        spaces.get(source, "rose", status=404)

    def test_one_tick_shows_it_to_the_same_people(
        self, spaces: Any, image_file: Callable[..., Any]
    ) -> None:
        self.send(spaces, image_file(), audience="members", beside="yes")
        audience = spaces.act("claire", lambda p, member, _r: member.portrait.audience)
        assert audience == MEMBERS

    def test_a_page_looks_at_each_person_once(
        self, spaces: Any, image_file: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from communicate.web import people

        self.send(spaces, image_file(), audience="members", beside="yes")
        spaces.get("/", "rose")  # signed in: the next page is the one that counts

        def write(_profiles: Any, claire: Any, request: Any) -> Any:
            forums = request.find_service(IForums)
            general = request.site["forums"]["general"]
            first = forums.open_topic(general, claire.uid, "Le volet grince", "Un peu.")
            for number in range(5):
                forums.reply(first.__parent__, claire.uid, f"Encore {number}")
            return forums.path(first.__parent__)

        path, asked = spaces.act("claire", write), []
        original = people.picture_of

        def picture_of(request: Any, member: Any) -> Any:
            asked.append(member.login)
            return original(request, member)

        monkeypatch.setattr(people, "picture_of", picture_of)
        page = spaces.get(path, "rose")
        assert len(page.html.select("main .thread img.av")) == 6
        assert sorted(asked) == ["claire", "rose"]

    def test_deleting_it_takes_the_small_one_down(
        self, spaces: Any, image_file: Callable[..., Any]
    ) -> None:
        sure = {"audience": "public", "audience.sure": "yes"}
        assert self.send(spaces, image_file(), **sure, beside="yes").status_int == 303
        source = spaces.get("/", "claire").html.select_one(".tools img")["src"]
        path = spaces.get("/members/claire", "claire").html.select_one("a.edit")["href"]
        spaces.get(path, "claire").forms["element"].submit("delete")
        spaces.get(source, status=403)
        spaces.get(source, "paul", status=404)
        assert spaces.get("/", "claire").html.select_one(".tools img") is None

    def test_what_is_no_picture_is_refused_with_a_cure(self, spaces: Any) -> None:
        from io import BytesIO

        answer = self.send(spaces, BytesIO(b"<svg onload='alert(1)'/>"))
        assert answer.status_int == 400
        assert "This is no picture that can be read here." in answer

    def test_text_in_its_place_is_refused(self, spaces: Any) -> None:
        form = spaces.get("/members/claire/add?kind=picture", "claire").forms["element"]
        values = {**dict(form.submit_fields("save")), "picture": "moi.png"}
        spaces.browser("claire").post(
            form.action or "/members/claire/add?kind=picture", values, status=400
        )


class TestStanding:
    def test_the_last_visit_is_kept_by_the_day_while_it_is_shown(self, spaces: Any) -> None:
        clock = spaces.house.registry.getUtility(IClock)

        def seen() -> Any:
            return spaces.act("claire", lambda _p, member, _r: member.seen)

        spaces.get("/", "claire")
        assert seen() is None
        spaces.let("claire", "seen", MEMBERS)
        assert seen() == clock.now().toordinal()
        assert "here today" in spaces.space("claire", "rose")
        assert "here today" not in spaces.space("claire")
        from datetime import timedelta

        clock.offset += timedelta(days=1)
        spaces.browsers.clear()
        assert "here yesterday" in spaces.space("claire", "rose")
        spaces.get("/", "claire")
        assert "here today" in spaces.space("claire", "rose")
        spaces.let("claire", "seen", PRIVATE)
        assert seen() is None

    def test_the_number_of_contacts_shows_where_its_owner_says_so(self, spaces: Any) -> None:
        assert "1 contact" not in spaces.space("claire", "rose")
        spaces.let("claire", "counts", MEMBERS)
        assert "1 contact" in spaces.space("claire", "rose")

    def test_contacts_show_where_both_say_so(self, spaces: Any) -> None:
        spaces.join("yves")
        spaces.know("claire", "yves")
        spaces.get("/members/claire/contacts", "rose", status=404)
        spaces.let("claire", "contacts", MEMBERS)
        spaces.let("yves", "contacts", MEMBERS)
        page = spaces.get("/members/claire/contacts", "rose")
        assert [row.text for row in page.html.select(".row-title")] == ["yves"]
        both = {
            row.text
            for row in spaces.get("/members/claire/contacts", "paul").html.select(".row-title")
        }
        assert both == {"yves", "paul"}
        spaces.get("/members/claire/contacts", status=403)
        assert "/members/claire/contacts" in spaces.space("claire", "rose")

    def test_its_owner_makes_one_by_a_button_and_it_is_private(self, spaces: Any) -> None:
        page = spaces.get("/members/claire", "claire")
        form = next(form for form in page.forms.values() if form.action.endswith("/stand"))
        picker = form.submit("kind").follow()
        assert "Place in the list of members" in picker
        assert picker.forms["picker"]["visible"].value == "private"

    def test_none_of_an_unknown_kind(self, spaces: Any) -> None:
        browser = spaces.browser("claire")
        token = spaces.token("claire")
        browser.post("/members/claire/stand", {"csrf_token": token, "kind": "x"}, status=400)
