"""The warehouse: engine, SQL, releases, metrics and the one query door."""
