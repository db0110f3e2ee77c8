// Epochs as the chain has them: in flight, active, superseded, vetoed, or closed to a tombstone.

import type { Address } from '@solana/kit';
import { EpochAccount, EpochTombstoneAccount } from '../generated/reward_vault.ts';
import type { Epoch as Fields, EpochTombstone } from '../generated/reward_vault.ts';
import type { Node } from '../check/merkle.ts';
import { Failure } from '../failure.ts';
import { CLOCK_SYSVAR, epochAddress } from './addresses.ts';
import { clockOf, isOf, read } from './account.ts';
import type { Read } from './account.ts';
import * as c from './codec.ts';
import { decodePool, keepersOf } from './pool.ts';
import type { Pool } from './pool.ts';
import type { Account, Rpc } from './rpc.ts';
import { ACCOUNT_VERSION, EPOCH_VERSION } from './versions.ts';

export type EpochStatus = 'proposed' | 'attested' | 'active' | 'superseded' | 'vetoed' | 'revoked';
const STATUSES: readonly EpochStatus[] = ['proposed', 'attested', 'active', 'superseded', 'vetoed', 'revoked'];

export interface Epoch extends Read<Fields> {
    state: EpochStatus;
    /** As far as it is stored. */
    canopy: Node[];
    canopyComplete: boolean;
}

/** An epoch's number and what is left of it. */
export type Record = { closed: false; epoch: Epoch } | { closed: true; epoch: Read<EpochTombstone> };

export function decodeEpoch(address: Address, account: Account | null | undefined): Epoch {
    if (account && isOf(account, EpochTombstoneAccount)) throw new Failure('epoch-closed', { address });
    const fields = read(address, account, EpochAccount, EPOCH_VERSION, true);
    const state = STATUSES[fields.status - 1];
    if (!state) throw new Failure('account-layout', { address, kind: 'Epoch' });
    const canopy = canopyOf(fields.tail);
    return {
        ...fields,
        state,
        canopy,
        canopyComplete: canopy.length === 2 ** fields.canopyDepth,
    };
}

export function decodeRecord(address: Address, account: Account | null | undefined): Record {
    return account && isOf(account, EpochTombstoneAccount)
        ? { closed: true, epoch: read(address, account, EpochTombstoneAccount, ACCOUNT_VERSION) }
        : { closed: false, epoch: decodeEpoch(address, account) };
}

/** Behind the fields: how many nodes, then 40 bytes each. */
export function canopyOf(tail: DataView): Node[] {
    if (tail.byteLength < 4) return [];
    const count = Math.min(tail.getUint32(0, true), Math.floor((tail.byteLength - 4) / 40));
    return Array.from({ length: count }, (_, at) => ({ hash: c.slice(tail, 4 + at * 40, 32), sum: tail.getBigUint64(4 + at * 40 + 32, true) }));
}

/** Keepers whose attestation counts: those that are keepers now. */
export const attestersOf = (epoch: Fields): Address[] => epoch.attesters.slice(0, epoch.attesterCount);
export const tally = (epoch: Fields, pool: Pool): number => attestersOf(epoch).filter((key) => keepersOf(pool).includes(key)).length;
/** Attestations needed: a changed pool can make an epoch harder to pass, never easier. */
export const needed = (epoch: Fields, pool: Pool): number => Math.max(epoch.threshold, pool.threshold);

/** Most epochs of one page. */
export const EPOCHS_SHOWN = 50;

/** The newest epochs of a pool, the newest first, with the pool and clock of the same moment. */
export async function readEpochs(rpc: Rpc, pool: Pool): Promise<{ pool: Pool; records: Record[]; now: bigint; slot: bigint }> {
    const newest = pool.nextEpoch;
    const oldest = newest > BigInt(EPOCHS_SHOWN) ? newest - BigInt(EPOCHS_SHOWN) + 1n : 1n;
    const numbers = Array.from({ length: Number(newest - oldest) + 1 }, (_, at) => newest - BigInt(at));
    const addresses = await Promise.all(numbers.map((number) => epochAddress(pool.address, number)));
    const { slot, accounts } = await rpc.accounts([pool.address, CLOCK_SYSVAR, ...addresses]);
    const records = addresses.flatMap((address, at) => {
        const account = accounts[at + 2];
        return account ? [decodeRecord(address, account)] : [];
    });
    return { pool: decodePool(pool.address, accounts[0]), records, now: clockOf(accounts[1]), slot };
}
