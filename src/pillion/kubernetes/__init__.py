"""What the API server and Go's typed codec do to an object."""
