import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomOf } from '../../src/chain/breaker.ts';
import type { Asker, Breaker } from '../../src/chain/breaker.ts';

const left = (parts: bigint[], newest: bigint, window = 800n, bps = 1_000, floor = 0n): Breaker => ({
    breakerWindowSecs: window,
    breakerShareBps: bps,
    breakerFloor: floor,
    outflow: { newest, parts: [...parts, ...Array.from({ length: 9 - parts.length }, () => 0n)] },
});
const may = (of: Breaker, now: bigint, balance: bigint, asker: Asker = 'member'): bigint => roomOf(of, now, balance, asker).available;

// The cases of the program's own tests (state/outflow.rs).
test('the room says when the oldest outflow is forgotten', () => {
    const ten = left([10n], 10n);
    assert.deepEqual(roomOf(ten, 1_050n, 90n, 'member'), { available: 0n, moreAt: 1_900n });
    assert.equal(may(ten, 1_899n, 90n), 0n);
    assert.equal(may(ten, 1_900n, 90n), 9n);
});

test('what left is counted for a whole window and no more than an eighth longer', () => {
    const share = left([7n], 10n, 800n, 5_000);
    assert.equal(may(share, 1_050n, 93n), 43n);
    assert.equal(may(share, 1_899n, 93n), 43n);
    assert.equal(may(share, 1_900n, 93n), 46n);
});

test('the whole share lets everything leave, for anybody', () => {
    const most = (1n << 63n) - 1n;
    for (const asker of ['member', 'anyone'] as const) assert.equal(may(left([most], 0n, 8n, 10_000), 5n, 77n, asker), 77n);
});

test('half of the room is the members’', () => {
    assert.equal(may(left([], 10n), 1_050n, 1_000n, 'anyone'), 50n);
    assert.equal(may(left([], 10n), 1_050n, 1_000n), 100n);
    assert.equal(may(left([50n], 10n), 1_050n, 950n, 'anyone'), 0n);
    assert.equal(may(left([50n], 10n), 1_050n, 950n), 50n);
});

test('below the floor the last unit leaves, and no more than the vault holds', () => {
    const floored = left([], 10n, 800n, 500, 7n);
    assert.equal(may(left([], 10n, 800n, 500), 1_050n, 7n), 0n);
    assert.equal(may(floored, 1_050n, 7n), 7n);
    assert.equal(may(floored, 1_050n, 7n, 'anyone'), 3n);
    assert.equal(may(floored, 1_050n, 5n), 5n);
});

test('nothing that left holds nothing back', () => {
    assert.deepEqual(roomOf(left([], 0n), 500n, 77n, 'member'), { available: 7n, moreAt: 500n });
});
