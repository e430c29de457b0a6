"""The rules, as pure values: no database, no clock."""
