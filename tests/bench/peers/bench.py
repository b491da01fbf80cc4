# What the programs in Python share: how they are asked for samples.
import json
import sys
from time import perf_counter_ns

BATCH = 16


def batches(operation):
    """Times an operation that is too short to be timed by itself."""

    def sample():
        start = perf_counter_ns()
        for _ in range(BATCH):
            operation()
        return (perf_counter_ns() - start) / BATCH

    return sample


def serve(sample):
    """Takes as many samples as each line of the input says."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"samples": [sample() for _ in range(int(line))]}), flush=True)
