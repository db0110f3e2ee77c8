"""The Merkle-sum tree: build, prove, verify."""

import struct

from verdict import Refused, expect, sha256

MAX_DEPTH = 24
MAX_U64 = 2**64 - 1

EMPTY = (sha256(b"\x02"), 0)


def leaf_preimage(pool, leaf):
    amounts = [int(leaf[name]) for name in ("tokens", "points", "credits")]
    return (
        b"\x00cairn/leaf/1"
        + pool
        + struct.pack("<I", leaf["index"])
        + bytes.fromhex(leaf["owner"])
        + struct.pack("<QQQ", *amounts)
    )


def node_bytes(node):
    return node[0] + struct.pack("<Q", node[1])


def parent(left, right):
    total = left[1] + right[1]
    if total > MAX_U64:
        raise Refused("SumOverflow")
    return (sha256(b"\x01" + node_bytes(left) + node_bytes(right)), total)


def depth_for(leaf_count):
    if not 1 <= leaf_count <= 2**MAX_DEPTH:
        raise Refused("LeafCount")
    return (leaf_count - 1).bit_length()


def build(leaf_nodes):
    """All levels, the padded leaves first and the root last."""
    level = leaf_nodes + [EMPTY] * (2 ** depth_for(len(leaf_nodes)) - len(leaf_nodes))
    levels = [level]
    while len(level) > 1:
        level = [parent(level[i], level[i + 1]) for i in range(0, len(level), 2)]
        levels.append(level)
    return levels


def verify(node, index, leaf_count, proof, canopy, canopy_depth):
    depth = depth_for(leaf_count)
    if canopy_depth > depth or len(canopy) != 2**canopy_depth:
        raise Refused("CanopyLength")
    if index >= leaf_count:
        raise Refused("IndexOutOfRange")
    if len(proof) < depth - canopy_depth:
        raise Refused("ProofTooShort")
    if len(proof) > depth - canopy_depth:
        raise Refused("ProofTooLong")
    for sibling in proof:
        node = parent(sibling, node) if index % 2 else parent(node, sibling)
        index //= 2
    if node[1] != canopy[index][1]:
        raise Refused("SumMismatch")
    if node[0] != canopy[index][0]:
        raise Refused("HashMismatch")


def read_node(form):
    return (bytes.fromhex(form["hash"]), int(form["sum"]))


def read_nodes(forms):
    return [read_node(form) for form in forms]


def check_tree(tree):
    pool = bytes.fromhex(tree["pool"])
    nodes = []
    for position, leaf in enumerate(tree["leaves"]):
        expect(leaf["index"], position, "index")
        preimage = leaf_preimage(pool, leaf)
        if "preimage" in leaf:
            expect(leaf["preimage"], preimage.hex(), f"preimage of leaf {position}")
        expect(leaf["hash"], sha256(preimage).hex(), f"hash of leaf {position}")
        nodes.append((sha256(preimage), int(leaf["tokens"])))
    return check_nodes(tree, nodes)


def check_nodes(tree, nodes):
    """Everything above the leaves, whatever kind they are."""
    expect(tree["leaf_count"], len(nodes), "leaf count")
    levels = build(nodes)
    expect(tree["depth"], len(levels) - 1, "depth")
    expect(read_node(tree["root"]), levels[-1][0], "root")
    for level, forms in enumerate(tree.get("levels", [])):
        expect(read_nodes(forms), levels[level], f"level {level}")
    canopies = {}
    for canopy in tree["canopies"]:
        depth = canopy["canopy_depth"]
        canopies[depth] = read_nodes(canopy["nodes"])
        expect(canopies[depth], levels[-1 - depth], f"canopy {depth}")
    for proof in tree["proofs"]:
        index, canopy_depth = proof["index"], proof["canopy_depth"]
        siblings = [
            levels[level][(index >> level) ^ 1] for level in range(tree["depth"] - canopy_depth)
        ]
        name = f"proof of leaf {index} below canopy {canopy_depth}"
        expect(read_nodes(proof["nodes"]), siblings, name)
        verify(nodes[index], index, len(nodes), siblings, canopies[canopy_depth], canopy_depth)
    return len(tree["proofs"])


def check_refusal(case):
    try:
        verify(
            read_node(case["node"]),
            case["index"],
            case["leaf_count"],
            read_nodes(case["proof"]),
            read_nodes(case["canopy"]),
            case["canopy_depth"],
        )
    except Refused as refusal:
        expect(case["error"], str(refusal), case["case"])
    else:
        raise AssertionError(f"{case['case']}: accepted")
