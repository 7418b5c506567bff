"""What the operating system can do, with an answer where it cannot: locks, atomic files, timers, memory, processors."""
