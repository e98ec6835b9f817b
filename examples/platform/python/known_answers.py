#!/usr/bin/env python3
"""Makes fixtures/mso1/known-answers.json: known_answers.py [--check] FILE

Keys and randomness are chosen, so the file comes out the same every time; --check compares instead of writing.
What a case must give stands with the case and was written down by hand, not taken from an implementation; the opener
in this folder has to agree before anything is written. Opened fields are taken from the plain orders.
"""

import argparse
import collections
import json
import pathlib
import sys

import answers
import answers_keys
import answers_lists
import answers_orders
from answers_batch import ISSUERS, NOW, OPTIONS, STATIONS, chosen
from encoding import to_base64url
from keys import read_issuer, read_station_public
from schedule import HPKE
from seal import seal_batch
from shapes import PRINTABLE

ABOUT = (
    "Known answers of MSO1 (docs/mso1.md), made by examples/platform/python/known_answers.py. Bytes are hexadecimal where "
    "the format does not say base64url. Keys and people are made up. A case of `orders` is opened at `now` with the station "
    "S1, trusting `platform`, with the policy `off`, wanting every field that may be printed, unless it says otherwise, and "
    "gives `code` or `opened`. A case of `lists` gives `code` or the number of its entries. `pad_to` means: put spaces after "
    "the first character until the text has so many bytes. A case of `key_files` is `read` (1) or refused (0), with its "
    "`passphrase` if it has one. `order_base64url` and `file_base64url` are bytes that are not UTF-8."
)


def opened_orders():
    """Valid orders with what is in them, by hand or from the plain order."""
    for name, (sealed, trace) in answers_orders.batches().items():
        station = trace["recipients"][0]["station"]
        for index, order in enumerate(sealed):
            fields = {}
            for field in PRINTABLE:
                step = trace["orders"][index]["fields"].get(field)
                if step:
                    party, member = field.split(".")
                    value = trace["orders"][index]["plain"][party][member]
                    fields[field] = value if step["type"] != "virtual" else json.dumps(value, separators=(",", ":"))
            yield answers_orders.case(f"{name}: order {index}", order, stations=[station], opened=fields)


SMALL_OPENED = {"recipient.name": "测试一", "recipient.mobile": "12900000001"}
# What is in the orders that are not `SMALL`, or of which not everything is wanted.
OPENED = {
    "an empty text": {**SMALL_OPENED, "recipient.name": ""},
    "a text with a byte order mark": {"recipient.name": "\ufeff测试"},
    "escapes in texts of the headers": None,
    "a batch of 1,048,576 orders": SMALL_OPENED,
    "no consent to withdraw": {},
    "a destroyed field is not wanted": {"recipient.mobile": "12900000001"},
    "nothing is wanted": {},
    "a field that the order does not have is wanted": {},
}


def orders():
    full = None
    for case in opened_orders():
        if case["name"].startswith("every field") and full is None:
            full = case["opened"]
        yield case
    for case in [*answers_orders.edges(), *answers_orders.in_context()]:
        if "code" not in case:
            opened = OPENED.get(case["name"], SMALL_OPENED)
            case["opened"] = full if opened is None else opened
        yield case
    yield from answers_orders.refused()


def sealed_again(name, sealed, trace):
    """seal.py, given the same randomness, has to give the same bytes."""
    labels = {"one order": "small", "every field and member, two stations": "full", "five orders": "five"}
    label = labels.get(name, "longest" if name.startswith("fields") else "sixteen")
    stations = [recipient["station"] for recipient in trace["recipients"]]
    random = iter([chosen(f"{label} jti", 16), chosen(f"{label} batch key")] + [
        chosen(f"{label} ephemeral {station}") for station in stations
    ])
    header = json.loads(trace["header"])
    options = {**OPTIONS, **{member: header[member] for member in ("stn", "mask") if member in header}}
    options["max"] = json.loads(trace["orders"][0]["header"]).get("max")
    publics = [read_station_public(STATIONS[station][1].encode()) for station in stations]
    plain = [order["plain"] for order in trace["orders"]]
    again = seal_batch(read_issuer(ISSUERS["platform"][0].encode()), publics, plain, options, lambda _: next(random))
    assert again == sealed, name


def opened_by_pyhpke(trace):
    for recipient in trace["recipients"]:
        secret = json.loads(STATIONS[recipient["station"]][0])["x25519"]
        private = HPKE.kem.deserialize_private_key(answers.from_base64url(secret))
        enc, info = bytes.fromhex(recipient["enc"]), bytes.fromhex(recipient["info"])
        opened = HPKE.create_recipient_context(enc, private, info=info).open(bytes.fromhex(recipient["wk"]))
        assert opened.hex() == trace["batch_key"]


def make():
    batches = answers_orders.batches()
    for name, (sealed, trace) in batches.items():
        sealed_again(name, sealed, trace)
        opened_by_pyhpke(trace)
    return {
        "about": ABOUT,
        "now": NOW,
        "stations": {name: {"secret": secret, "public": public} for name, (secret, public) in STATIONS.items()},
        "issuers": {name: {"secret": secret, "public": public} for name, (secret, public) in ISSUERS.items()},
        "status_lists": answers_orders.status_lists(),
        "batches": [{"name": name, **trace} for name, (_, trace) in batches.items()],
        "orders": list(orders()),
        "list_values": list(answers_lists.values()),
        "lists": list(answers_lists.cases()),
        "key_files": list(answers_keys.cases()),
    }


def to_text(value):
    """One case, one line, so that a change can be read."""
    lines = ["{"]
    for last, (name, member) in enumerate(value.items(), 1 - len(value)):
        comma = "" if last == 0 else ","
        if type(member) is list:
            rows = [json.dumps(row, ensure_ascii=False) for row in member]
            lines += [f'"{name}": [', *(row + "," for row in rows[:-1]), rows[-1], f"]{comma}"]
        else:
            lines.append(f'"{name}": {json.dumps(member, ensure_ascii=False)}{comma}')
    return "\n".join([*lines, "}"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Makes known-answers.json.")
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    made = make()
    wrong = list(answers.differences(made))
    print("\n".join(wrong) if wrong else "every answer is what it must be", file=sys.stderr)
    for section in ("orders", "lists", "key_files"):
        names = collections.Counter(case["name"] for case in made[section])
        assert max(names.values()) == 1, names.most_common(3)
    codes = collections.Counter(case.get("code", "opened") for case in made["orders"])
    print(f"{len(made['orders'])} orders {dict(codes)}, {len(made['lists'])} lists, {len(made['key_files'])} key files", file=sys.stderr)
    text = to_text(made).encode("utf-8")
    if arguments.check:
        same = arguments.file.read_bytes() == text
        print("the file is the same" if same else "the file differs", file=sys.stderr)
        return 0 if same and not wrong else 1
    if not wrong:
        arguments.file.write_bytes(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
