"""The page of help about the disk."""

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HelpPage

_ = TranslationStringFactory("communicate_vdisk")

ENGLISH = """\
The disk holds your files on this site. They are private until you say otherwise.

## Put files in
Open **Disk**, then **Upload**, and choose one file or several. With JavaScript you can also drop
files on the page of a folder, or paste them. A file whose name is in the folder already becomes
its new version, and what it was is kept. **New folder** makes a folder; folders can hold folders.

## Find them again
A folder is sorted by name, date or size: press the head of the column. **Grid** shows pictures.
The search of the site finds folders and files by their names, and texts by what they say; those
of others too, where you may see them. The address of a thing stays the same when you rename or
move it.
**Download as ZIP** brings a whole folder.

## Share
The badge beside each name says who can see it, and changes that. What says nothing itself is as
its folder. **Share** says more: who may add to a folder, and who may replace, rename, move and
throw away. Only who may see a thing can be given more. Whom you name for something inside a
folder sees that, not the folder. What others share with you is under **Shared with me**, and in
their space. What somebody adds to a folder of yours is yours, takes your room, and says from whom
it came.

## Throw away
**Throw away** puts a thing into the trash: nobody sees it any more, on any page. From the trash
you put it back, or destroy it for good. After the days that its page says it is destroyed by
itself. Former versions, too, are kept for a while; under **Former versions** of a file you go
back to one, or erase it.

## Room
All that you keep on this site, files that you attached to messages and posts too, shares one
room. The page of your disk shows how much is taken. The trash and former versions count.
"""

FRENCH = """\
Le disque garde vos fichiers sur ce site. Ils sont pour vous seul tant que vous ne dites rien
d’autre.

## Déposer des fichiers
Ouvrez **Disque**, puis **Déposer**, et choisissez un ou plusieurs fichiers. Avec JavaScript, vous
pouvez aussi déposer des fichiers sur la page d’un dossier, ou les coller. Un fichier dont le nom
est déjà dans le dossier devient sa nouvelle version, et l’ancienne est gardée. **Nouveau
dossier** crée un dossier\u202f; un dossier peut en contenir d’autres.

## Les retrouver
Un dossier est trié par nom, par date ou par taille\u00a0: choisissez l’en-tête de la colonne. La
**grille** montre les images. La recherche du site trouve dossiers et fichiers par leur nom, et
les textes par ce qu’ils disent, y compris ceux des autres quand vous pouvez les voir. L’adresse
d’un fichier reste la même quand vous le renommez ou le déplacez. **Télécharger en ZIP**
apporte un dossier entier.

## Partager
Le badge à côté de chaque nom dit qui peut le voir, et permet d’en changer. Ce qui ne dit rien de
soi-même est comme son dossier. **Partager** en dit plus\u00a0: qui peut ajouter dans un dossier,
et qui peut remplacer, renommer, déplacer et jeter. On ne peut donner davantage qu’à qui peut voir.
Qui est nommé pour un fichier voit ce fichier, pas le dossier. Ce que les autres partagent avec
vous est sous **Partagé avec moi**, et dans leur espace. Ce que quelqu’un ajoute dans un de vos
dossiers est à vous, prend de votre place, et dit de qui cela vient.

## Jeter
**Jeter** met à la corbeille\u00a0: plus personne ne le voit, sur aucune page. De la corbeille,
vous pouvez le remettre, ou le détruire pour de bon. Passé le délai qu’indique sa page, il est
détruit de lui-même. Les anciennes versions aussi sont gardées un temps\u202f; sous **Anciennes
versions** d’un fichier, vous revenez à l’une d’elles, ou vous l’effacez.

## Place
Tout ce que vous gardez sur ce site, y compris les fichiers joints à vos messages, partage une
même place. La page de votre disque montre ce qui est pris. La corbeille et les anciennes versions
comptent.
"""

PAGES = [HelpPage("disk", _("The disk"), {"en": ENGLISH, "fr": FRENCH})]
