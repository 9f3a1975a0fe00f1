"""The tables that both engines share; where words are kept is each engine's own matter."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA = "5"  # a catalog of another schema is dropped and made anew: all of it can be rebuilt

metadata = MetaData()

meta = Table(
    "catalog_meta", metadata, Column("name", Text, primary_key=True), Column("value", Text)
)

# SQLite finds a row by an INTEGER key at once, by a BIGINT one through an index beside the table.
Id = BigInteger().with_variant(Integer(), "sqlite")

# One row for each thing that can be found.
item = Table(
    "catalog_item",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("acl", BigInteger, nullable=False),
    Column("author", BigInteger),
    Column("container", BigInteger),
    Column("locator", Text, nullable=False),  # a JSON list of names
    Column("time", BigInteger, nullable=False),
    Column("sort", Text, nullable=False),
    Column("written", BigInteger, nullable=False),
    Index("catalog_item_newest", "time", "id"),
    # With what rights are asked of: a list passes by what is not for its reader in the index.
    Index("catalog_item_kind", "kind", "time", "id", "acl", "author"),
    Index("catalog_item_author", "author", "time", "id"),
    Index("catalog_item_container", "container", "time", "id"),
    Index("catalog_item_title", "kind", "sort", "id"),
    Index("catalog_item_acl", "acl", "id", "kind", "time", "author"),
    Index("catalog_item_written", "written"),
)

# What lists are narrowed by, such as a tag: of what members or everybody may read only.
label = Table(
    "catalog_label",
    metadata,
    Column("label", Text, primary_key=True),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Index("catalog_label_item", "id"),
)

# Which principals may read what an object governs.
right = Table(
    "catalog_right",
    metadata,
    Column("acl", BigInteger, primary_key=True, autoincrement=False),
    Column("principal", Text, primary_key=True),
    Column("written", BigInteger, nullable=False),
    Index("catalog_right_written", "written"),
    Index("catalog_right_principal", "principal", "acl"),
)

# The words of what only some may read, sealed under the key of whoever owns it.
sealed = Table(
    "catalog_sealed",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("acl", BigInteger, nullable=False),
    Column("author", BigInteger),
    Column("envelope", LargeBinary, nullable=False),
    Index("catalog_sealed_acl", "acl", "id"),
    Index("catalog_sealed_author", "author", "id"),
)

# Who holds a principal: the contacts of a member, the members of a circle.
holder = Table(
    "catalog_holder",
    metadata,
    Column("principal", Text, primary_key=True),
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    Index("catalog_holder_uid", "uid", "principal"),
)

# Who has blocked whom.
block = Table(
    "catalog_block",
    metadata,
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    Column("blocked", BigInteger, primary_key=True, autoincrement=False),
    Index("catalog_block_blocked", "blocked", "uid"),
)

# What was removed a moment ago: checked after a crash, and gone at the next checkpoint.
removed = Table(
    "catalog_removed",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("locator", Text, nullable=False),
    Column("written", BigInteger, nullable=False),
)
