"""An outside judge of the contracts: schemathesis asks a running platform what its documents promise.

    python fuzz.py --gateway URL --operator URL --operator-token TOKEN --email ADDRESS --password PASSWORD [--examples N]

Fails on an answer of 500 and above, on a status, media type or body outside the contract, and on an operation that never
succeeded: a wall of 401 is no proof of anything. Asked as an account that operates, as a profile, with a partner's key and
as the console's operator.
"""

import argparse
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

# Not asked at all.
LEFT_OUT = {
    # For services; the gateway lets nobody through.
    "catalog": ["/v1/titles/{id}/artwork/{role}", "/v1/diagnoses/titles/{id}"],
    "profiles": ["/v1/admissions", "/v1/erasures/{erasure_id}/acknowledgements", "/v1/diagnoses/profiles/{profile_id}"],
    "identity": ["/v1/records/{profile}"],
    "playback": ["/v1/records/{profile}", "/v1/diagnoses/titles/{id}"],
    "recommendations": ["/v1/records/{profile}", "/v1/diagnoses/titles/{id}"],
    "console-operator": [
        "/api/live",  # streams without an end
        "/api/logs/tail",
        "/api/instances/{app}/{id}/drain",  # would take the platform apart under the others' hands
        "/api/instances/{app}/{id}/restart",
    ],
}

# Bodies that mean something: made-up ones seldom end after they begin.
BODIES = {
    "PUT /v1/me/positions/{playable_id}": {
        "title_id": "bo-lanterns", "session": "judge", "seq": 1, "position_s": 3, "duration_s": 20,
        "at": "2026-11-01T20:15:00Z", "state": "paused",
    },
    "POST /v1/playbacks": {"title_id": "bo-lanterns", "device_name": "judge"},
    "POST /api/calls": {"method": "GET", "path": "/v1/titles?limit=1"},
    "PUT /v1/marks/{playable}": {"intro": {"start_s": 1, "end_s": 4}, "credits": {"start_s": 18}},
}

# Asked, and not expected to succeed: who does it right takes away what the other questions need, or needs what no
# document can tell.
NEED_NOT_SUCCEED = {
    "POST /oauth/token", "POST /oauth/device_authorization", "POST /oauth/revoke",  # forms with secrets in them
    "POST /v1/accounts", "POST /v1/sessions", "DELETE /v1/sessions/{session_id}",
    "PUT /v1/device-codes/{user_code}/decision",
    "DELETE /v1/profiles/{profile_id}", "PUT /v1/profiles/{profile_id}/pin", "DELETE /v1/profiles/{profile_id}/pin",
    "POST /v1/profiles", "PATCH /v1/profiles/{profile_id}", "GET /v1/erasures/{erasure_id}",
    "DELETE /v1/me/history/{entry_id}", "GET /v1/exports/{export_id}/archive",
    "GET /m/{asset}/{token}/{file}", "GET /s/{asset}/{token}/{file}", "POST /v1/playbacks/{id}/events",
    "POST /v1/impressions", "GET /v1/explain/{card}",
    "POST /partner/v1/apps", "DELETE /partner/v1/apps/{app_id}", "POST /partner/v1/apps/{app_id}/keys",
    "DELETE /partner/v1/apps/{app_id}/keys/{key_id}", "POST /partner/v1/apps/{app_id}/production-request",
    "POST /partner/v1/apps/{app_id}/decisions", "POST /partner/v1/apps/{app_id}/webhooks",
    "DELETE /partner/v1/apps/{app_id}/webhooks/{webhook_id}",
    "GET /partner/v1/apps/{app_id}/webhooks/{webhook_id}/deliveries",
    "POST /partner/v1/apps/{app_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    "POST /partner/v1/apps/{app_id}/webhooks/{webhook_id}/test",
    "GET /partner/v1/feeds/{name}",
    "GET /v1/me/positions/{playable_id}",  # gone with the history, which is deleted on the way
    "POST /partner/oauth/token",  # a form with a secret in it
    "POST /api/checks/run",  # no account is configured for checks
    "GET /api/sessions/{id}",  # an account's session ends and begins anew with what it asks
    "POST /api/partners/apps/{id}/decisions",  # no app waits
    "POST /api/faults", "DELETE /api/faults/{id}",  # would be felt by everything asked after it
    "PUT /api/instances/{app}/{id}/log-level", "POST /api/session", "DELETE /api/session",
}


