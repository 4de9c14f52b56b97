"""What a service behind the gateway owes its callers, whatever it does: passport, deadline, trace, and an end in order.

Uses the ordinary client of the registry (py-eureka-client) and an ordinary JWT library (PyJWT). Leaves out what the
service is about, and a web framework: the standard library's server is enough for a service of this size.
"""

import asyncio
import http.server
import json
import os
import re
import secrets
import signal
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import jwt
from py_eureka_client.eureka_basic import get_app_instance
from py_eureka_client.eureka_client import EurekaClient
from py_eureka_client.http_client import HTTPError

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
# Time for a request whose caller set none.
DEADLINE_MS = 10_000
# Unknown keys are asked for this often at most: anybody can make one up.
KEYS_ASKED_EVERY_S = 1


class Refused(Exception):
    """An answer that is not the one asked for, as problem details (RFC 9457)."""

    def __init__(self, status, code):
        super().__init__(code)
        self.status, self.code = status, code


class Passports:
    """Who asks: tokens that the gateway signed for this application (or a service, for itself)."""

    def __init__(self, app, instances_of):
        self.app, self.instances_of = app, instances_of
        self.keys = {}
        self.asked_at = {}

    def check(self, token):
        """The claims of a passport, or None when it is not to be believed."""
        try:
            head = jwt.get_unverified_header(token)
            said = jwt.decode(token, options={"verify_signature": False})
            if head["typ"] != "passport+jwt":
                return None
            # About itself a service speaks for itself; about people only the gateway does.
            role = said["sub"].removeprefix("service:")
            issuer = role.upper() if role != said["sub"] else "GATEWAY"
            key = self.key(issuer, head["kid"])
            return key and jwt.decode(token, key, algorithms=["EdDSA"], audience=self.app, issuer=issuer, leeway=5)
        except (jwt.PyJWTError, KeyError):
            return None

    def key(self, issuer, kid):
        if (issuer, kid) not in self.keys and time.monotonic() - self.asked_at.get(issuer, 0) > KEYS_ASKED_EVERY_S:
            self.asked_at[issuer] = time.monotonic()
            for instance in self.instances_of(issuer):
                self.learn(issuer, f"http://{instance.ipAddr}:{instance.port.port}/.well-known/passport-keys")
        return self.keys.get((issuer, kid))

    def learn(self, issuer, url):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                for key in json.load(answer)["keys"]:
                    self.keys[issuer, key["kid"]] = jwt.PyJWK(key)
        except (OSError, ValueError):
            pass  # Another instance may answer; if none does, the passport is not believed.


class Request:
    """One request: who asks, how much time there is, which trace it belongs to."""

    def __init__(self, service, path, headers):
        parts = urlsplit(path)
        self.path = parts.path
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.token = headers.get("bijou-passport")
        self.who = service.passports.check(self.token) if self.token else None
        left_ms = headers.get("bijou-deadline-ms", "")
        self.ends_at = time.monotonic() + (int(left_ms) if left_ms.isdecimal() else DEADLINE_MS) / 1000
        trace = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
        self.trace_id, self.flags = (trace[1], trace[3]) if trace else (secrets.token_hex(16), "00")
        self.id = headers.get("x-request-id", "")

    def left_s(self):
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise Refused(504, "deadline-passed")
        return left

    def onward(self):
        """Headers of a call made because of this request."""
        headers = {
            "bijou-deadline-ms": str(int(self.left_s() * 1000)),
            "traceparent": f"00-{self.trace_id}-{secrets.token_hex(8)}-{self.flags}",
            "x-request-id": self.id,
        }
        return headers | {"bijou-passport": self.token} if self.token else headers


class Service:
    """A server, registered for as long as it runs."""

    def __init__(self, app, registry, **client):
        self.app = app
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"service": self}))
        self.port = self.server.server_address[1]
        self.in_flight = 0
        self.idle = threading.Condition()
        self.registry = registry
        self.id = f"127.0.0.1:{app.lower()}:{self.port}"
        self.settings = dict(
            eureka_server=registry,
            app_name=app,
            instance_id=self.id,
            instance_ip="127.0.0.1",
            instance_host="127.0.0.1",
            instance_port=self.port,
            vip_adr=app.lower(),
            secure_vip_addr=app.lower(),
            **client,
        )
        self.client = EurekaClient(**self.settings)
        self.passports = Passports(app, self.instances_of)

    def handle(self, request):
        """The answer to a request as something JSON can hold; or Refused."""
        raise NotImplementedError

    def instances_of(self, app):
        applications = self.client.applications  # None until its first answer.
        found = applications and applications.get_application(app)
        return found.up_instances if found else []

    def call(self, request, app, path):
        """Another service's answer, found by its name; its status and body."""
        if not self.instances_of(app):
            raise Refused(503, "nobody-there")
        headers = request.onward()
        try:
            calling = self.client.do_service(app, path, return_type="json", headers=headers, timeout=request.left_s())
            return asyncio.run(calling)
        except Exception as error:
            request.left_s()
            raise Refused(502, "call-failed") from error

    def run(self):
        """Serves until SIGTERM: then it lets everybody know, finishes what it began, and leaves the registry."""
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        asyncio.run(self.client.start())
        told = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: told.set())
        unknown = 0
        while not told.wait(2 * self.settings.get("renewal_interval_in_secs", 30)):
            unknown = unknown + 1 if self.is_forgotten() else 0
            if unknown == 2:
                # An outage may leave the client waiting for a lock it holds itself; nothing wakes it up.
                self.client = EurekaClient(**self.settings)
                asyncio.run(self.client.start())
        asyncio.run(self.drain())
        # At once: the client's heartbeat thread lives until the process ends, and would register it again.
        os._exit(0)

    def is_forgotten(self):
        """Whether the registry answers, and does not know this instance."""
        try:
            asyncio.run(get_app_instance(self.registry, self.app, self.id))
        except HTTPError as error:
            return error.code == 404
        except Exception:
            return False
        return False

    async def drain(self):
        await self.client.register(status="DOWN")
        # Whoever looked a moment ago still calls; those who poll do so for one more interval at least.
        await asyncio.sleep(0.5)
        with self.idle:
            self.idle.wait_for(lambda: self.in_flight == 0, timeout=DEADLINE_MS / 1000)
        await self.client.stop()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service = None

    def do_GET(self):
        with self.service.idle:
            self.service.in_flight += 1
        try:
            self.answer()
        finally:
            with self.service.idle:
                self.service.in_flight -= 1
                self.service.idle.notify_all()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def answer(self):
        status, kind = 200, "application/json"
        try:
            if self.path in ("/health", "/info"):
                body = {"status": "UP"}
            else:
                request = Request(self.service, self.path, self.headers)
                if not request.who:
                    raise Refused(401, "passport-refused")
                request.left_s()
                body = self.service.handle(request)
        except Refused as refused:
            status, kind = refused.status, "application/problem+json"
            body = {"type": f"/problems/{refused.code}", "status": status, "code": refused.code}
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
