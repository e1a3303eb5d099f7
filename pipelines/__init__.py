"""Files in: recognise, validate, store, publish."""
