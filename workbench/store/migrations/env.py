"""Alembic's entry: runs the revisions on the connection that `workbench.store.engine.migrate` gives."""

from alembic import context

from workbench.store.tables import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
