"""Lists of mail: stars, labels, conversations, the search, all of a list at once, and back."""

import re

import pytest

from communicate.testing.archives import exported
from communicate_email.interfaces import IMailStore
from communicate_email.store import rows as rowing

from .conftest import make_office
from .test_webmail import form_saying, inbox, opened, rows


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(
        tmp_path_factory.mktemp("lists"),
        **{"email.page_size": "5", "email.searching": "500/minute"},
    )
    made.deliver(made.letter("Accueil"))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


@pytest.fixture(scope="module")
def paul(office):
    return office.house.browser("paul")


def ticked(page, *subjects):
    """Return the form of the list with the messages of those subjects ticked."""
    form = next(one for one in page.forms.values() if one.action.endswith("/act"))
    for row in page.html.select(".mail-rows > li"):
        if row.select_one(".row-subject").text in subjects:
            box = row.select_one(".mail-tick input")
            for field in form.fields[box["name"]]:
                if field._value == box["value"]:
                    field.checked = True
    return form


def press(page, subject, button):
    """Press the button of that name beside one message."""
    form = next(one for one in page.forms.values() if one.action.endswith("/act"))
    row = next(
        one
        for one in page.html.select(".mail-rows > li")
        if one.select_one(".row-subject").text == subject
    )
    return form.submit(button, value=row.select_one(f"button[name={button}]")["value"]).follow()


def subjects(page):
    """Return the subjects of a list."""
    return [subject for _who, subject in rows(page)]


def undone(page):
    """Take back what the notice offers to."""
    return form_saying(page, "Undo").submit().follow()


def make_label(browser, name, colour="green"):
    """Make a label on the page of labels."""
    form = next(
        one
        for one in browser.get("/members/ines/mail/labels").forms.values()
        if "name" in one.fields
    )
    form["name"], form["colour"] = name, colour
    return form.submit("make", expect_errors=True)


def to(page, words):
    """Return what the list of folders and labels sends for an entry."""
    option = next(one for one in page.html.select("select[name=to] option") if one.text == words)
    return option["value"]


def test_a_star_is_given_by_a_press_listed_across_folders_and_taken_back(office, ines):
    for name in ("Étoile 1", "Étoile 2"):
        office.pass_time(minutes=1)
        office.deliver(office.letter(name))
    page = press(inbox(ines), "Étoile 1", "star")
    assert "1 message has a star now." in page
    page = press(page, "Étoile 2", "star")
    page = ticked(page, "Étoile 2").submit("act", value="archive").follow()
    starred = page.click("Starred", index=0)
    assert subjects(starred) == ["Étoile 2", "Étoile 1"]
    assert [one.text for one in starred.html.select(".mail-labels .tag")] == ["Archives", "Inbox"]
    page = press(starred, "Étoile 2", "unstar")
    assert subjects(page) == ["Étoile 1"]
    assert page.request.path.endswith("/starred")
    page = undone(page)
    assert "It is as it was." in page
    assert subjects(page) == ["Étoile 2", "Étoile 1"]
    page = ticked(page, "Étoile 2", "Étoile 1").submit("act", value="delete").follow()
    assert subjects(page) == []  # what lies in the trash stands in no list but its own
    assert subjects(undone(page)) == ["Étoile 2", "Étoile 1"]


