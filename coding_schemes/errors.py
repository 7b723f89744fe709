"""The errors of coding schemes and theme tables."""


class SchemeError(Exception):
    """A coding scheme cannot be read or is not coherent; its text names file, place and remedy."""


class EmptySampleError(SchemeError):
    """A share was asked for over no interviews at all."""
