import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '@solana/kit';
import { REWARD_VAULT, eventAuthority } from '../../src/chain/addresses.ts';
import type { Rpc } from '../../src/chain/rpc.ts';
import { Trail, eventsOf } from '../../src/chain/trail.ts';
import { ClaimedEvent } from '../../src/generated/reward_vault.ts';
import { csv } from '../../src/words/csv.ts';
import { explorerOf } from '../../src/words/explorer.ts';

const POOL = 'So11111111111111111111111111111111111111112' as Address;
const TAG = [0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d];

function told(paid: bigint): Uint8Array<ArrayBuffer> {
    const bytes: number[] = [...TAG, ...ClaimedEvent.discriminator];
    const value = { pool: POOL, owner: POOL, payout: POOL, number: 3n, paid, received: paid, tokensClaimed: paid, index: 7, reserved: new Uint8Array(4) };
    ClaimedEvent.codec.write(bytes, value);
    return Uint8Array.from(bytes);
}

test('an event is what the program told itself by its own authority, and nothing else', async () => {
    const authority = await eventAuthority(REWARD_VAULT);
    const good = { program: REWARD_VAULT, accounts: [authority], data: told(5n) };
    const found = await eventsOf([good], [ClaimedEvent]);
    assert.deepEqual(found.map(({ name, value }) => [name, value.paid, value.number]), [['Claimed', 5n, 3n]]);
    const broken = told(5n);
    broken[0] = 0;
    for (const forged of [
        { ...good, program: POOL },
        { ...good, accounts: [POOL] },
        { ...good, accounts: [] },
        { ...good, data: broken },
        { ...good, data: good.data.slice(0, -1) },
    ]) {
        assert.deepEqual(await eventsOf([forged], [ClaimedEvent]), []);
    }
});

test('several accounts are followed back in one order, each transaction once, page by page', async () => {
    const authority = await eventAuthority(REWARD_VAULT);
    const slots = new Map<string, number[]>([
        ['a', Array.from({ length: 150 }, (_, at) => 1_000 - 2 * at)],
        ['b', [999, 998, 5]],
    ]);
    const asked: (string | undefined)[] = [];
    const rpc = {
        signatures: async (address: string, limit: number, before?: string) => {
            asked.push(before);
            const all = (slots.get(address) ?? []).map((slot) => ({ signature: `s${slot}`, slot: BigInt(slot), blockTime: null, failed: slot === 999 }));
            const from = before === undefined ? 0 : all.findIndex(({ signature }) => signature === before) + 1;
            return all.slice(from, from + limit);
        },
        calls: async (signature: string) => (signature === 's996' ? null : [{ program: REWARD_VAULT, accounts: [authority], data: told(BigInt(signature.slice(1))) }]),
    } as unknown as Rpc;
    const trail = new Trail(rpc, [ClaimedEvent], ['a' as Address, 'b' as Address]);
    const first = await trail.next(4);
    assert.deepEqual(first.map(({ signed }) => Number(signed.slot)), [1_000, 999, 998, 996]);
    // What failed told nothing, and what the node lost is said to be lost.
    assert.deepEqual(first.map(({ events }) => events.length), [1, 0, 1, 0]);
    assert.deepEqual(first.map(({ lost }) => lost), [false, false, false, true]);
    const rest = await trail.next(1_000);
    assert.equal(first.length + rest.length, 152);
    assert.equal(rest.at(-1)?.signed.slot, 5n);
    assert.ok(asked.includes('s802'));
    assert.deepEqual(await trail.next(10), []);
});

test('what a node was too busy to tell is asked for again, and nothing is passed over', async () => {
    let busy = 0;
    const rpc = {
        signatures: async (_: string, limit: number, before?: string) => {
            if (busy > 2) throw new Error('busy');
            return before === undefined ? [3, 2, 1].slice(0, limit).map((slot) => ({ signature: `s${slot}`, slot: BigInt(slot), blockTime: null, failed: false })) : [];
        },
        calls: async (signature: string) => {
            if (signature === 's2' && (busy += 1) <= 2) throw new Error('busy');
            return [];
        },
    } as unknown as Rpc;
    const trail = new Trail(rpc, [ClaimedEvent], ['a' as Address]);
    await assert.rejects(trail.next(2), /busy/);
    await assert.rejects(trail.next(5), /busy/);
    assert.deepEqual((await trail.next(5)).map(({ signed }) => signed.signature), ['s3', 's2', 's1']);
    trail.follow('b' as Address);
    await assert.rejects(trail.next(1), /busy/);
    busy = 0;
    assert.deepEqual(await trail.next(1), []);
});

test('a link names the cluster, and a network of one’s own its node', () => {
    assert.equal(explorerOf('abc', 'solana:mainnet', 'https://node.example'), 'https://explorer.solana.com/tx/abc');
    assert.equal(explorerOf('abc', 'solana:devnet', 'https://node.example'), 'https://explorer.solana.com/tx/abc?cluster=devnet');
    assert.equal(explorerOf('abc', 'solana:localnet', 'http://127.0.0.1:8899'), 'https://explorer.solana.com/tx/abc?cluster=custom&customUrl=http%3A%2F%2F127.0.0.1%3A8899');
});

test('a CSV keeps what begins like a formula from being one, and numbers as they are', () => {
    assert.equal(csv([['=1+1', '-1+1', '@x', '-1.5', '12', 'a,"b"', '+1']]), `'=1+1,'-1+1,'@x,-1.5,12,"a,""b""",'+1\r\n`);
});
