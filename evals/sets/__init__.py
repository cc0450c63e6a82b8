"""Question sets over documents that are not the project's own, each with its roles."""
