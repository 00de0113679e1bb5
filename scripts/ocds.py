"""Harvests a served demo as a stranger would, and holds what it gives to OCDS 1.1.5.

    ocds.py PROGRAM STANDARD.zip

libcoveocds validates every package; ocdsmerge compiles the releases of each process to the record's compiled release. The
standard is read from STANDARD.zip. The extensions are fetched from where the packages name them; where that cannot be
reached, what our packages use of them is compared with scripts/ocds_extensions.json, as we wrote it down, and that is said.
"""

import copy
import csv
import io
import json
import sys
import tempfile
import urllib.parse
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import ocdsmerge
import requests
import urllib3
from demo import Browser, start, stop
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from libcoveocds.schema import SchemaOCDS
from ocdsextensionregistry import ProfileBuilder
from ocdsextensionregistry.util import session
from requests.adapters import HTTPAdapter

HERE = Path(__file__).parent
# Where the archives lie of which the library takes the files that the packages name.
EXTENSIONS = "https://github.com/open-contracting-extensions/"
BID_STATUS = ["invited", "pending", "valid", "disqualified", "withdrawn"]


class Extensions(HTTPAdapter):
    """Fetches an extension's archive; where nobody can be reached it answers one of what is written down here."""

    def __init__(self):
        super().__init__(max_retries=0)
        self.written = json.loads((HERE / "ocds_extensions.json").read_text(encoding="utf-8"))
        self.is_offline = False

    def send(self, request, **kwargs):
        if not self.is_offline:
            try:
                return super().send(request, **{**kwargs, "timeout": 5})
            except requests.RequestException:
                self.is_offline = True
        key = request.url.removeprefix(EXTENSIONS).split("/")[0].removeprefix("ocds_").removesuffix("_extension")
        body = self.archive(key) if key in self.written else b""
        raw = urllib3.HTTPResponse(io.BytesIO(body), status=200 if body else 404, request_url=request.url,
                                   preload_content=False)
        return self.build_response(request, raw)

    def archive(self, key):
        words, codes = {"en": key}, io.StringIO()
        csv.writer(codes).writerows([["Code", "Title", "Description"], *([code, code, code] for code in BID_STATUS)])
        about = {"name": words, "description": words, "documentationUrl": words, "compatibility": ["1.1"],
                 "codelists": ["bidStatus.csv"] if key == "bid" else [], "schemas": ["release-schema.json"]}
        files = {f"{key}/": "", f"{key}/extension.json": json.dumps(about),
                 f"{key}/release-schema.json": json.dumps(self.written[key]),
                 f"{key}/codelists/bidStatus.csv": codes.getvalue()}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in files.items():
                if key == "bid" or not name.endswith(".csv"):
                    archive.writestr(name, content)
        return packed.getvalue()


def offline(standard):
    """Schemas that name each other are read from the standard's files, not from its site."""
    files = ProfileBuilder("1__1__5", [], standard_base_url=standard)
    own = SchemaOCDS._jsonref_kwarg  # noqa: SLF001

    def loader(uri):
        return json.loads(files.get_standard_file_contents(uri.rsplit("/", 1)[-1]))

    SchemaOCDS._jsonref_kwarg = staticmethod(lambda **kwargs: {**own(**kwargs), "loader": loader})  # noqa: SLF001


def harvest(root):
    """Every package of the feed, page by page, then each release's and each process's own."""
    visitor, path, pages = Browser(root), "/ocds/releases", []
    while path:
        pages.append(visitor.send(path))
        following = pages[-1].get("links", {}).get("next", "")
        parts = urllib.parse.urlsplit(following)
        path = following and f"{parts.path}?{parts.query}"
    releases = [release for page in pages for release in page["releases"]]
    singles = [visitor.send(f"/ocds/releases/{release['id']}") for release in releases]
    records = [visitor.send(f"/ocds/records/{ocid}") for ocid in dict.fromkeys(one["ocid"] for one in releases)]
    return pages, singles, records, releases


