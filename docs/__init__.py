"""Documentation, and the catalogue that is written from the code."""
