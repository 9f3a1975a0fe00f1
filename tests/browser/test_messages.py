"""A conversation of three in a real browser, in both languages: written, deleted, left."""

import pytest

PEOPLE = ("anouk", "basile", "carla")
# Select the second text, which follows the first.
SELECT = """(body, [before, words]) => getSelection().setBaseAndExtent(
    body.firstChild, before.length, body.firstChild, before.length + words.length)"""
WORDS = {
    "fr": {
        "new": "Nouvelle conversation",
        "deleted": "Message supprimé",
        "left": "carla a quitté la conversation.",
        "undo": "Annuler",
        "read": "Lu par les participants seulement",
    },
    "en": {
        "new": "New conversation",
        "deleted": "Message deleted",
        "left": "carla has left the conversation.",
        "undo": "Undo",
        "read": "Read by those who take part only",
    },
}


@pytest.fixture
def window(lively, windows):
    """Return what opens windows of people who are signed in."""

    def opened(login, lang="fr"):
        page = windows.open(lively.server.url)
        page.context.add_cookies(lively.sessions.brought(lang, login))
        return page

    return opened


def send(window, words):
    """Write and send in the conversation that is open."""
    window.fill("#say textarea", words)
    with window.expect_navigation():
        window.click("#say [name=send]")


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.slow)])
def test_a_conversation_of_three_with_delete_and_leave(window, lang):
    said = WORDS[lang]
    anouk, basile, carla = (window(login, lang) for login in PEOPLE)

    # One begins it, naming the others.
    anouk.goto("/messages/new")
    assert anouk.locator("h1").inner_text() == said["new"]
    for login in ("basile", "carla"):
        anouk.locator(".people input").fill(login)
        anouk.keyboard.press("Tab")
    anouk.fill("[name=title]", f"Serre {lang}")
    anouk.fill("[name=body]", "Qui vient *samedi* ?")
    with anouk.expect_navigation():
        anouk.click("main [name=send]")
    assert said["read"] in anouk.inner_text("main")
    address = anouk.url.partition("#")[0]

    # The others find it in their lists, and answer.
    basile.goto("/messages")
    assert basile.locator(".rows .unread").count() >= 1
    basile.get_by_role("link", name=f"Serre {lang}").click()
    basile.wait_for_selector(".talk em")
    send(basile, "Moi, avec la brouette.")
    carla.goto(address)
    send(carla, "Je ne pourrai pas.")

    # Anouk's page shows what is new without a reload of hers.
    anouk.wait_for_selector(".talk >> text=Moi, avec la brouette.")
    anouk.wait_for_selector(".talk >> text=Je ne pourrai pas.")

    # She quotes some words of what has just come; they go with the message below.
    theirs = anouk.locator(".say", has_text="avec la brouette")
    theirs.locator(".post-body p").evaluate(SELECT, ["Moi, avec ", "la brouette"])
    theirs.locator("summary").click()
    theirs.locator("[data-quote]").click()
    anouk.keyboard.type("Parfait.")
    with anouk.expect_navigation():
        anouk.click("#say [name=send]")
    assert anouk.inner_text(".quoted p") == "la brouette"
    anouk.wait_for_selector(".talk >> text=Parfait.")

    # One deletes a message: it is gone for all, can be taken back, and is deleted again.
    mine = basile.locator(".say-mine").last
    mine.locator("summary").click()
    with basile.expect_navigation():
        mine.locator("[name=delete]").click()
    assert "brouette" not in basile.inner_text(".talk")
    assert said["deleted"] in basile.inner_text(".talk")
    anouk.wait_for_selector(".say-gone")  # her page drops the words by itself, quoted ones too
    assert "brouette" not in anouk.text_content(".talk")
    assert said["deleted"] in anouk.inner_text(".talk")
    with basile.expect_navigation():
        basile.get_by_role("button", name=said["undo"]).click()
    assert "brouette" in basile.inner_text(".talk")
    mine = basile.locator(".say-mine").last
    mine.locator("summary").click()
    with basile.expect_navigation():
        mine.locator("[name=delete]").click()
    anouk.reload()
    assert "brouette" not in anouk.inner_text(".talk")

    # One leaves: a line says so, and nothing opens there any more.
    carla.goto(f"{address}/about")
    with carla.expect_navigation():
        carla.click("[value=leave]")
    assert f"Serre {lang}" not in carla.inner_text("main")
    carla.watch.allowed.add(404)
    assert carla.goto(address).status == 404
    anouk.reload()
    assert said["left"] in anouk.inner_text(".talk")
    send(anouk, "Alors à deux.")
    basile.goto(address)
    assert "Alors à deux." in basile.inner_text(".talk")


def test_a_file_is_attached_and_can_be_taken_away_again(window, tmp_path):
    (tmp_path / "fiche.pdf").write_bytes(b"%PDF-1.4 une fiche")
    page = window("anouk")
    page.goto("/messages/new")
    page.locator(".people input").fill("basile")
    page.keyboard.press("Tab")
    page.fill("[name=body]", "Deux fiches.")
    with page.expect_navigation():
        page.click("main [name=send]")
    for _time in range(2):
        page.set_input_files("#say input[type=file]", tmp_path / "fiche.pdf")
        page.wait_for_selector(f"#say .attached-files li >> nth={_time}")
    remove = page.locator("#say .attached-files label", has_text="Retirer")
    assert [remove.nth(number).bounding_box()["width"] > 40 for number in range(2)] == [True, True]
    remove.first.click()
    send(page, "Une seule.")
    assert page.locator(".say-mine").last.locator("a.file-link").count() == 1
