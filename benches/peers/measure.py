"""The models of benches/models in numba, JAX and PySD; prints `peer key speed` per measurement.

Speeds are per second of processor time, in the units of the table: equations (41 a step) for ten-stocks,
jumps for birth-death and sir. PySD runs the XMILE file that is the only argument: ten-stocks, exported.
Install the packages with `pip install -r benches/peers/requirements.txt`.
"""

import importlib.util
import math
import sys
import time

N_STEPS = 1000
N_EQUATIONS = 41


def ten_stocks(math_, where, minimum, maximum, lookup):
    """One step as a function of ten stocks, the parameter and the time."""

    def step(calm, mob, rad, det, rep, eco, gri, leg, cap, fo, beta, t):
        total = calm + mob + rad + det
        mob_share = mob / total
        rad_share = rad / total
        ready = lookup(gri)
        contagion = beta * mob_share
        fear = math_.exp(-1.5 * rep)
        recruit = calm * (0.002 + contagion) * ready * fear
        demobilise = mob / 12.0 * (1.0 - gri * 0.5)
        protest = mob_share * (1.0 + 0.5 * rad_share)
        radicalise = mob * 0.02 * rep * gri * (1.0 + fo)
        deradicalise = rad / 80.0
        arrest = minimum(mob * rep * 0.05, cap * 0.01 * total)
        arrest_radical = rad * rep * 0.08
        release = det / 30.0
        threat = protest * 4.0 + rad_share * 8.0
        wanted = minimum(1.0, maximum(0.0, threat * 1.2 - 0.1))
        repressing = (wanted - rep) / 6.0
        shock = where((t >= 40.0) & (t < 53.0), 0.01, 0.0)
        growing = 0.01 * eco * (1.0 - eco / 1.5)
        shrinking = eco * (0.05 * protest + shock)
        grieving = (0.03 * maximum(0.0, 1.0 - eco) + 0.02 * rep) * (1.0 - gri)
        forgiving = gri * leg / 25.0
        target = 1.0 / (1.0 + math_.exp(-(eco * 2.0 - rep - det / total * 5.0)))
        legitimising = (target - leg) / 20.0
        building = 0.02 * eco * (1.0 - cap)
        wearing = cap * (0.01 * rep + 0.01 * (1.0 - leg))
        entering = 0.5 * rad_share * (1.0 - fo)
        departing = fo / 40.0
        dt = 0.25
        return (
            calm + dt * (demobilise + deradicalise + release - recruit),
            mob + dt * (recruit - demobilise - radicalise - arrest),
            rad + dt * (radicalise - deradicalise - arrest_radical),
            det + dt * (arrest + arrest_radical - release),
            rep + dt * repressing,
            eco + dt * (growing - shrinking),
            gri + dt * (grieving - forgiving),
            leg + dt * legitimising,
            cap + dt * (building - wearing),
            fo + dt * (entering - departing),
        )

    return step


START = (900.0, 50.0, 5.0, 1.0, 0.1, 1.0, 0.3, 0.6, 0.7, 0.05)


def best(work, rounds=5):
    speed = 0.0
    for _ in range(rounds):
        start = time.process_time()
        done = work()
        speed = max(speed, done / (time.process_time() - start))
    return speed


def with_numba():
    import numba
    import numpy as np

    @numba.njit(inline="always")
    def lookup(x):
        if x <= 0.0:
            return 0.0
        if x >= 1.0:
            return 1.0
        if x < 0.2:
            return x * 0.25
        if x < 0.4:
            return 0.05 + (x - 0.2) * 0.75
        if x < 0.6:
            return 0.2 + (x - 0.4) * 1.5
        if x < 0.8:
            return 0.5 + (x - 0.6) * 1.5
        return 0.8 + (x - 0.8) * 1.0

    where = numba.njit(lambda c, a, b: a if c else b, inline="always")
    minimum = numba.njit(lambda a, b: a if a < b else b, inline="always")
    maximum = numba.njit(lambda a, b: a if a > b else b, inline="always")
    step = numba.njit(ten_stocks(math, where, minimum, maximum, lookup), inline="always")

    @numba.njit
    def runs(betas):
        out = np.empty(betas.size)
        for run in range(betas.size):
            a, b, c, d, e, f, g, h, i, j = 900.0, 50.0, 5.0, 1.0, 0.1, 1.0, 0.3, 0.6, 0.7, 0.05
            for k in range(N_STEPS):
                a, b, c, d, e, f, g, h, i, j = step(a, b, c, d, e, f, g, h, i, j, betas[run], k * 0.25)
            out[run] = c
        return out

    betas = np.linspace(0.3, 0.4, 2000)
    runs(betas[:2])

    def ten():
        runs(betas)
        return betas.size * N_STEPS * N_EQUATIONS

    print("numba", "ten-stocks", best(ten))

    @numba.njit
    def birth_death(n_runs, seed):
        np.random.seed(seed)
        jumps = 0
        for _ in range(n_runs):
            x, t = 1000, 0.0
            while True:
                up, down = 1.0 * x, 1.1 * x
                rate = up + down
                if rate == 0.0:
                    break
                t -= math.log(np.random.random()) / rate
                if t >= 50.0:
                    break
                x += 1 if np.random.random() * rate < up else -1
                jumps += 1
        return jumps

    @numba.njit
    def sir(n_runs, seed):
        np.random.seed(seed)
        jumps = 0
        for _ in range(n_runs):
            s, i, t = 990, 10, 0.0
            while i > 0:
                up, down = 2.0 * s * i / 1000.0, 1.0 * i
                rate = up + down
                t -= math.log(np.random.random()) / rate
                if t >= 20.0:
                    break
                if np.random.random() * rate < up:
                    s -= 1
                    i += 1
                else:
                    i -= 1
                jumps += 1
        return jumps

    for key, function in (("birth-death", birth_death), ("sir", sir)):
        function(2, 1)
        print("numba", key, best(lambda: function(1000, 2)))


def with_jax():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    xs = jnp.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    ys = jnp.array([0.0, 0.05, 0.2, 0.5, 0.8, 1.0])
    step = ten_stocks(jnp, jnp.where, jnp.minimum, jnp.maximum, lambda x: jnp.interp(x, xs, ys))

    def run(beta):
        return jax.lax.fori_loop(0, N_STEPS, lambda k, s: step(*s, beta, k * 0.25), START)[2]

    runs = jax.jit(jax.vmap(run))
    betas = jnp.linspace(0.3, 0.4, 4096)
    runs(betas).block_until_ready()

    def ten():
        runs(betas).block_until_ready()
        return betas.size * N_STEPS * N_EQUATIONS

    print("jax", "ten-stocks", best(ten))


def with_pysd():
    import pysd

    model = pysd.read_xmile(sys.argv[1])
    (beta,) = [name for name in model.doc["Py Name"] if name == "beta"]
    betas = [0.3, 0.35, 0.4]

    def ten():
        for value in betas:
            model.run(params={beta: value}, return_columns=["unrest"], return_timestamps=[250])
        return len(betas) * N_STEPS * N_EQUATIONS

    print("pysd", "ten-stocks", best(ten, rounds=2))


for name, measure in (("numba", with_numba), ("jax", with_jax), ("pysd", with_pysd)):
    if importlib.util.find_spec(name) is not None:
        measure()
