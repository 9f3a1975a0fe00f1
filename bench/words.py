"""Comments, articles, messages: their pages as they grow, and news without a reload.

``--only NAME`` measures one figure; ``--messages``, ``--articles`` and ``--connected`` make
smaller sites.
"""

import harness

PARTS = {
    "article_vs_bare": "words_articles",
    "conversation_growth": "words_messages",
    "articles_sparse": "words_articles",
    "live_kept": "words_live",
    "live_delay": "words_live",
}
SIZES = {
    "messages": (100_000, "of the long conversation"),
    "articles": (100_000, "on the site"),
    "connected": (2_000, "members with a page open"),
}

if __name__ == "__main__":
    harness.parts("words", __doc__, PARTS, SIZES)
