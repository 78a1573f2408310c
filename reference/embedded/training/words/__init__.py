"""Word lists; `SOURCES.md` says where they come from."""
