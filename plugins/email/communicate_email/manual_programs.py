"""The page of help about members' own mail programs."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_email")

EN = """
Your mail here can be read and written in a mail program, on a computer or a phone, where this
site serves them. *Settings of mail*, *Set up your mail program* says what yours asks for, for
this site and for you; many programs find it by themselves once they know your address.

## The app password

A program never gets your own password, but one that you make for it, on that page. It is shown
once. It opens your mail and nothing else: no page of your account, no other service. Make one
for each program: when a device is lost, you revoke its password under *App passwords*, and the
others go on. From then on the program reads and sends nothing more, even if it is connected.

## IMAP or POP3

* With **IMAP**, your mail stays here. What you read, move, mark or delete in a program is so on
  these pages and in your other programs, too, and the other way round.
* With **POP3**, a program fetches what lies in your inbox. Most delete it here then, unless you
  tell them to leave it; your folders, and what you sent, are not seen.

If in doubt, choose IMAP.

## What a program does with your mail

What a program fetches lies on that device, readable by whoever can use it: this site cannot seal
it there, nor delete it when you delete it here. Some programs are no programs of your device
alone: they hand your password to their maker, whose machines then read your mail for you. The
new Outlook for Windows and Outlook on phones do so. Thunderbird, K-9 Mail, FairEmail, Apple Mail,
mutt and the classic Outlook connect from your device.

## Deleting, labels, junk

Most programs move what you delete into the trash, from where you take it back on these pages,
too. What a program deletes for good, as when you empty the trash in it, is destroyed here at
once. Some only mark it until they tidy up: until then it is struck out on these pages, and moving
it to another folder keeps it.

Labels are what programs call keywords, or tags. What you move into the junk folder with a
program, or out of it, teaches the junk filter of this site as it does here. Filters and your away
answer are made on these pages only.

## The profile for iPhone, iPad and Mac

The page offers a file that sets the account up. Downloaded while a new app password is shown, it
holds that password: delete the file afterwards. Otherwise the device asks for it.
"""

FR = """
Votre courrier peut être lu et écrit ici avec un logiciel de messagerie, sur un ordinateur ou un
téléphone, si ce site les accueille. *Réglages du courrier*, *Configurer votre logiciel de
messagerie* dit ce que le vôtre demande, pour ce site et pour vous ; beaucoup de logiciels le
trouvent seuls dès qu’ils connaissent votre adresse.

## Le mot de passe d’application

Un logiciel ne reçoit jamais votre propre mot de passe, mais un autre, que vous créez pour lui sur
cette page. Il est montré une seule fois. Il ouvre votre courrier et rien d’autre : aucune page de
votre compte, aucun autre service. Créez-en un par logiciel : si un appareil est perdu, vous
révoquez le sien dans *Mots de passe d’application*, et les autres continuent. Dès lors, ce
logiciel ne lit et n’envoie plus rien, même s’il est connecté.

## IMAP ou POP3

* Avec **IMAP**, votre courrier reste ici. Ce que vous lisez, déplacez, marquez ou supprimez dans
  un logiciel l’est aussi sur ces pages et dans vos autres logiciels, et inversement.
* Avec **POP3**, un logiciel vient chercher ce qui se trouve dans votre boîte de réception. La
  plupart l’effacent alors ici, sauf si vous leur dites de le laisser ; vos dossiers et vos
  messages envoyés ne sont pas vus.

Dans le doute, choisissez IMAP.

## Ce qu’un logiciel fait de votre courrier

Ce qu’un logiciel vient chercher se trouve sur cet appareil, lisible par quiconque peut s’en
servir : ce site ne peut ni l’y sceller, ni l’y supprimer quand vous le supprimez ici. Certains ne
travaillent pas seulement sur votre appareil : ils confient votre mot de passe à leur éditeur, dont
les machines lisent alors votre courrier pour vous. C’est le cas du nouvel Outlook pour Windows et
d’Outlook sur téléphone. Thunderbird, K-9 Mail, FairEmail, Apple Mail, mutt et l’Outlook classique
se connectent depuis votre appareil.

## Supprimer, étiqueter, trier

La plupart des logiciels mettent ce que vous supprimez dans la corbeille, d’où vous pouvez le
reprendre, sur ces pages aussi. Ce qu’un logiciel supprime définitivement, par exemple quand vous y
videz la corbeille, est détruit ici aussitôt. Certains se contentent de le marquer jusqu’à leur
prochain ménage : en attendant, c’est barré sur ces pages, et le mettre dans un autre dossier le
conserve.

Vos étiquettes sont ce que les logiciels appellent mots-clés ou étiquettes. Ce que vous mettez aux
indésirables avec un logiciel, ou en sortez, instruit le filtre du site comme ici. Les filtres et
votre réponse d’absence se règlent uniquement sur ces pages.

## Le profil pour iPhone, iPad et Mac

La page propose un fichier qui configure le compte. Téléchargé pendant qu’un nouveau mot de passe
d’application est montré, il le contient : supprimez ensuite ce fichier. Sinon, l’appareil le
demande.
"""

PAGE = HelpPage("mail-programs", _("Mail programs"), {"en": EN, "fr": FR})
