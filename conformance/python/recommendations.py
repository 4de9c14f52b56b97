"""Recommendations in Python, in place of ours: registered under the same name, answering by the same contract.

The simplest thing that is a home page: the newest titles, then a row for each kind, from what the catalog knows and
for whom the passport names. Whoever has better ideas starts here. Contract: `contracts/recommendations.openapi.json`.
"""

import os
from urllib.parse import urlencode

from inside import Refused, Service

ROW_TITLES = 20


class Recommendations(Service):
    def handle(self, request):
        if request.path != "/v1/home":
            raise Refused(404, "not-found")
        newest = self.titles(request, sort="added")
        if not newest:
            raise Refused(503, "home-not-ready")
        hero, *rest = newest
        rows = [row("new", "New in Python", "new", rest, "It is new")]
        for kind, name in (("movie", "Films"), ("show", "Shows")):
            taken = {card["title_id"] for row in rows for card in row["items"]} | {hero["id"]}
            found = [title for title in self.titles(request, kind=kind, sort="name") if title["id"] not in taken]
            rows.append(row(kind, name, "genre", found, f"One of the {name.lower()}"))
        return {"hero": card(hero, "The newest of all"), "rows": [row for row in rows if row["items"]]}

    def titles(self, request, **query):
        # The catalog applies territory and maturity itself: the passport goes along.
        return self.call(request, "CATALOG", f"/v1/titles?{urlencode({**query, 'limit': ROW_TITLES})}")["items"]


def row(row_id, name, kind, titles, reason):
    return {"id": row_id, "name": name, "kind": kind, "items": [card(title, reason) for title in titles]}


def card(title, reason):
    kept = ("kind", "name", "year", "artwork", "playable", "certification_age", "synopsis_short")
    said = {name: title[name] for name in kept if name in title}
    # The card's name is for whoever tells impressions or asks why; here the title says all there is.
    return {"title_id": title["id"], **said, "reason": {"code": "python", "text": reason}, "card": f"python-{title['id']}"}


if __name__ == "__main__":
    Recommendations(app="RECOMMENDATIONS", registry=os.environ["REGISTRY"], metadata={"language": "python"}).run()
