// Addresses that the programs derive: seeds as in `cairn-interface`. Derived once each.

import { getAddressEncoder, getProgramDerivedAddress } from '@solana/kit';
import type { Address } from '@solana/kit';
import { Failure } from '../failure.ts';
import { PROGRAM as AIRDROP } from '../generated/airdrop.ts';
import { PROGRAM as DEVICE_REGISTRY } from '../generated/device_registry.ts';
import { PROGRAM as REWARD_VAULT } from '../generated/reward_vault.ts';

export { AIRDROP, DEVICE_REGISTRY, REWARD_VAULT };

export const SYSTEM_PROGRAM = '11111111111111111111111111111111' as Address;
export const TOKEN_PROGRAM = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA' as Address;
export const TOKEN_2022_PROGRAM = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb' as Address;
export const MEMO_PROGRAM = 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr' as Address;
export const ASSOCIATED_TOKEN_PROGRAM = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL' as Address;
export const COMPUTE_BUDGET_PROGRAM = 'ComputeBudget111111111111111111111111111111' as Address;
/** Has the runtime verify Ed25519 signatures. */
export const ED25519_PROGRAM = 'Ed25519SigVerify111111111111111111111111111' as Address;
/** The same for P-256. */
export const SECP256R1_PROGRAM = 'Secp256r1SigVerify1111111111111111111111111' as Address;
export const INSTRUCTIONS_SYSVAR = 'Sysvar1nstructions1111111111111111111111111' as Address;
export const CLOCK_SYSVAR = 'SysvarC1ock11111111111111111111111111111111' as Address;
export const RENT_SYSVAR = 'SysvarRent111111111111111111111111111111111' as Address;
/** How an unset key reads. */
export const ZERO_KEY = SYSTEM_PROGRAM;

/** An address and the bump that makes it one. */
export type Derived = readonly [Address, number];

const known = new Map<string, Promise<Derived>>();

type Seed = Address | Uint8Array | { text: string } | { u16: number } | { u32: number } | { u64: bigint };

function bytes(seed: Seed): Uint8Array {
    if (typeof seed === 'string') return Uint8Array.from(getAddressEncoder().encode(seed));
    if (seed instanceof Uint8Array) return seed;
    if ('text' in seed) return new TextEncoder().encode(seed.text);
    const view = new DataView(new ArrayBuffer('u16' in seed ? 2 : 'u32' in seed ? 4 : 8));
    if ('u16' in seed) view.setUint16(0, seed.u16, true);
    else if ('u32' in seed) view.setUint32(0, seed.u32, true);
    else view.setBigUint64(0, seed.u64, true);
    return new Uint8Array(view.buffer);
}

function derive(programAddress: Address, ...seeds: Seed[]): Promise<Derived> {
    // Without a secure context browsers hash nothing: said in words instead of a number of a library's.
    if (!globalThis.crypto?.subtle) return Promise.reject(new Failure('insecure'));
    const raw = seeds.map(bytes);
    const key = `${programAddress} ${raw.map(String).join('/')}`;
    let derived = known.get(key);
    if (!derived) {
        derived = getProgramDerivedAddress({ programAddress, seeds: raw });
        known.set(key, derived);
    }
    return derived;
}

const address = async (derived: Promise<Derived>): Promise<Address> => (await derived)[0];

export const epochAddress = (pool: Address, number: bigint): Promise<Address> => address(derive(REWARD_VAULT, { text: 'epoch' }, pool, { u64: number }));
export const pageAddress = (pool: Address, page: number): Promise<Address> => address(derive(REWARD_VAULT, { text: 'page' }, pool, { u32: page }));
export const recipientAddress = (pool: Address, owner: Address): Promise<Address> => address(derive(REWARD_VAULT, { text: 'to' }, pool, owner));
export const roundAddress = (pool: Address, number: bigint): Promise<Address> => address(derive(REWARD_VAULT, { text: 'round' }, pool, { u64: number }));
/** The bump is an argument of the instruction that makes the account. */
export const receiptAddress = (round: Address, owner: Address): Promise<Derived> => derive(REWARD_VAULT, { text: 'receipt' }, round, owner);
/** A challenge of a proposal's leaf. The bump is an argument of the instruction that makes the account. */
export const challengeAddress = (epoch: Address, attempt: number, index: number): Promise<Derived> => derive(REWARD_VAULT, { text: 'challenge' }, epoch, { u32: attempt }, { u32: index });
export const carrierAddress = (pool: Address, carrier: Address): Promise<Address> => address(derive(REWARD_VAULT, { text: 'carrier' }, pool, carrier));
/** `number` is the member's own. */
export const redemptionAddress = (pool: Address, owner: Address, number: bigint): Promise<Address> =>
    address(derive(REWARD_VAULT, { text: 'redeem' }, pool, owner, { u64: number }));
export const campaignPageAddress = (campaign: Address, page: number): Promise<Address> => address(derive(AIRDROP, { text: 'bits' }, campaign, { u32: page }));
export const vestingAddress = (campaign: Address, index: number): Promise<Address> => address(derive(AIRDROP, { text: 'vest' }, campaign, { u32: index }));
export const treeAddress = (network: Address, index: number): Promise<Address> => address(derive(DEVICE_REGISTRY, { text: 'tree' }, network, { u16: index }));
export const issuerAddress = (network: Address, key: Uint8Array): Promise<Address> => address(derive(DEVICE_REGISTRY, { text: 'issuer' }, network, key));
export const eventAuthority = (program: Address): Promise<Address> => address(derive(program, { text: '__event_authority' }));

/** The page's bump is an argument of no instruction, the token account's is: it comes along. */
export const tokenAddress = (wallet: Address, mint: Address, tokenProgram: Address): Promise<Derived> =>
    derive(ASSOCIATED_TOKEN_PROGRAM, wallet, tokenProgram, mint);
