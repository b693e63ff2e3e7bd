"""Draws the networks of the stress suite: seven kinds, each from a seed of its own.

Only `random.Random` is used, whose stream is the same in every version of Python 3.
"""

import random

PER_KIND = 44


class Net:
    """A network under construction; numbers are rounded to four digits to keep files short."""

    def __init__(self, name):
        self.name, self.pools, self.initial = name, [], {}
        self.parameters, self.transfers, self.times = {}, [], []

    def pool(self, name, amount=0.0):
        self.pools.append(name)
        self.initial[name] = rounded(amount)
        return name

    def add(self, law, source, target, pools=None, **values):
        number = len(self.transfers)
        transfer = {"id": str(number), "from": source, "to": target, "law": law}
        for field, value in values.items():
            self.parameters[f"{field[0]}{number}"] = rounded(value)
            transfer[field] = f"{field[0]}{number}"
        field = {"capacity": "occupant", "michaelis_menten": "competitor",
                 "mass_action": "other", "blocked": "load"}.get(law)
        if pools:
            transfer[field] = pools
        self.transfers.append(transfer)

    def linear(self, source, target, rate):
        self.add("linear", source, target, parameter=rate)

    def bed(self, source, target, rate, room, occupants=None):
        self.add("capacity", source, target, occupants or [target], parameter=rate, capacity=room)

    def saturable(self, source, target, vmax, km, competitors=None):
        self.add("michaelis_menten", source, target, competitors, vmax=vmax, km=km)

    def meet(self, source, target, rate, others):
        self.add("mass_action", source, target, others, parameter=rate)

    def blocked(self, source, target, rate, half, load):
        self.add("blocked", source, target, load, parameter=rate, half=half)

    def steady(self, source, target, rate):
        self.add("steady", source, target, parameter=rate)

    def at(self, times):
        self.times = sorted({rounded(t) for t in times})
        return self

    def as_file(self):
        return {"name": self.name, "pools": self.pools, "initial": self.initial,
                "parameters": self.parameters, "transfers": self.transfers, "times": self.times}


def rounded(value):
    return float(f"{value:.4g}")


def decades(rng, low, high):
    """Draws a number whose decimal logarithm is uniform."""
    return 10 ** rng.uniform(low, high)


def spread(first, last, count):
    """Gives times in geometric progression."""
    return [first * (last / first) ** (i / (count - 1)) for i in range(count)]


# 1. Limited capacity ---------------------------------------------------------------------------

def capacity(rng, index):
    net = Net(f"capacity {index}")
    shape = index % 4
    room = decades(rng, 1, 9)
    load = room * rng.choice([0.3, 0.9, 1.5, 5, 10, 30, 200])
    turnover, death = decades(rng, 0.5, 5.5), decades(rng, -2, 0.5)
    release = decades(rng, -3, 0.5) if rng.random() < 0.7 else 0.0
    empties = (load / room + 1) / death
    net.pool("blood", load)
    if shape in (0, 3):
        net.pool("lodged", room * rng.choice([0, 0.5, 0.9, 0.999999, 1.0, 1.5, 4]))
        net.pool("remains")
        net.bed("blood", "lodged", turnover, room)
        net.linear("lodged", "remains", death)
        if release:
            net.linear("lodged", "blood", release)
        if shape == 3:
            net.pool("cleared")
            net.saturable("remains", "cleared", death * room * rng.uniform(0.2, 3), room * decades(rng, -4, 1))
    elif shape == 1:
        classes = rng.randint(2, 6)
        beds = [f"lodged{i}" for i in range(classes)]
        for i, bed in enumerate(beds):
            if i:
                net.pool(f"blood{i}", load * decades(rng, -3, 0))
            net.pool(bed, room / classes * rng.choice([0, 0.5, 0.99]))
        net.pool("remains")
        for i, bed in enumerate(beds):
            source = f"blood{i}" if i else "blood"
            net.bed(source, bed, turnover * decades(rng, -2, 0), room, beds)
            net.linear(bed, "remains", death * decades(rng, -1, 1))
            if release:
                net.linear(bed, source, release * decades(rng, -1, 1))
    else:
        net.pool("tissue")
        for i in range(rng.randint(2, 4)):
            bed = net.pool(f"bed{i}", room * rng.choice([0, 0.7, 1.0, 2.0]))
            small = room * decades(rng, -4, 0)
            net.initial[bed] = rounded(small * rng.choice([0, 0.7, 1.0, 2.0]))
            net.bed("blood", bed, turnover * decades(rng, -2, 0), small)
            net.linear(bed, "tissue", death * decades(rng, -1, 1))
        net.bed("tissue", "blood", turnover * 0.01, load)
        net.pool("remains")
        net.linear("tissue", "remains", death)
    points = [1e-4 / turnover, 1 / turnover, 0.01, 0.3, 0.7, 0.97, 1.03, 1.4, 4, 10]
    return net.at([p if i < 2 else p * empties for i, p in enumerate(points)])


