// Who could do something with what is paid to an address (`cairn-interface`, payee.rs). A payment to the token account of a mint arrives
// as well as any other, and is lost for ever.

import { isOffCurveAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import { SYSTEM_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from './addresses.ts';
import type { Account, Rpc } from './rpc.ts';

/** `wallet`: a key may exist that signs for it. `keyless`: a vault, a multisig; only its program can pass on what arrives. `nobody`:
 * a mint, a token account, a program: nobody can ever sign for it. */
export type Payee = 'wallet' | 'keyless' | 'nobody';

const INCINERATOR = '1nc1nerator11111111111111111111111111111111';
const PROGRAMS = new Set([
    'BPFLoader1111111111111111111111111111111111',
    'BPFLoader2111111111111111111111111111111111',
    'BPFLoaderUpgradeab1e11111111111111111111111',
    'LoaderV411111111111111111111111111111111111',
    'Sysvar1111111111111111111111111111111111111',
    'NativeLoader1111111111111111111111111111111',
]);
/** A multisig of the token programs owns token accounts as a wallet does. */
const MULTISIG_LEN = 355;

export function payeeOf(address: Address, account: Account | null | undefined): Payee {
    if (address === INCINERATOR || address === SYSTEM_PROGRAM) return 'nobody';
    if (!account || account.owner === SYSTEM_PROGRAM) return isOffCurveAddress(address) ? 'keyless' : 'wallet';
    if (PROGRAMS.has(account.owner)) return 'nobody';
    const ofTokens = account.owner === TOKEN_PROGRAM || account.owner === TOKEN_2022_PROGRAM;
    return ofTokens && account.data.length !== MULTISIG_LEN ? 'nobody' : 'keyless';
}

export async function readPayee(rpc: Rpc, address: Address): Promise<Payee> {
    const { accounts } = await rpc.accounts([address]);
    return payeeOf(address, accounts[0]);
}
