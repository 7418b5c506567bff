"""The pages that nn writes on networks: the report of a folder, and the page to draw on."""
