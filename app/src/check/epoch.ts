// An epoch's root and the vault, checked from the published leaves and the chain: everything but how proofs became leaves.

import { getAddressEncoder } from '@solana/kit';
import type { Epoch } from '../chain/epoch.ts';
import type { PoolNow } from '../chain/pool.ts';
import type { Manifest } from '../files/manifest.ts';
import type { Member } from '../files/table.ts';
import { amount, grouped } from '../words/amount.ts';
import { foldCanopy, hex, rootOf, sameNode } from './merkle.ts';
import type { Node } from './merkle.ts';
import type { Rust } from './rust.ts';

/** One thing that was checked, and whether it holds. */
export interface Finding {
    what: 'manifest' | 'numbers' | 'canopy' | 'leaves' | 'sum' | 'vault';
    holds: boolean;
    facts: Record<string, string>;
}

/** Compares an epoch's published leaves with its account and the vault. The manifest was held against the chain when it was read. */
export function checkEpoch(rust: Rust, epoch: Epoch, manifest: Manifest, members: readonly Member[], now: PoolNow): Finding[] {
    const root: Node = { hash: epoch.root, sum: epoch.tokens };
    const tokens = (base: bigint): string => amount(base, now.pool.decimals);
    const sum = members.reduce((all, member) => all + member.tokens, 0n);
    const owed = now.pool.totalCumulative - now.pool.totalClaimed;
    return [
        { what: 'manifest', holds: manifest.hash === hex(epoch.manifestHash), facts: {} },
        {
            what: 'numbers',
            holds:
                manifest.tree.rootHash === hex(epoch.root) &&
                manifest.tree.rootSum === epoch.tokens &&
                manifest.tree.leafCount === epoch.leafCount &&
                manifest.epoch.pool === epoch.pool &&
                manifest.epoch.number === epoch.number,
            facts: {},
        },
        { what: 'canopy', holds: epoch.canopyComplete && sameNode(foldCanopy(rust, epoch.canopy), root), facts: {} },
        { what: 'leaves', holds: inOrder(members) && sameNode(rootOf(rust, epoch.pool, rowsOf(members)), root), facts: { count: grouped(members.length) } },
        { what: 'sum', holds: sum === epoch.tokens, facts: { amount: tokens(epoch.tokens) } },
        { what: 'vault', holds: now.vaultBalance >= owed, facts: { vault: tokens(now.vaultBalance), owed: tokens(owed) } },
    ];
}

const inOrder = (members: readonly Member[]): boolean => members.every((member, at) => member.index === at);

const ROW = 56;

function rowsOf(members: readonly Member[]): Uint8Array {
    const rows = new Uint8Array(members.length * ROW);
    const view = new DataView(rows.buffer);
    const key = getAddressEncoder();
    members.forEach((member, at) => {
        rows.set(key.encode(member.owner), at * ROW);
        view.setBigUint64(at * ROW + 32, member.tokens, true);
        view.setBigUint64(at * ROW + 40, member.points, true);
        view.setBigUint64(at * ROW + 48, member.credits, true);
    });
    return rows;
}
