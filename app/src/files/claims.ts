// Claim files: 256 static files an epoch, one of which holds a member's cumulative amounts and the proof of them. Nothing in one
// counts before the proof is checked against the canopy on chain, so no hash of it is needed.

import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { unhex } from '../check/merkle.ts';
import type { Leaf, Node } from '../check/merkle.ts';
import { Failure } from '../failure.ts';
import { sha256 } from './source.ts';
import type { Mirrors } from './source.ts';

/** A member's leaf in an epoch with its proof, as a file tells it. */
export interface Claim extends Leaf {
    epoch: bigint;
    proof: Node[];
}

const FORMAT = 'cairn/claims/2';

/** The file that holds an owner's claim: named by the first byte of SHA-256(owner). */
export async function shardOf(owner: Address): Promise<string> {
    const digest = await sha256(Uint8Array.from(getAddressEncoder().encode(owner)));
    return `outputs/claims/${digest.slice(0, 2)}.json`;
}

/** The owner's claim that `accept` takes, from the first mirror whose file holds one; null when the owner is no member. `accept`
 * checks the proof: a mirror with a forged one is passed over like one that is down. */
export async function readClaim(mirrors: Mirrors, epoch: bigint, owner: Address, accept: (claim: Claim) => void): Promise<Claim | null> {
    const name = await shardOf(owner);
    return mirrors.fetch(epoch, name, (bytes) => {
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
