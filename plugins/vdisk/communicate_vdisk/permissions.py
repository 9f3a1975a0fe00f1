"""What may be done with folders and files, besides what core knows."""

from pyramid.i18n import TranslationStringFactory

from communicate.permissions import Permission

_ = TranslationStringFactory("communicate_vdisk")

ADD = Permission("vdisk.add", _("Add files and folders"))
CHANGE = Permission("vdisk.change", _("Replace, rename and move files and folders"))
OWN = Permission("vdisk.own", _("Decide who sees a folder or a file, and look into its past"))
RESTORE = Permission("vdisk.restore", _("Take a folder or a file out of the trash"))
