"""The page of help about the disk."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_vdisk")

ENGLISH = """\
The disk holds your files on this site. They are private until you say otherwise.

## Put files in
Open **Disk**, then **Upload**, and choose one file or several. With JavaScript you can also drop
files and whole folders on the page of a folder, or paste them, of any size. **Uploads** shows
how far each is; pause one, and go on. Where the browser was closed meanwhile, choose the same
file again: what has arrived is not sent a second time. **Unfinished uploads**, under **More**,
lists what waits; it takes its room, and is destroyed after some days. A file whose name is in
the folder already becomes its new version, and what it was is kept. **New folder** makes a
folder; folders can hold folders.

## Find them again
A folder is sorted by name, date or size: press the head of the column. **Grid** shows pictures.
The search finds folders and files by their names, and texts, pages, PDF, ODT and DOCX by what they
say; those of others too, where you may see them. The field on your disk searches that alone. The
address of a thing stays the same when you rename or move it.
**Download as ZIP** brings a whole folder.

## Share
The badge beside each name says who can see it, and changes that. What says nothing itself is as
its folder. **Share** says more: who may add to a folder, and who may replace, rename, move and
throw away. Only who may see a thing can be given more. Whom you name for something inside a
folder sees that, not the folder. What others share with you is under **Shared with me**, and in
their space. What somebody adds to a folder of yours is yours, takes your room, and says from whom
it came; what they have begun to send takes it too, and is under **Unfinished uploads**, where you
can cancel it. A name can be in a folder only once: whoever may add to a folder, or change it, can
find out by trying whether a name is taken there, even by something that they may not see; they
learn nothing else of it. Keep what nobody may know of in a folder where nobody else adds.

## Links for people without an account
Under **Share**, a folder or a file leads to its links. Whoever has one sees what it leads to,
without an account, until its day, for as many downloads as you say, and with a password where you
give one; tell the password by another way. The link is shown once: copy it then. What has an
audience of its own in a folder stays with that. A link ends when you end it, and by itself when
you throw the thing away or let fewer people see it. **My links**, in the menu of the disk, lists
all of them with how often they were used.

## Move through it
With JavaScript, tick rows with the mouse, with Shift and Ctrl, or with the keyboard: arrows or j
and k, x to tick, Ctrl A for all, Escape for none, F2 to rename, Delete to throw away. Drag what is
ticked onto a folder, or onto the way above, to move it. On the page of a file the arrows lead to
its neighbours.

## In your programs
Where this site offers WebDAV, your disk is a folder on your computer or phone. First make an app
password for your disk: **Settings**, **App passwords**. The address is that of this site,
followed by `/dav/` and your login; you sign in with your login and the app password.
In **Windows**, open *This PC*, then *Map network drive*. On a **Mac**, in the Finder, *Go*, then
*Connect to Server*. In **GNOME**, *Files*, then *Other Locations*, with `davs://` in place of
`https://`. On a **phone**, an app that knows WebDAV, such as *Files* managers and those that copy
photos. With `/dav/` alone you also see a folder for each person who shares something with you.
While a program has a file open, the file's page says who is at work on it, and nobody else
changes it; its owner can end that there.

## Throw away
**Throw away** puts a thing into the trash: nobody sees it any more, on any page. From the trash
you put it back, or destroy it for good. After the days that its page says it is destroyed by
itself. Former versions, too, are kept for a while; under **Former versions** of a file you go
back to one, or erase it.

## By FTPS
Where the operator offers it, programs such as FileZilla, lftp or rclone reach your disk by FTP
over explicit TLS, at the address that the operator tells. Sign in with your login and an app
password for your disk, which you make in your settings, under Security; your own password is
never taken there. You begin in your disk; one folder up is a folder for each member who shares
something with you. What you delete goes to the trash, what you replace becomes a former version,
and what was cut off on its way is not there at all: send it again.

## Viruses
Where the operator has it done, each file is checked for viruses soon after it came; its page says
what was found. What holds a virus can be fetched and shared by nobody, and is seen by you alone:
throw it away, or replace it. “Not checked” means that the file is too large for the check, or
that the check was out of order.

## Room
All that you keep on this site, files that you attached to messages and posts too, shares one
room. The page of your disk shows how much is taken. The trash and former versions count.
"""

FRENCH = """\
Le disque garde vos fichiers sur ce site. Ils sont pour vous seul tant que vous ne dites rien
d’autre.

## Déposer des fichiers
Ouvrez **Disque**, puis **Déposer**, et choisissez un ou plusieurs fichiers. Avec JavaScript,
vous pouvez aussi déposer des fichiers et des dossiers entiers sur la page d’un dossier, ou les
coller, quelle que soit leur taille. **Envois** montre où en est chacun\u202f; vous pouvez
suspendre et reprendre. Si le navigateur a été fermé entre-temps, choisissez de nouveau le même
fichier\u00a0: ce qui est arrivé n’est pas envoyé une seconde fois. **Envois inachevés**, sous
**Plus**, montre ce qui attend\u202f; cela occupe sa place, et est détruit au bout de quelques
jours. Un fichier dont le nom est déjà dans le dossier devient sa nouvelle version, et l’ancienne
est gardée. **Nouveau dossier** crée un dossier\u202f; un dossier peut en contenir d’autres.

## Les retrouver
Un dossier est trié par nom, par date ou par taille\u00a0: choisissez l’en-tête de la colonne. La
**grille** montre les images. La recherche trouve dossiers et fichiers par leur nom, et les
textes, pages, PDF, ODT et DOCX par ce qu’ils disent, y compris ceux des autres quand vous pouvez
les voir. Le champ sur votre disque ne cherche que dans celui-ci. L’adresse
d’un fichier reste la même quand vous le renommez ou le déplacez. **Télécharger en ZIP**
apporte un dossier entier.

