import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomOf } from '../../src/chain/pool.ts';
import type { Pool } from '../../src/generated/reward_vault.ts';

const pool = (parts: bigint[], newest: bigint, window = 800n, bps = 1_000): Pool =>
    ({ breakerWindowSecs: window, breakerShareBps: bps, outflow: { newest, parts: [...parts, ...Array.from({ length: 9 - parts.length }, () => 0n)] } }) as Pool;

// The cases of the program's own test (state/outflow.rs).
test('the room says when the oldest outflow is forgotten', () => {
    const left = pool([10n], 10n);
    assert.deepEqual(roomOf(left, 1_050n, 90n), { available: 0n, moreAt: 1_900n });
    assert.equal(roomOf(left, 1_899n, 90n).available, 0n);
    assert.equal(roomOf(left, 1_900n, 90n).available, 9n);
});

test('what left is counted for a whole window and no more than an eighth longer', () => {
    const left = pool([7n], 10n, 800n, 10_000);
    for (const now of [1_050n, 1_850n, 1_899n]) assert.equal(roomOf(left, now, 100n).available, 100n);
    const share = pool([7n], 10n, 800n, 5_000);
    assert.equal(roomOf(share, 1_899n, 93n).available, 43n);
    assert.equal(roomOf(share, 1_900n, 93n).available, 46n);
});

test('nothing that left holds nothing back, and amounts of 64 bits lose nothing', () => {
    assert.deepEqual(roomOf(pool([], 0n), 500n, 77n), { available: 7n, moreAt: 500n });
    const most = (1n << 63n) - 1n;
    assert.equal(roomOf(pool([most], 0n, 8n, 10_000), 5n, 77n).available, 77n);
});
