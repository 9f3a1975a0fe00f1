"""Writing mail in a real browser: files on their way, people completed, signatures, taken back."""

import pytest

from communicate.testing.house import House
from communicate.testing.server import Server

from .sessions import Sessions

DOMAIN = "tilleuls.example"
SETTINGS = {"email.domain": DOMAIN, "email.message_size": "1 MB", "email.undo": "60"}
LUCE = '"Bernard, Luce" <luce@elsewhere.example>'
SENT = f"From: ines@{DOMAIN}\r\nTo: {LUCE}\r\nSubject: Plan\r\n\r\nBonjour\r\n".encode()
PDF = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 plan" * 2000}


class Desk:
    """A served site on which ines has two addresses, each with a signature, and wrote to Luce."""

    def __init__(self, folder):
        house = House(folder, ["email"], {"communicate.mode": "testing", **SETTINGS})
        self.uids = {login: house.member(login) for login in ("ines", "paul")}
        house.work(self.furnish)
        house.close()
        self.server = Server(folder, "email", **SETTINGS).start()
        self.sessions = Sessions(self.server)

    def furnish(self, request):
        """Give ines what the tests look for."""
        from communicate_email.addresses import Addresses
        from communicate_email.identities import Identities, Identity
        from communicate_email.interfaces import IMailStore
        from communicate_email.store.services import Incoming

        store = request.find_service(IMailStore)
        account = store.opened(self.uids["ines"])
        store.opened(self.uids["paul"])
        store.append(account.box("sent"), [Incoming(SENT, 0)])
        Addresses(request).add_alias(self.uids["ines"], "boutique")
        identities = Identities(request, account)
        identities.set(f"ines@{DOMAIN}", Identity("Inès", "Inès, au 12"))
        identities.set(f"boutique@{DOMAIN}", Identity("", "Ouvert le samedi"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory, chromium):
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.server.stop()


@pytest.fixture
def page(desk, windows):
    """Ines writes a new message, with nothing left of another one."""
    page = windows.open(desk.server.url)
    page.context.add_cookies(desk.sessions.brought("fr", "ines"))
    page.goto("/members/ines/mail/write")
    ready(page)
    yield page
    page.goto("/members/ines/mail/write")
    ready(page)
    if page.locator(".draft").get_attribute("data-empty") is None:
        with page.expect_navigation():
            page.locator("[form=discard]").click()


def ready(page):
    """Wait until the fields have what modules give them."""
    page.locator("#to[role=combobox]").wait_for()
    page.locator(".attach-plain[hidden]").wait_for(state="attached")  # files are listened for


def is_saved(answer, words):
    """Tell whether *answer* is what the server says once a draft with those *words* is kept."""
    path = answer.url.partition("?")[0]
    return path.endswith("/account/drafts") and words in (answer.request.post_data or "")


def tokens(page):
    """Return whom the message is for, as its field shows them."""
    return page.locator(".tokens:has(#to) .token").all_inner_texts()


def test_a_file_says_how_far_it_is_and_is_there_after_a_reload(page):
    held = []
    page.route("**/mail/attach", lambda route: held.append(route))
    page.set_input_files("[name='attached.files']", [PDF])
    page.locator("[data-sending] progress[aria-label='plan.pdf']").wait_for()
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.locator(".attached-files", has_text="plan.pdf").wait_for()
    page.unroute("**/mail/attach")
    assert page.locator("progress").count() == 0
    assert page.input_value("[name=body]") == "\n\n-- \nInès, au 12\n"  # no word refers to it
    page.reload()
    ready(page)
    assert "plan.pdf" in page.inner_text(".attached-files")
    large = {**PDF, "name": "film.mp4", "buffer": bytes(900_000)}
    page.set_input_files("[name='attached.files']", [large])
    page.locator("[data-sending].text-bad", has_text="film.mp4").wait_for()
    assert "trop lourd" in page.inner_text("[data-sending]")
    assert "film.mp4" not in page.inner_text(".attached-files")


def test_people_written_to_before_are_completed_by_keys_and_kept_with_the_draft(page):
    page.locator("#to").press_sequentially("bern")
    page.get_by_role("option", name=LUCE).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#to").press_sequentially("paul,")
    page.locator("#to").press_sequentially('"Roux, Zoé" <zoe@elsewhere.example>,')
    wanted = [LUCE, "paul", '"Roux, Zoé" <zoe@elsewhere.example>']
    assert tokens(page) == wanted
    with page.expect_response(lambda answer: is_saved(answer, "subject=Plan")):
        page.fill("[name=subject]", "Plan")
    page.reload()
    ready(page)
    assert tokens(page) == wanted
    assert page.input_value("[name=subject]") == "Plan"


def test_the_signature_follows_the_address_and_the_toolbar_the_choice(page):
    page.fill("[name=body]", "Bonjour\n\n-- \nInès, au 12\n")
    page.select_option("[name=sender]", f"boutique@{DOMAIN}")
    assert page.input_value("[name=body]") == "Bonjour\n\n-- \nOuvert le samedi\n"
    page.fill("[name=body]", "Bonjour\n\nà ma façon\n")
    page.select_option("[name=sender]", f"ines@{DOMAIN}")
    assert page.input_value("[name=body]") == "Bonjour\n\nà ma façon\n"  # nobody's words are lost
    bold = page.locator("[data-mark=bold]")
    assert not bold.is_visible()
    page.check("[name=format][value=formatted]")
    assert bold.is_visible()


def test_what_is_sent_comes_back_with_its_file(page):
    page.set_input_files("[name='attached.files']", [PDF])
    page.locator(".attached-files", has_text="plan.pdf").wait_for()
    page.locator("#to").fill("paul")
    page.fill("[name=subject]", "Trop vite")
    with page.expect_navigation():
        page.click("[name=send]")
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").click()
    ready(page)
    assert tokens(page) == [f"paul@{DOMAIN}"]
    assert page.get_by_label("Avec le fichier « plan.pdf »").is_checked()
