"""Checks known answers against the opener beside it: every order and every list, valid and not."""

import importlib

from encoding import Refused, from_base64url
from keys import read_carrier_public, read_station, read_station_public, read_trust
from lists import Status, verify_list
from shapes import PRINTABLE

open_order = importlib.import_module("open").open_order


def content(case, name):
    """The bytes of a case. `pad_to` puts spaces after the first character until it is so long."""
    data = case[name].encode() if name in case else from_base64url(case[f"{name}_base64url"])
    return data[:1] + b" " * (case.get("pad_to", 0) - len(data)) + data[1:]


def answer_of_order(answers, case):
    trust = read_trust(answers["issuers"][name]["public"].encode() for name in case.get("trust", ["platform"]))
    keys = [read_station(answers["stations"][name]["secret"].encode()) for name in case.get("stations", ["S1"])]
    known = case.get("status", {"policy": "off", "lists": []})
    status = Status(known["policy"], known.get("max_age"))
    everybody = read_trust(answers["issuers"][name]["public"].encode() for name in ("platform", "other"))
    for name in known["lists"]:
        status.add(verify_list("status", answers["status_lists"][name].encode(), everybody))
    now, wanted = case.get("now", answers["now"]), case.get("wanted", PRINTABLE)
    try:
        return {"opened": open_order(content(case, "order"), now, keys, trust, status, wanted)[1]}
    except Refused as refusal:
        return {"code": refusal.code}


def answer_of_list(answers, case):
    trust = read_trust(answers["issuers"][name]["public"].encode() for name in case["trust"])
    try:
        body = verify_list(case["kind"], content(case, "file"), trust)
        return {"entries": len(body["withdrawn" if case["kind"] == "status" else case["kind"]])}
    except Refused as refusal:
        return {"code": refusal.code}


def answer_of_key_file(case):
    file = content(case, "file")
    try:
        if case["kind"] == "station":
            read_station(file, case["passphrase"].encode() if "passphrase" in case else None)
        elif case["kind"] == "station public":
            read_station_public(file)
        elif case["kind"] == "carrier public":
            read_carrier_public(file)
        else:
            read_trust([file])
        return {"read": 1}
    except Refused:
        return {"read": 0}


def differences(answers):
    """Cases that this opener answers otherwise."""
    for case in answers["orders"]:
        expected = {name: case[name] for name in ("code", "opened") if name in case}
        answer = answer_of_order(answers, case)
        if answer != expected:
            yield f"order, {case['name']}: {answer} and not {expected}"
    for case in answers["lists"]:
        expected = {name: case[name] for name in ("code", "entries") if name in case}
        answer = answer_of_list(answers, case)
        if answer != expected:
            yield f"list, {case['name']}: {answer} and not {expected}"
    for case in answers["key_files"]:
        if answer_of_key_file(case) != {"read": case["read"]}:
            yield f"key file, {case['name']}: not {case['read']}"
