"""What may be done with articles, besides what core knows."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_articles")

FEED = Permission("articles.feed", _("Ask for a private feed of articles by its address"))
UNDO = Permission("articles.undo", _("Take back the deletion of an article"))
WRITE = Permission("articles.write", _("Write articles"))
