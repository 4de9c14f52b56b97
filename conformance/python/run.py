"""Two services with an ordinary Eureka client, seen through their life. See README.md.

Usage: run.py [REGISTRY_URL]. Without one, $BIJOU_EXECUTABLE is started as a registry on a free port, and killed in
between. What it does not test: the wire itself (the registry's own tests replay recorded exchanges).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

RENEW_EVERY_S = 1
LEASE_S = 4
PATIENCE_S = 15


class Registry:
    """A registry of our own, or one that is already there."""

    def __init__(self, url):
        self.url = url.rstrip("/") if url else None
        self.process = None
        self.port = None
        self.folder = None

    @property
    def is_ours(self):
        return self.process is not None

    def start(self):
        if self.url and not self.port:
            return
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            self.folder = tempfile.TemporaryDirectory(prefix="bijou-conformance-")
            self.url = f"http://127.0.0.1:{self.port}/eureka"
        environment = dict(os.environ)
        environment["BIJOU_REGISTRY__LISTEN"] = f"127.0.0.1:{self.port}"
        environment["BIJOU_REGISTRY__URL"] = self.url
        environment["BIJOU_TELEMETRY__OTLP"] = "off"
        environment["BIJOU_DATA_DIR"] = self.folder.name
        command = [environment.pop("BIJOU_EXECUTABLE"), "run", "registry"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        wait_for("the registry answers", lambda: self.read("/apps") is not None)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE_S)

    def read(self, path):
        """What the registry says at a path, None when it says nothing."""
        request = urllib.request.Request(self.url + path, headers={"Accept": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return json.load(response)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None

    def send(self, method, path):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=5) as response:
            return response.status

    def instance(self, app, instance_id):
        answer = self.read(f"/apps/{app}/{instance_id}")
        return answer and answer["instance"]


class Service:
    """One instance, in a process of its own (service.py), as it would be in life."""

    def __init__(self, registry, app, **metadata):
        self.app = app
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "service.py")
        wanted = {"registry": registry.url, "app": app, "renew_every_s": RENEW_EVERY_S, "lease_s": LEASE_S}
        self.process = subprocess.Popen(
            [sys.executable, program, json.dumps({**wanted, "metadata": metadata})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started = json.loads(self.process.stdout.readline())
        self.port, self.id = started["port"], started["id"]

    def ask(self, **question):
        print(json.dumps(question), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["value"]

    def call(self, app):
        return self.ask(do="call", app=app)

    def sees(self, app):
        """Ports and metadata of the instances the client would call."""
        return self.ask(do="see", app=app)

    def ports(self, app):
        return sorted(instance["port"] for instance in self.sees(app))

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(timeout=PATIENCE_S)


def wait_for(what, is_met):
    until = time.monotonic() + PATIENCE_S
    while not is_met():
        if time.monotonic() > until:
            raise AssertionError(f"waited {PATIENCE_S} s in vain until {what}")
        time.sleep(0.1)


def story(registry, check):
    # Names of this run, so that a registry in use may be told.
    suffix = f"{os.getpid()}"
    greeter, caller = f"KIT-GREETER-{suffix}", f"KIT-CALLER-{suffix}"
    services = []

    def start(app, **metadata):
        services.append(Service(registry, app, **metadata))
        return services[-1]

    try:
        first = start(greeter, colour="blue & green", my_key="1")
        seeker = start(caller)

        def registers():
            instance = registry.instance(greeter, first.id)
            assert instance["status"] == "UP", instance
            assert instance["metadata"]["colour"] == "blue & green", instance
            assert instance["port"] == {"$": first.port, "@enabled": "true"}, instance
            assert instance["leaseInfo"]["durationInSecs"] == LEASE_S, instance

        def discovers():
            seen = seeker.sees(greeter)
            assert [instance["port"] for instance in seen] == [first.port], seen
            assert seen[0]["metadata"]["colour"] == "blue & green", seen
            assert seeker.call(greeter) == f"hello from {first.port}"

        def renews():
            renewed = registry.instance(greeter, first.id)["leaseInfo"]["lastRenewalTimestamp"]
            is_renewed = lambda: registry.instance(greeter, first.id)["leaseInfo"]["lastRenewalTimestamp"] > renewed
            wait_for("the lease is renewed", is_renewed)
            time.sleep(LEASE_S + 1)
            assert registry.instance(greeter, first.id), "the lease ended although it was renewed"

        def follows_deltas():
            second = start(greeter)
            both = sorted([first.port, second.port])
            wait_for("the second instance is seen", lambda: seeker.ports(greeter) == both)

        def follows_overrides():
            assert registry.send("PUT", f"/apps/{greeter}/{first.id}/status?value=OUT_OF_SERVICE") == 200
            wait_for("the first instance is out of service", lambda: first.port not in seeker.ports(greeter))
            assert registry.send("DELETE", f"/apps/{greeter}/{first.id}/status?value=UP") == 200
            wait_for("the first instance is back", lambda: first.port in seeker.ports(greeter))

        def registers_again_after_a_restart():
            registry.kill()
            registry.start()
            back = lambda: all(registry.instance(service.app, service.id) for service in services)
            wait_for("everybody is registered again", back)
            both = sorted(service.port for service in services if service is not seeker)
            wait_for("everybody is seen again", lambda: seeker.ports(greeter) == both)

        def deregisters():
            services.remove(first)
            first.stop()
            assert registry.instance(greeter, first.id) is None
            wait_for("the first instance is gone", lambda: first.port not in seeker.ports(greeter))

        check("registers with its metadata, port and lease", registers)
        check("discovers and calls another service", discovers)
        check("keeps its lease by renewing it", renews)
        check("sees a new instance through a delta", follows_deltas)
        check("follows an override and its removal", follows_overrides)
        if registry.is_ours:
            check("registers again after the registry was killed", registers_again_after_a_restart)
        check("deregisters when it stops", deregisters)
    finally:
        for service in services:
            service.stop()


def main():
    registry = Registry(sys.argv[1] if len(sys.argv) > 1 else None)
    if not registry.url and "BIJOU_EXECUTABLE" not in os.environ:
        sys.exit("usage: run.py REGISTRY_URL, or BIJOU_EXECUTABLE=path/to/bijou run.py")
    failed = 0

    def check(name, test):
        nonlocal failed
        try:
            test()
            print(f"ok {name}", flush=True)
        except Exception as error:
            failed += 1
            print(f"not ok {name}: {type(error).__name__}: {error}", flush=True)

    try:
        registry.start()
        story(registry, check)
    except Exception as error:
        failed += 1
        print(f"not ok the story: {type(error).__name__}: {error}", flush=True)
    finally:
        registry.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
