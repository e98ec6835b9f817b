#!/usr/bin/env python3
"""Signs the list of withdrawn authorisations: status_list.py --issuer issuer.key withdrawn.json > status.list

The input is a JSON object: reference → highest epoch that is withdrawn.
"""

import argparse
import json
import pathlib
import sys
import time

from encoding import identifier, u32
from keys import read_issuer
from lists import sign_list


def sign_status(issuer, withdrawn, iat, next):
    entries = [{"ref": identifier(ref), "epoch": u32(epoch)} for ref, epoch in withdrawn.items()]
    entries.sort(key=lambda entry: entry["ref"].encode())
    body = {"iss": issuer["iss"], "ikid": issuer["kid"], "iat": iat, "next": next, "withdrawn": entries}
    return sign_list("status", issuer, body)


def main():
    parser = argparse.ArgumentParser(description="Signs the list of withdrawn authorisations.")
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("--issuer", type=pathlib.Path, required=True)
    parser.add_argument("--now", type=int, default=int(time.time()))
    parser.add_argument("--next-hours", type=int, default=24, help="when a newer list will be there")
    arguments = parser.parse_args()
    issuer = read_issuer(arguments.issuer.read_bytes())
    withdrawn = json.loads(arguments.input.read_text("utf-8"))
    next = arguments.now + arguments.next_hours * 3_600
    sys.stdout.buffer.write(sign_status(issuer, withdrawn, arguments.now, next))


if __name__ == "__main__":
    main()
