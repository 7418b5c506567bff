"""Downloads of known sets: addresses, limits of a connection, archives and the cache; all files are checked."""
