"""The injection engine: data in, data out."""