# 2. Small Michaelis constants and half-loads -----------------------------------------------------

def saturation(rng, index):
    net = Net(f"saturation {index}")
    shape = index % 5
    amount = decades(rng, 2, 10)
    km = amount * decades(rng, -9, -2)
    empties = float(rng.choice([1, 2, 10, 24, rng.uniform(0.1, 100)]))
    vmax = amount / empties
    a, b = net.pool("a", amount), net.pool("b")
    if shape == 0:
        net.saturable(a, b, vmax, km)
        if rng.random() < 0.6:
            net.linear(b, net.pool("c"), decades(rng, -2, 2))
    elif shape == 1:
        net.blocked(a, b, vmax / km, km, [a])
        net.linear(b, net.pool("c"), decades(rng, -2, 1))
    elif shape == 2:
        rival = net.pool("rival", amount * decades(rng, -3, 0.5))
        net.pool("sink")
        net.saturable(a, b, vmax, km, [rival])
        net.saturable(rival, b, vmax * decades(rng, -1, 1), km, [a])
        net.saturable(b, "sink", vmax * decades(rng, -1, 0.5), km * decades(rng, -2, 1))
    elif shape == 3:
        chain = [a, b] + [net.pool(f"c{i}") for i in range(rng.randint(1, 4))]
        for left, right in zip(chain, chain[1:]):
            net.saturable(left, right, vmax * decades(rng, -0.5, 0.7), km * decades(rng, -1, 1))
        net.linear(chain[-1], a, decades(rng, -3, -1) / empties)
    else:
        stock = net.pool("stock", amount * 50)
        net.steady(stock, a, vmax * rng.choice([0.001, 0.2, 0.9, 0.999]))
        net.saturable(a, b, vmax, km)
        blocker = net.pool("blocker", amount * decades(rng, -6, 0))
        net.linear(blocker, b, decades(rng, -1, 1) / empties)
        net.blocked(b, stock, decades(rng, -1, 2), km * decades(rng, -1, 2), [blocker])
    return net.at([empties * p for p in [1e-6, 0.1, 0.5, 0.9, 1.0, 1.05, 1.1, 2, 10]])


# 3. Growth from few cells ------------------------------------------------------------------------

