"""Go's text/template: compiled to Python, with sprig's functions."""
