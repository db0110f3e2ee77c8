import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '@solana/kit';
import { standing } from '../../src/check/standing.ts';
import type { Device, Seen } from '../../src/files/devices.ts';

const address = (name: string): Address => name as Address;

function leaf(tree: number, leafIndex: number, owner: string, more: Partial<Device> = {}): Device {
    return {
        key: address('meter'),
        tree,
        leafIndex,
        owner: address(owner),
        class: 1,
        model: 0,
        issuer: address('none'),
        country: '',
        status: 1,
        reason: 0,
        place: null,
        cell: null,
        sequence: 1n,
        consented: true,
        ...more,
    };
}
const seen = (tree: number, leafIndex: number, sinceHour: bigint): Seen => ({ tree, leafIndex, sinceHour });

// The cases of the keepers' own tests (crates/cairn-epoch/tests/registry.rs).
test('a device that registers twice keeps its first owner, in a lower tree too', () => {
    const [device] = standing([leaf(0, 9, 'eve'), leaf(3, 4, 'dan')], [seen(3, 4, 10n), seen(0, 9, 178n)]);
    assert.deepEqual([device?.owner, device?.leaves, device?.seenSince], ['dan', 2, 36_000n]);
});

test('within one epoch the position decides, and what was never seen came last', () => {
    assert.equal(standing([leaf(1, 0, 'dan'), leaf(0, 7, 'eve')], [seen(1, 0, 10n), seen(0, 7, 10n)])[0]?.owner, 'eve');
    assert.equal(standing([leaf(0, 0, 'eve'), leaf(1, 0, 'dan')], [seen(1, 0, 10n)])[0]?.owner, 'dan');
});

test('the ban of any leaf holds for the key', () => {
    const banned = leaf(1, 0, 'eve', { status: 2, reason: 7 });
    const [device] = standing([leaf(0, 0, 'dan'), banned], [seen(0, 0, 1n), seen(1, 0, 2n)]);
    assert.deepEqual([device?.owner, device?.status, device?.reason, device?.bannedElsewhere], ['dan', 2, 7, true]);
    const [own] = standing([{ ...banned, tree: 0 }, leaf(1, 0, 'dan')], [seen(0, 0, 1n), seen(1, 0, 2n)]);
    assert.deepEqual([own?.owner, own?.status, own?.bannedElsewhere], ['eve', 2, false]);
});

test('an imported device is superseded by its consent unless somebody changed it', () => {
    const since = [seen(0, 0, 1n), seen(1, 0, 2n), seen(2, 0, 3n)];
    const later = [leaf(1, 0, 'eve'), leaf(2, 0, 'mallory')];
    const owner = (sequence: bigint): string | undefined => standing([leaf(0, 0, 'dan', { consented: false, sequence }), ...later], since)[0]?.owner;
    assert.equal(owner(0n), 'eve');
    assert.equal(owner(1n), 'dan');
});

test('devices stand in the order of the registry’s trees', () => {
    const other = leaf(0, 1, 'ann', { key: address('other') });
    assert.deepEqual(standing([leaf(2, 0, 'dan'), other], []).map(({ owner }) => owner), ['ann', 'dan']);
});
