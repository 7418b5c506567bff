"""The registry of known data sets: their files and hashes, mirrors, names of classes, and licences."""
