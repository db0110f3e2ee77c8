// manifest.json: what an epoch was computed from and what came out. Its SHA-256 stands in the epoch's account, so whoever has that
// can tell these files from any others.

import type { Address } from '@solana/kit';
import { hex } from '../check/merkle.ts';
import { Failure } from '../failure.ts';
import { sha256 } from './source.ts';
import type { FileEntry, Mirrors } from './source.ts';

/** How one pot of the emission was divided. Base units and milli-points. */
export interface PotEntry {
    name: string;
    emission: bigint;
    allocated: bigint;
    unallocated: bigint;
    milliPoints: bigint;
    floorMilliPoints: bigint;
}

/** So much of everything that a leaf counts. Base units and milli-points. */
export interface Amounts {
    tokens: bigint;
    milliPoints: bigint;
    credits: bigint;
}

export interface Manifest {
    epoch: { number: bigint; network: Address; pool: Address; emission: bigint; periodStartMs: number; periodEndMs: number };
    accepted: number;
    /** The claim files as a whole; `outputs/claims.parquet` names each. */
    claims: { files: number; size: number };
    rejected: number;
    received: number;
    /** Proofs by reason, zeros too. */
    reasons: Record<string, number>;
    inputs: FileEntry[];
    outputs: FileEntry[];
    pots: PotEntry[];
    ruleset: { hash: string; version: number };
    pipeline: string;
    totals: { tokens: bigint; tokensEpoch: bigint; milliPoints: bigint; milliPointsEpoch: bigint; credits: bigint; unallocated: bigint; arrears: Amounts; unlinked: Amounts };
    tree: { canopyDepth: number; depth: number; leafCount: number; rootHash: string; rootSum: bigint };
    /** SHA-256 of the file, in hex. */
    hash: string;
}

const FORMAT = 'cairn/manifest/4';

/** Reads the manifest of an epoch and holds it against the hash on chain. */
export function readManifest(mirrors: Mirrors, epoch: bigint, onChain: Uint8Array): Promise<Manifest> {
    return mirrors.fetch(epoch, 'manifest.json', async (bytes) => {
        const hash = await sha256(bytes);
        if (hash !== hex(onChain)) throw new Failure('file-hash', { file: 'manifest.json' });
        return parseManifest(new TextDecoder().decode(bytes), hash);
    });
}

type Json = Record<string, never>;

const amounts = (of: Json): Amounts => ({ tokens: BigInt(of['tokens']!), milliPoints: BigInt(of['milli_points']!), credits: BigInt(of['credits']!) });

export function parseManifest(text: string, hash: string): Manifest {
    try {
        const found = JSON.parse(text) as Record<string, unknown>;
        if (found['format'] !== FORMAT) throw new Error(`format ${String(found['format'])}`);
        const [epoch, totals, tree] = [found['epoch'], found['totals'], found['tree']] as [Json, Json, Json];
        const [ruleset, code, claims] = [found['ruleset'], found['code'], found['claims']] as [Json, Json, Json];
        const pots = found['pots'] as Json[];
        return {
            epoch: {
                number: BigInt(epoch['number']!),
                network: epoch['network']!,
                pool: epoch['pool']!,
                emission: BigInt(epoch['emission']!),
                periodStartMs: epoch['period_start_ms']!,
                periodEndMs: epoch['period_end_ms']!,
            },
            accepted: Number(found['accepted']),
            claims: { files: Number(claims['files']), size: Number(claims['size']) },
            rejected: Number(found['rejected']),
            received: Number(found['received']),
            reasons: found['reasons'] as Record<string, number>,
            inputs: found['inputs'] as FileEntry[],
            outputs: found['outputs'] as FileEntry[],
            pots: pots.map((pot) => ({
                name: pot['name']!,
                emission: BigInt(pot['emission']!),
                allocated: BigInt(pot['allocated']!),
                unallocated: BigInt(pot['unallocated']!),
                milliPoints: BigInt(pot['milli_points']!),
                floorMilliPoints: BigInt(pot['floor_milli_points']!),
            })),
            ruleset: { hash: ruleset['hash']!, version: Number(ruleset['version']) },
            pipeline: code['pipeline']!,
            totals: {
                tokens: BigInt(totals['tokens']!),
                tokensEpoch: BigInt(totals['tokens_epoch']!),
                milliPoints: BigInt(totals['milli_points']!),
                milliPointsEpoch: BigInt(totals['milli_points_epoch']!),
                credits: BigInt(totals['credits']!),
                unallocated: BigInt(totals['unallocated']!),
                arrears: amounts(totals['arrears']!),
                unlinked: amounts(totals['unlinked']!),
            },
            tree: {
                canopyDepth: Number(tree['canopy_depth']),
                depth: Number(tree['depth']),
                leafCount: Number(tree['leaf_count']),
                rootHash: tree['root_hash']!,
                rootSum: BigInt(tree['root_sum']!),
            },
            hash,
        };
    } catch (error) {
        throw new Failure('file-damaged', { file: 'manifest.json' }, String(error), error);
    }
}

/** The file of that name, among inputs and outputs that the manifest names itself: claim files stand on a list of their own. */
export function entryOf(manifest: Manifest, name: string): FileEntry {
    const entry = [...manifest.inputs, ...manifest.outputs].find((one) => one.name === name);
    if (!entry) throw new Failure('file-unnamed', { file: name });
    return entry;
}

export const textOf = async (mirrors: Mirrors, manifest: Manifest, name: string): Promise<string> =>
    new TextDecoder().decode(await mirrors.file(manifest.epoch.number, entryOf(manifest, name)));
