"""The chapter as one page: its sections, with what the demonstrations report and figures that are live."""
