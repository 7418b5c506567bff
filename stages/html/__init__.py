"""Assembly of a page: one HTML file that needs no server and no network."""
