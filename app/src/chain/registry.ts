// The device network as the chain counts it.

import type { Address } from '@solana/kit';
import { NetworkAccount } from '../generated/device_registry.ts';
import type { Network } from '../generated/device_registry.ts';
import { read } from './account.ts';
import type { Read } from './account.ts';
import type { Rpc } from './rpc.ts';
import { REGISTRY_VERSION } from './versions.ts';

export type Registry = Read<Network>;

export async function readRegistry(rpc: Rpc, address: Address): Promise<Registry> {
    const { accounts } = await rpc.accounts([address]);
    return read(address, accounts[0], NetworkAccount, REGISTRY_VERSION);
}
