// Whoever delivers what data credits are redeemed for.

import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { CarrierAccount } from '../generated/reward_vault.ts';
import type { Carrier as Fields } from '../generated/reward_vault.ts';
import { REWARD_VAULT } from './addresses.ts';
import { read } from './account.ts';
import type { Read } from './account.ts';
import type { Rpc } from './rpc.ts';
import { ACCOUNT_VERSION } from './versions.ts';

export type Carrier = Read<Fields>;

/** A pool's carriers, by their key. */
export async function readCarriers(rpc: Rpc, pool: Address): Promise<Carrier[]> {
    // An account begins with its kind and its pool.
    const starting = Uint8Array.from([...CarrierAccount.discriminator, ...getAddressEncoder().encode(pool)]);
    const found = await rpc.listed(REWARD_VAULT, starting);
    const carriers = found.map(({ address, account }) => read(address, account, CarrierAccount, ACCOUNT_VERSION));
    return carriers.sort((a, b) => (a.carrier < b.carrier ? -1 : 1));
}
