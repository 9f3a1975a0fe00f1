"""Whether the certificate is for the name that mail programs connect to."""

from ipaddress import ip_address
from typing import Any

from cryptography import x509
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck
from communicate_email.programs.servers import name_of, servers

_ = TranslationStringFactory("communicate_email")


def certificate_is_for_it(registry: Any) -> Any:
    """Return what to do where programs would refuse the certificate for its name, or None."""
    settings = registry.settings
    if not servers(settings).all:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(
            settings["communicate.tls_certificate"].read_bytes()
        )
    except (OSError, ValueError):
        return None  # there is none: that is said elsewhere
    name = name_of(settings)
    if bears(certificate, name):
        return None
    return _(
        "The certificate in communicate.tls_certificate does not bear ${name}, so that mail "
        "programs refuse it: get one for that name, or write another as email.programs_host.",
        mapping={"name": name},
    )


def bears(certificate: x509.Certificate, name: str) -> bool:
    """Tell whether *certificate* is for the host *name* (RFC 6125, 6.4)."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    try:
        return ip_address(name) in found.get_values_for_type(x509.IPAddress)
    except ValueError:
        known = {one.lower() for one in found.get_values_for_type(x509.DNSName)}
    _first, dot, rest = name.lower().partition(".")
    return name.lower() in known or (bool(dot) and f"*.{rest}" in known)


HEALTH = (
    HealthCheck(
        "email.programs_name", _("Mail programs accept the certificate"), certificate_is_for_it
    ),
)
