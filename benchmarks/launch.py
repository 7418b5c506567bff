"""Run a command and print its wall seconds, CPU seconds and peak memory in MB, including its children.

This is a separate small program because on Linux, the peak memory of a new process starts at that of its parent.

    python benchmarks/launch.py nn --version
"""

import os
import subprocess
import sys
import time

started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # bytes on macOS, KiB elsewhere
print(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, peak / 1e6)
process.returncode = os.waitstatus_to_exitcode(status)
sys.exit(process.returncode)