def growth(rng, index):
    net = Net(f"growth {index}")
    shape = index % 5
    total, seed = decades(rng, 6, 13), float(rng.choice([1, 1, 10, rng.uniform(0.5, 3)]))
    speed = decades(rng, -1, 1)
    full = 2.302585 * len(f"{total:.0f}") / speed
    food, cells = net.pool("food", total), net.pool("cells", seed)
    if shape == 0:
        net.meet(food, cells, speed / total, [cells])
        if rng.random() < 0.5:
            net.linear(cells, net.pool("dead"), speed * rng.uniform(0.01, 0.5))
    elif shape == 1:
        net.initial["cells"] = 0.0
        chain = [net.pool("seed", seed)] + [net.pool(f"delay{i}") for i in range(rng.randint(1, 6))]
        for left, right in zip(chain, chain[1:] + [cells]):
            net.linear(left, right, speed * decades(rng, -1, 1))
        net.meet(food, cells, speed / total, [cells])
    elif shape == 2:
        top = net.pool("hunters", float(rng.choice([1, 10, 1000])))
        net.pool("dead")
        net.meet(food, cells, speed / total, [cells])
        net.meet(cells, top, speed * rng.uniform(0.3, 2) / total, [top])
        net.linear(top, "dead", speed * rng.uniform(0.02, 0.4))
        net.linear("dead", food, speed * rng.uniform(0.02, 0.4))
    elif shape == 3:
        bed = net.pool("lodged")
        net.pool("dead")
        net.meet(food, cells, speed / total, [cells])
        net.bed(cells, bed, speed * decades(rng, -1, 2), total * decades(rng, -5, -1))
        net.linear(bed, cells, speed * decades(rng, -1, 0.5))
        net.linear(bed, "dead", speed * decades(rng, -2, -0.5))
    else:
        rival = net.pool("rival", float(rng.choice([1, 5, 1e3])))
        net.meet(food, cells, speed / total, [cells])
        net.meet(food, rival, speed * rng.uniform(0.6, 1.6) / total, [rival])
        net.saturable(cells, net.pool("dead"), total * speed * decades(rng, -4, -1),
                      total * decades(rng, -3, -1))
    return net.at([full * p for p in [1e-3, 0.3, 0.6, 0.8, 0.93, 1.0, 1.1, 1.5, 4]])


# 4. Reservoirs -----------------------------------------------------------------------------------

def reservoir(rng, index):
    net = Net(f"reservoir {index}")
    shape = index % 4
    big, small = decades(rng, 12, 16), decades(rng, 0, 6)
    store = net.pool("store", big)
    a, b = net.pool("a", small), net.pool("b", small * rng.uniform(0.1, 3))
    c, d = net.pool("c"), net.pool("d")
    fast, slow = decades(rng, -0.5, 2), decades(rng, -2, 0)
    net.meet(a, c, fast / small, [b])
    net.linear(b, d, slow)
    if shape == 0:
        net.steady(store, a, small * decades(rng, -3, 0.5))
    elif shape == 1:
        other = net.pool("second store", big * decades(rng, -3, 0))
        net.linear(store, other, decades(rng, -3, 0))
        net.linear(other, store, decades(rng, -3, 0))
        net.saturable(c, a, small * slow, small * decades(rng, -4, 0))
    elif shape == 2:
        net.linear(store, a, small / big * decades(rng, -2, 1))
        net.bed(c, d, fast, small * decades(rng, -2, 1))
        net.linear(d, store, decades(rng, -3, 0))
    else:
        net.saturable(store, a, small * decades(rng, -2, 0.5), big * decades(rng, -3, 1))
        net.meet(d, store, decades(rng, -2, 0.5) / big, [store])
        net.blocked(c, b, slow * decades(rng, -1, 1), small * decades(rng, -5, 0), [d])
    return net.at(spread(0.01 / fast, 60 / slow * rng.choice([0.3, 1, 10]), 9))


# 5. Random networks ------------------------------------------------------------------------------

def anything(rng, index):
    net = Net(f"random {index}")
    count = rng.randint(5, 30)
    total = decades(rng, 2, 10)
    pools = [net.pool(f"p{i}") for i in range(count)]
    for pool in pools:
        if rng.random() < 0.3:
            net.initial[pool] = rounded(total * decades(rng, -6, 0))
    net.initial["p0"] = rounded(total)
    wide = rng.choice([2, 4, 6])
    for _ in range(int(count * rng.uniform(1.2, 2.5))):
        source, target = rng.sample(pools, 2)
        others = rng.sample(pools, rng.randint(1, 2))
        rate = decades(rng, -wide, wide - 1)
        law = rng.choice(["linear", "linear", "capacity", "michaelis_menten", "mass_action", "blocked", "steady"])
        level = total * decades(rng, -5, 0.5)
        if law == "linear":
            net.linear(source, target, rate)
        elif law == "capacity":
            net.bed(source, target, rate, level)
        elif law == "michaelis_menten":
            net.saturable(source, target, rate * level, level, others if rng.random() < 0.5 else None)
        elif law == "mass_action":
            net.meet(source, target, rate / total, others)
        elif law == "blocked":
            net.blocked(source, target, rate, level, others)
        elif rng.random() < 0.5:
            # A pump that its own supply keeps from running dry, or one that drains.
            stock = net.pool(f"stock{len(net.pools)}", total * decades(rng, -3, 1))
            net.steady(stock, target, net.initial[stock] * decades(rng, -6, -2.5))
    used = {t[k] for t in net.transfers for k in ("from", "to")}
    for pool in [p for p in pools if p not in used]:
        net.linear(pool, rng.choice([p for p in pools if p != pool]), decades(rng, -2, 2))
    return net.at(spread(10 ** (-wide - 1), rng.choice([1, 30, 1000]), 10))


