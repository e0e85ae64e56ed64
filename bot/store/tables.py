"""The tables of the store as they are after the last migration.

No column can hold who asked or judged, the channel it happened in, or the time of day. The
community is kept, so that its own moderators and no others read what was said there. The
channels in `communities` are those that moderators chose. What `installations` holds of a
workspace beside its id can be read with the operator's key alone.
"""

from sqlalchemy import Column, Date, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s"})

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("nearest", String(80)),
    Column("asked", Date, nullable=False, index=True),
    Column("community", String(80), index=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("reply", String(80), primary_key=True),
    Column("community", String(80)),
    Column("entry", String(80), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("reason", Text),
    Column("given", Date, nullable=False),
    Index(None, "community", "entry", "verdict"),
)

communities = Table(
    "communities",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("region", String(2)),
    Column("help_channels", Text, nullable=False),  # a JSON list of words, as is `disabled`
    Column("alerts_channel", String(80)),
    Column("disabled", Text, nullable=False),
)

installations = Table(
    "installations",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("sealed", Text, nullable=False),
)
