"""Makes the stress suite: `networks.json` and `references.json` beside this file.

    python -m venv v && v/bin/pip install numpy==2.4.6 scipy==1.17.1 mpmath==1.4.1
    v/bin/python generate.py

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, mpmath 1.4.1. `README.md` describes the files.
"""

import glob
import json
import math
import multiprocessing
import os
import pickle
import signal
import sys

import numpy
import scipy
import scipy.integrate

import networks

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 40  # s of processor time for each program and network


def compiled(file):
    """Gives f(y), its Jacobian and the slopes of the logarithms of a network, as functions of lists."""
    place = {pool: i for i, pool in enumerate(file["pools"])}
    size = len(place)
    rates, partials, shares = [], [], []
    for t in file["transfers"]:
        p = {k: repr(float(file["parameters"][t[k]])) for k in ("parameter", "vmax", "km", "half", "capacity") if k in t}
        x = f"y[{place[t['from']]}]"
        others = t.get("occupant") or t.get("competitor") or t.get("other") or t.get("load") or []
        others = [others] if isinstance(others, str) else others
        total = "(" + ("+".join(f"y[{place[o]}]" for o in others) or "0.0") + ")"
        c = repr(float(t.get("constant", 1.0)))
        law = t["law"]
        if law == "linear":
            rate, dx, do = f"{c}*{p['parameter']}*{x}", f"{c}*{p['parameter']}", None
        elif law == "capacity":
            room = f"(1.0-{total}/{p['capacity']})"
            k = f"{c}*{p['parameter']}"
            rate, dx, do = f"{k}*{x}*{room}", f"{k}*{room}", f"-{k}*{x}/{p['capacity']}"
        elif law == "michaelis_menten":
            load, k = f"({p['km']}+{x}+{total})", f"{c}*{p['vmax']}"
            rate, dx, do = f"{k}*{x}/{load}", f"{k}*({p['km']}+{total})/{load}/{load}", f"-{k}*{x}/{load}/{load}"
        elif law == "mass_action":
            k = f"{c}*{p['parameter']}"
            rate, dx, do = f"{k}*{x}*{total}", f"{k}*{total}", f"{k}*{x}"
        elif law == "blocked":
            k, free = f"{c}*{p['parameter']}", f"({p['half']}/({p['half']}+{total}))"
            rate, dx, do = f"{k}*{x}*{free}", f"{k}*{free}", f"-{k}*{x}*{free}/({p['half']}+{total})"
        else:
            rate, dx, do = f"{c}*{p['parameter']}", None, None
        source, target = place[t["from"]], place[t["to"]]
        share = f"({rate.replace('*' + x, '', 1)})" if law != "steady" else f"({rate})*exp(-z[{source}])"
        shares.append((source, target, share))
        rates.append((source, target, rate))
        for column, term in ([(place[t["from"]], dx)] if dx else []) + ([(place[o], do) for o in others] if do else []):
            partials.append((source, target, column, term))
    f = ["def f(y):", f" d=[0.0]*{size}"]
    for source, target, rate in rates:
        f += [f" r={rate}", f" d[{source}]-=r", f" d[{target}]+=r"]
    jac = ["def jac(y):", f" j=[[0.0]*{size} for _ in range({size})]"]
    for source, target, column, term in partials:
        jac += [f" r={term}", f" j[{source}][{column}]-=r", f" j[{target}][{column}]+=r"]
    logs = ["def logs(z):", " y=[exp(min(v,700.0)) for v in z]", f" d=[0.0]*{size}"]
    for source, target, share in shares:
        logs += [f" r={share}", f" d[{source}]-=r", f" d[{target}]+=r*exp(min(z[{source}]-z[{target}],700.0))"]
    space = {"exp": math.exp}
    exec("\n".join(f + [" return d"] + jac + [" return j"] + logs + [" return d"]), space)
    return space["f"], space["jac"], space["logs"]


def start(file):
    return [float(file["initial"].get(pool, 0.0)) for pool in file["pools"]]


def components(file):
    """Gives for each pool the total of the pools that exchange amounts with it."""
    label = {pool: pool for pool in file["pools"]}

    def root(pool):
        while label[pool] != pool:
            pool = label[pool]
        return pool

    for t in file["transfers"]:
        label[root(t["from"])] = root(t["to"])
    totals = {}
    for pool, amount in zip(file["pools"], start(file)):
        totals[root(pool)] = totals.get(root(pool), 0.0) + abs(amount)
    return [totals[root(pool)] for pool in file["pools"]]


class TooLong(Exception):
    pass


def limited(seconds):
    def stop(*_):
        raise TooLong()
    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)


