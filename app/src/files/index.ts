// index.json beside the folders of epochs: which of them a mirror has. A static host lists nothing, so this is where to start; but it is a
// hint and no more. What an epoch is worth, and which files are its own, only the chain says.

import type { Address } from '@solana/kit';
import { Failure } from '../failure.ts';
import type { Mirrors } from './source.ts';

const FILE = 'index.json';
const FORMAT = 'cairn/epochs/1';

/** Numbers of the pool's epochs that the first mirror with an index has; null where none has one. */
export async function readIndex(mirrors: Mirrors, pool: Address): Promise<ReadonlySet<bigint> | null> {
    try {
        return await mirrors.fetch(null, FILE, (bytes) => parseIndex(new TextDecoder().decode(bytes), pool));
    } catch {
        // Whatever is wrong with a hint, the chain's numbers can be tried one by one.
        return null;
    }
}

export function parseIndex(text: string, pool: Address): ReadonlySet<bigint> {
    try {
        const found = JSON.parse(text) as { format: string; epochs: { number: number; pool: string }[] };
        if (found.format !== FORMAT) throw new Error(`format ${found.format}`);
        return new Set(found.epochs.filter((one) => one.pool === pool).map((one) => BigInt(one.number)));
    } catch (error) {
        throw new Failure('file-damaged', { file: FILE }, String(error), error);
    }
}

/** Of epochs, the newest first, the one to show: the first whose files are said to be there, or the newest where that is said of none. */
export const shownOf = <T extends { number: bigint }>(epochs: readonly T[], index: ReadonlySet<bigint> | null): T | undefined => epochs.find(({ number }) => index?.has(number)) ?? epochs[0];
