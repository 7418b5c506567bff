"""The containers of picture formats: what a file costs is known before it is decoded."""
