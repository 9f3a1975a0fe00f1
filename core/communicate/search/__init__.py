"""Finding: one page that searches every service.

What members or everybody may read is found by its words in the catalog; what is narrower is
opened and matched for its viewer (see `finding`).  What is shown is cut from the things
themselves, never from the catalog.  The page knows of no kind: see `declarations.Indexable`.
"""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Let plugins name searches of their own; the page is found by the scan."""
    from communicate.search.elsewhere import add_search_elsewhere

    config.registry.communicate_search_elsewhere = {}
    config.add_directive("add_search_elsewhere", add_search_elsewhere)
