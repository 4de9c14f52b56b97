"""An outside judge of the contracts: schemathesis asks a running platform what its documents promise.

    python fuzz.py --gateway URL --operator URL --operator-token TOKEN --email ADDRESS --password PASSWORD [--examples N]

Fails on an answer of 500 and above, on a status, media type or body outside the contract, on an operation that never
succeeded (a wall of 401 is no proof of anything) or was never asked, and on a contract that nobody judges. Asked as an account that operates, as a profile, with a partner's key and
as the console's operator.
"""

import argparse
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).parent
CONTRACTS = HERE.parent.parent / "contracts"
CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance,promised"

# Contracts that are not judged here, each with the reason why.
NOT_JUDGED = {
    # Roles deliver their telemetry to it; the gateway lets nobody through. Its own tests hold every answer to its contract
    # (`services/bijou-console/tests/it/deliver.rs`), and that strangers are refused is tested on a platform.
    "console",
}

# Not asked at all.
LEFT_OUT = {
    # For services; the gateway lets nobody through, which it is tested for elsewhere.
    "catalog": ["/v1/titles/{id}/artwork/{role}", "/v1/diagnoses/titles/{id}"],
    "profiles": ["/v1/admissions", "/v1/erasures/{erasure_id}/acknowledgements", "/v1/diagnoses/profiles/{profile_id}"],
    "identity": ["/v1/records/{profile}", "/v1/diagnoses/accounts"],
    "partners": ["/v1/device-clients/{client_id}"],
    "playback": ["/v1/records/{profile}", "/v1/diagnoses/titles/{id}"],
    "recommendations": ["/v1/records/{profile}", "/v1/diagnoses/titles/{id}"],
    "console-operator": [
        "/api/live",  # streams without an end
        "/api/logs/tail",
        "/api/instances/{app}/{id}/drain",  # would take the platform apart under the others' hands
        "/api/instances/{app}/{id}/restart",
    ],
}

# Programs and accounts that the settings of the judged platform name (`xtask/src/fuzz.rs`).
CLIENT = ("judge", "a secret of the judge that is long enough")
CHECKS_EMAIL, CHECKS_PASSWORD = "checks@judge.example", "velvet-seats-and-checks"

TITLE, SHOW = "bo-lanterns", "bo-short-circuits"


