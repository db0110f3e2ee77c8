// An airdrop's claim files: `claims/` beside `campaign.json`, each a run of neighbouring leaves and the nodes at its edges. Nothing in
// one counts before the proof made of it is checked against the canopy on chain.

import type { Address } from '@solana/kit';
import { dropProof } from '../check/merkle.ts';
import type { Node, Run } from '../check/merkle.ts';
import { Refusal } from '../check/rust.ts';
import type { Rust } from '../check/rust.ts';
import { Failure } from '../failure.ts';
import { nodeOf } from './claims.ts';
import { depthFor, hexOf, placeOf } from './names.ts';
import type { Mirrors } from './source.ts';

/** What a campaign grants one wallet, proven. */
export interface Drop {
    owner: Address;
    index: number;
    unlocked: bigint;
    locked: bigint;
    proof: Uint8Array;
}

/** What the campaign's account says of its tree. */
export interface DropTree {
    address: Address;
    leafCount: number;
    canopyDepth: number;
    canopy: Node[];
}

const FORMAT = 'cairn/drop-claims/1';
/** Levels of a tree below which a run of leaves shares a file, and the most bits that name one (`cairn-campaign`). */
const LEVELS_PER_FILE = 8;
const MOST_BITS = 16;

/** The file that holds an owner: named by the first bits of SHA-256(owner), as many as the tree is deep. */
export async function dropFileOf(owner: Address, leafCount: number): Promise<string> {
    const bits = Math.min(Math.max(depthFor(leafCount) - LEVELS_PER_FILE, 0), MOST_BITS);
    return `claims/${hexOf(await placeOf(owner, bits), bits)}.json`;
}

/** The owner's grant, from the first mirror whose file proves one or says that there is none; null for who gets nothing. */
export async function readDrop(mirrors: Mirrors, rust: Rust, tree: DropTree, owner: Address): Promise<Drop | null> {
    const name = await dropFileOf(owner, tree.leafCount);
    return mirrors.fetch(null, name, (bytes) => {
        const { campaign, leafCount, run } = parseDrops(new TextDecoder().decode(bytes), name);
        if (campaign !== tree.address || leafCount !== tree.leafCount) throw new Failure('drop-invalid', { what: 'WrongCampaign' });
        const at = run.recipients.findIndex((one) => one.owner === owner);
        const found = run.recipients[at];
        if (!found) return null;
        const index = run.first + at;
        return { ...found, index, proof: proven(rust, tree, index, run) };
    });
}

function proven(rust: Rust, tree: DropTree, index: number, run: Run): Uint8Array {
    try {
        return dropProof(rust, tree.address, index, tree, run);
    } catch (error) {
        throw error instanceof Refusal ? new Failure('drop-invalid', { what: error.name }, error.message, error) : error;
    }
}

export function parseDrops(text: string, file: string): { campaign: string; leafCount: number; run: Run } {
    try {
        const found = JSON.parse(text) as Record<string, never>;
        if (found['format'] !== FORMAT) throw new Error(`format ${String(found['format'])}`);
        const edge = (node: string | null): Node[] => (node === null ? [] : [nodeOf(node)]);
        return {
            campaign: found['campaign']!,
            leafCount: Number(found['leaf_count']),
            run: {
                first: Number(found['first']),
                recipients: (found['claims'] as unknown as [Address, string, string][]).map(([owner, unlocked, locked]) => ({
                    owner,
                    unlocked: BigInt(unlocked),
                    locked: BigInt(locked),
                })),
                edges: (found['edges'] as unknown as [string | null, string | null][]).map(([left, right]) => [edge(left), edge(right)]),
            },
        };
    } catch (error) {
        throw new Failure('file-damaged', { file }, String(error), error);
    }
}
