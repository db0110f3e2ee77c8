// What the local network lets tests do that no cluster does: tokens and SOL for who needs some, and time that passes at once.

import { cairn } from './month.ts';
import type { Month } from './month.ts';

async function ask(month: Month, method: string, ...params: unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(month.rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
}

/** The pool as `cairn pool show` tells it. */
export interface PoolTold {
    mint: string;
    admin: string;
    token_program: string;
    now: number;
    recipient_cooldown_secs: number;
}

export const poolOf = async (month: Month): Promise<PoolTold> => (await cairn(month, 'pool', 'show', '-u', month.rpc)) as unknown as PoolTold;

/** Tenths of a SOL. */
export async function feed(month: Month, owner: string, tenths = 1): Promise<void> {
    await ask(month, 'requestAirdrop', owner, 100_000_000 * tenths);
}

/** Base units of the pool's token, in the owner's token account. */
export async function give(month: Month, owner: string, amount: number): Promise<void> {
    const { mint, token_program } = await poolOf(month);
    await ask(month, 'surfnet_setTokenAccount', owner, mint, { amount }, token_program);
}

/** Moves the network's clock to a moment, in unix seconds. */
export async function travel(month: Month, to: number): Promise<void> {
    await ask(month, 'surfnet_timeTravel', { absoluteTimestamp: to * 1_000 });
}

/** `cairn` in the name of a key of the local network. */
export const act = (month: Month, key: string, ...words: string[]): Promise<Record<string, never>> =>
    cairn(month, ...words, '--yes', '-k', month.keyFile(key), '-u', month.rpc);
