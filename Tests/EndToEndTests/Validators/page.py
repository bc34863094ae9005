"""Prints a page of pictory-fetch report, as a reader of HTML that nobody here wrote understands it, as one JSON object.

Fails if anything in the page could fetch, run or send something besides its own script and style.
"""

import base64
import gzip
import hashlib
import html.parser
import json
import sys

VOID = {"meta", "input", "link", "img", "br", "hr", "path", "circle", "rect", "line", "use"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.open = []
        self.texts = []
        self.headings = []
        self.scripts = []
        self.styles = []
        self.policy = None

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        self.tags.append([tag, *sorted(names)])
        values = dict(attributes)
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "srcset", "style", "action", "formaction", "xlink:href", "ping"):
                sys.exit(f"<{tag}> has {name}={value!r}")
            if name == "href" and value is not None and not value.startswith("#"):
                sys.exit(f"<{tag}> leads to {value!r}")
        if tag in ("iframe", "object", "embed", "base", "form", "link"):
            sys.exit(f"the page has <{tag}>")
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag == "script":
            self.scripts.append([values, ""])
        if tag == "style":
            self.styles.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            sys.exit(f"</{tag}> ends {self.open[-1:]}, at {self.getpos()}")
        self.open.pop()

    def handle_data(self, data):
        inside = self.open[-1] if self.open else None
        if inside == "script":
            self.scripts[-1][1] += data
        elif inside == "style":
            self.styles[-1] += data
        else:
            if inside == "h2":
                self.headings.append(data.strip())
            if data.strip():
                self.texts.append(data.strip())

    def handle_comment(self, data):
        sys.exit(f"the page has a comment: {data!r}")


def source(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    if page.open:
        sys.exit(f"{page.open} do not end")
    records, counts, settings, run = b"", [], None, []
    for attributes, content in page.scripts:
        kind = attributes.get("type")
        if kind == "text/plain" and attributes.get("class") == "records":
            block = gzip.decompress(base64.b64decode(content, validate=True))
            if block.count(b"\n") != int(attributes["data-count"]):
                sys.exit("a block has another number of records than it says")
            records += block
            counts.append(block.count(b"\n"))
        elif kind == "application/json":
            settings = json.loads(content)
        else:
            run.append(source(content))
    rules = dict(rule.split(" ", 1) for rule in page.policy.split("; "))
    expected = {
        "default-src": "'none'",
        "img-src": "'self' file:",
        "style-src": " ".join(source(style) for style in page.styles),
        "script-src": " ".join(run),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if rules != expected:
        sys.exit(f"the policy is {rules} and should be {expected}")
    json.dump(
        {
            "tags": [" ".join(tag) for tag in page.tags],
            "headings": page.headings,
            "texts": page.texts,
            "settings": json.dumps(settings),
            "records": records.decode(),
            "blocks": counts,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
