"""The member's page about articles: the address of the private feed, and one's folder."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.permissions import MEMBER
from communicate.web import feeds, notices
from communicate.web.sitemap import base
from communicate_articles.content import NAME
from communicate_articles.feeds import new_feed, revoke

_ = TranslationStringFactory("communicate_articles")

ROUTE = "account.articles"
PATH = "/account/articles"
TEMPLATE = "communicate_articles:templates/account.pt"


def account_page(request: Request, key: str = "") -> dict[str, Any]:
    """Return what the page shows; addresses with the *key* of the private feed are shown once."""
    place = f"{base(request)}/articles/private/{key}"
    addresses = [f"{place}.atom", f"{place}.json"] if key else []
    has_feed = request.member.uid in request.site[NAME].feeds
    return page(request, ROUTE, feed=feeds.section(request, PATH, addresses, has_feed))


@view_config(route_name=ROUTE, permission=MEMBER, request_method="GET", renderer=TEMPLATE)
def settings(_context: Any, request: Request) -> dict[str, Any]:
    """Show whether there is a private feed, and how one takes one's articles along."""
    return account_page(request)


@view_config(route_name=ROUTE, permission=MEMBER, request_method="POST", renderer=TEMPLATE)
def change(_context: Any, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Make, renew or revoke the private feed."""
    act = request.POST.get("feed")
    if act == "new":
        return account_page(request, new_feed(request, request.member.uid))
    if act != "revoke":
        raise HTTPBadRequest(_("Choose to make a private feed or to revoke it."))
    revoke(request, request.member.uid)
    notices.give(request, _("The private feed is revoked: its address is worth nothing."))
    return HTTPSeeOther(PATH)
