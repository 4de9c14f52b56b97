"""Judges a feed by what others wrote, and says what is wrong, a mistake a line.

    judge.py roku FEED SCHEMA     by Roku's JSON schema (rokudev/search-feed-json), with the jsonschema library
    judge.py mrss FEED ITEMS      by feedparser, which has to find so many items and in each what a launcher needs

Ends with 1 where something is wrong. Nothing of ours is used here: no rule and no word of the partners' service.
"""

import json
import sys

import feedparser
import jsonschema

# Enough to see what it is about.
SHOWN_MAX = 20


def roku(feed, schema):
    with open(schema, encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    for mistake in kind(schema).iter_errors(json.loads(feed)):
        yield f"/{'/'.join(map(str, mistake.absolute_path))}: {mistake.message[:200]}"


def mrss(feed, items):
    read = feedparser.parse(feed)
    if read.bozo:
        yield f"it cannot be read: {read.bozo_exception}"
    if read.version != "rss20":
        yield f"it is read as {read.version!r}"
    if len(read.entries) != int(items):
        yield f"{len(read.entries)} items are found, and not {items}"
    ids = [entry.get("id") for entry in read.entries]
    if len(set(ids)) != len(ids):
        yield "two items have the same guid"
    for entry in read.entries:
        found = {
            "a title": entry.get("title"),
            "a link": entry.get("link"),
            "a guid": entry.get("id"),
            "a date": entry.get("published_parsed"),
            "a player": entry.get("media_player", {}).get("url"),
            "an image": [image.get("url") for image in entry.get("media_thumbnail", [])],
            "a film": [content for content in entry.get("media_content", []) if content.get("medium") == "video"],
            "a country": entry.get("media_restriction", {}).get("content"),
        }
        for what, there in found.items():
            if not there:
                yield f"{entry.get('id')}: {what} is not found"


def main():
    form, feed, beside = sys.argv[1:]
    with open(feed, "rb") as file:
        mistakes = list({"roku": roku, "mrss": mrss}[form](file.read(), beside))
    for mistake in mistakes[:SHOWN_MAX]:
        print(mistake)
    if len(mistakes) > SHOWN_MAX:
        print(f"and {len(mistakes) - SHOWN_MAX} more")
    sys.exit(bool(mistakes))


main()
