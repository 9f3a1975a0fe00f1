"""What a mail program asks for is copied by one press."""

from typing import Any

import pytest

from .mail import make_password

PAGE = "/members/farid/mail/programs"


@pytest.fixture
def page(visit: Any, site: Any) -> Any:
    shown = visit("fr", "farid")
    shown.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.goto(f"{site.server.url}{PAGE}")
    return shown


def copied(page: Any, name: str) -> str:
    """Return what the button beside *name* puts into the clipboard."""
    button = page.locator(f"[data-copy={name}]")
    button.click()
    button.filter(has_text="Copié").wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_each_piece_and_the_new_app_password(page):
    assert copied(page, "program-address") == "farid@canal.example"
    assert copied(page, "program-imap") == "mail.canal.example"
    make_password(page)
    secret = page.locator(".secret").inner_text()
    assert copied(page, "program-secret") == secret
    assert 'set folder = "imaps://mail.canal.example:993/"' in copied(page, "code-mutt")