# 6. Combinations ---------------------------------------------------------------------------------

def combination(rng, index):
    net = Net(f"combination {index}")
    return [body, late, long_run][index % 3](rng, net)


def body(rng, net):
    """A circulation with organs that lodge, release, kill and take up; a reservoir beside it."""
    dose = decades(rng, 1, 10)
    flow = decades(rng, 1, 4)
    net.pool("venous", dose)
    net.pool("lung")
    net.pool("arterial")
    net.pool("debris")
    net.pool("stock", decades(rng, 6, 15))
    net.pool("out")
    net.linear("venous", "lung", flow)
    net.linear("lung", "arterial", flow * rng.uniform(0.5, 3))
    net.linear("debris", "out", decades(rng, -3, 0))
    net.steady("stock", "venous", dose * decades(rng, -8, -3))
    for i in range(rng.randint(2, 6)):
        free, bed = net.pool(f"free{i}"), net.pool(f"lodged{i}")
        net.linear("arterial", free, flow * decades(rng, -1.5, 0))
        net.linear(free, "venous", flow * decades(rng, -1, 0.5))
        net.bed(free, bed, flow * decades(rng, -3, 0.5), dose * decades(rng, -5, 1))
        net.linear(bed, free, decades(rng, -4, 0))
        if rng.random() < 0.5:
            net.linear(bed, "debris", decades(rng, -2, 0))
        else:
            net.saturable(bed, "debris", dose * decades(rng, -4, -1), dose * decades(rng, -8, -1))
    if rng.random() < 0.4:
        net.pool("effect", decades(rng, 0, 3))
        net.meet("stock", "effect", decades(rng, -1, 0) / net.initial["stock"], ["effect"])
        net.linear("effect", "out", decades(rng, -2, 0))
    return net.at([0.01 / flow, 1 / flow, 10 / flow, 0.1, 1, 6, 24, 72, 240])


def late(rng, net):
    """A chain that delays what then fills a bed, sates an uptake or feeds growth."""
    amount = decades(rng, 3, 11)
    length = rng.randint(6, 16)
    rate = decades(rng, -1, 2)
    chain = [net.pool(f"d{i}", amount if i == 0 else 0) for i in range(length)]
    for left, right in zip(chain, chain[1:]):
        net.linear(left, right, rate)
    net.pool("end")
    last = chain[-1]
    kind = rng.randrange(3)
    if kind == 0:
        net.bed(last, net.pool("lodged"), rate * decades(rng, 0, 3), amount * decades(rng, -4, -1))
        net.linear("lodged", "end", rate * decades(rng, -2, 0))
    elif kind == 1:
        net.saturable(last, "end", amount * rate * decades(rng, -2, 0), amount * decades(rng, -9, -3))
    else:
        food = net.pool("food", amount * decades(rng, 0, 3))
        net.pool("cells")
        net.linear(last, "cells", rate)
        net.meet(food, "cells", rate * rng.uniform(0.1, 1) / net.initial[food], ["cells"])
        net.saturable("cells", "end", amount * rate * decades(rng, -6, -3), amount * decades(rng, -6, -2))
    full = length / rate
    return net.at([full * p for p in [0.1, 0.5, 1.0, 1.3, 2, 5, 20, 100, 1000]])


