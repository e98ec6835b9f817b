#!/usr/bin/env python3
"""For ../check: orders sealed by three programs and opened by the others, every field compared with the plain order.

check.py MIANDAN OPEN_LINES NODE_FOLDER WORK_FOLDER
"""

import importlib
import json
import pathlib
import random
import subprocess
import sys
import time

from keys import read_station, read_trust
from lists import Status
from shapes import FIELDS, PRINTABLE

HERE = pathlib.Path(__file__).parent
COUNT = 1_000
HOSTILE = 200
# How each group of orders is sealed: to whom, and with which options.
GROUPS = [
    (["a"], {}),
    (["a", "b"], {"station": "east"}),
    (["a", "b", "c"], {"mask-name": "none"}),
    (["a"], {"station": "A", "mask-phone": "tail2", "mask-address": "full"}),
    (["b", "a"], {"mask-name": "first", "mask-phone": "none", "mask-address": "detail"}),
]


def run(*command, to=None):
    finished = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if finished.returncode != 0:
        sys.exit(f"{command[0]} {command[1]}: exit code {finished.returncode}\n{finished.stderr.decode()}")
    if to:
        to.write_bytes(finished.stdout)
    return finished.stdout


def lines(data):
    return [json.loads(line) for line in data.split(b"\n") if line]


