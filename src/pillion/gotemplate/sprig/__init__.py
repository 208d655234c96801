"""Sprig 3.3.0, the function library of template authors."""
