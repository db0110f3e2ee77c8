import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { getAddressDecoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { deviceProof, hex } from '../../src/check/merkle.ts';
import { Refusal, Rust } from '../../src/check/rust.ts';
import { leafHash, preimagesOf } from '../../src/chain/leaves.ts';
import { mayTransfer } from '../../src/chain/transfer.ts';
import { Failure } from '../../src/failure.ts';
import type { DeviceLeaf } from '../../src/generated/device_registry.ts';

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const address = (byte: number): Address => getAddressDecoder().decode(key(byte));
const TREE = address(9);
const leaf = (device: number): DeviceLeaf => ({
    device: key(device),
    owner: key(2),
    issuer: key(3),
    hardware: key(4),
    location: key(5),
    sequence: 6n,
    model: 7,
    reason: 8,
    country: Uint8Array.from([85, 83]),
    class: 4,
    locationKind: 3,
    status: 1,
});

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const codeOf = (run: () => void): string => {
    try {
        run();
    } catch (error) {
        const failure = Failure.of(error);
        return failure.facts['code'] ?? failure.code;
    }
    return 'fine';
};

test('a leaf’s preimage is what the program hashes, integers little endian', async () => {
    const numbers = [6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 8, 0, 85, 83, 4, 3, 1];
    const whole = Buffer.concat([Buffer.from('\0cairn/device/1'), key(9), Buffer.from([1, 2, 0, 0]), key(1), key(2), key(3), key(4), key(5), Buffer.from(numbers)]);
    assert.equal(whole.length, 230);
    assert.equal(hex(preimagesOf(TREE, [leaf(1)], 513)), whole.toString('hex'));
    assert.equal(hex(await leafHash(TREE, 513, leaf(1))), sha256(whole).toString('hex'));
});

test('what the program refuses whatever is signed is refused here in its words and its order', () => {
    const [owner, other, zero] = [address(2), address(7), address(0)];
    assert.equal(codeOf(() => mayTransfer(leaf(1), owner, other)), 'fine');
    assert.equal(codeOf(() => mayTransfer(leaf(1), other, owner)), 'not-owner');
    assert.equal(codeOf(() => mayTransfer(leaf(1), owner, zero)), 'device-registry/ZeroKey');
    assert.equal(codeOf(() => mayTransfer(leaf(1), owner, owner)), 'device-registry/SameOwner');
    const banned = { ...leaf(1), status: 2 };
    assert.equal(codeOf(() => mayTransfer(banned, owner, other)), 'device-registry/DeviceBanned');
    assert.equal(codeOf(() => mayTransfer(banned, owner, owner)), 'device-registry/SameOwner');
});

test('a device’s proof leads to the root on chain, and leaves of another state prove nothing', async () => {
    const rust = await Rust.from(readFileSync(join(import.meta.dirname, '../../public/cairn_web.wasm')));
    const leaves = [leaf(1), leaf(2), leaf(3)];
    const hashes = await Promise.all(leaves.map((one, index) => leafHash(TREE, index, one)));
    const parent = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Uint8Array.of(1), left, right);
    const none: Uint8Array[] = [new Uint8Array(32)];
    for (let level = 0; level < 3; level += 1) none.push(parent(none[level]!, none[level]!));
    const left = parent(hashes[0]!, hashes[1]!);
    const root = parent(parent(left, parent(hashes[2]!, none[0]!)), none[2]!);
    // A tree of depth 3 without a canopy, imported and never changed: its words are all zeros but those of the frontier, which a proof
    // does not need.
    const words = 3 + 64 * (2 + 3);
    const tail = new DataView(new ArrayBuffer(4 + 32 * words));
    tail.setUint32(0, words, true);
    const tree = { root, sequence: 0n, nextIndex: 3, depth: 3, canopyDepth: 0, tail };
    const { sequence, proof } = deviceProof(rust, tree, 2, preimagesOf(TREE, leaves));
    assert.equal(sequence, 0n);
    assert.deepEqual(proof.map(hex), [none[0]!, left, none[2]!].map(hex));
    const stale = (): unknown => deviceProof(rust, tree, 2, preimagesOf(TREE, [leaf(1), leaf(2)]));
    assert.throws(stale, (error) => error instanceof Refusal && error.name === 'Stale');
});
