"""Where images come from: the known data sets, files in their formats, and downloads checked by hash."""
