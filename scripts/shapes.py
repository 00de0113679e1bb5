"""Validates every receipt of a folder against shapes, and what is left of it without each of its parts.

usage: shapes.py SHAPES.ttl FOLDER
"""
import copy
import json
import pathlib
import sys

from pyshacl import validate
from rdflib import Graph

# What a receipt may do without: who it is about is one of two, and only a yes has an end, a form and a text.
OPTIONAL = {"dct:valid", "cn-pipl:form", "dct:description", "cn-pipl:sha256"}


def fits(document, shapes):
    """Whether a document conforms, and the report."""
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    conforms, _, report = validate(graph, shacl_graph=shapes, allow_warnings=False)
    # Shapes hold for the receipt that they find: a document without one would conform to anything.
    receipts = "SELECT ?r WHERE { ?r a <https://w3id.org/dpv#ConsentReceipt> }"
    return conforms and len(list(graph.query(receipts))) == 1, report


def without(document, path=()):
    """The document without each of its members in turn, and the path to what was taken away."""
    here = document
    for step in path:
        here = here[step]
    members = here.items() if isinstance(here, dict) else enumerate(here)
    for key, value in list(members):
        if key == "@context":
            continue
        broken = copy.deepcopy(document)
        parent = broken
        for step in path:
            parent = parent[step]
        if isinstance(here, dict) and key not in ("@id", "@value", "@language"):
            del parent[key]
            yield broken, (*path, key)
        if isinstance(value, (dict, list)):
            yield from without(document, (*path, key))


def main(shapes, folder):
    shapes = Graph().parse(shapes)
    asked, wrong = 0, []
    receipts = sorted(pathlib.Path(folder).glob("*.json"))
    for receipt in receipts:
        document = json.loads(receipt.read_text(encoding="utf-8"))
        asked += 1
        conforms, report = fits(document, shapes)
        if not conforms:
            wrong.append(f"{receipt.name}: {report}")
        given = document["dpv:hasConsentStatus"] == "dpv:ConsentGiven"
        for broken, path in without(document):
            if path[-1] in OPTIONAL and not given:
                continue
            asked += 1
            if fits(broken, shapes)[0]:
                wrong.append(f"{receipt.name} without {'/'.join(map(str, path))} is taken")
        other = copy.deepcopy(document)
        other["dpv:hasSurprise"] = "x"
        asked += 1
        if fits(other, shapes)[0]:
            wrong.append(f"{receipt.name} with a term that is not listed is taken")
    for line in wrong:
        print(line)
    if len(receipts) < 4:
        wrong.append("receipts of every kind are needed")
        print(f"{len(receipts)} receipts only")
    print(f"test result: {asked} asked. {asked - len(wrong)} passed; {len(wrong)} failed;")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
