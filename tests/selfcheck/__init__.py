"""The judge, as a user runs it, on a server that we have not written."""
