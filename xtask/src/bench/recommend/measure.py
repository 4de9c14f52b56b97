"""The half of `cargo xtask bench recommend` that is written in Python: splits, popularity, and EASE as NumPy does it.

measure.py splits WHEEL FOLDER COUNT    MovieLens-100K out of a recbole wheel, split by seeds 0 to COUNT - 1
measure.py invent FILE TITLES           users with invented tastes, for times
measure.py quality LAMBDA FILE..        one line of JSON a file: popularity and dense EASE
measure.py speed LAMBDA FILE            seconds and highest memory of one training

A split: the number of items, then a line for each user: `T` and items, or `H`, items that are known, `|`, hidden ones.
"""

import json
import resource
import sys
import time
import zipfile

import numpy as np

ML_100K = "recbole/dataset_example/ml-100k/ml-100k.inter"
HELD_OUT_USERS = 200


def liked(wheel):
    """Items by user: ratings of 4 and 5, of users with five or more of them."""
    users = {}
    with zipfile.ZipFile(wheel) as files:
        lines = files.read(ML_100K).decode().splitlines()[1:]
    for line in lines:
        user, item, rating, _ = line.split("\t")
        if float(rating) >= 4:
            users.setdefault(int(user), set()).add(int(item))
    kept = [sorted(users[user]) for user in sorted(users) if len(users[user]) >= 5]
    numbers = {item: number for number, item in enumerate(sorted({item for items in kept for item in items}))}
    return [[numbers[item] for item in items] for items in kept], len(numbers)


def splits(wheel, folder, count):
    users, items = liked(wheel)
    plays = sum(len(user) for user in users)
    print(json.dumps({"users": len(users), "items": items, "plays": plays}))
    for seed in range(count):
        random = np.random.default_rng(seed)
        held_out = set(random.permutation(len(users))[:HELD_OUT_USERS].tolist())
        with open(f"{folder}/split-{seed}.txt", "w") as out:
            print(items, file=out)
            for number, user in enumerate(users):
                if number not in held_out:
                    print("T", *user, file=out)
                    continue
                shuffled = random.permutation(user).tolist()
                hidden = max(1, int(0.2 * len(user)))
                print("H", *sorted(shuffled[hidden:]), "|", *sorted(shuffled[:hidden]), file=out)


def invent(file, items):
    """Ten thousand users of fifty titles, two thirds of them of one of twenty circles; the first titles more often."""
    random = np.random.default_rng(items)
    circles = np.arange(items) % 20
    with open(file, "w") as out:
        print(items, file=out)
        for user in range(10_000):
            drawn = np.minimum((items * random.power(0.5, 150)).astype(int), items - 1)
            own = drawn[circles[drawn] == user % 20]
            chosen = np.concatenate([own, drawn[:17]])
            print("T", *sorted(set(chosen.tolist()))[:50], file=out)


def read(file):
    with open(file) as lines:
        items = int(next(lines))
        taken, held_out = [], []
        for line in lines:
            if line.startswith("T"):
                taken.append([int(item) for item in line[1:].split()])
            else:
                known, hidden = line[1:].split("|")
                held_out.append(([int(item) for item in known.split()], [int(item) for item in hidden.split()]))
    matrix = np.zeros((len(taken), items), dtype=np.float32)
    for row, user in enumerate(taken):
        matrix[row, user] = 1
    return matrix, held_out


def ease(matrix, penalty):
    gram = matrix.T @ matrix
    gram[np.diag_indices_from(gram)] += penalty
    inverse = np.linalg.inv(gram)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def judge(scores_of, held_out):
    """Recall at 20 and 50, NDCG at 100; means over users."""
    sums = np.zeros(3)
    for known, hidden in held_out:
        scores = scores_of(known).astype(np.float64)
        scores[known] = -np.inf
        order = np.argsort(-scores, kind="stable")[:100]
        found = np.isin(order, hidden)
        gains = 1 / np.log2(np.arange(2, 102))
        sums += [
            found[:20].sum() / min(20, len(hidden)),
            found[:50].sum() / min(50, len(hidden)),
            (found * gains).sum() / gains[: min(100, len(hidden))].sum(),
        ]
    return (sums / len(held_out)).tolist()


def quality(penalty, files):
    for file in files:
        matrix, held_out = read(file)
        counts = matrix.sum(axis=0)
        weights = ease(matrix, penalty)
        print(json.dumps({
            "popularity": judge(lambda known: counts.copy(), held_out),
            "dense": judge(lambda known: weights[known].sum(axis=0), held_out),
        }))


def speed(penalty, file):
    matrix, _ = read(file)
    started = time.perf_counter()
    ease(matrix, penalty)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak_bytes": peak}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["splits", wheel, folder, count]:
            splits(wheel, folder, int(count))
        case ["invent", file, items]:
            invent(file, int(items))
        case ["quality", penalty, *files]:
            quality(float(penalty), files)
        case ["speed", penalty, file]:
            speed(float(penalty), file)
        case _:
            sys.exit(__doc__)
