"""What the operating system can do, with an answer where it cannot: locks, atomic files, signals, memory, processors."""
