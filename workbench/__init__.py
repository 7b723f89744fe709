"""The shell of the workbench: storage, use cases, screen, Word, languages, command line."""
