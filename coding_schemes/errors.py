"""The errors of coding schemes and theme tables."""


class SchemeError(Exception):
    """A coding scheme cannot be read or is not coherent; the text names the file, the place and the remedy."""


class EmptySampleError(SchemeError):
    """A share was asked for over no interviews at all."""