def test_a_label_is_made_put_on_listed_changed_and_deleted(office, ines):
    for name in ("Devis 1", "Devis 2", "Devis 3"):
        office.deliver(office.letter(name))
    page = make_label(ines, "À régler").follow()
    assert "The label “À régler” is made." in page
    assert make_label(ines, "à RÉGLER").status_int == 400
    page = inbox(ines)
    form = ticked(page, "Devis 1", "Devis 2")
    form["to"] = put = to(page, "À régler")
    page = form.submit("act", value="move").follow()
    assert "2 messages have the label “À régler” now." in page
    listed = page.click("À régler", index=0)
    assert subjects(listed) == ["Devis 2", "Devis 1"]
    assert "gler" not in listed.request.url  # no address holds a word of hers
    read = opened(listed, "Devis 1")
    assert read.html.select_one(".mail-chip a").text == "À régler"
    read = form_saying(read, "Take off the label À régler").submit("act").follow()
    assert not read.html.select(".mail-chip")
    read = undone(read)
    assert "Devis 1" in subjects(ines.get(listed.request.path))
    form = ticked(ines.get(listed.request.path), "Devis 2")
    form["to"] = put.replace("+", "-")
    page = form.submit("act", value="move").follow()
    assert subjects(page) == ["Devis 1"]
    page = page.click("Manage the labels").click("À régler", index=1)
    assert "<code>A_regler</code>" in page
    form = next(one for one in page.forms.values() if "colour" in one.fields)
    form["name"], form["colour"] = "Réglé", "red"
    page = form.submit("save").follow()
    assert page.html.select_one(".mail-side .mail-dot")["class"] == ["mail-dot", "hue-7"]
    page = page.click("Réglé", index=1)
    assert "1 message has it" in page
    page = form_saying(page, "Delete the label").submit().follow()
    assert "Réglé” is gone" in page
    assert "Devis 1" in subjects(inbox(ines))
    ines.get(listed.request.path, status=404)


def test_what_is_in_the_trash_loses_a_deleted_label_too(office, ines):
    office.deliver(office.letter("Jetée"))
    make_label(ines, "Passager")
    page = inbox(ines)
    form = ticked(page, "Jetée")
    form["to"] = to(page, "Passager")
    page = form.submit("act", value="move").follow()
    ticked(page, "Jetée").submit("act", value="delete").follow()
    page = ines.get("/members/ines/mail/labels").click("Passager", index=1)
    form_saying(page, "Delete the label").submit().follow()
    make_label(ines, "Autre").follow()
    office.look("ines", lambda request, account: [
        pytest.fail("a label that is gone is on a message")
        for row in rowing.every(account.box("trash"))
        if request.find_service(IMailStore).labels(account).of(row.flags)
    ])  # fmt: skip
    page = ines.get("/members/ines/mail/labels").click("Autre", index=1)
    form_saying(page, "Delete the label").submit().follow()


def test_all_of_a_folder_is_acted_on_at_once_but_not_what_came_since(office, paul):
    for number in range(12):
        office.deliver(office.letter(f"Tas {number}"), "paul")
    page = inbox(paul)
    assert "All 12 messages of this list" in page
    form = next(one for one in page.forms.values() if "all" in one.fields)
    form["all"].checked = True
    office.deliver(office.letter("Tardive"), "paul")
    page = form.submit("act", value="archive").follow()
    assert "12 messages are in “Archives” now." in page
    assert subjects(page) == ["Tardive"]
    page = undone(page)
    assert "13 messages" in page
    assert len(office.rows("paul")) == 13
    form = next(one for one in page.forms.values() if "all" in one.fields)
    form["all"].checked = True
    page = form.submit("act", value="seen").follow()
    assert "13 messages are read now." in page
    assert not page.html.select(".mail-rows .unread")
    assert len(undone(page).html.select(".mail-rows .unread")) == 5
    page = paul.get(f"{page.request.path}?before=0000000000000", expect_errors=True)
    assert page.status_int in (200, 400)


def test_the_trash_is_emptied_after_one_question(office):
    zoe = office.house.browser("zoe")
    for number in range(7):
        office.deliver(office.letter(f"Vieux {number}"), "zoe")
    for button in ("delete", "delete"):
        page = inbox(zoe) if office.rows("zoe") else inbox(zoe).click("Trash", index=0)
        form = next(one for one in page.forms.values() if "all" in one.fields)
        form["all"].checked = True
        answer = form.submit("act", value=button)
    assert "7 messages will be destroyed." in answer
    page = form_saying(answer, "Delete for good").submit().follow()
    assert "7 messages are gone for good." in page
    assert office.look("zoe", lambda _, account: len(account.mails)) == 0


