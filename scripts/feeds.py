"""Reads the feeds of notices and demands of a served program as feed readers do, by feedparser, and compares them with the lists."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import feedparser
from demo import Browser

TYPE = "application/atom+xml"
# How each kind is told more exactly in the feed.
EXACT = {
    "advance": {"advance"}, "tender": {"tender"}, "other": {"other"},
    "amendment": {"amendment", "clarification"}, "result": {"result", "candidates", "failure", "termination"},
}


def fetch(root, path, headers=None):
    request = urllib.request.Request(root + path, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, b""


def pages(root, path):
    """Every page, by the links of the one before."""
    while path:
        _, headers, body = fetch(root, path)
        page = feedparser.parse(body, response_headers={"content-type": headers["Content-Type"]})
        yield page
        following = [link.href for link in page.feed.links if link.rel == "next"]
        parts = urlsplit(following[0]) if following else None
        path = parts and f"{parts.path}?{parts.query}"


def listed(root, query, of="notices"):
    """The same as the list has it: ids, of notices with kind and title."""
    visitor, path, found = Browser(root), f"/{of}{query}", {}
    while path:
        page = visitor.send(path)
        found |= {f"urn:uuid:{one['id']}": one for one in page[of]}
        path = page["next"]
    return found


def wrong(root):
    """What does not hold, in sentences."""
    found = []
    ask = lambda holds, sentence: None if holds else found.append(sentence)
    for query in ["", "?kind=result&kind=amendment", "?region=33&lang=en", "?words=%E7%B3%BB%E7%BB%9F"]:
        wanted = listed(root, query)
        entries = [entry for page in pages(root, f"/notices.atom{query}") for entry in checked(page, query, ask)]
        ask(wanted and {entry.id for entry in entries} == set(wanted) and len(entries) == len(wanted),
            f"{query}: {len(entries)} entries, {len(wanted)} notices")
        for entry in entries:
            one = wanted.get(entry.id)
            terms = {tag.term for tag in entry.tags}
            ask(one and entry.title == one["title"] and entry.link.endswith(one["address"]), f"{query}: {entry.id}")
            ask(one and terms & EXACT[one["kind"]] and one["category"]["code"] in terms, f"{query}: {terms}")
    for query in ["", "?region=33&lang=en"]:
        wanted = set(listed(root, query, "demands"))
        entries = [entry.id for page in pages(root, f"/demands.atom{query}") for entry in checked(page, query, ask)]
        ask(set(entries) == wanted and len(entries) == len(wanted), f"demands{query}: {entries}, not {wanted}")
    _, headers, _ = fetch(root, "/notices.atom?lang=en")
    for name, value in {"If-None-Match": headers["ETag"], "If-Modified-Since": headers["Last-Modified"]}.items():
        ask(fetch(root, "/notices.atom?lang=en", {name: value})[0] == 304, f"{name} is not answered by 304")
    ask(headers["Set-Cookie"] is None, "the feed sets a cookie")
    return found


def checked(page, query, ask):
    """A page's entries, once the page is asked what RFC 4287 demands of it."""
    ask(not page.bozo and page.version == "atom10", f"{query}: feedparser says {page.get('bozo_exception')}")
    rels = {link.rel for link in page.feed.links if link.type == TYPE}
    ask({"self", "first"} <= rels and page.feed.id and page.feed.title and page.feed.updated_parsed, f"{query}: {rels}")
    for entry in page.entries:
        ask(entry.id and entry.title and entry.updated_parsed and entry.published_parsed, f"{query}: {entry.id}")
        ask(entry.updated_parsed >= entry.published_parsed, f"{query}: {entry.id} is updated before it is published")
    return page.entries
