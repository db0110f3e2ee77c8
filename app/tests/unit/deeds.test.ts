import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '@solana/kit';
import { SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../../src/chain/addresses.ts';
import { vestedOf } from '../../src/chain/campaign.ts';
import { payeeOf } from '../../src/chain/payee.ts';
import { asked, changed } from '../../src/chain/recipient.ts';
import type { Wishes } from '../../src/chain/recipient.ts';
import { shareOf, stateOf } from '../../src/chain/round.ts';
import type { BurnRound } from '../../src/generated/reward_vault.ts';
import { dropFileOf } from '../../src/files/drops.ts';
import { depthFor } from '../../src/files/names.ts';

const [owner, first, second] = ['owner', 'first', 'second'] as Address[] as [Address, Address, Address];
const before: Wishes = { payout: owner, pending: null, delegate: null, restricted: false };

// The cases of the program's own tests (state/recipient.rs).
test('a payout waits for its cooldown, the same wallet again keeps its time, and the one in effect withdraws', () => {
    const to = (payout: Address) => ({ payout, delegate: null, restricted: false });
    const once = changed(before, to(first), 50n, 100n);
    assert.deepEqual(once.pending, { payout: first, effectiveAt: 150n });
    assert.deepEqual(changed(once, to(first), 5_000n, 149n).pending, { payout: first, effectiveAt: 150n });
    assert.deepEqual(changed(once, to(second), 50n, 149n).pending, { payout: second, effectiveAt: 199n });
    assert.equal(changed(once, to(owner), 50n, 149n).pending, null);
    assert.equal(asked(once), first);
});

test('what is locked vests between its dates, and nothing before the cliff', () => {
    const dates = { vestingStart: 100n, cliffAt: 125n, vestingEnd: 200n };
    for (const [now, vested] of [[0n, 0n], [100n, 0n], [124n, 0n], [125n, 2n], [150n, 5n], [199n, 9n], [200n, 10n], [999n, 10n]] as const) {
        assert.equal(vestedOf(dates, 10n, now), vested, `at ${now}`);
    }
    assert.equal(vestedOf({ vestingStart: 5n, cliffAt: 5n, vestingEnd: 5n }, 10n, 5n), 10n);
});

test('a round is open from its first second to the one before its end, and its shares are floored', () => {
    const round = { startsAt: 10n, endsAt: 20n } as BurnRound;
    assert.deepEqual([9n, 10n, 19n, 20n].map((now) => stateOf(round, now)), ['coming', 'open', 'open', 'ended']);
    assert.equal(shareOf({ tokens: 100n, burnt: 3n }, 1n), 33n);
    assert.equal(shareOf({ tokens: 5n, burnt: 0n }, 9n), 0n);
});

test('a wallet, a vault of a program, and what nobody signs for', () => {
    const wallet = '7Jhp8VvJzBhkN81q7aPuhcLDvLohFvUdnZKiwWfH4a26' as Address;
    const owned = (by: Address, length: number) => ({ owner: by, lamports: 1n, data: new Uint8Array(length) });
    assert.equal(payeeOf(SYSTEM_PROGRAM, null), 'nobody');
    assert.equal(payeeOf('1nc1nerator11111111111111111111111111111111' as Address, null), 'nobody');
    for (const length of [82, 165, 170]) assert.equal(payeeOf(wallet, owned(TOKEN_PROGRAM, length)), 'nobody');
    assert.equal(payeeOf(wallet, owned(TOKEN_PROGRAM, 355)), 'keyless');
    assert.equal(payeeOf(wallet, owned('BPFLoaderUpgradeab1e11111111111111111111111' as Address, 36)), 'nobody');
    assert.equal(payeeOf(wallet, owned(wallet, 10)), 'keyless');
});

test('a drop’s file is named by as many bits as its tree is deeper than a file', async () => {
    assert.deepEqual([1, 2, 3, 256, 257, 1 << 24].map(depthFor), [0, 1, 2, 8, 9, 24]);
    // SHA-256 of 32 zero bytes begins with 66687aad.
    const names = await Promise.all([256, 257, 5_000, 1 << 24].map((count) => dropFileOf(SYSTEM_PROGRAM, count)));
    assert.deepEqual(names, ['claims/0.json', 'claims/0.json', 'claims/0c.json', 'claims/6668.json']);
});
