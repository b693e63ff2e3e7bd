"""Measures programs on the stress suite: how many runs are wrong, and how large errors are.

    python measure.py solve_network [SOLVER]     # path of the built example
    python measure.py scipy

`wrong` follows the criterion of `README.md`, as `tests/stress.rs` does.
"""

import collections
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy
import scipy.integrate

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
TOLERANCES = [1e-3, 1e-4, 1e-6, 1e-8]
SECONDS = 10  # of processor time for one run; longer counts as an error


def allowed(rtol):
    """The share of a pool's scale by which an answer may differ from the reference."""
    return min(1000 * rtol, 0.1)


def load():
    with open(os.path.join(HERE, "networks.json")) as file:
        stress = json.load(file)
    with open(os.path.join(HERE, "references.json")) as file:
        references = json.load(file)["networks"]
    for entry in stress["networks"]:
        reference = references.get(entry["network"]["name"])
        if reference:
            entry.update({k: numpy.array(reference[k]) for k in ("value", "scale", "apart")})
    return stress["networks"]


def error(entry, values):
    """The largest error as a share of the pool's scale, beyond what the references are apart."""
    values = numpy.array(values)
    if values.shape != entry["value"].shape or not numpy.all(numpy.isfinite(values)):
        return numpy.inf
    beyond = numpy.maximum(numpy.abs(values - entry["value"]) - entry["apart"], 0.0)
    return float(numpy.max(beyond / entry["scale"]))


def biodist(program):
    def solve(network, rtol):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(network, file)
            file.flush()
            done = subprocess.run([program, file.name, "--rtol", repr(rtol)], capture_output=True, text=True, timeout=SECONDS)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return [[float(x) for x in row.split(",")[1:]] for row in done.stdout.splitlines()[1:]]
    return solve


def by_scipy(method):
    def solve(network, rtol):
        f, jac, _ = generate.compiled(network)
        total = sum(generate.start(network))
        generate.limited(SECONDS)
        jacobian = {} if method == "DOP853" else {"jac": lambda _, y: numpy.array(jac(y.tolist()))}
        done = scipy.integrate.solve_ivp(
            lambda _, y: f(y.tolist()), (0, network["times"][-1]), generate.start(network), method=method,
            t_eval=network["times"], rtol=rtol, atol=1e-6 * rtol * total, **jacobian)
        generate.limited(0)
        if not done.success:
            raise RuntimeError(done.message)
        return done.y.T
    return solve


def measure(name, solve):
    entries = load()
    counts = collections.Counter()
    wrong, errors, failures = [], collections.defaultdict(list), []
    for entry in entries:
        for rtol in TOLERANCES:
            kind, network = entry["kind"], entry["network"]
            try:
                found = solve(network, rtol)
            except Exception as fault:
                outcome = "error"
                failures.append((network["name"], rtol, f"{type(fault).__name__}: {fault}"[:160]))
            else:
                apart = error(entry, found) if "value" in entry else numpy.inf
                outcome = "right" if apart <= allowed(rtol) else "wrong"
                if outcome == "wrong":
                    wrong.append((network["name"], rtol, apart))
                if "value" in entry:
                    errors[rtol].append(apart)
            finally:
                generate.limited(0)
            counts[kind, outcome] += 1
            counts["all", outcome] += 1
    print(f"## {name}")
    kinds = list(dict.fromkeys(entry["kind"] for entry in entries)) + ["all"]
    for kind in kinds:
        print(f"{kind:12}", *(f"{outcome} {counts[kind, outcome]:4}" for outcome in ("right", "wrong", "error")))
    for rtol in filter(errors.get, TOLERANCES):
        quantiles = numpy.quantile(numpy.array(errors[rtol]) / rtol, [0.5, 0.9, 0.99, 1], method="higher")
        print(f"error/rtol at {rtol:g}: median {quantiles[0]:.2g}, 90 % {quantiles[1]:.2g}, 99 % {quantiles[2]:.2g}, largest {quantiles[3]:.2g}")
    with open(os.path.join(tempfile.gettempdir(), f"stress_{name}.txt"), "w") as out:
        for row in wrong + failures:
            print(*row, file=out)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "scipy":
        for method in sys.argv[2:] or ["LSODA", "BDF", "Radau"]:
            measure(method, by_scipy(method))
    else:
        measure("biodist", biodist(sys.argv[1]))
