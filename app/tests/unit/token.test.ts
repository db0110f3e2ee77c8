import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMO_PROGRAM } from '../../src/chain/addresses.ts';
import { memoProgramOf, tokenAmount } from '../../src/chain/token.ts';
import type { Account } from '../../src/chain/rpc.ts';

const account = (...behind: number[]): Account => ({ data: Uint8Array.from([...new Uint8Array(165), ...behind]) }) as unknown as Account;

test('an account that lets nothing in without a memo is found behind other extensions, and only in its kind of account', () => {
    const extensions = [7, 0, 0, 0, 8, 0, 1, 0, 1];
    assert.equal(memoProgramOf(account(2, ...extensions)), MEMO_PROGRAM);
    assert.equal(memoProgramOf(account(1, ...extensions)), null, 'a mint');
    assert.equal(memoProgramOf(account(2, ...extensions.slice(0, -1))), null, 'cut short');
    assert.equal(memoProgramOf(account(2, 8, 0, 1, 0, 0)), null, 'switched off');
    assert.equal(memoProgramOf(account()), null, 'no extensions');
    assert.equal(memoProgramOf(null), null);
});

test('what an account holds stands behind mint and owner', () => {
    const one = account();
    new DataView(one.data.buffer).setBigUint64(64, 7n, true);
    assert.deepEqual([tokenAmount(one), tokenAmount(null)], [7n, 0n]);
});