class Caller:
    """Somebody with a token. Every refusal here is a failure of the preparation."""

    def __init__(self, base, headers):
        self.base, self.headers = base, headers

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


def people(gateway, email, password):
    """The account that operates, and one of its profiles."""
    nobody = Caller(gateway, {})
    session = nobody.ask("POST", "/v1/sessions", {"email": email, "password": password, "device_name": "judge", "scope": "viewer operator"})
    account = Caller(gateway, {"authorization": f"Bearer {session['access_token']}"})
    profile = account.ask("GET", "/v1/profiles")["items"][0]["id"]
    exchanged = nobody.ask("POST", "/oauth/token", form={
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "subject_token": session["access_token"],
        "resource": f"urn:bijou:profile:{profile}",
    })
    return account, Caller(gateway, {"authorization": f"Bearer {exchanged['access_token']}"}), profile


def first_of(console, path):
    """The first the console has heard of, which it is told a moment later."""
    until = time.monotonic() + 60
    while not (told := console.ask("GET", path)["items"]):
        if time.monotonic() > until:
            sys.exit(f"{path} was empty for a minute")
        time.sleep(0.5)
    return told[0]


def plan(gateway, operator, operator_token, email, password):
    """Who asks which contract, where, and what is there to be asked for."""
    account, person, profile = people(gateway, email, password)
    title = account.ask("GET", "/v1/titles/bo-lanterns")
    show = "bo-short-circuits"
    season = account.ask("GET", f"/v1/shows/{show}/seasons")["items"][0]["id"]
    episode = account.ask("GET", f"/v1/seasons/{season}/episodes")["items"][0]["id"]
    _, _, subject, role, size, file = title["artwork"]["poster"]["url"].split("/")
    export = account.ask("POST", f"/v1/profiles/{profile}/exports")["id"]
    made = account.ask("POST", "/partner/v1/apps", {"name": "Judge"})
    app, partner = made["app"], Caller(gateway, {"x-api-key": made["key"]["text"]})
    console = Caller(operator, {"authorization": f"Bearer {operator_token}"})
    instance = next(each for each in console.ask("GET", "/api/instances")["items"] if each["app"] == "CATALOG")
    request = first_of(console, "/api/requests")["id"]
    code = Caller(gateway, {}).ask("POST", "/oauth/device_authorization", form={"client_id": "bijou-tv", "scope": "viewer"})
    credits = title["credits"]
    return [
        ("identity", account, {"/v1/device-codes/{user_code}": {"user_code": code["user_code"]}}),
        ("catalog", account, {
            "/v1/titles/{id}": {"id": "bo-lanterns"}, "/v1/shows/{id}/seasons": {"id": show},
            "/v1/seasons/{id}/episodes": {"id": season}, "/v1/episodes/{id}": {"id": episode},
            # Dates and territories that are made up are refused.
            **{path: {} for path in ["/v1/titles/{id}?", "/v1/shows/{id}/seasons?", "/v1/seasons/{id}/episodes?", "/v1/episodes/{id}?"]},
            "/v1/people/{id}": {"id": credits[0]["person"]["id"]} if credits else {},
            "/img/{subject}/{role}/{size}/{file}": {"subject": subject, "role": role, "size": size, "file": file},
        }),
        ("profiles", person, {
            **{path: {"title_id": "bo-lanterns"} for path in
               ["/v1/me/continue/{title_id}/hide", "/v1/me/list/{title_id}", "/v1/me/thumbs/{title_id}"]},
            "/v1/me/positions/{playable_id}": {"playable_id": "bo-lanterns"},
            **{path: {"profile_id": profile} for path in ["/v1/profiles/{profile_id}", "/v1/profiles/{profile_id}/exports",
               "/v1/profiles/{profile_id}/preferences"]},
            "/v1/exports/{export_id}": {"export_id": export}, "/v1/exports/{export_id}/archive": {"export_id": export},
        }),
        ("playback", account, {"/v1/marks/{playable}": {"playable": "bo-lanterns"}}),
        ("recommendations", person, {"/v1/similar/{title}": {"title": "bo-lanterns"}}),
        ("partners", Caller(gateway, {**account.headers, **partner.headers}), {
            "/partner/v1/titles/{title_id}": {"title_id": "bo-lanterns"},
            "/partner/v1/shows/{show_id}/seasons": {"show_id": show},
            "/partner/v1/seasons/{season_id}/episodes": {"season_id": season},
            **{path: {"app_id": app["id"]} for path in ["/partner/v1/apps/{app_id}", "/partner/v1/apps/{app_id}/keys",
               "/partner/v1/apps/{app_id}/usage", "/partner/v1/apps/{app_id}/webhooks"]},
        }),
        ("console-operator", console, {
            "/api/instances/{app}/{id}": {"app": instance["app"], "id": instance["instance_id"]},
            "/api/metrics/query?": {"name": first_of(console, "/api/metrics")["name"]},
            "/api/requests/{id}": {"id": request}, "/api/contracts/{name}": {"name": "catalog"},
        }),
    ]


