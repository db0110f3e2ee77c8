"""The proof envelope: canonical bytes, id, signatures."""

import struct

from signature import VERIFIERS
from verdict import Refused, expect, sha256

TAG = b"CAIRNPF1"
KINDS = range(1, 12)
ROLES = {"device": 1, "user": 2, "validator": 3, "carrier": 4, "partner": 5, "attestor": 6}
SCHEMES = {"ed25519": 0, "p256": 1}
BODY_KINDS = {
    "wifi_add": 1,
    "wifi_check_in": 2,
    "hotspot_beat": 3,
    "qos_probe": 4,
    "validator_visit": 5,
    "traffic_session": 6,
    "esim_task": 7,
    "referral": 8,
    "partner_metric": 9,
    "adjust": 10,
    "link": 11,
}
BODY_LENGTHS = {1: 200, 2: 62, 3: 13, 4: 46, 5: 64, 6: 116, 7: 68, 8: 64, 9: 59, 10: 104, 11: 65}
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
    elif name == "wifi_add":
        data = struct.pack("<32sii", bytes.fromhex(fields["user"]), fields["lat_e7"], fields["lon_e7"])
        data += b"".join(map(bytes.fromhex, fields["neighbours"]))
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
    elif name == "qos_probe":
        data = struct.pack(
            "<32sIIIH",
            bytes.fromhex(fields["validator"]),
            fields["down_kbps"],
            fields["up_kbps"],
            fields["rtt_ms"],
            fields["loss_permille"],
        )
    elif name == "validator_visit":
        data = bytes.fromhex(fields["validator"]) + bytes.fromhex(fields["transcript"])
    elif name == "referral":
        data = bytes.fromhex(fields["invitee"]) + bytes.fromhex(fields["attestor"])
    elif name == "traffic_session":
        data = struct.pack(
            "<32sI32sqQ32s",
            bytes.fromhex(fields["session"]),
            fields["payer"],
            bytes.fromhex(fields["subscriber"]),
            fields["started_at_ms"],
            int(fields["bytes"]),
            bytes.fromhex(fields["carrier"]),
        )
    elif name == "adjust":
        data = struct.pack(
            "<32sQ32s32s",
            bytes.fromhex(fields["adjusted"]),
            int(fields["milli_points"]),
            bytes.fromhex(fields["operator"]),
            bytes.fromhex(fields["second_operator"]),
        )
    elif name == "link":
        data = bytes.fromhex(fields["wallet"]) + bytes([fields["vouched_by"]]) + bytes.fromhex(fields["voucher"])
    else:
        data = struct.pack(
            "<I32s32s",
            fields["task"],
            bytes.fromhex(fields["nullifier"]),
            bytes.fromhex(fields["carrier"]),
        )
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
    if kind == 1:
        lat, lon = struct.unpack("<ii", body[32:40])
        inside = abs(lat) <= 900_000_000 and abs(lon) <= 1_800_000_000
        neighbours = [body[at : at + 32] for at in range(40, 200, 32)]
        seen = [key for key in neighbours if any(key)]
        if inside and neighbours != sorted(set(seen)) + [bytes(32)] * (5 - len(seen)):
            raise Refused("NeighbourOrder")
    elif kind == 3:
        lat, lon = struct.unpack("<ii", body[4:12])
        inside = abs(lat) <= 900_000_000 and abs(lon) <= 1_800_000_000
    elif kind == 4:
        down, up, rtt, loss = struct.unpack("<IIIH", body[32:])
        inside = max(down, up) <= 100_000_000 and rtt <= 60_000 and loss <= 1000
    elif kind in (5, 8):
        inside = True
    elif kind == 6:
        payer, started, carried = struct.unpack("<I32xqQ", body[32:84])
        inside = payer >= 1 and started >= 0 and 1 <= carried <= 1 << 40
    elif kind == 10:
        if body[40:72] == body[72:]:
            raise Refused("SameKey")
        inside = 1 <= struct.unpack("<Q", body[32:40])[0] <= 1 << 40
    elif kind == 11:
        inside = body[32] <= 3
    elif kind == 7:
        inside = struct.unpack("<I", body[:4])[0] >= 1
    else:
        at = {2: 60, 9: 24}[kind]
        inside = struct.unpack("<H", body[at : at + 2])[0] <= 1000
    if not inside:
        raise Refused("OutOfRange")


def check_proofs(vectors):
    keys = [(key["role"], key["scheme"], bytes.fromhex(key["public"])) for key in vectors["keys"]]
    signatures = 0
    for vector in vectors["proofs"]:
        unsigned = encode_proof(vector["json"]["proof"])
        expect(vector["unsigned"], unsigned.hex(), vector["kind"])
        expect(vector["id"], sha256(unsigned).hex(), f"id of {vector['kind']}")
        signed = encode_signed(vector["json"])
        expect(vector["signed"], signed.hex(), f"signed {vector['kind']}")
        decode_signed(signed)
        for given in vector["json"]["signatures"]:
            scheme, signature = given["scheme"], bytes.fromhex(given["signature"])
            message = bytes([ROLES[given["role"]]]) + sha256(unsigned)
            name = f"{given['role']}'s signature of {vector['kind']}"
            # Two operators sign in one role: a signature is one key's, whichever.
            own = [key for role, of, key in keys if (role, of) == (given["role"], scheme)]
            fits = [key for key in own if VERIFIERS[scheme](key, message, signature)]
            expect(1, len(fits), name)
            expect(VERIFIERS[scheme](fits[0], message[:-1] + b"\0", signature), False, f"forged {name}")
            signatures += 1
    for case in vectors["refusals"]:
        try:
            decode_signed(bytes.fromhex(case["bytes"]))
        except Refused as refusal:
            expect(case["error"], str(refusal), case["case"])
        else:
            raise AssertionError(f"{case['case']}: accepted")
    return len(vectors["proofs"]), signatures, len(vectors["refusals"])
