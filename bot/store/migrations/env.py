"""Runs the migrations on the connection that `bot.store.sql` hands over; Alembic asks for it."""

from alembic import context

from bot.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite can alter little in place
)
with context.begin_transaction():
    context.run_migrations()
