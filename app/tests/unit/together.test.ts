import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getAddressDecoder } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';
import { ASSOCIATED_TOKEN_PROGRAM } from '../../src/chain/addresses.ts';
import type { Rpc } from '../../src/chain/rpc.ts';
import { MOST_BYTES, sizeOf } from '../../src/chain/send.ts';
import { culprits, pack, rentOfAll, rentsOf, weighed } from '../../src/chain/together.ts';
import type { Part } from '../../src/chain/together.ts';
import { Failure } from '../../src/failure.ts';

const address = (byte: number): Address => getAddressDecoder().decode(new Uint8Array(32).fill(byte));
const [PAYER, PROGRAM, PAID] = [address(250), address(251), address(252)];

const create = (account: Address): Instruction => ({
    programAddress: ASSOCIATED_TOKEN_PROGRAM,
    accounts: [
        { address: PAYER, role: 3 },
        { address: account, role: 1 },
    ],
    data: Uint8Array.of(1),
});

/** What simulations say of a transaction, by the marks of the parts in it. */
type Says = (wire: Uint8Array) => { err: unknown; logs: string[] };

function node(name: string, says: Says = () => ({ err: null, logs: [] }), lamports = 1n << 40n): Rpc {
    return {
        endpoints: [name],
        simulate: async (wire: string) => {
            const { err, logs } = says(Buffer.from(wire, 'base64'));
            return { failed: err, logs, units: 10n };
        },
        accounts: async () => ({ slot: 1n, accounts: [{ owner: PROGRAM, lamports, data: new Uint8Array() }] }),
    } as unknown as Rpc;
}

/** A part of `length` bytes of data, which start with its mark. */
function part(mark: number, rpc: Rpc, length = 400, opens = true): Part {
    const data = new Uint8Array(length).fill(mark);
    const pay: Instruction = { programAddress: PROGRAM, accounts: [{ address: address(mark), role: 1 }], data };
    return { id: address(mark), rpc, chain: 'solana:localnet', instructions: [...(opens ? [create(PAID)] : []), pay], rent: opens ? 100n : 7n, opens: opens ? { account: PAID, rent: 93n } : null };
}

test('as many as fit stand in one transaction, in the first that has room, and what they share is made once', () => {
    const rpc = node('a');
    const parts = [part(1, rpc), part(2, rpc), part(3, rpc, 700), part(4, rpc, 20)];
    const packed = pack(parts, PAYER);
    assert.deepEqual(packed.map((one) => one.parts.map(({ id }) => parts.findIndex((two) => two.id === id) + 1)), [[1, 2, 4], [3]]);
    for (const one of packed) {
        assert.equal(one.bytes, sizeOf(one.instructions, PAYER));
        assert.ok(one.bytes <= MOST_BYTES);
    }
    assert.equal(packed[0]!.instructions.length, 4);
    assert.equal(rentOfAll(parts), 100n + 3n * 7n);
    assert.deepEqual(rentsOf(parts).map(({ opens }) => opens), [true, false, false, false]);
});

test('parts of different clusters or nodes never share a transaction', () => {
    const packed = pack([part(1, node('a'), 50), part(2, node('b'), 50), { ...part(3, node('a'), 50), chain: 'solana:devnet' }], PAYER);
    assert.equal(packed.length, 3);
});

test('the part whose instruction fails is taken out with its reason, and the others are packed anew', async () => {
    // The second program instruction of the marked part: behind the limit and the token account.
    const says: Says = (wire) => (Buffer.from(wire).includes(Buffer.alloc(50, 2)) ? { err: { InstructionError: [3, { Custom: 1 }] }, logs: ['refused'] } : { err: null, logs: [] });
    const rpc = node('a', says);
    const { ready, refused } = await weighed([part(1, rpc, 50), part(2, rpc, 50), part(3, rpc, 50)], PAYER);
    assert.deepEqual(refused.map(({ part: one, failure }) => [one.id, failure.code]), [[address(2), 'chain-refused']]);
    assert.deepEqual(ready.map(({ parts }) => parts.map(({ id }) => id)), [[address(1), address(3)]]);
});

test('where no instruction is named, none of a transaction is paid', () => {
    const parts = [part(1, node('a')), part(2, node('a'))];
    assert.equal(culprits({ parts, failure: new Failure('node-busy', { node: 'a' }) }).length, 2);
    assert.deepEqual(culprits({ parts, failure: new Failure('chain-refused', { at: '2' }) }), [parts[1]]);
});

test('transactions that each could be paid for, but not together, are told before anybody signs', async () => {
    const enough = 5_000n * 2n + 200n - 93n;
    const two = (lamports: bigint): Part[] => {
        const rpc = node('a', undefined, lamports);
        return [part(1, rpc, 700), part(2, rpc, 700)];
    };
    assert.equal((await weighed(two(enough), PAYER)).ready.length, 2);
    await assert.rejects(weighed(two(enough - 1n), PAYER), (error) => error instanceof Failure && error.code === 'no-lamports');
});
