"""PyTorch's side of the benchmark `peers`.

    python uniadapter.py check FIXTURE ...    # against what the official modules wrote; differences and bounds
    python uniadapter.py serve WORKLOAD [12]  # of so many layers: {"torch"} once it is ready; then, for each line of
                                              # input, one run: {"seconds", "peakBytes"}; names are in workloads.py
"""

import json
import os
import resource
import sys
import time

import torch


def serve(name, layers=12):
    from workloads import WORKLOADS

    if name not in WORKLOADS:
        sys.exit(f"no workload {name}; there are: {', '.join(WORKLOADS)}")
    run = WORKLOADS[name](int(layers))
    answer(torch=torch.__version__)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        seconds = time.perf_counter() - start
        answer(seconds=seconds, peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def answer(**fields):
    print(json.dumps(fields), flush=True)


def check(paths):
    from parity import BOUNDS, check

    ok = True
    for path in paths:
        for quantity, difference in check(path).items():
            ok = ok and difference <= BOUNDS[quantity]
            print(f"{os.path.basename(path)}: {quantity} {difference:.1e} (at most {BOUNDS[quantity]:.0e})")
    return 0 if ok else 1


if __name__ == "__main__":
    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
    if len(sys.argv) in (3, 4) and sys.argv[1] == "serve":
        serve(*sys.argv[2:])
    elif len(sys.argv) > 2 and sys.argv[1] == "check":
        sys.exit(check(sys.argv[2:]))
    else:
        sys.exit(__doc__)
