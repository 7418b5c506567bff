"""The pages that nn writes: their assembly into one HTML file, the report of a folder, and the page to draw on."""
