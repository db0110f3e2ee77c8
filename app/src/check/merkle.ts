// Proofs, canopies and whole trees, checked by the programs' own code.

import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { Rust } from './rust.ts';

export interface Node {
    hash: Uint8Array;
    sum: bigint;
}

/** A member's leaf: cumulative amounts since the pool began. */
export interface Leaf {
    pool: Address;
    owner: Address;
    index: number;
    tokens: bigint;
    points: bigint;
    credits: bigint;
}

/** What a claimant knows of a tree: how many leaves it has, and its top as the chain stores it. */
export interface Top {
    leafCount: number;
    canopyDepth: number;
    canopy: Node[];
}

class Writer {
    readonly #bytes: number[] = [];

    raw(bytes: ArrayLike<number>): this {
        for (let at = 0; at < bytes.length; at += 1) this.#bytes.push(bytes[at]!);
        return this;
    }

    number(value: bigint | number, length: number): this {
        const whole = BigInt(value);
        for (let at = 0; at < length; at += 1) this.#bytes.push(Number((whole >> BigInt(8 * at)) & 0xffn));
        return this;
    }

    nodes(nodes: readonly Node[]): this {
        this.number(nodes.length, 4);
        for (const node of nodes) this.raw(node.hash).number(node.sum, 8);
        return this;
    }

    done(): Uint8Array {
        return Uint8Array.from(this.#bytes);
    }
}

const top = (to: Writer, tree: Top, proof: readonly Node[]): Uint8Array =>
    to.number(tree.leafCount, 4).number(tree.canopyDepth, 1).nodes(proof).nodes(tree.canopy).done();

/** Throws the program's own refusal unless the leaf stands in the tree. */
export function checkLeaf(rust: Rust, leaf: Leaf, tree: Top, proof: readonly Node[]): void {
    const key = getAddressEncoder();
    const question = new Writer()
        .raw(key.encode(leaf.pool))
        .raw(key.encode(leaf.owner))
        .number(leaf.index, 4)
        .number(leaf.tokens, 8)
        .number(leaf.points, 8)
        .number(leaf.credits, 8);
    rust.ask(1, top(question, tree, proof));
}

/** The same for the node of a leaf. */
export function checkNode(rust: Rust, node: Node, index: number, tree: Top, proof: readonly Node[]): void {
    rust.ask(2, top(new Writer().raw(node.hash).number(node.sum, 8).number(index, 4), tree, proof));
}

/** The root that a canopy folds to. */
export function foldCanopy(rust: Rust, canopy: readonly Node[]): Node {
    return nodeOf(rust.ask(3, new Writer().nodes(canopy).done()));
}

/** The root of all members' leaves. `rows` hold owner 32, tokens, points and credits 8 each, in the order of their indices. */
export function rootOf(rust: Rust, pool: Address, rows: Uint8Array): Node {
    const question = new Uint8Array(32 + rows.length);
    question.set(getAddressEncoder().encode(pool));
    question.set(rows, 32);
    return nodeOf(rust.ask(4, question));
}

/** Neighbouring leaves of an airdrop, and for each level below the canopy the nodes at their edges, one or none. */
export interface Run {
    first: number;
    recipients: { owner: Address; unlocked: bigint; locked: bigint }[];
    edges: [Node[], Node[]][];
}

/** The proof of a drop out of its claim file, which holds against the canopy. Throws the program's own refusal otherwise. */
export function dropProof(rust: Rust, campaign: Address, index: number, tree: Top, run: Run): Uint8Array {
    const key = getAddressEncoder();
    const question = new Writer().raw(key.encode(campaign)).number(index, 4).number(tree.leafCount, 4).number(tree.canopyDepth, 1).nodes(tree.canopy);
    question.number(run.first, 4).number(run.recipients.length, 4);
    for (const { owner, unlocked, locked } of run.recipients) question.raw(key.encode(owner)).number(unlocked, 8).number(locked, 8);
    for (const [left, right] of run.edges) question.nodes(left).nodes(right);
    return rust.ask(8, question.done());
}

/** A device tree's account, as far as proofs are made of it. */
export interface DeviceTop {
    root: Uint8Array;
    sequence: bigint;
    nextIndex: number;
    depth: number;
    canopyDepth: number;
    /** The count of its words, and 32 bytes each. */
    tail: DataView;
}

/** The proof of a device out of all leaves' preimages, 230 bytes each, and the sequence at which the tree was as they say. The program's own
 * code took it. Throws its refusal, or `Stale`. */
export function deviceProof(rust: Rust, tree: DeviceTop, index: number, preimages: Uint8Array): { sequence: bigint; proof: Uint8Array[] } {
    const head = new Writer().raw(tree.root).number(tree.sequence, 8).number(tree.nextIndex, 4).number(tree.depth, 1).number(tree.canopyDepth, 1).done();
    const words = new Uint8Array(tree.tail.buffer, tree.tail.byteOffset, 4 + 32 * tree.tail.getUint32(0, true));
    const asked = new Writer().number(index, 4).number(preimages.length / 230, 4).done();
    const question = new Uint8Array(head.length + words.length + asked.length + preimages.length);
    let place = 0;
    for (const part of [head, words, asked, preimages]) {
        question.set(part, place);
        place += part.length;
    }
    const answer = rust.ask(9, question);
    const proof = Array.from({ length: (answer.length - 8) / 32 }, (_, at) => answer.slice(8 + 32 * at, 40 + 32 * at));
    return { sequence: new DataView(answer.buffer).getBigUint64(0, true), proof };
}

/** Corners of an H3 cell: longitude and latitude in degrees. Only for drawing. */
export function cellCorners(rust: Rust, cell: bigint): [number, number][] {
    const bytes = rust.ask(5, new Writer().number(cell, 8).done());
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length / 16 }, (_, at) => [view.getFloat64(at * 16 + 8, true), view.getFloat64(at * 16, true)]);
}

/** The H3 cell around a place in degrees × 10^7. */
export function cellAround(rust: Rust, latE7: number, lonE7: number, resolution: number): bigint {
    const question = new Writer().number(BigInt.asUintN(32, BigInt(latE7)), 4).number(BigInt.asUintN(32, BigInt(lonE7)), 4);
    return cellOf(rust.ask(6, question.number(resolution, 1).done()));
}

/** The larger cell that holds one. */
export function cellParent(rust: Rust, cell: bigint, resolution: number): bigint {
    return cellOf(rust.ask(7, new Writer().number(cell, 8).number(resolution, 1).done()));
}

const cellOf = (bytes: Uint8Array<ArrayBuffer>): bigint => new DataView(bytes.buffer).getBigUint64(0, true);

const nodeOf = (bytes: Uint8Array<ArrayBuffer>): Node => ({
    hash: bytes.slice(0, 32),
    sum: new DataView(bytes.buffer).getBigUint64(32, true),
});

export const sameNode = (a: Node, b: Node): boolean => a.sum === b.sum && hex(a.hash) === hex(b.hash);

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export function unhex(text: string): Uint8Array | null {
    if (!/^([0-9a-f]{2})*$/.test(text)) return null;
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
