"""``python -m pillion``."""

from pillion.cli.main import process

process()
