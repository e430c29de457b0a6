"""The only SQL: tables, migrations, repositories for writes, views for reads, and the fast message path."""