class Caller:
    """Somebody with a token. Every refusal here is a failure of the preparation."""

    def __init__(self, base, headers):
        self.base, self.headers = base, headers

    def read(self, path):
        """A text."""
        request = urllib.request.Request(self.base + path, headers=self.headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def ask(self, method, path, body=None, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None if body is None else json.dumps(body).encode()
        kind = {"content-type": "application/x-www-form-urlencoded" if form else "application/json"}
        request = urllib.request.Request(self.base + path, data, {**self.headers, **(kind if data else {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path} answered {error.code}: {error.read().decode()}")
        return json.loads(text) if text else None


def sign_in(gateway, email, password, scope="viewer"):
    """An account with a session of its own."""
    body = {"email": email, "password": password, "device_name": "judge", "scope": scope}
    token = Caller(gateway, {}).ask("POST", "/v1/sessions", body)["access_token"]
    return Caller(gateway, {"authorization": f"Bearer {token}"})


def become(account):
    """One of its profiles, in the same session."""
    profile = account.ask("GET", "/v1/profiles")["items"][0]["id"]
    exchanged = Caller(account.base, {}).ask("POST", "/oauth/token", form={
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "subject_token": account.headers["authorization"].removeprefix("Bearer "),
        "resource": f"urn:bijou:profile:{profile}",
    })
    return Caller(account.base, {"authorization": f"Bearer {exchanged['access_token']}"}), profile


def until(what, look):
    """What `look` finds, which may take a moment."""
    end = time.monotonic() + 60
    while not (found := look()):
        if time.monotonic() > end:
            sys.exit(f"{what} did not come within a minute")
        time.sleep(0.5)
    return found


def first_of(console, path):
    """The first the console has heard of, which it is told a moment later."""
    return until(path, lambda: console.ask("GET", path)["items"])[0]


class Platform:
    """Where the platform is and who may operate it. Tokens live for ten minutes: each contract is prepared just before it is
    judged, by people who have just signed in."""

    def __init__(self, given):
        self.gateway, self.console = given.gateway, Caller(given.operator, {"authorization": f"Bearer {given.operator_token}"})
        self.email, self.password, self.operator_token = given.email, given.password, given.operator_token
        self.house = ("house@judge.example", "velvet-seats-and-a-house")
        for email, password in [self.house, (CHECKS_EMAIL, CHECKS_PASSWORD)]:
            Caller(self.gateway, {}).ask("POST", "/v1/accounts", {"email": email, "password": password})

    def account(self):
        """The account that operates."""
        return sign_in(self.gateway, self.email, self.password, "viewer operator")


class Case:
    """Who asks a contract and what makes its questions good ones.

    `known`: values of path parameters, by path, or by method and path where only that operation may have them. `queries`: by
    path, queries that have an answer. `bodies`: by method and path. `first`: by method and path, questions to ask right before,
    as `(method, path, body)`, for what is used up by success or gone by what is asked in between; what the last answer has at
    `take`, a dotted path, becomes a path parameter. `@n` in a body is another number each time, `@now` the time. `fields`:
    header fields of one operation in place of the caller's. `kept`: by method and path, path parameters that are never asked
    with, the known ones in their place: schemathesis takes ids out of answers, and deletes what the other questions need.
    """

    def __init__(self, caller, known=None, queries=None, bodies=None, first=None, fields=None, kept=None):
        self.caller, self.known, self.queries = caller, known or {}, queries or {}
        self.bodies, self.first, self.fields, self.kept = bodies or {}, first or {}, fields or {}, kept or {}


def ask_first(*questions, caller=None, **take):
    """Questions to ask right before an operation."""
    as_whom = {"base": caller.base, "headers": caller.headers} if caller else None
    return {"questions": questions, "take": take, "as": as_whom}


def basic(name, secret):
    pair = ":".join(urllib.parse.quote(part, safe="") for part in (name, secret))
    return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def identity(platform):
    account = platform.account()
    device = ("POST", "/oauth/device_authorization", {"form": {"client_id": "bijou-tv"}})
    code = {"user_code": "user_code"}
    email, password = platform.house
    return Case(
        account,
        bodies={
            "POST /oauth/token": {"grant_type": "client_credentials"},
            "POST /oauth/device_authorization": {"client_id": "bijou-tv"},
            "POST /oauth/revoke": {"token": "of no use any more"},
            "POST /v1/accounts": {"email": "guest-@n@judge.example", "password": "velvet-seats-and-a-guest"},
            "POST /v1/sessions": {"email": email, "password": password},
            "PUT /v1/device-codes/{user_code}/decision": {"approve": True},
        },
        # A code is decided about once, a session ends once.
        first={
            "GET /v1/device-codes/{user_code}": ask_first(device, **code),
            "PUT /v1/device-codes/{user_code}/decision": ask_first(device, **code),
            "DELETE /v1/sessions/{session_id}": ask_first(
                ("POST", "/v1/sessions", {"json": {"email": platform.email, "password": platform.password}}), session_id="session.id"),
        },
        fields={"POST /oauth/token": basic(*CLIENT)},
    )


def catalog(platform):
    account = platform.account()
    title = account.ask("GET", f"/v1/titles/{TITLE}")
    season = account.ask("GET", f"/v1/shows/{SHOW}/seasons")["items"][0]["id"]
    episode = account.ask("GET", f"/v1/seasons/{season}/episodes")["items"][0]["id"]
    _, _, subject, role, size, file = title["artwork"]["poster"]["url"].split("/")
    known = {
        "/v1/titles/{id}": {"id": TITLE}, "/v1/shows/{id}/seasons": {"id": SHOW},
        "/v1/seasons/{id}/episodes": {"id": season}, "/v1/episodes/{id}": {"id": episode},
        "/img/{subject}/{role}/{size}/{file}": {"subject": subject, "role": role, "size": size, "file": file},
    }
    if title["credits"]:
        known["/v1/people/{id}"] = {"id": title["credits"][0]["person"]["id"]}
    # Dates and territories that are made up are refused.
    plain = ["/v1/titles/{id}", "/v1/shows/{id}/seasons", "/v1/seasons/{id}/episodes", "/v1/episodes/{id}"]
    asked = {"/v1/search": {"q": "lanterns"}, "/v1/search/suggestions": {"q": "lan"}}
    return Case(account, known, queries={**{path: {} for path in plain}, **asked})


def profiles(platform):
    """In a house of its own, which may be taken apart."""
    account = sign_in(platform.gateway, *platform.house)
    person, profile = become(account)
    spare = account.ask("POST", "/v1/profiles", {"name": "Spare"})["id"]
    last = account.ask("POST", "/v1/profiles", {"name": "Last"})["id"]
    gone = account.ask("POST", "/v1/profiles", {"name": "Gone"})["id"]
    erasure = account.ask("DELETE", f"/v1/profiles/{gone}")["id"]
    export = account.ask("POST", f"/v1/profiles/{profile}/exports")["id"]
    until("the export", lambda: account.ask("GET", f"/v1/exports/{export}")["state"] == "ready")
    stopped = {
        "title_id": TITLE, "session": "judge-@n", "seq": 1, "position_s": 3, "duration_s": 20, "at": "@now", "state": "stopped",
    }
    watch = ("PUT", f"/v1/me/positions/{TITLE}", {"json": stopped})
    made = ("POST", "/v1/profiles", {"json": {"name": "Judge @n"}})
    return Case(
        person,
        known={
            **{path: {"title_id": TITLE} for path in
               ["/v1/me/continue/{title_id}/hide", "/v1/me/list/{title_id}", "/v1/me/thumbs/{title_id}"]},
            "/v1/me/positions/{playable_id}": {"playable_id": TITLE},
            **{path: {"profile_id": profile} for path in
               ["/v1/profiles/{profile_id}", "/v1/profiles/{profile_id}/exports", "/v1/profiles/{profile_id}/preferences"]},
            # A PIN makes its owner the one who governs the house: it is the asking profile's own.
            "PATCH /v1/profiles/{profile_id}": {"profile_id": spare}, "/v1/profiles/{profile_id}/pin": {"profile_id": profile},
            "DELETE /v1/profiles/{profile_id}": {"profile_id": last},
            "/v1/exports/{export_id}": {"export_id": export}, "/v1/exports/{export_id}/archive": {"export_id": export},
            "/v1/erasures/{erasure_id}": {"erasure_id": erasure},
        },
        bodies={
            "PUT /v1/me/positions/{playable_id}": stopped,
            "POST /v1/profiles": {"name": "Judge @n"},
            "PATCH /v1/profiles/{profile_id}": {"name": "Spare"},
            "PUT /v1/profiles/{profile_id}/pin": {"pin": "2468"},
        },
        # What was watched is forgotten on the way; a profile goes once, and there is one more for when the house is full.
        first={
            "GET /v1/me/positions/{playable_id}": ask_first(watch),
            "DELETE /v1/me/history/{entry_id}": ask_first(watch, ("GET", "/v1/me/history", {}), entry_id="items.0.id"),
            "DELETE /v1/profiles/{profile_id}": ask_first(made, profile_id="id"),
        },
        # Whoever is deleted, or made a child, manages nothing any more: 404 or 403 to all that comes after.
        kept={f"{method} /v1/profiles/{{profile_id}}": {"profile_id": profile} for method in ["DELETE", "PATCH"]},
    )


def playback(platform):
    account = platform.account()
    session = account.ask("POST", "/v1/playbacks", {"title_id": TITLE, "device_name": "judge"})
    master = session["manifest"]["hls"]

    def named(path):
        lines = account.read(path).splitlines()
        return urllib.parse.urljoin(path, next(line for line in lines if line and not line.startswith("#")))

    def parts(path):
        return dict(zip(["asset", "token", "file"], path.split("/")[2:]))

    return Case(
        account,
        known={
            "/v1/marks/{playable}": {"playable": TITLE}, "/v1/playbacks/{id}/events": {"id": session["id"]},
            "/m/{asset}/{token}/{file}": parts(master), "/s/{asset}/{token}/{file}": parts(named(named(master))),
        },
        bodies={
            "POST /v1/playbacks": {"title_id": TITLE, "device_name": "judge"},
            "POST /v1/playbacks/{id}/events": {"kind": "progress", "position_s": 1},
            "PUT /v1/marks/{playable}": {"intro": {"start_s": 1, "end_s": 4}, "credits": {"start_s": 18}},
        },
    )


def recommendations(platform):
    person, _ = become(platform.account())

    def cards(value):
        if isinstance(value, dict):
            yield from [value["card"]] if isinstance(value.get("card"), str) else []
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                yield from cards(each)

    card = next(cards(person.ask("GET", "/v1/home")))
    return Case(
        person, {"/v1/similar/{title}": {"title": TITLE}, "/v1/explain/{card}": {"card": card}},
        bodies={"POST /v1/impressions": {"items": [{"card": card}]}},
    )


def new_app(name="Judge @n"):
    return ("POST", "/partner/v1/apps", {"json": {"name": name}})


def partners(platform):
    account = platform.account()
    made = account.ask("POST", "/partner/v1/apps", {"name": "Judge"})
    app, key = made["app"]["id"], made["key"]["text"]
    account.ask("POST", f"/partner/v1/apps/{app}/decisions", {"decision": "approve"})
    secret = account.ask("POST", f"/partner/v1/apps/{app}/keys", {"environment": "client"})["text"]
    hooks = f"/partner/v1/apps/{app}/webhooks"
    hook = account.ask("POST", hooks, {"url": "https://hooks.judge.example/bijou"})["id"]
    season = account.ask("GET", f"/v1/shows/{SHOW}/seasons")["items"][0]["id"]
    its = {"app_id": app, "webhook_id": hook}
    one_app = ["", "/keys", "/usage", "/webhooks", "/deprecations"]
    one_hook = ["", "/deliveries", "/test", "/deliveries/{delivery_id}/replay"]
    app_path, hook_path = "/partner/v1/apps/{app_id}", "/partner/v1/apps/{app_id}/webhooks/{webhook_id}"
    return Case(
        Caller(platform.gateway, {**account.headers, "x-api-key": key}),
        known={
            "/partner/v1/titles/{title_id}": {"title_id": TITLE}, "/partner/v1/shows/{show_id}/seasons": {"show_id": SHOW},
            "/partner/v1/seasons/{season_id}/episodes": {"season_id": season}, "/partner/v1/feeds/{name}": {"name": "google"},
            **{app_path + end: {"app_id": app} for end in one_app}, f"{app_path}/keys/{{key_id}}": {"app_id": app},
            **{hook_path + end: its for end in one_hook},
        },
        queries={"/partner/v1/feeds/{name}": {"territory": "US"}},
        bodies={
            "POST /partner/oauth/token": {"grant_type": "client_credentials"},
            "POST /partner/v1/apps": {"name": "Judge"},
            "POST /partner/v1/apps/{app_id}/keys": {"environment": "sandbox"},
            "POST /partner/v1/apps/{app_id}/decisions": {"decision": "approve"},
            "POST /partner/v1/apps/{app_id}/webhooks": {"url": "https://hooks.judge.example/more"},
        },
        # What goes, or is asked for once, is made right before.
        first={
            f"DELETE {app_path}": ask_first(new_app(), app_id="app.id"),
            f"POST {app_path}/production-request": ask_first(new_app(), app_id="app.id"),
            f"POST {app_path}/decisions": ask_first(new_app(), app_id="app.id"),
            f"DELETE {app_path}/keys/{{key_id}}": ask_first(("POST", f"/partner/v1/apps/{app}/keys", {"json": {}}), key_id="id"),
            f"DELETE {hook_path}": ask_first(("POST", hooks, {"json": {"url": "https://hooks.judge.example/less"}}), webhook_id="id"),
            f"POST {hook_path}/deliveries/{{delivery_id}}/replay": ask_first(("POST", f"{hooks}/{hook}/test", {}), delivery_id="id"),
        },
        fields={"POST /partner/oauth/token": basic(app, secret)},
    )


def console_operator(platform):
    console, account = platform.console, platform.account()
    instance = next(each for each in console.ask("GET", "/api/instances")["items"] if each["app"] == "CATALOG")
    instance = {"app": instance["app"], "id": instance["instance_id"]}
    # Between two that never call each other, so that nothing else feels it.
    fault = {
        "kind": "delay", "delay_ms": 1, "percent": 1, "duration_s": 5, "from": "playback", "to": "partners", "reason": "a judge asks",
    }
    first_of(console, "/api/sessions")
    return Case(
        console,
        known={
            "/api/instances/{app}/{id}": instance, "/api/instances/{app}/{id}/log-level": instance,
            "/api/requests/{id}": {"id": first_of(console, "/api/requests")["id"]}, "/api/contracts/{name}": {"name": "catalog"},
        },
        queries={"/api/metrics/query": {"name": first_of(console, "/api/metrics")["name"]}},
        bodies={
            "POST /api/accounts/find": {"email": platform.email},
            "POST /api/calls": {"method": "GET", "path": "/v1/titles?limit=1"},
            "POST /api/session": {"token": platform.operator_token},
            "POST /api/faults": fault,
            "PUT /api/instances/{app}/{id}/log-level": {"level": "info", "duration_s": 60, "reason": "a judge asks"},
            "POST /api/partners/apps/{id}/decisions": {"decision": "decline", "reason": "a judge asks"},
        },
        # A session's story is told of one that is there now, a fault is over soon, an app is decided about once.
        first={
            "GET /api/sessions/{id}": ask_first(("GET", "/api/sessions", {}), id="items.0.id"),
            "DELETE /api/faults/{id}": ask_first(("POST", "/api/faults", {"json": fault}), id="id"),
            "POST /api/faults": ask_first(("DELETE", "/api/faults", {})),
            "POST /api/partners/apps/{id}/decisions": ask_first(
                new_app(), ("POST", "/partner/v1/apps/{id}/production-request", {}), id="app.id", caller=account),
        },
    )


PLAN = {
    "identity": identity, "catalog": catalog, "profiles": profiles, "playback": playback, "recommendations": recommendations,
    "partners": partners, "console-operator": console_operator,
}


def judge(name, case, examples, seed, folder):
    """Runs schemathesis over one contract; what is wrong, in lines."""
    told, answers, config = (folder / f"{name}.{end}" for end in ["told.json", "answers.json", "toml"])
    told.write_text(json.dumps({
        "caller": {"base": case.caller.base, "headers": case.caller.headers}, "known": case.known, "queries": case.queries,
        "bodies": case.bodies, "first": case.first, "kept": case.kept, "seed": seed, "answers": str(answers),
    }))
    # Fields of single operations; what goes on the command line goes with all of them.
    config.write_text("".join(
        f"[[operations]]\ninclude-name = {json.dumps(operation)}\nheaders = {{ {', '.join(f'{k} = {json.dumps(v)}' for k, v in fields.items())} }}\n"
        for operation, fields in case.fields.items()))
    command = [
        str(pathlib.Path(sys.executable).with_name("st")), "--config-file", str(config), "run", str(CONTRACTS / f"{name}.openapi.json"),
        "--url", case.caller.base,
        "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", str(seed),
        "--continue-on-failure", "--no-color", "--suppress-health-check", "all", "--request-timeout", "20",
    ]
    for header, value in case.caller.headers.items():
        command += ["--header", f"{header}: {value}"]
    for path in LEFT_OUT.get(name, []):
        command += ["--exclude-path", path]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "BIJOU_FUZZ": str(told)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=folder)
    (folder / f"{name}.log").write_text(ran.stdout + ran.stderr)
    wrong = [] if ran.returncode == 0 else [f"see {folder / f'{name}.log'}", *excerpt(ran.stdout + ran.stderr)]
    counts = json.loads(answers.read_text()) if answers.exists() else {}
    every, left_out = promises(name)
    wrong += [f"{operation} was never asked" for operation in sorted(every - left_out - counts.keys())]
    for operation, statuses in sorted(counts.items()):
        succeeded = sum(count for status, count in statuses.items() if status.startswith("2"))
        if succeeded == 0:
            wrong.append(f"{operation} never succeeded: {statuses}")
    asked = sum(sum(statuses.values()) for statuses in counts.values())
    good = sum(count for statuses in counts.values() for status, count in statuses.items() if status.startswith("2"))
    return len(counts), asked, good, wrong


METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def promises(name):
    """Operations of a contract, as schemathesis names them, and those of them that are left out."""
    paths = json.loads((CONTRACTS / f"{name}.openapi.json").read_text())["paths"]
    every = {f"{method.upper()} {path}" for path, item in paths.items() for method in item if method in METHODS}
    return every, {label for label in every if label.split(" ", 1)[1] in LEFT_OUT.get(name, [])}


def forgotten():
    """What is wrong with the plan itself, in lines."""
    contracts = {path.name.removesuffix(".openapi.json") for path in CONTRACTS.glob("*.openapi.json")}
    planned = PLAN.keys() | NOT_JUDGED
    yield from (f"contract `{name}` is in no plan and on no list of exceptions" for name in sorted(contracts - planned))
    yield from (f"there is no contract `{name}`" for name in sorted(planned - contracts))
    for name, paths in LEFT_OUT.items():
        there = {label.split(" ", 1)[1] for label in promises(name)[0]}
        yield from (f"`{name}` has no {path} to leave out" for path in paths if path not in there)


def excerpt(text):
    """The lines that say what was wrong."""
    lines = [line.strip() for line in text.splitlines()]
    telling = [line for line in lines if line.startswith(("- ST", "____", "[", "curl ", "AssertionError", "Received"))]
    return telling[:60]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ["gateway", "operator", "operator-token", "email", "password"]:
        arguments.add_argument(f"--{name}", required=True)
    arguments.add_argument("--examples", type=int, default=10)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", help="one contract")
    given = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bijou-fuzz-"))
    failed = passed = 0
    for line in forgotten():
        print(f"   FAILED: {line}", flush=True)
        failed += 1
    platform = Platform(given)
    for name, prepare in PLAN.items():
        if given.only not in (None, name):
            continue
        operations, asked, good, wrong = judge(name, prepare(platform), given.examples, given.seed, folder)
        print(f"   {'FAILED' if wrong else 'good'}: {name}: {operations} operations, {asked} requests, {good} of them 2xx", flush=True)
        for line in wrong:
            print(f"      {line}", flush=True)
        failed, passed = failed + bool(wrong), passed + (not wrong)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