## Partager
Le badge à côté de chaque nom dit qui peut le voir, et permet d’en changer. Ce qui ne dit rien de
soi-même est comme son dossier. **Partager** en dit plus\u00a0: qui peut ajouter dans un dossier,
et qui peut remplacer, renommer, déplacer et jeter. On ne peut donner davantage qu’à qui peut voir.
Qui est nommé pour un fichier voit ce fichier, pas le dossier. Ce que les autres partagent avec
vous est sous **Partagé avec moi**, et dans leur espace. Ce que quelqu’un ajoute dans un de vos
dossiers est à vous, prend de votre place, et dit de qui cela vient\u202f; ce qui est en train
d’arriver en prend aussi, et se trouve sous **Envois inachevés**, où vous pouvez l’annuler. Un nom
n’existe qu’une fois dans un dossier\u00a0: qui peut y ajouter, ou le modifier, peut découvrir par
des essais si un nom y est pris, même par un fichier qu’il ne peut pas voir\u202f; il n’en apprend
rien d’autre. Gardez ce dont personne ne doit rien savoir dans un dossier où vous seul ajoutez.

## Des liens pour les personnes sans compte
Sous **Partager**, un dossier ou un fichier mène à ses liens. Quiconque en a un voit ce à quoi il
mène, sans compte, jusqu’à son échéance, pour autant de téléchargements que vous le dites, et avec
un mot de passe si vous en donnez un ; donnez celui-ci par une autre voie. Le lien n’est montré
qu’une fois : copiez-le alors. Ce qui a son propre public dans un dossier le garde. Un lien
prend fin quand vous y mettez fin, et de lui-même quand vous jetez ce à quoi il mène ou le montrez
à moins de monde. **Mes liens**, dans le menu du disque, les montre tous avec leur usage.

## S’y déplacer
Avec JavaScript, cochez des lignes à la souris, avec Maj et Ctrl, ou au clavier : les flèches ou
j et k, x pour cocher, Ctrl A pour tout, Échap pour rien, F2 pour renommer, Suppr pour jeter.
Glissez ce qui est coché sur un dossier, ou sur le chemin au-dessus, pour le déplacer. Sur la page
d’un fichier, les flèches mènent à ses voisins.

## Dans vos programmes
Si ce site offre WebDAV, votre disque est un dossier de votre ordinateur ou de votre téléphone.
Créez d’abord un mot de passe d’application pour votre disque\u00a0: **Réglages**, **Mots de
passe d’application**. L’adresse est celle de ce site, suivie de `/dav/` et de votre
identifiant\u202f; vous ouvrez la session avec votre identifiant et le mot de passe d’application.
Sous **Windows**, ouvrez *Ce PC*, puis *Connecter un lecteur réseau*. Sur un **Mac**, dans le
Finder, *Aller*, puis *Se connecter au serveur*. Sous **GNOME**, *Fichiers*, puis *Autres
emplacements*, avec `davs://` au lieu de `https://`. Sur un **téléphone**, une application qui
connaît WebDAV, comme les gestionnaires de fichiers et celles qui copient les photos. Avec `/dav/`
seul, vous voyez aussi un dossier pour chaque personne qui partage quelque chose avec vous. Tant
qu’un programme a un fichier ouvert, la page de ce fichier dit qui y travaille, et personne d’autre
ne le change\u202f; son propriétaire peut y mettre fin sur cette page.

## Jeter
**Jeter** met à la corbeille\u00a0: plus personne ne le voit, sur aucune page. De la corbeille,
vous pouvez le remettre, ou le détruire pour de bon. Passé le délai qu’indique sa page, il est
détruit de lui-même. Les anciennes versions aussi sont gardées un temps\u202f; sous **Anciennes
versions** d’un fichier, vous revenez à l’une d’elles, ou vous l’effacez.

## Par FTPS
Si l’opérateur le propose, des programmes comme FileZilla, lftp ou rclone atteignent votre disque
par FTP sur TLS explicite, à l’adresse que l’opérateur indique. Connectez-vous avec votre
identifiant et un mot de passe d’application pour votre disque, que vous créez dans vos réglages,
sous Sécurité\u202f; votre propre mot de passe n’y est jamais accepté. Vous commencez dans votre
disque\u202f; un dossier plus haut, il y a un dossier par membre qui partage quelque chose avec
vous. Ce que vous supprimez va à la corbeille, ce que vous remplacez devient une ancienne version,
et ce qui a été coupé en route n’est pas là du tout\u00a0: envoyez-le de nouveau.

## Virus
Si l’opérateur l’a prévu, des virus sont cherchés dans chaque fichier peu après son arrivée\u202f;
sa page dit ce qui a été trouvé. Ce qui contient un virus ne peut être ni obtenu ni partagé par
personne, et n’est vu que de vous\u00a0: jetez-le, ou remplacez-le. «\u202fVirus non
cherchés\u202f» veut dire que le fichier est trop grand pour cela, ou que la recherche était en
panne.

## Place
Tout ce que vous gardez sur ce site, y compris les fichiers joints à vos messages, partage une
même place. La page de votre disque montre ce qui est pris. La corbeille et les anciennes versions
comptent.
"""

PAGES = [HelpPage("disk", _("The disk"), {"en": ENGLISH, "fr": FRENCH})]
