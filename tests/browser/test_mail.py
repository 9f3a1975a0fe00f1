"""Mail in a real browser, in both languages: written, read, answered; HTML that stays at home."""

import pytest

from communicate.testing.house import House
from communicate.testing.server import Server

from .sessions import Sessions

SETTINGS = {"email.domain": "tilleuls.example", "email.undo": "0"}
WORDS = {
    "fr": {"write": "Écrire", "sent": "Votre message est envoyé", "reply": "Répondre"},
    "en": {"write": "Write", "sent": "Your message is sent", "reply": "Reply"},
}
RICH = (
    b"From: Luce <luce@elsewhere.example>\r\nTo: ines@tilleuls.example\r\nSubject: Riche\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p>Bonjour</p><img src="https://espion.example/pixel.gif">'
    b'<div style="background:url(https://espion.example/style.png)">x</div>'
    b"<script>document.body.textContent = 'pris'</script>"
    b'<img src=x onerror="document.body.textContent = 1">'
    b'<link rel="stylesheet" href="https://espion.example/a.css">'
    b'<iframe src="https://espion.example/"></iframe>\r\n'
)


class Post:
    """A served site on which ines and paul have mail."""

    def __init__(self, folder, **settings):
        given = {**SETTINGS, **settings}
        house = House(folder, ["email"], {"communicate.mode": "testing", **given})
        for login in ("ines", "paul"):
            house.member(login)
        house.work(self.deliver)
        house.close()
        self.server = Server(folder, "email", **given).start()
        self.sessions = Sessions(self.server)

    @staticmethod
    def deliver(request):
        """Have a few letters come in."""
        from communicate_email.interfaces import IDelivery
        from communicate_email.letters import Letter

        raws = [
            b"From: luce@elsewhere.example\r\nSubject: Lettre %d\r\n\r\nBonjour\r\n" % number
            for number in range(3)
        ]
        for raw in (*raws, RICH):
            for login in ("ines", "paul"):
                to = [f"{login}@tilleuls.example"]
                request.find_service(IDelivery).deliver(Letter(raw, "luce@elsewhere.example"), to)


@pytest.fixture(scope="module")
def post(tmp_path_factory, chromium):
    made = Post(tmp_path_factory.mktemp("post"))
    yield made
    made.server.stop()


@pytest.fixture(scope="module")
def slow_post(tmp_path_factory, chromium):
    """Yield a site on which what is sent waits for a minute."""
    made = Post(tmp_path_factory.mktemp("slow-post"), **{"email.undo": "60"})
    yield made
    made.server.stop()


def opening(post, windows):
    """Return what opens the mail of a member in a window."""

    def opened(login, lang="fr", **more):
        page = windows.open(post.server.url, **more)
        page.context.add_cookies(post.sessions.brought(lang, login))
        page.goto("/mail")
        return page

    return opened


@pytest.fixture
def window(post, windows):
    return opening(post, windows)


@pytest.fixture
def taking_back(slow_post, windows):
    return opening(slow_post, windows)


def read(page, subject):
    """Open the first message with that subject from the list."""
    with page.expect_navigation():
        page.locator(".mail-rows > li", has_text=subject).first.locator(".row-title").click()


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.slow)])
def test_two_members_write_read_and_answer(window, lang):
    said, subject = WORDS[lang], f"L’échelle ({lang})"
    ines, paul = window("ines", lang), window("paul", lang, width=390)
    ines.locator(".mail-side").get_by_text(said["write"]).click()
    ines.locator(".people input").first.fill("paul")
    ines.fill("[name=subject]", subject)
    ines.fill("[name=body]", "Rendue samedi ?")
    with ines.expect_navigation():
        ines.click("[name=send]")
    assert said["sent"] in ines.inner_text("main")
    paul.reload()
    read(paul, subject)
    assert paul.inner_text(".mail-text") == "Rendue samedi ?"
    with paul.expect_navigation():
        paul.locator(".pane-head").get_by_text(said["reply"], exact=True).click()
    assert "> Rendue samedi ?" in paul.input_value("[name=body]")
    paul.fill("[name=body]", f"Oui.\n{paul.input_value('[name=body]')}")
    with paul.expect_navigation():
        paul.click("[name=send]")
    ines.goto("/mail")
    read(ines, f"Re: {subject}")
    assert ines.inner_text(".mail-text blockquote") == "Rendue samedi ?"
    assert ines.locator(".mail-thread li").count() == 2


def to_write(page, to, subject):
    """Begin a message."""
    page.locator(".mail-side").get_by_text("Écrire").click()
    page.wait_for_selector(".editor-bar")
    page.locator(".people input").first.fill(to)
    page.fill("[name=subject]", subject)


