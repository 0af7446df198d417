"""What vectors mean, one number after the other: what the stores' arithmetic is compared with."""

from math import sqrt

from bot.core.embedding import CONTEXT, SCALE


def components(vector):
    """Return the numbers that a vector's bytes stand for."""
    return [byte - 256 if byte > 127 else byte for byte in vector]


def cosine(one, other):
    """Return how close two vectors of one model are."""
    pairs = zip(components(one), components(other), strict=True)
    return sum(mine * yours for mine, yours in pairs) / SCALE**2


def in_context(vectors):
    """Return vectors of passages in a row, each moved towards its neighbours."""
    moved = []
    for place, vector in enumerate(vectors):
        beside = [*vectors[max(place - 1, 0) : place], *vectors[place + 1 : place + 2]]
        columns = zip(components(vector), *map(components, beside), strict=True)
        total = [own + CONTEXT * sum(others) for own, *others in columns]
        length = sqrt(sum(part * part for part in total)) or 1.0
        scaled = [round(part * SCALE / length) for part in total]
        moved.append(bytes(max(-127, min(127, part)) % 256 for part in scaled))
    return moved
