"""What schemathesis is told about Bijou: which answers every operation may give, and questions that have an answer.

Loaded by `fuzz.py` through SCHEMATHESIS_HOOKS. `BIJOU_FUZZ` names a JSON file with what a `Case` there has (`known`, `queries`,
`bodies`, `first`, `kept`), who asks (`caller`), and a file to write how often each operation answered with which status.

One question in four of each operation, beginning with the first, is a good one through and through: ids of things that are
there, a query and a body that mean something, and what they need made right before. The others mix what is known with what is
made up, for made-up ids only ever find out that nothing is there.
"""

import atexit
import datetime
import itertools
import json
import os
import random
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict

import schemathesis

TOLD = json.load(open(os.environ["BIJOU_FUZZ"]))
# The gateway and the chassis refuse in the same way everywhere; the documents do not repeat it for each operation.
COMMON = {400, 401, 404, 405, 406, 408, 411, 413, 414, 415, 422, 429, 431}
GOOD_EVERY = 4

answers: dict[str, Counter] = defaultdict(Counter)
asked: Counter = Counter()
dice = random.Random(TOLD["seed"])
numbers = itertools.count(1)


def known(operation):
    return TOLD["known"].get(operation.label) or TOLD["known"].get(operation.path)


def fresh(value):
    """A body with its number and its time."""
    if isinstance(value, dict):
        return {name: fresh(each) for name, each in value.items()}
    if isinstance(value, list):
        return [fresh(each) for each in value]
    if isinstance(value, str):
        # To the millisecond: what was watched before a history was deleted is not taken any more.
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return value.replace("@now", now).replace("@n", str(next(numbers)) if "@n" in value else "")
    return value


def ask(caller, method, path, body):
    """What a question is answered with; nothing when it is refused: then the one after it is, too, and is seen."""
    data, kind = None, {}
    if "json" in body:
        data, kind = json.dumps(fresh(body["json"])).encode(), {"content-type": "application/json"}
    if "form" in body:
        data, kind = urllib.parse.urlencode(body["form"]).encode(), {"content-type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(caller["base"] + path, data, {**caller["headers"], **kind}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
    except urllib.error.HTTPError:
        return None
    return json.loads(text) if text else None


def at(value, path):
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def ask_first(label):
    """Makes what an operation needs; path parameters out of the answers."""
    first = TOLD["first"].get(label)
    taken = {}
    for method, path, body in first["questions"] if first else []:
        if "{" in path and not taken:
            return {}
        answer = ask(first["as"] or TOLD["caller"], method, path.format(**taken), body)
        for name, where in first["take"].items():
            try:
                taken[name] = at(answer, where)
            except (KeyError, IndexError, TypeError):
                pass
    return taken


@schemathesis.hook
def before_call(context, case, kwargs):
    """Now and then a good question, and never one that takes away what the others need."""
    operation = case.operation
    label = operation.label
    if case.method.upper() != operation.method.upper():
        return
    kept = TOLD["kept"].get(label, {})
    if any((case.path_parameters or {}).get(name) == value for name, value in kept.items()):
        case.path_parameters = {**case.path_parameters, **known(operation)}
    asked[label] += 1
    if asked[label] % GOOD_EVERY != 1:
        return
    parameters = {**(known(operation) or {}), **ask_first(label)}
    if parameters:
        case.path_parameters = {**(case.path_parameters or {}), **parameters}
    if case.query:
        case.query = dict(TOLD["queries"].get(operation.path, {}))
    elif operation.path in TOLD["queries"]:
        case.query = dict(TOLD["queries"][operation.path])
    if label in TOLD["bodies"]:
        case.body = fresh(TOLD["bodies"][label])


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Three times in four an id that is there."""
    there = known(context.operation)
    if there and path_parameters is not None and dice.random() < 0.75:
        return {**path_parameters, **there}
    return path_parameters


@schemathesis.hook
def map_query(context, query):
    """Half of the time a question that has an answer, where chance seldom asks one."""
    there = TOLD["queries"].get(context.operation.path)
    return dict(there) if there is not None and dice.random() < 0.5 else query


@schemathesis.hook
def map_body(context, body):
    """Now and then a body that means something."""
    there = TOLD["bodies"].get(context.operation.label)
    return fresh(there) if there and dice.random() < 0.25 else body


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
