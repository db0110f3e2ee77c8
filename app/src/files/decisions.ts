// What became of proofs. All that pages know of single proofs is read here, public files as they are: of what a person did they say who is
// paid, how much and why, and nothing else is asked of them.

import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { hex } from '../check/merkle.ts';
import { entryOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Mirrors } from './source.ts';
import { key, rows } from './table.ts';
import type { Row } from './table.ts';

const FILE = 'outputs/decisions.parquet';

const big = (value: bigint | number | null | undefined): bigint | null => (value === null || value === undefined ? null : BigInt(value));

/** Somebody who is paid for a proof, out of one of the ruleset's pots. */
export interface Payee {
    owner: Address;
    /** 0 for what is paid from none. */
    pot: number;
    milliPoints: bigint;
}

/** What became of one proof, and the numbers that led there. */
export interface Decision {
    /** In hex. */
    proofId: string;
    /** The kind's number; null for bytes that are no proof. */
    kind: number | null;
    reason: number;
    milliPoints: bigint;
    /** Data credits granted. */
    credits: bigint;
    beneficiary: Address | null;
    /** Who else is paid for the same proof: who was visited, who added the place, who invited. */
    also: Payee | null;
    /** The ruleset's pot that pays; 0 when the proof did not get that far. */
    pot: number;
    stream: number;
    found: bigint | null;
    bound: bigint | null;
    base: bigint | null;
    share: bigint | null;
    whole: bigint | null;
}

/** Milli-points that a proof earned `owner`. */
export const earnedBy = ({ beneficiary, milliPoints, also }: Decision, owner: Address): bigint =>
    (beneficiary === owner ? milliPoints : 0n) + (also?.owner === owner ? also.milliPoints : 0n);

/** Bytes that must be fetched before anything can be said about single proofs. */
export const decisionsSize = (manifest: Manifest): number => entryOf(manifest, FILE).size;

const same = (one: Uint8Array | null | undefined, other: ArrayLike<number>): boolean => !!one && one.every((byte, at) => byte === other[at]);

/** Every proof that pays an owner, or would have, as first or second, in the order of receipts. */
export function readOwn(mirrors: Mirrors, manifest: Manifest, owner: Address): Promise<Decision[]> {
    const wanted = getAddressEncoder().encode(owner);
    return readDecisions(mirrors, manifest, (row) => same(row['beneficiary'], wanted) || same(row['also_beneficiary'], wanted));
}

/** One proof by its id; null where the epoch has none of it. */
export async function readOne(mirrors: Mirrors, manifest: Manifest, id: Uint8Array): Promise<Decision | null> {
    return (await readDecisions(mirrors, manifest, (row) => same(row['proof_id'], id)))[0] ?? null;
}

/** The decisions that `about` takes. It sees raw rows: to spell all keys of a week would take longer than to read it. */
export async function readDecisions(mirrors: Mirrors, manifest: Manifest, about: (row: Row) => boolean): Promise<Decision[]> {
    return (await rows(mirrors, manifest, FILE)).filter(about).map((row) => {
        const [first, second] = [row['beneficiary'] ?? null, row['also_beneficiary'] ?? null] as (Uint8Array | null)[];
        return {
            proofId: hex(row['proof_id']!),
            kind: row['kind'] === undefined || row['kind'] === null ? null : Number(row['kind']),
            reason: Number(row['reason']),
            milliPoints: BigInt(row['milli_points']!),
            credits: BigInt(row['credits']!),
            beneficiary: first ? key(first) : null,
            also: second ? { owner: key(second), pot: Number(row['also_pot']), milliPoints: BigInt(row['also_milli_points']!) } : null,
            pot: Number(row['pot']),
            stream: Number(row['stream']),
            found: big(row['found']),
            bound: big(row['bound']),
            base: big(row['base']),
            share: big(row['share']),
            whole: big(row['whole']),
        };
    });
}