def radau(file, rtol, atol):
    """scipy's Radau from output to output; also the largest amount of each pool up to each."""
    f, jac, _ = compiled(file)
    y, time, step = numpy.array(start(file)), 0.0, None
    values, tops = [], []
    top = numpy.abs(y)
    for until in file["times"]:
        if until > time:
            solver = scipy.integrate.Radau(lambda _, y: numpy.array(f(y.tolist())), time, y, until, rtol=rtol, atol=atol,
                                           jac=lambda _, y: numpy.array(jac(y.tolist())),
                                           first_step=None if step is None else min(step, until - time))
            while solver.status == "running":
                message = solver.step()
                if solver.status == "failed":
                    raise RuntimeError(message)
                top = numpy.maximum(top, numpy.abs(solver.y))
                if solver.t < until:
                    step = solver.step_size
            y, time = solver.y, until
        values.append(y.copy())
        tops.append(top.copy())
    return numpy.array(values), numpy.array(tops)


def lsoda(file, rtol, atol):
    """ODEPACK's LSODA."""
    f, jac, _ = compiled(file)
    times = file["times"] if file["times"][0] == 0 else [0.0] + file["times"]
    values, report = scipy.integrate.odeint(
        lambda y, _: f(y.tolist()), start(file), times, Dfun=lambda y, _: jac(y.tolist()),
        rtol=rtol, atol=atol, mxstep=2_000_000, full_output=True)
    if report["message"] != "Integration successful.":
        raise RuntimeError(report["message"])
    return values if file["times"][0] == 0 else values[1:]


def without_empty(file):
    """Gives the network without the pools that nothing ever feeds and that hold nothing: they stay empty."""
    held = {pool for pool in file["pools"] if file["initial"].get(pool, 0.0) > 0}
    fed = held | {None}
    while fed != held:
        fed = set(held)
        held |= {t["to"] for t in file["transfers"] if t["from"] in held}
    transfers = []
    for t in file["transfers"]:
        if t["from"] not in held:
            continue
        t = dict(t)
        for field in ("occupant", "competitor", "other", "load"):
            if field in t:
                pools = [t[field]] if isinstance(t[field], str) else t[field]
                t[field] = [pool for pool in pools if pool in held]
        transfers.append(t)
    return dict(file, pools=[pool for pool in file["pools"] if pool in held], transfers=transfers)


def in_logarithms(file, floor):
    """Both programs on the logarithms of the amounts, which keep their sign and their relative accuracy.

    They begin where every pool that is ever fed holds something.
    """
    whole, file = file, without_empty(file)
    place = [whole["pools"].index(pool) for pool in file["pools"]]
    floor = floor[place]
    _, _, logs = compiled(file)
    times = [time for time in file["times"] if time > 0]
    begin = 1e-4 * times[0]
    _, tops = radau(dict(file, times=[begin]), 1e-8, floor * 1e-10)
    amounts, _ = radau(dict(file, times=[begin]), 1e-11, 1e-11 * numpy.maximum(tops[-1], floor * 1e-20))
    first = start_of_logs = numpy.log(numpy.maximum(amounts[-1], floor * 1e-65))
    time, states, top, tops = begin, [], numpy.exp(first), []
    for until in times:
        solver = scipy.integrate.Radau(lambda _, z: numpy.array(logs(z.tolist())), time, first, until, rtol=1e-12, atol=1e-9)
        while solver.status == "running":
            message = solver.step()
            if solver.status == "failed":
                raise RuntimeError(message)
            top = numpy.maximum(top, numpy.exp(solver.y))
        first, time = solver.y, until
        states.append(numpy.exp(first))
        tops.append(top)
    second, report = scipy.integrate.odeint(
        lambda z, _: logs(z.tolist()), start_of_logs, [begin] + times, rtol=1e-12, atol=1e-10, mxstep=2_000_000, full_output=True)
    if report["message"] != "Integration successful.":
        raise RuntimeError(report["message"])
    rows = [numpy.array(start(file))] * (len(file["times"]) - len(times))
    found = numpy.zeros((3, len(file["times"]), len(whole["pools"])))
    found[:, :, place] = [rows + states, rows + list(numpy.exp(second[1:])), rows + tops]
    return found


def reference(job):
    """As `solved`, from the folder of the variable STRESS_CACHE where it holds the answer."""
    cache = os.environ.get("STRESS_CACHE")
    path = cache and os.path.join(cache, job[1]["name"].replace("/", " ") + ".pickle")
    if path and os.path.exists(path):
        with open(path, "rb") as file:
            result = pickle.load(file)
        if result[1] == job[1]:
            return result
    result = solved(job)
    if path:
        with open(path, "wb") as file:
            pickle.dump(result, file)
    return result


