"""Jobs side by side, each on a core of its own."""

import threading
from queue import Empty, Queue


def run_in_lanes(jobs, cores, work):
    """Calls work(*job, core) for each job in their order, one at a time for each of the cores."""
    queue = Queue()
    for job in jobs:
        queue.put(job)

    def lane(core):
        while True:
            try:
                job = queue.get_nowait()
            except Empty:
                return
            work(*job, core)

    lanes = [threading.Thread(target=lane, args=(core,)) for core in cores]
    for thread in lanes:
        thread.start()
    for thread in lanes:
        thread.join()
