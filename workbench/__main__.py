"""`python -m workbench`: the command line without its script on the path."""

from workbench.cli import main

main()
