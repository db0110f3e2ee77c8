// Token accounts of SPL Token and Token-2022, as far as payments need them.

import type { Address } from '@solana/kit';
import { MEMO_PROGRAM } from './addresses.ts';
import type { Account } from './rpc.ts';

/** Base units in a token account; 0 where there is none. */
export function tokenAmount(account: Account | null | undefined): bigint {
    if (!account || account.data.length < 72) return 0n;
    return new DataView(account.data.buffer, account.data.byteOffset).getBigUint64(64, true);
}

/** Bytes of an account without extensions; the kind of account follows, then the extensions. */
const BASE_LEN = 165;
const ACCOUNT_KIND = 2;
const MEMO_TRANSFER = 8;

/** The program that says a memo, where the account's owner lets nothing in without one; else null. What is paid says it by itself. */
export function memoProgramOf(account: Account | null | undefined): Address | null {
    if (!account || account.data[BASE_LEN] !== ACCOUNT_KIND) return null;
    const { data } = account;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let at = BASE_LEN + 1; at + 4 <= data.length; ) {
        const [kind, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
        if (at + 4 + length > data.length) return null;
        if (kind === MEMO_TRANSFER) return (data[at + 4] ?? 0) === 0 ? null : MEMO_PROGRAM;
        at += 4 + length;
    }
    return null;
}
