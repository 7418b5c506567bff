"""Work on all processors at once."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Item, Found = TypeVar("Item"), TypeVar("Found")


def map_in_threads(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Call a function that waits for other processes, one thread for each processor."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def map_in_processes(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Call a function of a module, one process for each processor."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(pool.map(function, items))
