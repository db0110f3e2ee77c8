"""A second implementation of Cairn's trees and proofs, written from the specification and checked on the golden vectors.

    python3 second_implementation.py fixtures/vectors

Python 3.9 or later, standard library only. Prints what it checked; the first vector that disagrees ends it with exit
code 1 and a sentence.
"""

import hashlib
import json
import pathlib
import struct
import sys

MAX_DEPTH = 24
MAX_U64 = 2**64 - 1


class Refused(Exception):
    """The name of the refusal, as in the vectors."""


def sha256(data):
    return hashlib.sha256(data).digest()


# --- the Merkle-sum tree ---------------------------------------------------------------------------------------------

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


# --- signed proofs ---------------------------------------------------------------------------------------------------

TAG = b"CAIRNPF1"
KINDS = range(1, 11)
ROLES = {"device": 1, "user": 2, "validator": 3, "carrier": 4, "partner": 5, "attestor": 6}
SCHEMES = {"ed25519": 0, "p256": 1}
BODY_KINDS = {"wifi_check_in": 2, "hotspot_beat": 3, "partner_metric": 9}
OPAQUE_KINDS = {"qos_probe": 4}
BODY_LENGTHS = {2: 62, 3: 13, 9: 59}
HEAD = struct.Struct("<8s32sHH32sQIqQ32sQ")


def encode_body(body):
    ((name, fields),) = body.items()
    if name == "wifi_check_in":
        data = struct.pack(
            "<32sq16sIH",
            bytes.fromhex(fields["user"]),
            fields["challenge_at_ms"],
            bytes.fromhex(fields["challenge"]),
            fields["session_secs"],
            fields["scan_overlap_permille"],
        )
    elif name == "hotspot_beat":
        data = struct.pack(
            "<Iii?", fields["hour_bucket"], fields["lat_e7"], fields["lon_e7"], fields["contact"]
        )
    elif name == "partner_metric":
        data = struct.pack(
            "<IIQQH?32s",
            fields["stream"],
            fields["hour_bucket"],
            int(fields["quantity"]),
            int(fields["counter"]),
            fields["quality_permille"],
            fields["second_source"],
            bytes.fromhex(fields["partner"]),
        )
    else:
        return OPAQUE_KINDS[fields["kind"]], bytes.fromhex(fields["bytes"])
    return BODY_KINDS[name], data


def encode_proof(proof):
    kind, body = encode_body(proof["body"])
    head = HEAD.pack(
        TAG,
        bytes.fromhex(proof["network"]),
        kind,
        proof["ruleset"],
        bytes.fromhex(proof["subject"]),
        int(proof["signer_seq"]),
        proof["epoch"],
        proof["observed_at_ms"],
        int(proof["anchor_slot"]),
        bytes.fromhex(proof["anchor_hash"]),
        int(proof["cell"], 16),
    )
    return head + struct.pack("<I", len(body)) + body


def encode_signed(signed):
    data = encode_proof(signed["proof"]) + struct.pack("<I", len(signed["signatures"]))
    for signature in signed["signatures"]:
        data += bytes([ROLES[signature["role"]], SCHEMES[signature["scheme"]]])
        data += bytes.fromhex(signature["signature"])
    return data


def decode_signed(data):
    """Raises Refused for whatever is not the one encoding of a signed proof."""

    def take(length):
        nonlocal data
        if len(data) < length:
            raise Refused("Truncated")
        part, data = data[:length], data[length:]
        return part

    if len(data) >= 8 and data[:8] != TAG:
        raise Refused("Tag")
    kind = HEAD.unpack(take(HEAD.size))[2]
    if kind not in KINDS:
        raise Refused("UnknownKind")
    (length,) = struct.unpack("<I", take(4))
    if length > 1024:
        raise Refused("BodyTooLong")
    decode_body(kind, take(length))
    (count,) = struct.unpack("<I", take(4))
    if count > 8:
        raise Refused("TooManySignatures")
    signatures = []
    for _ in range(count):
        signature = take(66)
        if signature[0] not in ROLES.values():
            raise Refused("UnknownRole")
        if signature[1] not in SCHEMES.values():
            raise Refused("UnknownScheme")
        signatures.append(signature)
    if data:
        raise Refused("Trailing")
    if any(a >= b for a, b in zip(signatures, signatures[1:])):
        raise Refused("SignatureOrder")


def decode_body(kind, body):
    if kind not in BODY_LENGTHS:
        return
    if len(body) != BODY_LENGTHS[kind]:
        raise Refused("BodyLength")
    truth = {3: 12, 9: 26}.get(kind)
    if truth is not None and body[truth] > 1:
        raise Refused("NotBoolean")
    if kind == 3:
        lat, lon = struct.unpack("<ii", body[4:12])
        inside = abs(lat) <= 900_000_000 and abs(lon) <= 1_800_000_000
    else:
        at = {2: 60, 9: 24}[kind]
        inside = struct.unpack("<H", body[at : at + 2])[0] <= 1000
    if not inside:
        raise Refused("OutOfRange")


# --- signatures: RFC 8032 and FIPS 186-5, the verification equations only --------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def edwards_add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e1, e2 = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = e2 - e1, d - c, d + c, e2 + e1
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def edwards_multiply(scalar, point):
    result = (0, 1, 1, 0)
    for bit in bin(scalar)[2:]:
        result = edwards_add(result, result)
        if bit == "1":
            result = edwards_add(result, point)
    return result


