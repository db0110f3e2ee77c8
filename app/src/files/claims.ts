// Claim files: as many static files an epoch as keep each small, one of which holds a member's cumulative amounts and the proof of
// them. Nothing in one counts before the proof is checked against the canopy on chain, so no hash of it is needed.

import type { Address } from '@solana/kit';
import { unhex } from '../check/merkle.ts';
import type { Leaf, Node } from '../check/merkle.ts';
import { Failure } from '../failure.ts';
import { depthFor, hexOf, placeOf } from './names.ts';
import type { Mirrors } from './source.ts';

/** A member's leaf in an epoch with its proof, as a file tells it. */
export interface Claim extends Leaf {
    epoch: bigint;
    proof: Node[];
}

const FORMAT = 'cairn/claims/2';
/** Levels of a tree whose members share a file, bits that name files in one folder, and the most bits that name one (`cairn-epoch`:
 * `ClaimFiles`). */
const LEVELS_PER_FILE = 6;
const FLAT_BITS = 8;
const MOST_BITS = 18;

const bitsFor = (leafCount: number): number => Math.min(Math.max(depthFor(leafCount) - LEVELS_PER_FILE, 0), MOST_BITS);

/** How many claim files an epoch of so many members has. */
export const claimFileCount = (leafCount: number): number => 2 ** bitsFor(leafCount);

/** A claim file's path below the epoch's folder. */
export function claimFile(leafCount: number, number: number): string {
    const bits = bitsFor(leafCount);
    const below = Math.max(bits - FLAT_BITS, 0);
    if (below === 0) return `outputs/claims/${hexOf(number, bits)}.json`;
    return `outputs/claims/${hexOf(number >> below, FLAT_BITS)}/${hexOf(number & (2 ** below - 1), below)}.json`;
}

/** The file that holds an owner's claim: named by the first bits of SHA-256(owner), as many as there are members for. */
export const claimFileOf = async (leafCount: number, owner: Address): Promise<string> => claimFile(leafCount, await placeOf(owner, bitsFor(leafCount)));

/** Of the epoch that is read: its number and how many members it has. */
export interface ClaimSource {
    number: bigint;
    leafCount: number;
}

/** The owner's claim that `accept` takes, from the first mirror whose file holds one; null when the owner is no member. `accept`
 * checks the proof: a mirror with a forged one is passed over like one that is down. */
export async function readClaim(mirrors: Mirrors, { number, leafCount }: ClaimSource, owner: Address, accept: (claim: Claim) => void): Promise<Claim | null> {
    const name = await claimFileOf(leafCount, owner);
    return mirrors.fetch(number, name, (bytes) => {
        const claim = parseClaim(new TextDecoder().decode(bytes), name, owner);
        if (claim) accept(claim);
        return claim;
    });
}

export function parseClaim(text: string, file: string, owner: Address): Claim | null {
    try {
        const shard = JSON.parse(text) as Record<string, unknown>;
        if (shard['format'] !== FORMAT) throw new Error(`format ${String(shard['format'])}`);
        const claims = shard['claims'] as Record<string, Record<string, never>>;
        if (!Object.hasOwn(claims, owner)) return null;
        const claim = claims[owner]!;
        return {
            epoch: BigInt(shard['epoch'] as number),
            pool: shard['pool'] as Address,
            owner,
            index: Number(claim['index']),
            tokens: BigInt(claim['tokens']!),
            points: BigInt(claim['milli_points']!),
            credits: BigInt(claim['credits']!),
            proof: (claim['proof'] as unknown as string[]).map(nodeOf),
        };
    } catch (error) {
        throw new Failure('file-damaged', { file }, String(error), error);
    }
}

/** `hash:sum`. */
export function nodeOf(text: string): Node {
    const [hash, sum] = text.split(':');
    const bytes = unhex(hash ?? '');
    if (bytes?.length !== 32 || !/^\d{1,20}$/.test(sum ?? '')) throw new Error(`"${text}" is no node of a proof`);
    return { hash: bytes, sum: BigInt(sum!) };
}
