"""Sources whose layout is no plain table: each adapter turns sheets into records of its source."""
