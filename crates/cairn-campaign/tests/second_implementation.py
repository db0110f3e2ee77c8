"""Reads a campaign's folder as an outsider would, with nothing but the standard library, and checks all of it: the list
against its hash, the root against the list, every claim file against list and root.

usage: second_implementation.py FOLDER
"""

import csv
import hashlib
import json
import pathlib
import sys

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def key(text):
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    body = number.to_bytes((number.bit_length() + 7) // 8, "big")
    assert len(body) + zeros == 32, text
    return b"\0" * zeros + body


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def le(number, size):
    return number.to_bytes(size, "little")


def join(left, right):
    packed = [sha_ + le(sum_, 8) for sha_, sum_ in (left, right)]
    return sha(b"\1", *packed), left[1] + right[1]


def leaf(campaign, index, owner, unlocked, locked):
    parts = (campaign, le(index, 4), owner, le(unlocked, 8), le(locked, 8))
    return sha(b"\0cairn/drop/1", *parts), unlocked + locked


def node(text):
    digest, total = text.split(":")
    return bytes.fromhex(digest), int(total)


def place(owner):
    return int.from_bytes(sha(owner)[:8], "big"), owner


def read_list(folder, campaign):
    raw = (folder / "recipients.csv").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == campaign["snapshot_hash"], "snapshot hash"
    rows = list(csv.DictReader(raw.decode("ascii").splitlines()))
    found = []
    for at, row in enumerate(rows):
        assert int(row["index"]) == at, "indices count up"
        found.append((key(row["owner"]), int(row["unlocked"]), int(row["locked"])))
    assert found == sorted(found, key=lambda one: place(one[0])), "canonical order"
    assert len({owner for owner, _, _ in found}) == len(found), "an owner twice"
    return found


def levels_of(leaves):
    levels = [leaves + [(sha(b"\2"), 0)] * ((1 << (len(leaves) - 1).bit_length()) - len(leaves))]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([join(below[at], below[at + 1]) for at in range(0, len(below), 2)])
    return levels


def check_claims(folder, campaign, grants, levels, address):
    depth, canopy_depth = campaign["depth"], campaign["canopy_depth"]
    climb = depth - canopy_depth
    bits = max(0, depth - 8)
    width = max(1, -(-bits // 4))
    names = [f"{shard:0{width}x}.json" for shard in range(1 << bits)]
    assert sorted(path.name for path in (folder / "claims").iterdir()) == sorted(names), "claim files"
    canopy = (folder / "canopy.bin").read_bytes()
    assert canopy == b"".join(digest + le(total, 8) for digest, total in levels[climb]), "canopy"
    seen = 0
    for shard, name in enumerate(names):
        file = json.loads((folder / "claims" / name).read_text())
        assert file["first"] == seen and file["shard"] == shard, name
        held = [(key(owner), int(unlocked), int(locked)) for owner, unlocked, locked in file["claims"]]
        assert held == grants[seen : seen + len(held)], name
        for owner, _, _ in held:
            assert place(owner)[0] >> (64 - bits) == shard, "an owner in another's file"
        run = {seen + at: leaf(address, seen + at, *grant) for at, grant in enumerate(held)}
        for left, right in file["edges"]:
            if left is not None:
                run[min(run) - 1] = node(left)
            if right is not None:
                run[max(run) + 1] = node(right)
            run = {at // 2: join(run[at], run[at + 1]) for at in sorted(run) if at % 2 == 0}
        for at, found in run.items():
            assert found == levels[climb][at], f"{name} does not lead to the canopy"
        seen += len(held)
    assert seen == len(grants), "everyone has a claim"


def main():
    folder = pathlib.Path(sys.argv[1])
    campaign = json.loads((folder / "campaign.json").read_text())
    address = key(campaign["terms"]["campaign"])
    grants = read_list(folder, campaign)
    levels = levels_of([leaf(address, at, *grant) for at, grant in enumerate(grants)])
    digest, total = levels[-1][0]
    assert digest.hex() == campaign["root_hash"] and total == int(campaign["root_sum"]), "root"
    assert len(levels) - 1 == campaign["depth"] and len(grants) == campaign["leaf_count"], "shape"
    assert sum(locked for _, _, locked in grants) == int(campaign["locked"]), "locked"
    check_claims(folder, campaign, grants, levels, address)
    print(f"{len(grants)} recipients: list, root and claims agree")


main()
