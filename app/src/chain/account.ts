// Accounts as what they claim to be: whose they are, of which kind, of which length and layout, checked before a field is read. A
// decoder that skipped this would show a closed epoch as an open one.

import type { Address } from '@solana/kit';
import { Failure } from '../failure.ts';
import type { Account } from './rpc.ts';
import type { AccountKind } from './codec.ts';

/** An account's fields, where it stands, and the bytes behind the fields. */
export type Read<T> = T & { address: Address; tail: DataView };

/** Whether the account is one of `kind`, by program and first eight bytes. */
export function isOf<T>(account: Account, kind: AccountKind<T>): boolean {
    return account.owner === kind.program && kind.discriminator.every((byte, at) => account.data[at] === byte);
}

/** Reads an account of layout `version`. `tail` says whether more bytes may follow the fields. */
export function read<T extends { version: number }>(
    address: Address,
    account: Account | null | undefined,
    kind: AccountKind<T>,
    version: number,
    tail = false,
): Read<T> {
    const facts = { address, kind: kind.name };
    if (!account) throw new Failure('account-missing', facts);
    if (!isOf(account, kind)) throw new Failure('account-other', facts, `owner ${account.owner}`);
    const view = new DataView(account.data.buffer, account.data.byteOffset, account.data.byteLength);
    const end = kind.discriminator.length + (kind.codec.size ?? 0);
    // An older layout is shorter or says so; reading on would take one field for another.
    if (view.byteLength < end || (!tail && view.byteLength !== end)) throw new Failure('account-layout', facts);
    const fields = kind.codec.read(view, kind.discriminator.length);
    if (fields.version !== version) throw new Failure('account-layout', { ...facts, version: `${fields.version}` });
    return { ...fields, address, tail: new DataView(view.buffer, view.byteOffset + end, view.byteLength - end) };
}

/** The chain's clock, from its sysvar. Unix seconds. */
export function clockOf(account: Account | null | undefined): bigint {
    if (!account || account.data.length < 40) throw new Failure('account-missing', { address: 'SysvarC1ock', kind: 'Clock' });
    return new DataView(account.data.buffer, account.data.byteOffset).getBigInt64(32, true);
}

/** Lamports that keep an account of `length` bytes, from the rent sysvar. */
export function rentOf(account: Account | null | undefined): (length: number) => bigint {
    if (!account || account.data.length < 16) throw new Failure('account-missing', { address: 'SysvarRent', kind: 'Rent' });
    const view = new DataView(account.data.buffer, account.data.byteOffset);
    const perByteYear = view.getBigUint64(0, true);
    // A whole number of years on every cluster there was; rounded up where it should not be one.
    const years = BigInt(Math.ceil(view.getFloat64(8, true)));
    return (length) => BigInt(128 + length) * perByteYear * years;
}
