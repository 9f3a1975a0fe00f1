"""What Thunderbird and those who do as it does are told: ``config-v1.1.xml``.

https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/config-file-format.html
"""

from xml.etree import ElementTree

from communicate_email.programs.servers import SMTP, STARTTLS, TLS, Server, Servers

SOCKETS = {TLS: "SSL", STARTTLS: "STARTTLS"}


def document(domain: str, site: str, servers: Servers, manual: str) -> bytes:
    """Return the file for addresses at *domain*; *manual* is the address of a page, if any.

    It names nobody: programs put in the address that was typed.
    """
    root = ElementTree.Element("clientConfig", version="1.1")
    provider = ElementTree.SubElement(root, "emailProvider", id=domain)
    for tag, text in (("domain", domain), ("displayName", site), ("displayShortName", site)):
        ElementTree.SubElement(provider, tag).text = text
    for one in servers.all:
        _add(provider, one)
    if manual:
        page = ElementTree.SubElement(provider, "documentation", url=manual)
        ElementTree.SubElement(page, "descr", lang="en").text = site
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(provider: ElementTree.Element, one: Server) -> None:
    tag = "outgoingServer" if one.kind == SMTP else "incomingServer"
    server = ElementTree.SubElement(provider, tag, type=one.kind)
    for name, text in (
        ("hostname", one.host),
        ("port", str(one.port)),
        ("socketType", SOCKETS[one.security]),
        ("username", "%EMAILADDRESS%"),
        ("authentication", "password-cleartext"),  # as it is, within TLS
    ):
        ElementTree.SubElement(server, name).text = text