def findings(package, standard):
    """What libcoveocds has against a package."""
    config = LibCoveOCDSConfig()
    config.config.update(context="api", standard_zip=standard)
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        result = ocds_json_output(folder, json_data=copy.deepcopy(package), lib_cove_ocds_config=config)
    against = {
        "validation errors": result["validation_errors"],
        "closed codelists": result.get("additional_closed_codelist_values"),
        "open codelists": [
            value for value in (result.get("additional_open_codelist_values") or {}).values()
            if value.get("codelist") != "itemClassificationScheme.csv"
        ],
        "invalid extensions": (result.get("extensions") or {}).get("invalid_extension"),
        # Paging is no part of a release, and so no extension can tell libcoveocds of it.
        "additional fields": [one for one in result["additional_fields"] if not one["path"].startswith("/links")
                              and one["field"] != "links"],
        "conformance errors": result.get("conformance_errors"),
        "additional checks": result.get("additional_checks"),
        "references": result.get("json_deref_error"),
        "deprecated fields": result.get("deprecated_fields"),
        "duplicates": result.get("duplicate_ids"),
    }
    return {name: found for name, found in against.items() if found}


def broken(package):
    """The package with something wrong in it, in ways that must be noticed."""
    first = lambda change: change if "releases" in package else None
    ways = {
        "no publisher": lambda one: one.pop("publisher"),
        "no uri": lambda one: one.pop("uri"),
        "an unknown tag": first(lambda one: one["releases"][0].update(tag=["bid"])),
        "an unknown status": first(lambda one: one["releases"][0]["tender"].update(status="open")),
        "an unknown lot status": first(lambda one: one["releases"][0]["tender"].update(
            lots=[{"id": "1", "status": "failed"}])),
        "a date without zone": first(lambda one: one["releases"][0].update(date="2026-11-23")),
        "a field of nobody": first(lambda one: one["releases"][0]["tender"].update(surprise="x")),
        "money as text": first(lambda one: one["releases"][0]["tender"].update(value={"amount": "1", "currency": "CNY"})),
        "a prefix of nobody's form": first(lambda one: one["releases"][0].update(ocid="ziyun-1")),
    }
    for name, change in ways.items():
        if change:
            other = copy.deepcopy(package)
            change(other)
            yield name, other


class Tally:
    """What was asked and what did not hold."""

    def __init__(self):
        self.asked, self.wrong = 0, []

    def ask(self, holds, sentence):
        self.asked += 1
        if not holds:
            self.wrong.append(sentence)
            print(sentence)


def merged(tally, records, standard, extensions):
    """Whether ocdsmerge makes of our releases what we do: by the standard's rules, and by those of the extensions too."""
    builder = ProfileBuilder("1__1__5", extensions, standard_base_url=standard)
    core = json.loads(builder.get_standard_file_contents("release-schema.json"))
    for name, schema in {"core": core, "extended": builder.patched_release_schema()}.items():
        merger = ocdsmerge.Merger(schema)
        for package in records:
            record = package["records"][0]
            whole = merger.create_compiled_release(copy.deepcopy(record["releases"]))
            tally.ask(whole == record["compiledRelease"], f"{record['ocid']}: ocdsmerge ({name}) compiles another release")
            shuffled = merger.create_compiled_release(copy.deepcopy(record["releases"][::-1]))
            tally.ask(shuffled == whole, f"{record['ocid']}: the dates do not tell the order")


def main(program, standard):
    standard = Path(standard).resolve().as_uri()
    adapter, tally = Extensions(), Tally()
    session.mount(EXTENSIONS, adapter)
    offline(standard)
    with tempfile.TemporaryDirectory(prefix="ziyun-ocds.") as folder:
        demo, root, _ = start(program, folder)
        try:
            pages, singles, records, releases = harvest(root)
        finally:
            stop(demo)
    for package in [*pages, *singles, *records]:
        found = findings(package, standard)
        tally.ask(not found, f"{package['uri']}: {json.dumps(found, ensure_ascii=False)[:1500]}")
    for name, package in [*broken(pages[0]), *broken(records[0])]:
        tally.ask(findings(package, standard), f"libcoveocds takes a package with {name}")
    merged(tally, records, standard, pages[0]["extensions"])
    tags = Counter(tag for release in releases for tag in release["tag"])
    tally.ask({"tender", "tenderUpdate", "award"} <= set(tags), f"the demo has no release of every kind: {dict(tags)}")
    tally.ask(any("bids" in release for release in releases), "the demo discloses no bid")
    whole = json.dumps([*pages, *records])
    tally.ask("contactPoint" not in whole and "@" not in whole, "a contact is released")
    source = "as written down in scripts/ocds_extensions.json, since they cannot be fetched here"
    print(f"{len(releases)} releases ({dict(tags)}), {len(records)} records, {len(pages)} pages; extensions: "
          f"{source if adapter.is_offline else 'fetched'}")
    print(f"test result: {tally.asked} asked. {tally.asked - len(tally.wrong)} passed; {len(tally.wrong)} failed;")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
