// A pool as the chain has it, and what follows from its fields.

import type { Address } from '@solana/kit';
import { PoolAccount } from '../generated/reward_vault.ts';
import type { Pool as Fields } from '../generated/reward_vault.ts';
import { CLOCK_SYSVAR, ZERO_KEY } from './addresses.ts';
import { clockOf, read } from './account.ts';
import type { Read } from './account.ts';
import type { Account, Rpc } from './rpc.ts';
import { tokenAmount } from './token.ts';
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
/** A key that stands for "none" when it is zero. */
export const told = (key: Address): Address | null => (key === ZERO_KEY ? null : key);

/** Reads the pool, its vault and the clock. Two questions: only the pool says where its vault is. */
export async function readPool(rpc: Rpc, address: Address): Promise<PoolNow> {
    const first = await rpc.accounts([address]);
    const { vault } = decodePool(address, first.accounts[0]);
    const { slot, accounts } = await rpc.accounts([address, vault, CLOCK_SYSVAR]);
    return { pool: decodePool(address, accounts[0]), vaultBalance: tokenAmount(accounts[1]), now: clockOf(accounts[2]), slot };
}
