"""Campaigns: another leaf in the same tree."""

import struct

from tree import MAX_U64, check_nodes, read_nodes, verify
from verdict import Refused, expect, sha256


def leaf_preimage(campaign, leaf):
    return (
        b"\x00cairn/drop/1"
        + campaign
        + struct.pack("<I", leaf["index"])
        + bytes.fromhex(leaf["owner"])
        + struct.pack("<QQ", int(leaf["unlocked"]), int(leaf["locked"]))
    )


def leaf_node(campaign, leaf):
    total = int(leaf["unlocked"]) + int(leaf["locked"])
    if total > MAX_U64:
        raise Refused("SumOverflow")
    return (sha256(leaf_preimage(campaign, leaf)), total)


def check_drops(drops):
    campaign = bytes.fromhex(drops["campaign"])
    nodes = []
    for position, leaf in enumerate(drops["leaves"]):
        expect(leaf["index"], position, "index")
        name = f"leaf {position}"
        expect(leaf["preimage"], leaf_preimage(campaign, leaf).hex(), f"preimage of {name}")
        node = leaf_node(campaign, leaf)
        expect((leaf["hash"], int(leaf["sum"])), (node[0].hex(), node[1]), f"node of {name}")
        nodes.append(node)
    proofs = check_nodes(drops, nodes)
    canopies = {canopy["canopy_depth"]: read_nodes(canopy["nodes"]) for canopy in drops["canopies"]}
    for case in drops["refusals"]:
        try:
            verify(
                leaf_node(bytes.fromhex(case["campaign"]), case),
                case["position"],
                len(nodes),
                read_nodes(case["proof"]),
                canopies[case["canopy_depth"]],
                case["canopy_depth"],
            )
        except Refused as refusal:
            expect(case["error"], str(refusal), case["case"])
        else:
            raise AssertionError(f"{case['case']}: accepted")
    return proofs, len(drops["refusals"])
