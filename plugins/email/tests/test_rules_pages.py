"""Filters made by forms: in order, tried before they are saved, gone through what is here."""

import pytest

from communicate_email import filters
from communicate_email.interfaces import IMailStore

from .conftest import DOMAIN, make_office


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("rules"))
    made.deliver(made.letter("Premier"))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def browsers(office):
    return {login: office.house.browser(login) for login in ("ines", "paul")}


@pytest.fixture
def ines(office, browsers):
    """Return the browser of Inès, who has no filters and whose folders are empty."""

    def clear(request):
        store = request.find_service(IMailStore)
        account = store.opened(office.uids["ines"])
        store.filters(account).set_script("")
        for box in account.boxes.values():
            store.expunge(box, range(1, box.uid_next))

    office.do(clear)
    return browsers["ines"]


BASE = "/members/ines/mail"


def script(office):
    """Return the script of Inès."""

    def read(request, account):
        return request.find_service(IMailStore).filters(account).script()

    return office.look("ines", read)


def counts(office):
    """Return how many messages each folder of Inès has that has any."""

    def look(request, account):
        boxes = request.find_service(IMailStore).boxes(account)
        return {boxes.path(box): box.count for box in account.boxes.values() if box.count}

    return office.look("ines", look)


def filled(page, conditions=(), **more):
    """Return the form of a filter, filled in."""
    form = next(form for form in page.forms.values() if "if-1-what" in form.fields)
    for at, (what, how, words) in enumerate(conditions, 1):
        form[f"if-{at}-what"], form[f"if-{at}-how"], form[f"if-{at}-words"] = what, how, words
    for name, value in more.items():
        form[name] = value
    return form


def made(browser, name, conditions, **more):
    """Make a filter; return the page of the list."""
    page = browser.get(f"{BASE}/filter")
    answer = filled(page, conditions, name=name, **more).submit("save")
    assert answer.status_int == 303, answer.text
    return answer.follow()


def pressed(page, verb, number):
    """Press a button of the filter with that number."""
    form = next(
        form
        for form in page.forms.values()
        if "number" in form.fields and form["number"].value == str(number)
    )
    return form.submit("act", value=verb).follow()


def names(page):
    return [one.text for one in page.html.select(".mail-rules .row-title")]


def test_a_filter_of_a_form_sorts_what_comes_in(office, ines):
    assert "You have no filters." in ines.get(f"{BASE}/settings").click("Filters")
    page = made(
        ines,
        "Jardin",
        [("subject", "contains", "haie"), ("from", "not-domain", "ailleurs.example")][:1],
        move="Archive",
        flag=True,
        label="au jardin",
    )
    assert names(page) == ["Jardin"]
    said = page.html.select_one(".mail-rules li").text
    assert "Subject contains “haie”" in said
    assert "star it, label it “au jardin” and move it to “Archives”" in said
    office.deliver(office.letter("La haie"))
    office.deliver(office.letter("Le toit"))
    assert counts(office) == {"INBOX": 1, "Archive": 1}
    edited = page.click("Jardin")
    form = filled(edited, [("subject", "not-contains", "haie")])
    assert form["label"].value == "au jardin"
    assert form["flag"].checked
    form.submit("save").follow()
    office.deliver(office.letter("La haie"))
    assert counts(office) == {"INBOX": 2, "Archive": 1}


@pytest.mark.parametrize(
    ("conditions", "hits"),
    [
        ([("from", "domain", "elsewhere.example")], True),
        ([("from", "is", "luce@elsewhere.example")], True),
        ([("to", "contains", "paul")], False),
        ([("body", "contains", "tilleul")], True),
        ([("detail", "is", "bois")], True),
        ([("size", "over", "100")], False),
        ([("size", "under", "100")], True),
        ([("header", "begins", "X-Shop: Rec")], True),
        ([("list", "contains", "haies.example")], True),
        ([("subject", "ends", "jour"), ("body", "contains", "absent")], False),
    ],
)
def test_it_is_tried_before_it_is_saved(office, ines, conditions, hits):
    letter = office.letter(X_Shop="Receipt", List_Id="Haies <haies.example>")
    office.deliver(letter, f"ines+bois@{DOMAIN}")
    page = filled(ines.get(f"{BASE}/filter"), conditions).submit("try")
    assert "Of the last 1 messages of your inbox" in page
    assert bool(page.html.select(".mail-found li")) is hits
    assert filled(page)["if-1-words"].value == conditions[0][2]
    assert script(office) == ""
    form = filled(page, move="Archive")
    form.submit("save").follow()
    office.deliver(letter, f"ines+bois@{DOMAIN}")
    assert ("Archive" in counts(office)) is hits, script(office)


