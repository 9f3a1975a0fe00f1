"""What mail programs ask for by themselves: the same for every login, and limited."""

from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from communicate.accounts.limits import network
from communicate.interfaces import ILimits
from communicate.permissions import OPEN
from communicate.web.feeds import FORBIDDEN
from communicate_email.interfaces import IAddresses
from communicate_email.programs import autoconfig, autodiscover
from communicate_email.programs.servers import servers

AUTOCONFIG = ("/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/config-v1.1.xml")
#: As programs spell it; a pattern for all spellings would be tried for each page of the site.
SPELLINGS = ("autodiscover", "Autodiscover", "AutoDiscover", "AUTODISCOVER")
LIMIT = "email.discovering"
READ = ("GET", "HEAD")


def includeme(config: Configurator) -> None:
    """Add the addresses: programs have no cookie of ours, and nothing is changed here."""
    for n, path in enumerate(AUTOCONFIG):
        name = f"email.autoconfig.{n}"
        config.add_route(name, path)
        config.add_view(configured, route_name=name, permission=OPEN, request_method=READ)
    for n, first in enumerate(SPELLINGS):
        name, methods = f"email.autodiscover.{n}", (*READ, "POST")
        config.add_route(name, f"/{first}/{{file:(?i:autodiscover\\.xml)}}")
        config.add_view(
            discovered,
            route_name=name,
            permission=OPEN,
            request_method=methods,
            require_csrf=False,
        )


def count(request: Request) -> None:
    """Count one more question of that network; raise TooMany."""
    request.find_service(ILimits).hit(LIMIT, network(request))


def xml(body: bytes) -> Response:
    """Return *body* as an answer."""
    return Response(body, content_type="text/xml", charset="utf-8")


def configured(_context: Any, request: Request) -> Response:
    """Answer Thunderbird and those who ask as it does."""
    count(request)
    settings = request.registry.settings
    address = request.GET.get("emailaddress", "")
    domain = address.rpartition("@")[2].lower() if address else settings["email.domain"]
    there = servers(settings)
    if not request.find_service(IAddresses).is_local(domain) or there.reading is None:
        raise HTTPNotFound
    url = settings["communicate.url"]
    manual = f"{url}/help/mail-programs" if url else ""
    return xml(autoconfig.document(domain, settings["communicate.name"], there, manual))


def discovered(_context: Any, request: Request) -> Response:
    """Answer Outlook and those who ask as it does, whether by POST or by GET.

    What went wrong is said in the answer, as the protocol has it: its status is always 200.
    """
    count(request)
    try:
        asked = question(request)
    except autodiscover.Unreadable:
        return xml(autodiscover.failure(autodiscover.INVALID, "The request is no question."))
    there = servers(request.registry.settings)
    domain = asked.address.rpartition("@")[2]
    if asked.address and not request.find_service(IAddresses).is_local(domain):
        text = "No mail for that domain is here."
        return xml(autodiscover.failure(autodiscover.UNAVAILABLE, text))
    if there.reading is None or not autodiscover.wants_settings(asked):
        text = "This service is not offered."
        return xml(autodiscover.failure(autodiscover.UNAVAILABLE, text))
    return xml(autodiscover.document(asked.address, there))


def question(request: Request) -> autodiscover.Question:
    """Return what is asked; raise Unreadable."""
    if request.method == "POST":
        return autodiscover.read(request.body_file.read(autodiscover.LARGEST + 1))
    given = {name.lower(): value for name, value in request.GET.items()}
    address = given.get("email", "")
    if len(address) > autodiscover.LONGEST or FORBIDDEN.search(address):
        raise autodiscover.Unreadable("no address")
    return autodiscover.Question(address, "")
