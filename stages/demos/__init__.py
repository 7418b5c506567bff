"""The book's ideas as demonstrations, each a module with a table of its texts in English and Chinese."""
