// A pool as the chain has it, and what follows from its fields.

import type { Address } from '@solana/kit';
import { PoolAccount } from '../generated/reward_vault.ts';
import type { Outflow, Pool as Fields } from '../generated/reward_vault.ts';
import { CLOCK_SYSVAR, ZERO_KEY } from './addresses.ts';
import { clockOf, read } from './account.ts';
import type { Read } from './account.ts';
import type { Account, Rpc } from './rpc.ts';
import { POOL_VERSION } from './versions.ts';

export type Pool = Read<Fields>;

/** A pool with its vault's balance, at the chain's clock. */
export interface PoolNow {
    pool: Pool;
    vaultBalance: bigint;
    /** Unix seconds. */
    now: bigint;
    slot: bigint;
}

export const decodePool = (address: Address, account: Account | null | undefined): Pool => read(address, account, PoolAccount, POOL_VERSION);

export const keepersOf = (pool: Fields): Address[] => pool.keepers.slice(0, pool.keeperCount);
export const isPaused = (pool: Fields): boolean => pool.paused !== 0;
/** A key that stands for "none" when it is zero. */
export const told = (key: Address): Address | null => (key === ZERO_KEY ? null : key);

/** Whether claims against epoch `number` are paid: the active one's, and the one's before it. */
export const isClaimable = (pool: Fields, number: bigint): boolean =>
    number > 0n && pool.activeEpoch > 0n && (number === pool.activeEpoch || number === pool.activeEpoch - 1n);

/** Reads the pool, its vault and the clock. Two questions: only the pool says where its vault is. */
export async function readPool(rpc: Rpc, address: Address): Promise<PoolNow> {
    const first = await rpc.accounts([address]);
    const { vault } = decodePool(address, first.accounts[0]);
    const { slot, accounts } = await rpc.accounts([address, vault, CLOCK_SYSVAR]);
    return { pool: decodePool(address, accounts[0]), vaultBalance: tokenAmount(accounts[1]), now: clockOf(accounts[2]), slot };
}

/** Base units in a token account; 0 where there is none. */
export function tokenAmount(account: Account | null | undefined): bigint {
    if (!account || account.data.length < 72) return 0n;
    return new DataView(account.data.buffer, account.data.byteOffset).getBigUint64(64, true);
}

/** What may leave the vault. */
export interface Room {
    /** Base units that may leave now. */
    available: bigint;
    /** Unix seconds from which more may, when nothing leaves meanwhile; now when nothing holds it back. */
    moreAt: bigint;
}

const PARTS = 8n;
const WHOLE_BPS = 10_000n;

/** The breaker, as the program computes it (`state/outflow.rs`). */
export function roomOf(pool: Fields, now: bigint, balance: bigint): Room {
    const partSecs = (pool.breakerWindowSecs + PARTS - 1n) / PARTS || 1n;
    const outflow = advanced(pool.outflow, (now > 0n ? now : 0n) / partSecs);
    const used = outflow.parts.reduce((sum, part) => sum + part, 0n);
    const limit = ((balance + used) * BigInt(pool.breakerShareBps)) / WHOLE_BPS;
    const oldest = outflow.parts.findLastIndex((part) => part > 0n);
    return {
        available: limit > used ? limit - used : 0n,
        moreAt: oldest < 0 ? now : (outflow.newest + BigInt(outflow.parts.length - oldest)) * partSecs,
    };
}

/** Forgets the parts that no window ending in part `part` reaches. */
function advanced(outflow: Outflow, part: bigint): { newest: bigint; parts: bigint[] } {
    const passed = part - outflow.newest;
    if (passed <= 0n) return outflow;
    const fresh = Number(passed < BigInt(outflow.parts.length) ? passed : BigInt(outflow.parts.length));
    return { newest: part, parts: [...Array.from({ length: fresh }, () => 0n), ...outflow.parts.slice(0, outflow.parts.length - fresh)] };
}
