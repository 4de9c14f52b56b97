"""What schemathesis is told about Bijou: which answers every operation may give, and ids of things that are there.

Loaded by `fuzz.py` through SCHEMATHESIS_HOOKS. `BIJOU_FUZZ` names a JSON file with `known`, values of path parameters by
path and of a query by path and `?`, `bodies` by operation, and a file to write how often each operation answered with
which status.
"""

import atexit
import json
import os
import random
from collections import Counter, defaultdict

import schemathesis

TOLD = json.load(open(os.environ["BIJOU_FUZZ"]))
KNOWN = TOLD["known"]
# The gateway and the chassis refuse in the same way everywhere; the documents do not repeat it for each operation.
COMMON = {400, 401, 404, 405, 406, 408, 411, 413, 414, 415, 422, 429, 431}

answers: dict[str, Counter] = defaultdict(Counter)
dice = random.Random(TOLD["seed"])


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Three times in four an id that is there: made-up ones only ever find out that nothing is."""
    known = KNOWN.get(context.operation.path)
    if known and path_parameters is not None and dice.random() < 0.75:
        return {**path_parameters, **known}
    return path_parameters


@schemathesis.hook
def map_query(context, query):
    """Half of the time a question that has an answer, where chance seldom asks one."""
    known = KNOWN.get(f"{context.operation.path}?")
    return dict(known) if known is not None and dice.random() < 0.5 else query


@schemathesis.hook
def map_body(context, body):
    """Now and then a body that means something."""
    known = TOLD["bodies"].get(context.operation.label)
    return known if known and dice.random() < 0.25 else body


@schemathesis.hook
def after_call(context, case, response):
    answers[case.operation.label][response.status_code] += 1


@schemathesis.check
def promised(ctx, response, case):
    """The status is one that the document names, or a refusal in the form all of them have."""
    status = str(response.status_code)
    documented = case.operation.definition.raw.get("responses", {})
    if status in documented or "default" in documented:
        return None
    kind = response.headers.get("content-type", [""])[0]
    if response.status_code in COMMON and "/oauth/" in case.operation.path:
        if json.loads(response.content).get("error"):  # RFC 6749, 5.2
            return None
    if response.status_code in COMMON and kind.startswith("application/problem+json"):
        problem = json.loads(response.content)
        if problem.get("status") == response.status_code and problem.get("code") and problem.get("title"):
            return None
        raise AssertionError(f"a refusal that is no whole problem: {problem}")
    raise AssertionError(f"{status} ({kind}) is promised nowhere; documented are {', '.join(sorted(documented))}")


def write_down():
    with open(TOLD["answers"], "w") as file:
        json.dump({label: dict(counts) for label, counts in answers.items()}, file)


atexit.register(write_down)