def sampled(miandan):
    """Orders as `miandan sample` makes them, from several seeds."""
    orders = []
    for seed in range(5):
        orders += lines(run(miandan, "sample", "--count", COUNT // 5, "--seed", seed))
    for number, order in enumerate(orders):
        order["order_id"] = f"S{number}"
    return orders


def hostile():
    """Orders that a careless program would stumble over."""
    chosen = random.Random(20261124)
    pieces = [
        "测", "𠮷", "㐂", "😀", "👩‍👩‍👧", "e\u0301", "\u202e", "\u200b", "\ufeff", "\u0000", "\u001b[2J", "\\", "\"", "/", "\u2028",
        "\u0085", "\uffff", "\U0010ffff", "\r\n", "<b>", "' OR 1=1", "ß", "İ", "＋８６", "\ue000",
    ]
    phones = [
        "13800000000", "+86 138-0000-0000", "0086 13800000000", "8613800000000", "(010)12345678", "＋８６　１３８００００００００",
        "²³", "١٣٨٠٠٠٠٠٠٠٠", "86138", "++8613800000000", "0571-01234567-8001", "1380000000", "138000000000", "无",
    ]
    orders = []
    for number in range(HOSTILE):
        order = {"order_id": f"H{number}", "waybill_no": f"YT{number:013}", "carrier": "YTO"}
        for party, members in {
            "recipient": ["name", "org", "mobile", "province", "city", "district", "town", "detail"],
            "sender": ["name", "org", "mobile", "province", "city", "district", "town", "detail"],
            "buyer": ["account", "email", "idcard"],
        }.items():
            order[party] = {}
            for member in members:
                if chosen.random() < 0.5:
                    length = chosen.choice([1, 1, 3, 10, 29, 30, 31, 32])
                    order[party][member] = "x" + "".join(chosen.choice(pieces) for _ in range(length))
            if party != "buyer" and chosen.random() < 0.5:
                order[party]["phone"] = chosen.choice(phones)
            if party != "buyer" and chosen.random() < 0.3:
                until = chosen.choice([0, 2**53 + 1, 2**64 - 1])
                order[party]["virtual"] = {"main": chosen.choice(["+86", "1-2-3", "0" * 20]), "ext": chosen.choice(["", "0042"]), "until": until}
        if number % 4 == 0:
            order["recipient"]["detail"] = "长" * 333 + "a"
        if number % 10 == 0:
            order["recipient"]["org"] = "b" * 4_062
        if chosen.random() < 0.5:
            order["memo"] = "".join(chosen.choice(pieces) for _ in range(20))
            order["merge_key"] = f"m{number % 7}"
            order["items"] = [{"name": "书", "count": 2**32 - 1}, {"sku": "𠮷"}]
        orders.append({name: member for name, member in order.items() if member})
    return orders


def expected(order, fields):
    wanted = {}
    for field in fields:
        party, member = field.split(".")
        value = order.get(party, {}).get(member)
        if member == "virtual" and value:
            wanted[field] = {"main": value["main"], "ext": value.get("ext", ""), "until": value["until"]}
        elif value and value.strip():
            wanted[field] = value
    return wanted


def read_fields(fields):
    return {field: json.loads(text) if field.endswith(".virtual") else text for field, text in fields.items()}


def same(what, opened, orders, fields=PRINTABLE):
    assert len(opened) == len(orders), f"{what}: {len(opened)} opened of {len(orders)}"
    for answer, order in zip(opened, orders):
        ord = answer["ord"] if "ord" in answer else answer.get("header", {}).get("ord")
        assert ord == order["order_id"], f"{what}: {answer} in the place of {order['order_id']}"
        found, wanted = read_fields(answer["fields"]), expected(order, fields)
        assert found == wanted, f"{what}: {order['order_id']}: {found} and not {wanted}"


def same_clear(what, header, order):
    """What stays readable is what the plain order said."""
    for name, member in {"wbn": "waybill_no", "cp": "carrier", "pay": "payment_id"}.items():
        assert header.get(name) == (order.get(member) or None), f"{what}: {name}"
    for name in ("routing", "service", "parcel", "items", "memo", "consent"):
        assert (header.get(name) or None) == (order.get(name) or None), f"{what}: {name}"
    assert ("mrg" in header) == bool(order.get("merge_key", "").strip()), f"{what}: mrg"


class World:
    def __init__(self, miandan, open_lines, node, work):
        self.miandan, self.open_lines, self.node, self.work = miandan, open_lines, node, work
        self.issuer, self.trust = work / "issuer.key", work / "issuer.key.pub"
        run(miandan, "keygen", "issuer", "--id", "platform", "--out", self.issuer)
        for name in "abc":
            scope = ["--id", name.upper(), "--group", "east", "--merchant", "M1", "--no-passphrase"]
            run(miandan, "keygen", "station", *scope, "--out", work / f"{name}.key")

    def seal(self, program, number, plain):
        """Seals a group with one of the three sealers."""
        recipients, options = GROUPS[number % len(GROUPS)]
        out = self.work / f"{program}-{number}.sealed.jsonl"
        words = ["--issuer", self.issuer, "--merchant", "M1"]
        for name in recipients:
            words += ["--to", self.work / f"{name}.key.pub"]
        for name, value in options.items():
            words += [f"--{name}", value]
        if program == "miandan":
            run(self.miandan, "seal", plain, *words, "-o", out)
        elif program == "python":
            run(sys.executable, HERE / "seal.py", plain, *words, to=out)
        else:
            run("node", self.node / "seal.js", plain, *words, to=out)
        return out

    def open(self, program, sealed):
        now, words = str(int(time.time())), ["--key", self.work / "a.key", "--trust", self.trust]
        if program == "rust":
            return lines(run(self.open_lines, self.work / "a.key", self.trust, now, sealed))
        if program == "python":
            return lines(run(sys.executable, HERE / "open.py", *words, sealed))
        return lines(run("node", self.node / "open.js", *words, sealed))

    def open_all(self, program, sealed):
        """Headers and every field, those too that are never printed."""
        now = int(time.time())
        if program == "node":
            return lines(run("node", self.node / "check.js", "open", self.work / "a.key", self.trust, now, sealed))
        keys, trust = [read_station((self.work / "a.key").read_bytes())], read_trust([self.trust.read_bytes()])
        opened = []
        for line in filter(None, sealed.read_bytes().split(b"\n")):
            open_checked = importlib.import_module("open").open_checked
            header, fields = open_checked(line, now, keys, trust, Status("off"), list(FIELDS))
            mark = {"mrg": header["mrg"].hex()} if "mrg" in header else {}
            opened.append({"header": {**header, **mark}, "fields": fields})
        return opened

    def print(self, sealed, name):
        run(self.miandan, "print", sealed, "--key", self.work / "a.key", "--trust", self.trust, "--out", self.work / f"{name}.pdf")


def main():
    miandan, open_lines, node, work = map(pathlib.Path, sys.argv[1:])
    world = World(miandan, open_lines, node, work)
    plain = sampled(miandan)
    assert len(plain) == COUNT
    plain += hostile()
    groups = [plain[start : start + 200] for start in range(0, len(plain), 200)]
    counts = {}

    def count(what, number):
        counts[what] = counts.get(what, 0) + number

    headers = {}
    for number, orders in enumerate(groups):
        file = work / f"plain-{number}.jsonl"
        file.write_bytes(b"".join(json.dumps(order, ensure_ascii=False).encode() + b"\n" for order in orders))
        for sealer in ("miandan", "python", "node"):
            sealed = world.seal(sealer, number, file)
            for opener in ("rust",) if sealer != "miandan" else ("rust", "python", "node"):
                same(f"{sealer} → {opener}", world.open(opener, sealed), orders)
                count(f"sealed by {sealer}, opened by {opener}", len(orders))
            opener = {"miandan": "node", "python": "node", "node": "python"}[sealer]
            opened = world.open_all(opener, sealed)
            same(f"{sealer} → {opener}, every field", opened, orders, FIELDS)
            count(f"sealed by {sealer}, every field opened by {opener}", len(orders))
            headers[sealer] = world.open_all("python", sealed)
            for answer, order in zip(headers[sealer], orders):
                same_clear(sealer, answer["header"], order)
            if number < COUNT // 200:
                world.print(sealed, f"{sealer}-{number}")
                count(f"sealed by {sealer}, printed", len(orders))
        for answers in zip(*headers.values()):
            first, *others = [(answer["header"]["fields"], answer["header"].get("mrg")) for answer in answers]
            assert all(other == first for other in others), "the sealers disagree about types or merge marks"
        count("types and merge marks the same from three sealers", len(orders))
    for what, number in counts.items():
        print(f"{number:5} {what}")
    assert all(number >= COUNT for number in counts.values())


if __name__ == "__main__":
    main()
