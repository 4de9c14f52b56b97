"""The greeter in Python: what `conformance/README.md` asks of one, with py-eureka-client."""

import os
import time

from inside import Refused, Service


class Greeter(Service):
    def handle(self, request):
        match request.path.rsplit("/", 1)[-1]:
            case "hello":
                return self.hello(request)
            case "call":
                app = request.query["app"]
                answer = self.call(request, app, f"/greetings/{app.lower()}/hello")
                return {"language": "python", "called": answer}
            case "seen":
                return {"items": [seen(instance) for instance in self.instances_of(request.query["app"])]}
            case _:
                raise Refused(404, "not-found")

    def hello(self, request):
        # Work, as far as there is time for it.
        work_s = int(request.query.get("work_ms", 0)) / 1000
        time.sleep(min(work_s, request.left_s()))
        return {
            "language": "python",
            "port": self.port,
            "subject": request.who["sub"],
            "trace": request.trace_id,
            "request_id": request.id,
            "deadline_ms": int(request.left_s() * 1000),
        }


def seen(instance):
    return {"id": instance.instanceId, "port": instance.port.port, "colour": instance.metadata.get("colour")}


if __name__ == "__main__":
    Greeter(
        app=os.environ["APP"],
        registry=os.environ["REGISTRY"],
        renewal_interval_in_secs=int(os.environ.get("RENEW_EVERY_S", "30")),
        duration_in_secs=int(os.environ.get("LEASE_S", "90")),
        metadata={"language": "python", "colour": "blue & green"},
    ).run()