def taken(page, held):
    """Return the request that the page made, once it has."""
    for _ in range(3000):
        if held:
            return held.pop()
        page.wait_for_timeout(20)
    raise AssertionError("nothing was asked for")


def test_a_message_waits_for_its_files_and_goes_with_them(window):
    ines, paul, held = window("ines"), window("paul"), []
    to_write(ines, "paul", "Le plan")
    ines.fill("[name=body]", "Le voici.")
    ines.route("**/mail/attach", lambda route: held.append(route))
    ines.set_input_files("[name='attached.files']", [
        {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
        for name in ("plan.pdf", "coupe.pdf")
    ])  # fmt: skip
    for name in ("plan.pdf", "coupe.pdf"):
        progress = ines.locator("[data-sending] progress")
        progress.wait_for()
        assert progress.get_attribute("aria-label") == name
        ines.click("main [name=send]")
        ines.wait_for_selector("[data-sending] >> text=dès que les fichiers sont là")
        assert ines.url.endswith("/write")
        route = taken(ines, held)
        if name == "plan.pdf":
            route.continue_()
            ines.wait_for_selector(".attached-files li")
    with ines.expect_navigation():
        route.continue_()
    assert WORDS["fr"]["sent"] in ines.inner_text("main")
    paul.reload()
    read(paul, "Le plan")
    assert paul.locator(".mail-attached a").all_inner_texts() == ["plan.pdf", "coupe.pdf"]
    with paul.expect_download() as download:
        paul.locator(".mail-attached a").first.click()
    assert download.value.suggested_filename == "plan.pdf"


def test_what_comes_in_is_sorted_by_a_filter_and_found(window):
    ines, paul = window("ines"), window("paul")
    paul.goto("/members/paul/mail/filter")
    paul.select_option("[name=if-1-what]", "subject")
    paul.select_option("[name=if-1-how]", "contains")
    paul.fill("[name=if-1-words]", "Facture")
    paul.select_option("[name=move]", label="Archives")
    with paul.expect_navigation():
        paul.click("[name=save]")
    to_write(ines, "paul", "Facture de novembre")
    ines.fill("[name=body]", "Douze quetschiers.")
    with ines.expect_navigation():
        ines.click("main [name=send]")
    paul.goto("/mail")
    assert "Facture de novembre" not in paul.inner_text(".mail-list")
    paul.locator(".mail-side").get_by_text("Archives").click()
    paul.wait_for_selector(".mail-rows >> text=Facture de novembre")
    paul.goto("/mail")
    paul.fill(".pane-search [name=q]", "quetschiers")
    with paul.expect_navigation():
        paul.press(".pane-search [name=q]", "Enter")
    assert paul.locator(".mail-rows > li").count() == 1
    assert "Facture de novembre" in paul.inner_text(".mail-rows")


def test_what_is_thrown_away_comes_back(window):
    page = window("paul")
    read(page, "Lettre 1")
    with page.expect_navigation():
        page.click(".mail-read [value=delete]")
    assert "Lettre 1" not in page.inner_text(".mail-rows")
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").click()
    page.goto("/mail")
    assert "Lettre 1" in page.inner_text(".mail-rows")


def test_what_is_sent_is_taken_back(taking_back):
    page = taking_back("ines")
    to_write(page, "paul", "Trop vite")
    page.fill("[name=body]", "Zut")
    with page.expect_navigation():
        page.click("main [name=send]")
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").click()
    assert page.input_value("[name=subject]") == "Trop vite"
    assert "Zut" in page.input_value("[name=body]")
    page.goto("/mail")
    page.locator(".mail-side").get_by_text("Brouillons").click()
    page.wait_for_selector(".mail-rows >> text=Trop vite")


def test_html_runs_nothing_and_loads_nothing(window):
    """The window fails the test where a request leaves the site, or its policy stops a script."""
    page = window("ines")
    read(page, "Riche")
    frame = page.frame_locator(".mail-frame")
    assert frame.locator("p").inner_text() == "Bonjour"
    assert "pris" not in frame.locator("body").inner_text()
    assert frame.locator("script, [onerror], [onload], [onclick]").count() == 0


def test_keys_go_through_the_list_and_tick(window):
    page = window("paul")
    page.keyboard.press("j")
    first = page.locator(".mail-rows > li").first
    assert first.locator(".row-title").evaluate("link => link === document.activeElement")
    page.keyboard.press("j")
    page.keyboard.press("x")
    second = page.locator(".mail-rows > li").nth(1)
    assert second.locator("[name=uid]").is_checked()
    page.locator(".mail-acts").wait_for()  # what can be done with it is offered now
    page.keyboard.press("k")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".mail-read").count() == 1
