"""What the operating system can do, with an answer where it cannot: locks, files, signals, memory, processors."""
