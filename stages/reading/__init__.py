"""Reading of the digits of a picture: candidates, the choice among them, and the report with its figure."""
