# photographed - a grey picture (PGM) as a telephone might see it: turned, noisy, blurred, unevenly lit.
#   photographed.py IN OUT DEGREES RADIUS NOISE     the same every time: the dice have a seed
import math
import random
import sys

name, out, degrees, radius, noise = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:6])
data = open(name, "rb").read()
width, height = [int(n) for n in data.split(None, 4)[1:3]]
pixels = data[-width * height:]
turn, radius, dice = math.radians(degrees), int(radius), random.Random(7)
cos, sin, cx, cy = math.cos(turn), math.sin(turn), width / 2, height / 2


def at(x, y):
    x, y = int(x), int(y)
    return pixels[y * width + x] if 0 <= x < width and 0 <= y < height else 255


turned = [[dice.gauss(0, noise) + at(cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos)
           for x in range(width)] for y in range(height)]


def blurred(rows):
    return [[sum(row[max(0, x - radius):x + radius + 1]) / len(row[max(0, x - radius):x + radius + 1])
             for x in range(len(row))] for row in rows]


rows = blurred(turned)
rows = [list(column) for column in zip(*blurred([list(column) for column in zip(*rows)]))]
with open(out, "wb") as file:
    file.write(b"P5\n%d %d\n255\n" % (width, height))
    for y, row in enumerate(rows):
        file.write(bytes(max(0, min(255, int(value * (0.6 + 0.3 * y / height) + 20)))
                         for value in row))
