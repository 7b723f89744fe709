"""What tests on Spark share: the marks that all of them carry."""

from __future__ import annotations

import pytest

# Names that ibis 12 and pyspark 4 use and pandas 3 is to drop, and sockets that Spark leaves to the garbage.
ON_SPARK = [
    pytest.mark.cluster,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