def test_filters_are_put_in_order_turned_off_removed_and_brought_back(office, ines):
    made(ines, "Un", [("subject", "contains", "x")], move="Archive", stop=True)
    page = made(ines, "Deux", [("subject", "contains", "x")], move="Junk")
    page = pressed(page, "up", 2)
    assert names(page) == ["Deux", "Un"]
    assert names(pressed(page, "down", 1)) == ["Un", "Deux"]
    page = pressed(ines.get(f"{BASE}/filters"), "off", 1)
    assert "Un" in page.html.select_one(".mail-off").text
    office.deliver(office.letter("x"))
    assert counts(office) == {"Junk": 1}
    page = pressed(pressed(page, "on", 1), "remove", 1)
    assert names(page) == ["Deux"]
    back = next(form for form in page.forms.values() if ">Undo<" in form.text)
    page = back.submit().follow()
    assert names(page) == ["Un", "Deux"]
    assert "Your filters are as they were." in page


def test_what_was_removed_is_gone_when_it_cannot_be_taken_back_any_more(office, ines):
    page = made(ines, "Secret", [("subject", "contains", "quetsche")], move="Archive")
    page = pressed(page, "remove", 1)
    back = next(form for form in page.forms.values() if ">Undo<" in form.text)
    office.pass_time(minutes=3)
    office.run_all()
    assert office.look("ines", lambda _request, account: account.former) is None
    assert "too late" in back.submit().follow()
    assert script(office) == ""


def test_a_page_of_before_changes_nothing(office, ines):
    page = made(ines, "Un", [("subject", "contains", "x")], move="Archive")
    form = filled(page.click("Un"), name="Autre")
    made(ines, "Deux", [("subject", "contains", "x")], move="Junk")
    before = script(office)
    assert "changed meanwhile" in form.submit("save", status=400)
    assert "changed meanwhile" in pressed(page, "remove", 1)
    assert script(office) == before


@pytest.mark.parametrize(
    ("conditions", "more", "cure"),
    [
        ([("subject", "contains", "")], {"move": "Archive"}, "Write the words"),
        ([("", "", "mots")], {"move": "Archive"}, "Say where these words"),
        ([("size", "over", "grand")], {"move": "Archive"}, "Write a size"),
        ([("header", "is", "X Shop: a")], {"move": "Archive"}, "the name of the header"),
        ([("subject", "domain", "x.example")], {"move": "Archive"}, "have a domain"),
        ([("subject", "is", "x")], {}, "Say what is done"),
        ([], {"move": "destroyed"}, "destroy all that comes in"),
        ([("subject", "is", "x")], {"label": "é" * 61}, "at most 60 letters"),
    ],
)
def test_what_says_nothing_is_told_beside_its_field(office, ines, conditions, more, cure):
    page = filled(ines.get(f"{BASE}/filter"), conditions, **more).submit("save", status=400)
    assert cure in page.html.select_one(".invalid-feedback").text
    assert script(office) == ""


def test_rows_are_added_and_nothing_typed_is_lost(ines):
    form = filled(ines.get(f"{BASE}/filter"), [("subject", "contains", "x")], name="Un")
    page = form.submit("more")
    form = filled(page)
    assert "if-4-what" in form.fields
    assert form["if-1-words"].value == "x"
    assert form["name"].value == "Un"


def test_a_filter_goes_through_what_is_here_batch_by_batch(office, ines, monkeypatch):
    monkeypatch.setattr("communicate_email.store.trying.BATCH", 2)
    for number in range(5):
        office.deliver(office.letter(f"Bois {number}" if number % 2 else f"Toit {number}"))
    page = made(ines, "Bois", [("subject", "begins", "Bois")], move="destroyed", read=True)
    office.deliver(office.letter("Toit 6"))
    page = pressed(page, "apply", 1)
    assert "This filter goes through your inbox." in page
    office.run_all()
    assert counts(office) == {"INBOX": 4, "Trash": 2}
    assert "A filter has gone through your inbox" in ines.get("/notices")