def long_run(rng, net):
    """Rates over twelve decades, followed until the slowest is done."""
    amount = decades(rng, 4, 14)
    pools = [net.pool(f"p{i}", amount * decades(rng, -8, 0)) for i in range(rng.randint(3, 8))]
    fastest = decades(rng, 2, 6)
    for i, pool in enumerate(pools):
        following = pools[(i + 1) % len(pools)]
        rate = fastest * 10 ** (-rng.uniform(0, 10))
        kind = rng.randrange(4)
        if kind == 0:
            net.linear(pool, following, rate)
        elif kind == 1:
            net.saturable(pool, following, rate * amount, amount * decades(rng, -8, 0))
        elif kind == 2:
            net.bed(pool, following, rate, amount * decades(rng, -5, 0))
        else:
            net.blocked(pool, following, rate, amount * decades(rng, -6, 0), [rng.choice(pools)])
    net.linear(pools[0], net.pool("gone"), decades(rng, -6, -3))
    return net.at(spread(1e-3, 1e7, 10))


# 7. No answer ------------------------------------------------------------------------------------

def no_answer():
    """Networks whose exact solution ends, leaves the numbers or leaves the domain.

    `expect` is `error`, or `error or value` where a steady pump draws below zero and the exact
    solution goes on.
    """
    nets = []

    def new(name, expect, times):
        net = Net(name).at(times)
        nets.append((net, expect))
        return net

    for room, over, pump in [(1.0, 2.0, 1.0), (1e6, 1.1, 1e5), (1e3, 5.0, 1e-2)]:
        net = new(f"a pump overfills a bed from an empty pool, room {room:g}", "error", [0.1, 1, 10, 1e4])
        net.pool("x"), net.pool("bed", room * over)
        net.steady("x", "bed", pump), net.bed("x", "bed", 1, room)
    for km, pump in [(1.0, 1.0), (1e-3, 10.0), (100.0, 5.0)]:
        net = new(f"a pump draws a saturable pool through its pole, km {km:g}", "error", [0.1, 10, 1000])
        net.pool("x", 1), net.pool("y"), net.pool("z")
        net.saturable("x", "y", pump / 2, km), net.steady("x", "z", pump)
    for half, pump in [(1.0, 1.0), (50.0, 5.0), (1e-4, 1.0)]:
        net = new(f"a pump draws a load through the pole of a blocked law, half {half:g}", "error", [0.1, 10, 1000])
        net.pool("x", 10), net.pool("y"), net.pool("load"), net.pool("z")
        net.blocked("x", "y", 0.5, half, ["load"]), net.steady("load", "z", pump)
    for room in [1.0, 1e4, 1e9]:
        net = new(f"an overfull shared bed takes from a class that holds nothing, room {room:g}", "error",
                  [0.01, 0.1, 1, 10])
        net.pool("x", room), net.pool("first"), net.pool("second", 3 * room), net.pool("out")
        net.bed("x", "first", 1, room, ["first", "second"]), net.linear("second", "out", 0.01)
    for amount in [1e160, 1e200, 1e300]:
        net = new(f"a rate beyond the numbers, {amount:g}", "error", [1, 2])
        net.pool("x", amount), net.pool("y", amount)
        net.meet("x", "y", 1, ["y"])
    for amount, pump in [(0.0, 1.0), (10.0, 3.0), (1e6, 1e5), (5.0, 0.5)]:
        net = new(f"a pump draws below zero, {amount:g} at {pump:g}", "error or value", [0.1, 1, 5, 20, 100])
        net.pool("x", amount), net.pool("y"), net.pool("z", 100)
        net.steady("x", "y", pump), net.linear("y", "z", 0.1), net.linear("z", "x", 0.001)
    return nets


KINDS = {"capacity": capacity, "saturation": saturation, "growth": growth, "reservoir": reservoir,
         "random": anything, "combination": combination}


def drawn():
    """Gives (kind, network) for every network that is drawn."""
    for index in range(PER_KIND):
        for kind, make in KINDS.items():
            yield kind, make(random.Random(f"{kind} {index}"), index).as_file()
