"""What is said of copies that cannot be made: the tree keeps the code, the page has the words."""

from pyramid.i18n import TranslationStringFactory

from communicate_vdisk.copying.walking import MOST
from communicate_vdisk.services import DEEP

_ = TranslationStringFactory("communicate_vdisk")

WHY = {
    "gone": _("What was to be copied is not there any more, or is not shared any more."),
    "closed": _("Nothing can be put there any more: choose another folder."),
    "many": _("This holds more than ${n} things: copy it in parts.", mapping={"n": MOST}),
    "deep": DEEP,
    "room": _("There is no room for it. Delete something first, also from the trash."),
    "busy": _("The folder that it goes to was being edited all the while: try again later."),
}