def solved(job):
    """Solves with both programs; gives values, scales and how far the two are apart.

    In amounts; in their logarithms where that fails or the two do not agree, as they do where noise of one sign
    or the other grows out of an empty pool.
    """
    kind, file = job
    totals = numpy.array(components(file))
    floor = 1e-15 * numpy.where(totals > 0, totals, 1.0)
    fault = None
    for program in (in_amounts, in_logarithms):
        try:
            limited(LIMIT)
            first, second, tops = program(file, floor)
            limited(0)
        except TooLong:
            fault = "took too long"
            continue
        except Exception as error:
            fault = f"failed: {error}"
            continue
        finally:
            limited(0)
        result = kind, file, None, first, second, numpy.maximum(tops, floor)
        fault = accepted(result)[0]
        if not fault:
            return result
    # What users reported stays, with a wide `apart` where it has no sharper answer.
    return result if kind == "reported" else (kind, file, fault, None, None, None)


def in_amounts(file, floor):
    _, tops = radau(file, 1e-8, floor * 1e-3)
    # Relative to what is there at first: an error then grows with the cells.
    atol = 1e-13 * numpy.maximum(tops[0], 1e-16 * numpy.maximum(tops[-1], floor))
    first, tops = radau(file, 1e-11, atol)
    return first, lsoda(file, 1e-12, atol), tops


def reported():
    """Networks that users reported: `reported/*.json`, with values that were known before."""
    for path in sorted(glob.glob(os.path.join(HERE, "reported", "*.json"))):
        with open(path) as file:
            network = json.load(file)
        network["name"] = "reported: " + os.path.basename(path)[:-5]
        yield "reported", network


def digits(array, count):
    return [[float(f"{x:.{count}g}") for x in row] for row in array]


def accepted(result):
    """Gives the reference of a network, or why it is dropped."""
    kind, file, fault, first, second, scale = result
    if fault:
        return fault, None
    whole = scale[-1]
    apart = numpy.abs(first - second)
    agreed = 1e-7 * numpy.maximum(abs(first), abs(second)) + 1e-9 * whole
    if not numpy.all(apart <= agreed) and kind != "reported":
        return f"the programs differ by {numpy.max(apart / agreed) * 1e-7:.1e}", None
    if numpy.min(first / whole) < -1e-9 and not drains(file):
        return "an amount leaves the domain", None
    scale = numpy.maximum(scale, 1e-6 * whole)
    return None, {"value": digits(first, 11), "scale": digits(scale, 3),
                  "apart": digits(apart + 1e-10 * numpy.abs(first), 2)}


def drains(file):
    return any(t["law"] == "steady" for t in file["transfers"])


def save(results):
    versions = {"python": sys.version.split()[0], "numpy": numpy.__version__, "scipy": scipy.__version__}
    kept, references, dropped = [], {}, {}
    for result in sorted(results, key=lambda r: (list(networks.KINDS).index(r[0]) if r[0] in networks.KINDS else -1, r[1]["name"])):
        kind, file = result[:2]
        fault, found = accepted(result)
        if fault:
            dropped[file["name"]] = fault
            continue
        references[file["name"]] = found
        kept.append({"kind": kind, "expect": "value", "network": file})
    for net, expect in networks.no_answer():
        file = net.as_file()
        kept.append({"kind": "no answer", "expect": expect, "network": file})
        if expect == "error or value":
            fault, references[file["name"]] = accepted(reference(("no answer", file)))
            assert not fault, fault
    write("networks.json", {"networks": kept}, "networks")
    write("references.json", {"versions": versions, "dropped": dropped, "networks": references}, "networks")
    print(len(kept), "kept,", len(dropped), "dropped")
    for name, fault in dropped.items():
        print(f"dropped {name}: {fault}")


def write(name, content, list_of):
    """Writes JSON with one network a line."""
    rest = {key: value for key, value in content.items() if key != list_of}
    rows = content[list_of]
    if isinstance(rows, dict):
        lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in rows.items()]
        body = "{\n" + ",\n".join(lines) + "\n}"
    else:
        body = "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]"
    head = "".join(f"{json.dumps(key)}: {json.dumps(value)},\n" for key, value in rest.items())
    with open(os.path.join(HERE, name), "w") as out:
        out.write("{\n" + head + f"{json.dumps(list_of)}: {body}\n}}\n")


def main():
    jobs = list(reported()) + list(networks.drawn())
    results = []
    with multiprocessing.Pool(2) as pool:
        for result in pool.imap_unordered(reference, jobs, chunksize=1):
            results.append(result)
            print(result[1]["name"], accepted(result)[0] or "agreed", flush=True)
    save(results)


if __name__ == "__main__":
    main()
