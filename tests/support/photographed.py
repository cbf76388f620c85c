# photographed - a grey picture (PGM) as a telephone might see it: turned, noisy, blurred, unevenly lit.
#   photographed.py IN OUT DEGREES RADIUS NOISE     the same every time: the dice have a seed
import itertools
import math
import random
import sys

name, out, degrees, radius, noise = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:6])
data = open(name, "rb").read()
width, height = [int(n) for n in data.split(None, 4)[1:3]]
pixels = data[-width * height:]
turn, radius, dice = math.radians(degrees), int(radius), random.Random(7)
cos, sin, cx, cy = math.cos(turn), math.sin(turn), width / 2, height / 2
grain = itertools.cycle([dice.gauss(0, noise) for _ in range(10007)])  # no rows of it begin alike


def turned(y):
    left, top = cx - cx * cos - (y - cy) * sin, cy - cx * sin + (y - cy) * cos
    for column in range(width):
        x, y = int(left + column * cos), int(top + column * sin)
        yield next(grain) + (pixels[y * width + x] if 0 <= x < width and 0 <= y < height else 255)


def blurred(rows):
    for row in rows:
        sums = [0, *itertools.accumulate(row)]
        ends = [(max(0, x - radius), min(len(row), x + radius + 1)) for x in range(len(row))]
        yield [(sums[end] - sums[begin]) / (end - begin) for begin, end in ends]


rows = zip(*blurred([*turned(y)] for y in range(height)))
rows = zip(*blurred(rows))
with open(out, "wb") as file:
    file.write(b"P5\n%d %d\n255\n" % (width, height))
    for y, row in enumerate(rows):
        file.write(bytes(max(0, min(255, int(value * (0.6 + 0.3 * y / height) + 20)))
                         for value in row))