@pytest.fixture
def talking(office, ines):
    """Return a conversation of three, one of them in the folder of what is sent."""
    first = "<fil1@elsewhere.example>"
    office.deliver(office.letter("Le fil", Message_ID=first, body="Premier mot."))
    office.deliver(
        office.letter(
            "Re: Le fil", In_Reply_To=first, From="Marc <marc@y.example>", body="Second mot."
        )
    )

    def answer(request):
        from communicate_email.store.services import Incoming

        store = request.find_service(IMailStore)
        account = store.account(office.uids["ines"])
        raw = office.letter(
            "Re: Le fil",
            In_Reply_To=first,
            From="Ines <ines@tilleuls.example>",
            body="Ma réponse.",
        ).raw
        store.append(account.box("sent"), [Incoming(raw, rowing.SEEN)])

    office.do(answer)
    page = inbox(ines)
    if "Show conversations" in page:
        page = form_saying(page, "Show conversations").submit("together", value="yes").follow()
    yield page
    page = inbox(ines)
    if "Show single messages" in page:
        form_saying(page, "Show single messages").submit("together", value="no")


def test_conversations_are_listed_with_who_took_part_and_opened_whole(office, ines, talking):
    page = talking
    row = page.html.select_one(".mail-rows > li")
    assert "unread" in row["class"]
    assert row.select_one(".row-title").text == "Unread: Luce, Marc and Ines"
    assert row.select_one(".count-in").text == "3 messages"
    assert "conversations" in page.html.select_one(".mail-list .pane-head .num").text
    talk = page.goto(row.select_one(".row-title")["href"])
    shown = [one.text for one in talk.html.select(".mail-parts .is-open .mail-text")]
    assert shown == ["Premier mot.", "Second mot.", "Ma réponse."]
    again = ines.get(talk.request.path)
    assert len(again.html.select(".mail-parts .is-open")) == 1
    folded = again.html.select_one(".mail-parts li:not(.is-open) a")
    more = ines.get(folded["href"])
    assert "Premier mot." in str(more.html.select(".is-open"))
    assert "unread" not in (inbox(ines).html.select_one(".mail-rows > li").get("class") or [])


def test_a_conversation_is_acted_on_as_one(office, ines, talking):
    page = talking
    before = len(office.rows("ines", "trash"))
    talk = page.goto(page.html.select_one(".mail-rows .row-title")["href"])
    form = next(one for one in talk.forms.values() if "The whole conversation" in one.text)
    page = form.submit("act", value="archive").follow()
    assert "are in “Archives” now." in page  # what was sent stays among what was sent
    assert len(office.rows("ines", "sent")) >= 1
    page = undone(page)
    page = ticked(page, "Re: Le fil").submit("act", value="delete").follow()
    assert len(office.rows("ines", "trash")) > before + 2
    assert subjects(page)[:1] != ["Re: Le fil"]
    page = undone(page)
    assert len(office.rows("ines", "trash")) == before
    assert subjects(page)[0] == "Re: Le fil"


def test_the_choice_of_conversations_is_remembered_and_goes_along(office, ines, talking):
    assert "Show single messages" in inbox(office.house.browser("ines"))
    assert exported(office.house, "ines").records("email", "look") == [{"together": True}]


def test_no_thread_of_others_and_none_that_is_not_there(office, ines, paul, talking):
    path = talking.html.select_one(".mail-rows .row-title")["href"]
    paul.get(path, status=404)
    box = path.partition("/talk/")[0]
    for tail in ("", "x", "0000000000001", "0000000000001/2"):
        ines.get(f"{box}/talk/{tail}", status=404)


def search(browser, **fields):
    """Return the page of a search."""
    page = browser.get("/members/ines/mail/search")
    form = next(one for one in page.forms.values() if "since" in one.fields)
    for name, value in fields.items():
        form[name] = value
    return form.submit()


