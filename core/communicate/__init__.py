"""2 Communicate: a privacy-first community portal, and the pluggable framework it is made of."""

from typing import Any


def main(global_config: dict[str, Any], **settings: str) -> Any:
    """Return the WSGI application that the ini file describes (``paste.app_factory``)."""
    # Imported here: whoever needs one class of ours need not load the whole web side.
    from communicate.boot import make_app

    return make_app(global_config, settings)
