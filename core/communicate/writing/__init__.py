"""What members write with, whatever they write: counting, previews, drafts, attachments."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Do nothing yet: the views are found by the scan."""
