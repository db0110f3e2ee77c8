"""RFC 8032 and FIPS 186-5, the verification equations only."""

import hashlib

from verdict import expect, sha256

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


def check_speccheck(cases):
    """The published edge cases: the ZIP-215 verdict, and none for points of small order."""
    for number, case in enumerate(cases):
        key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["signature"])
        verdict = verify_ed25519(key, bytes.fromhex(case["message"]), signature)
        expect(number in (3, 4, 5), verdict, f"edge case {number}")
        if verdict:
            expect(case["zip215"], True, f"edge case {number}")
