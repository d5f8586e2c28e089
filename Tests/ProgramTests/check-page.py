#!/usr/bin/env python3
"""check-page.py PAGE [DOCUMENT]: that a page of `analyze --format html` is what it should be.

It must be well-formed as XML and as HTML, hold no element and no attribute but those that the program writes, load and run
nothing, and lead nowhere but into itself and to the RFCs. With the JSON document of the same capture beside it, its
conversations must answer what that answers. Prints the page's text.
"""
import json
import re
import sys
import xml.etree.ElementTree as XML
from html.parser import HTMLParser

ELEMENTS = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(), "style": set(),
    "body": set(), "header": set(), "main": set(), "h1": set(), "h2": {"id"}, "h3": {"id"}, "h4": set(),
    "p": {"class", "role"}, "section": {"class", "aria-label"}, "article": {"id", "aria-labelledby"},
    "nav": {"id", "aria-label"}, "table": set(), "caption": set(), "thead": set(), "tbody": set(), "tr": set(),
    "th": {"scope"}, "td": set(), "a": {"href"}, "dl": set(), "div": {"class"}, "dt": set(), "dd": set(),
    "span": {"class"}, "pre": {"class"}, "details": set(), "summary": set(), "strong": set(),
}
EMPTY = {"meta"}


def fail(what):
    sys.exit("check-page: " + what)


class Walk(HTMLParser):
    """As a browser takes the page apart, not as XML does."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.labels, self.metas, self.headings = [], [], [], [], {}, []
        self.counts, self.text = {}, []

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if tag not in ELEMENTS or not set(names) <= ELEMENTS[tag] or len(set(names)) < len(names):
            fail(f"<{tag} {names}> at {self.getpos()}")
        self.counts[tag] = self.counts.get(tag, 0) + 1
        values = dict(attributes)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        self.labels += [values["aria-labelledby"]] if "aria-labelledby" in values else []
        if tag == "meta":
            self.metas[values.get("http-equiv") or values.get("name") or "charset"] = values.get("content")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if tag not in EMPTY:
            fail(f"<{tag}/> at {self.getpos()}")
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            fail(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def handle_comment(self, data):
        fail(f"a comment at {self.getpos()}")

    handle_pi = unknown_decl = handle_comment


def text(element):
    return "".join(element.itertext())


def answers(article):
    """What a conversation's sections say, as the JSON document spells it."""
    for section in article.findall("section"):
        if section.get("class") == "remarks":
            continue
        heading = next(element for element in section if re.fullmatch("h[34]", element.tag))
        lines = []
        for group in section.findall("dl/div"):
            label = text(group.find("dt"))
            for index, value in enumerate(group.findall("dd")):
                shown = next(e for e in value.iter() if (e.get("class") or "").split(" ")[0] == "value")
                content = text(shown)
                if shown.tag == "pre":
                    content = content.removeprefix("\n")
                # What came in several pieces is a line each on the page, with the frame of each.
                if label == "on the wire" and lines and lines[-1].startswith("on the wire: "):
                    lines[-1] += f"\n{content}"
                    continue
                lines.append(f"{label}: {content}" if label and index == 0 else content)
        unknown = section.find("p[@class='unknown']")
        yield {
            "ask": "".join([heading[0].tail or ""]).strip(), "answer": lines,
            "cannotTell": text(unknown).removeprefix("cannot tell, because ") if unknown is not None else None,
            "why": text(section.find("p[@class='why']")),
        }


def printable(value):
    """As `Printable` spells what would act; the captures of this repository hold no more than that."""
    value = value.replace("\r", "").replace("\t", "    ")
    while "\n" in value and value.rsplit("\n", 1)[1].strip(" ") == "":
        value = value.rsplit("\n", 1)[0]
    return value


def main():
    octets = open(sys.argv[1], "rb").read()
    page = octets.decode("utf-8")
    for character in page:
        code = ord(character)
        if code < 32 and character != "\n" or 127 <= code < 160 or 0x200B <= code <= 0x200F or 0x2028 <= code <= 0x202E:
            fail(f"U+{code:04X} is in the page")
    try:
        root = XML.fromstring(octets)
    except XML.ParseError as error:
        fail(f"not well-formed: {error}")
    walk = Walk()
    walk.feed(page)
    walk.close()
    if walk.open:
        fail(f"left open: {walk.open}")
    if not page.startswith("<!DOCTYPE html>\n") or root.get("lang") != "en":
        fail("no HTML of today, or without a language")
    for once in ["title", "style", "h1", "main"]:
        if walk.counts.get(once) != 1:
            fail(f"{walk.counts.get(once)} times {once}")
    if not text(root.find("head/title")).strip() or len(walk.metas) != 6:
        fail("no title, or not the meta elements that were expected")
    policy = walk.metas["Content-Security-Policy"]
    if not policy.startswith("default-src 'none'; style-src 'sha256-") or "unsafe" in policy or "http" in policy:
        fail(f"the policy is {policy}")
    style = text(root.find("head/style"))
    if re.search(r"url\(|@import|expression|//", style):
        fail("the style loads something")
    if len(set(walk.ids)) < len(walk.ids):
        fail("an id stands twice")
    for link in walk.links:
        if link.startswith("#") and link[1:] in walk.ids:
            continue
        if not re.fullmatch(r"https://www\.rfc-editor\.org/rfc/rfc[0-9]+(#(section|appendix)-[0-9A-Z.]+)?", link):
            fail(f"a link to {link}")
    if not set(walk.labels) <= set(walk.ids):
        fail("a label is missing")
    if walk.headings[0] != 1 or any(b > a + 1 for a, b in zip(walk.headings, walk.headings[1:])):
        fail(f"headings leave levels out: {walk.headings}")
    if len(sys.argv) > 2:
        conversations = json.load(open(sys.argv[2], encoding="utf-8"))["conversations"]
        articles = list(root.iter("article"))
        if len(articles) != len(conversations):
            fail(f"{len(articles)} of {len(conversations)} conversations")
        for article, conversation in zip(articles, conversations):
            found = list(answers(article))
            expected = [
                {
                    "ask": answer["ask"], "answer": [printable(line) for line in answer["answer"]],
                    "cannotTell": answer.get("cannotTell"), "why": f"{answer['why']} ({answer['rfc']})",
                }
                for answer in conversation["answers"]
            ]
            if found != expected:
                fail(f"tcp.stream {conversation['stream']}: {found}\ninstead of {expected}")
    sys.stdout.write("".join(walk.text))


main()
