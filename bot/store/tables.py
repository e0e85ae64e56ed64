"""The tables of the store as they are after the last migration.

No column can hold who asked, where, or at what time of day.
"""

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, Text

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s"})

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("nearest", String(80)),
    Column("asked", Date, nullable=False, index=True),
)
