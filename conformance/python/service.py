"""A small service: an HTTP server that says who it is, and the client that registers it. Started by run.py.

Reads questions as JSON lines and answers each with one; the end of its input ends it, after deregistering. It has a
process of its own because the client's heartbeat thread runs until its process ends, and would register it again.
"""

import asyncio
import http.server
import json
import os
import sys
import threading

from py_eureka_client.eureka_client import EurekaClient


class Greeter(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"hello from {self.server.server_address[1]}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def answer(client, question):
    app = question["app"]
    if question["do"] == "call":
        return asyncio.run(client.do_service(app, "/", timeout=5))
    found = client.applications.get_application(app)
    up = found.up_instances if found else []
    return [{"port": instance.port.port, "metadata": instance.metadata} for instance in up]


def main():
    wanted = json.loads(sys.argv[1])
    # The client logs to standard output, which is ours to answer on.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Greeter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    instance_id = f"127.0.0.1:{wanted['app'].lower()}:{port}"
    client = EurekaClient(
        eureka_server=wanted["registry"],
        app_name=wanted["app"],
        instance_id=instance_id,
        instance_ip="127.0.0.1",
        instance_host="127.0.0.1",
        instance_port=port,
        renewal_interval_in_secs=wanted["renew_every_s"],
        duration_in_secs=wanted["lease_s"],
        metadata=wanted["metadata"],
    )
    asyncio.run(client.start())
    print(json.dumps({"port": port, "id": instance_id}), file=answers, flush=True)
    for line in sys.stdin:
        try:
            reply = {"value": answer(client, json.loads(line))}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=answers, flush=True)
    asyncio.run(client.stop())
    # At once: the heartbeat thread must not get another turn.
    os._exit(0)


if __name__ == "__main__":
    main()