def edwards_read(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, (y & (2**255 - 1)) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P:
        return None
    if x % 2 != sign:
        x = -x % P
    return (x, y, 1, x * y % P)


EDWARDS_BASE = edwards_read((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_identity(point):
    x, y, z, _ = point
    return x % P == 0 and (y - z) % P == 0


def verify_ed25519(key, message, signature):
    """ZIP-215, and no point of small order."""
    point_a, point_r = edwards_read(key), edwards_read(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if point_a is None or point_r is None or s >= L:
        return False
    if is_identity(edwards_multiply(8, point_a)) or is_identity(edwards_multiply(8, point_r)):
        return False
    challenge = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(challenge, "little") % L
    right = edwards_add(point_r, edwards_multiply(k, point_a))
    x, y, z, t = edwards_multiply(s, EDWARDS_BASE)
    difference = edwards_add(right, (-x % P, y, z, -t % P))
    return is_identity(edwards_multiply(8, difference))


Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
P256_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def p256_add(a, b):
    if a is None or b is None:
        return a or b
    (x1, y1), (x2, y2) = a, b
    if x1 == x2:
        if (y1 + y2) % Q == 0:
            return None
        slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, Q)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, Q)
    x = (slope * slope - x1 - x2) % Q
    return (x, (slope * (x1 - x) - y1) % Q)


def p256_multiply(scalar, point):
    result = None
    for bit in bin(scalar)[2:]:
        result = p256_add(result, result)
        if bit == "1":
            result = p256_add(result, point)
    return result


def verify_p256(key, message, signature):
    """ECDSA with SHA-256 and the low S."""
    x = int.from_bytes(key[1:], "big")
    y = pow(x**3 - 3 * x + B, (Q + 1) // 4, Q)
    if key[0] not in (2, 3) or (y * y - (x**3 - 3 * x + B)) % Q:
        return False
    if y % 2 != key[0] % 2:
        y = Q - y
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not 1 <= r < N or not 1 <= s <= N // 2:
        return False
    e, w = int.from_bytes(sha256(message), "big"), pow(s, -1, N)
    point = p256_add(p256_multiply(e * w % N, P256_BASE), p256_multiply(r * w % N, (x, y)))
    return point is not None and point[0] % N == r


VERIFIERS = {"ed25519": verify_ed25519, "p256": verify_p256}


def check_proofs(vectors):
    keys = {key["role"]: (key["scheme"], bytes.fromhex(key["public"])) for key in vectors["keys"]}
    signatures = 0
    for vector in vectors["proofs"]:
        unsigned = encode_proof(vector["json"]["proof"])
        expect(vector["unsigned"], unsigned.hex(), vector["kind"])
        expect(vector["id"], sha256(unsigned).hex(), f"id of {vector['kind']}")
        signed = encode_signed(vector["json"])
        expect(vector["signed"], signed.hex(), f"signed {vector['kind']}")
        decode_signed(signed)
        for given in vector["json"]["signatures"]:
            scheme, key = keys[given["role"]]
            expect(given["scheme"], scheme, "scheme")
            message = bytes([ROLES[given["role"]]]) + sha256(unsigned)
            signature = bytes.fromhex(given["signature"])
            name = f"{given['role']}'s signature of {vector['kind']}"
            expect(VERIFIERS[scheme](key, message, signature), True, name)
            expect(VERIFIERS[scheme](key, message[:-1] + b"\0", signature), False, f"forged {name}")
            signatures += 1
    for case in vectors["refusals"]:
        try:
            decode_signed(bytes.fromhex(case["bytes"]))
        except Refused as refusal:
            expect(case["error"], str(refusal), case["case"])
        else:
            raise AssertionError(f"{case['case']}: accepted")
    return len(vectors["proofs"]), signatures, len(vectors["refusals"])


def check_speccheck(cases):
    """The published edge cases: the ZIP-215 verdict, and none for points of small order."""
    for number, case in enumerate(cases):
        key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["signature"])
        verdict = verify_ed25519(key, bytes.fromhex(case["message"]), signature)
        expect(number in (3, 4, 5), verdict, f"edge case {number}")
        if verdict:
            expect(case["zip215"], True, f"edge case {number}")


# --- the run ---------------------------------------------------------------------------------------------------------


def expect(published, computed, name):
    if published != computed:
        raise AssertionError(f"{name}: the vector says {published}, this program {computed}")


def main(folder):
    def read(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    trees = sorted(path for path in folder.glob("tree-[0-9]*.json"))
    if not trees:
        raise AssertionError(f"no tree vectors in {folder}")
    for path in trees:
        try:
            count = check_tree(read(path))
        except (AssertionError, Refused) as error:
            raise AssertionError(f"{path.name}: {error}") from error
        print(f"{path.name}: root and {count} proofs")
    refusals = read(folder / "tree-refusals.json")
    for case in refusals:
        check_refusal(case)
    print(f"tree-refusals.json: {len(refusals)} refusals")
    print("proofs.json: {} proofs, {} signatures, {} refusals".format(*check_proofs(read(folder / "proofs.json"))))
    edge_cases = read(folder / "external" / "ed25519-speccheck.json")["cases"]
    check_speccheck(edge_cases)
    print(f"ed25519-speccheck.json: {len(edge_cases)} edge cases")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: second_implementation.py VECTORS")
    try:
        main(pathlib.Path(sys.argv[1]))
    except (AssertionError, OSError, ValueError) as error:
        sys.exit(f"second implementation: {error}")