def test_a_filter_is_made_from_a_message(office, ines):
    office.deliver(office.letter("Annonce", List_Id='"Les haies" <haies.example>'))
    office.deliver(office.letter("Bonjour"))
    page = ines.get("/mail").follow().follow()
    links = {one.text.strip(): one["href"] for one in page.html.select(".mail-rows a")}
    assert links
    found = []
    for row in page.html.select(".mail-rows > li"):
        made_of = page.goto(row.select_one("a")["href"]).click("Filter messages like this")
        form = filled(made_of)
        found.append((form["if-1-what"].value, form["if-1-words"].value))
    assert sorted(found) == [("from", "luce@elsewhere.example"), ("list", "haies.example")]


def test_the_script_is_shown_changed_and_its_mistakes_have_lines(office, ines):
    made(ines, "Un", [("subject", "contains", "x")], move="Archive")
    page = ines.get(f"{BASE}/filters").click("Show the filters as a script")
    form = next(form for form in page.forms.values() if "script" in form.fields)
    assert 'fileinto "Archive"' in form["script"].value
    before = script(office)
    form["script"] = 'require "fileinto";\nredirect "a@b.example";'
    wrong = form.submit(status=400)
    assert "Line 2: “redirect” is not known" in wrong.html.select_one(".invalid-feedback").text
    assert script(office) == before
    form["script"] = "if true { discard; } else { keep; }"
    page = form.submit().follow()
    assert "a script that says more than forms can show" in page
    assert "No form shows all of your filters" in ines.get(f"{BASE}/filter/1").follow()
    page = (
        next(f for f in page.forms.values() if "begin with forms" in f.text)
        .submit("act", value="clear")
        .follow()
    )
    assert "You have no filters." in page


def test_they_are_their_owners_alone(office, ines, browsers):
    made(ines, "Secret", [("subject", "contains", "quetsche")], move="Archive")
    for name in ("filters", "filter", "filter/1", "filter-script", "settings"):
        browsers["paul"].get(f"{BASE}/{name}", status=404)
        answer = office.house.browser().get(f"{BASE}/{name}", expect_errors=True)
        assert "quetsche" not in answer
    for address in ("filter/0", "filter/9", "filter/x", "filter/1/2", "filters/1"):
        ines.get(f"{BASE}/{address}", status=404)


def test_a_folder_that_is_gone_is_told(office, ines):
    def make(request):
        store = request.find_service(IMailStore)
        store.boxes(store.opened(office.uids["ines"])).make("Bois")

    office.do(make)
    made(ines, "Un", [("subject", "contains", "x")], move="Bois")

    def remove(request, account):
        store = request.find_service(IMailStore)
        store.remove_box(store.boxes(account).at("Bois"))

    office.look("ines", remove)
    page = ines.get(f"{BASE}/filters")
    assert "the folder is not there: it stays in the inbox" in page
    form = filled(page.click("Un"))
    assert form["move"].value == "Bois"
    assert filters.rules_in(script(office))[0].deeds[0].value == "Bois"


def test_a_filter_follows_its_folder_to_another_name(office, ines):
    def make(request):
        store = request.find_service(IMailStore)
        made_ = store.boxes(store.opened(office.uids["ines"])).make_path("Verger/Prunes")
        return made_.__parent__.boxes[made_.parent].__name__

    code = office.do(make)
    made(ines, "Un", [("subject", "contains", "x")], move="Verger/Prunes")
    made(ines, "Deux", [("subject", "contains", "Verger")], move="Archive", copy="Verger")
    page = ines.get(f"{BASE}/{code}/folder")
    form = next(form for form in page.forms.values() if "parent" in form.fields)
    form["name"] = "Jardin clos"
    form.submit().follow()
    deeds = [[deed.value for deed in rule.deeds] for rule in filters.rules_in(script(office))]
    assert deeds == [["Jardin clos/Prunes"], ["Jardin clos", "Archive"]]
    assert filters.rules_in(script(office))[1].conditions[0].value == "Verger"
    office.deliver(office.letter("x"))
    assert counts(office) == {"Jardin clos/Prunes": 1}