def test_a_search_asks_who_what_where_and_when(office, ines):
    mail = office.letter
    office.deliver(
        mail("Quetsche mûre", From="Ana <ana@verger.example>", body=f"{'mot ' * 60}Elle tombe.")
    )
    office.deliver(
        mail("Autre", From="Bob <bob@verger.example>", To="jardin@x.example", body="quetsche")
    )
    assert subjects(search(ines, q="quetsche")) == ["Autre", "Quetsche mûre"]
    assert subjects(search(ines, **{"from": "ana"})) == ["Quetsche mûre"]
    assert subjects(search(ines, to="jardin")) == ["Autre"]
    assert subjects(search(ines, subject="quetsche")) == ["Quetsche mûre"]
    found = search(ines, q="tombe")
    assert found.html.select_one(".row-line mark").text == "tombe"
    assert search(ines, q="quetsche", since="2100-01-01").text.count("No message of yours")
    assert subjects(search(ines, q="quetsche", until="2100-01-01")) == ["Autre", "Quetsche mûre"]
    assert subjects(search(ines, q="quetsche", unread="yes")) == ["Autre", "Quetsche mûre"]
    assert not subjects(search(ines, q="quetsche", attached="yes"))
    page = press(search(ines, q="quetsche"), "Autre", "star")
    assert "q=quetsche" in page.request.url
    assert subjects(search(ines, q="quetsche", starred="yes")) == ["Autre"]
    page = ticked(page, "Autre").submit("act", value="delete").follow()
    assert subjects(page) == ["Quetsche mûre"]
    assert subjects(undone(page)) == ["Autre", "Quetsche mûre"]


def test_what_is_found_is_paged_and_bad_questions_are_told(office, ines):
    for number in range(12):
        office.deliver(office.letter(f"Feuille {number}", body="érable"))
    page, seen = search(ines, q="erable"), []
    while True:
        seen += subjects(page)
        if "Next page" not in page:
            break
        page = page.click("Next page")
    assert seen == [f"Feuille {number}" for number in reversed(range(12))]
    assert subjects(page.click("Previous page"))[0] == "Feuille 6"
    path = "/members/ines/mail/search"
    ines.get(f"{path}?q=erable&before=zz", status=400)
    for tail in ("?since=2026-13-45&q=x", "?label=7000", "?in=nowhere", "?since=0001-01-01"):
        assert ines.get(path + tail).status_int == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "seen", "at": "x"},
        {"act": "seen", "at": "0000000000001-1"},
        {"act": "seen", "uid": "1"},
        {"act": "seen", "talk": "0000000000001"},
        {"act": "seen", "all": "1"},
        {"act": "seen", "all": "1", "of": "99"},
        {"act": "move", "at": "x-1", "to": "x"},
        {"star": "at:x"},
        {"star": "sure:yes"},
        {"act": "destroy", "at": "x"},
    ],
)
def test_what_no_list_across_folders_sends_is_refused(ines, fields):
    token = inbox(ines).html.select_one("[name=csrf_token]")["value"]
    path = "/members/ines/mail"
    assert ines.post(f"{path}/act", {"csrf_token": token, **fields}, status="*").status_int == 400
    for step in ("x", "", "0000000000001"):
        answer = ines.post(f"{path}/undo", {"csrf_token": token, "step": step}, status="*")
        assert answer.status_int in (303, 400)


def test_where_a_form_leads_back_to_is_in_ones_own_mail(office, ines):
    office.deliver(office.letter("Retour"))
    page = inbox(ines)
    token = page.html.select_one("[name=csrf_token]")["value"]
    for back in ("//evil.example/", "/members/paul/mail/", "https://evil.example/", "/account"):
        sent = {"csrf_token": token, "act": "seen", "uid": "1", "back": back}
        answer = ines.post(f"{page.request.path}/act", sent)
        assert re.search(r"/members/ines/mail/\w+$", answer.location)