def judge(name, caller, known, examples, seed, folder):
    """Runs schemathesis over one contract; what is wrong, in lines."""
    told, answers = folder / f"{name}.told.json", folder / f"{name}.answers.json"
    told.write_text(json.dumps({"known": known, "bodies": BODIES, "seed": seed, "answers": str(answers)}))
    command = [
        str(pathlib.Path(sys.executable).with_name("st")), "run", str(CONTRACTS / f"{name}.openapi.json"), "--url", caller.base,
        "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", str(seed),
        "--continue-on-failure", "--no-color", "--suppress-health-check", "all", "--request-timeout", "20",
    ]
    for header, value in caller.headers.items():
        command += ["--header", f"{header}: {value}"]
    for path in LEFT_OUT.get(name, []):
        command += ["--exclude-path", path]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "BIJOU_FUZZ": str(told)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=folder)
    (folder / f"{name}.log").write_text(ran.stdout + ran.stderr)
    wrong = [] if ran.returncode == 0 else [f"see {folder / f'{name}.log'}", *excerpt(ran.stdout + ran.stderr)]
    counts = json.loads(answers.read_text()) if answers.exists() else {}
    if not counts:
        wrong.append("nothing was asked")
    for operation, statuses in sorted(counts.items()):
        succeeded = sum(count for status, count in statuses.items() if status.startswith("2"))
        if succeeded == 0 and operation not in NEED_NOT_SUCCEED:
            wrong.append(f"{operation} never succeeded: {statuses}")
    asked = sum(sum(statuses.values()) for statuses in counts.values())
    good = sum(count for statuses in counts.values() for status, count in statuses.items() if status.startswith("2"))
    return len(counts), asked, good, wrong


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
    for name, caller, known in plan(given.gateway, given.operator, given.operator_token, given.email, given.password):
        if given.only not in (None, name):
            continue
        operations, asked, good, wrong = judge(name, caller, known, given.examples, given.seed, folder)
        print(f"   {'FAILED' if wrong else 'good'}: {name}: {operations} operations, {asked} requests, {good} of them 2xx", flush=True)
        for line in wrong:
            print(f"      {line}", flush=True)
        failed, passed = failed + bool(wrong), passed + (not wrong)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
