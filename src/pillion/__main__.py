"""``python -m pillion``."""

import sys

from pillion.cli.main import main

sys.exit(main())
