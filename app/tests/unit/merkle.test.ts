import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { getAddressDecoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { cellAround, cellCorners, cellParent, checkLeaf, checkNode, foldCanopy, hex, rootOf, unhex } from '../../src/check/merkle.ts';
import type { Node } from '../../src/check/merkle.ts';
import { Refusal, Rust } from '../../src/check/rust.ts';

const vectors = join(import.meta.dirname, '../../../fixtures/vectors');
const module = join(import.meta.dirname, '../../public/cairn_web.wasm');

interface Written {
    hash: string;
    sum: string;
}
interface Tree {
    pool: string;
    leaf_count: number;
    root: Written;
    leaves: { index: number; owner: string; tokens: string; points: string; credits: string }[];
    canopies: { canopy_depth: number; nodes: Written[] }[];
    proofs: { index: number; canopy_depth: number; nodes: Written[] }[];
}

const bytes = (text: string): Uint8Array => unhex(text) ?? assert.fail(text);
const node = ({ hash, sum }: Written): Node => ({ hash: bytes(hash), sum: BigInt(sum) });
const key = (text: string): Address => getAddressDecoder().decode(bytes(text));
const read = <T>(name: string): T => JSON.parse(readFileSync(join(vectors, name), 'utf8')) as T;

let rust: Rust;
before(async () => {
    rust = await Rust.from(readFileSync(module));
});

for (const name of readdirSync(vectors).filter((one) => /^tree-\d+\.json$/.test(one))) {
    test(`${name}: every proof holds, every canopy and all leaves lead to the root`, () => {
        const tree = read<Tree>(name);
        const pool = key(tree.pool);
        for (const proof of tree.proofs) {
            const leaf = tree.leaves.find(({ index }) => index === proof.index) ?? assert.fail(`${proof.index}`);
            const canopy = tree.canopies.find(({ canopy_depth }) => canopy_depth === proof.canopy_depth) ?? assert.fail();
            const top = { leafCount: tree.leaf_count, canopyDepth: proof.canopy_depth, canopy: canopy.nodes.map(node) };
            const amounts = { tokens: BigInt(leaf.tokens), points: BigInt(leaf.points), credits: BigInt(leaf.credits) };
            checkLeaf(rust, { pool, owner: key(leaf.owner), index: leaf.index, ...amounts }, top, proof.nodes.map(node));
        }
        for (const { nodes } of tree.canopies) assert.deepEqual(written(foldCanopy(rust, nodes.map(node))), tree.root);
        if (tree.leaves.length === tree.leaf_count) {
            const rows = Buffer.concat(
                tree.leaves.map((leaf) => {
                    const row = Buffer.alloc(56);
                    row.set(bytes(leaf.owner));
                    [leaf.tokens, leaf.points, leaf.credits].forEach((number, at) => row.writeBigUInt64LE(BigInt(number), 32 + 8 * at));
                    return row;
                }),
            );
            assert.deepEqual(written(rootOf(rust, pool, rows)), tree.root);
        }
    });
}

const written = (one: Node): Written => ({ hash: hex(one.hash), sum: `${one.sum}` });

test('what the programs refuse is refused here, by the same name', () => {
    type Case = { case: string; error: string; leaf_count: number; index: number; node: Written; canopy_depth: number; canopy: Written[]; proof: Written[] };
    const cases = read<Case[]>('tree-refusals.json');
    assert.ok(cases.length > 8);
    for (const one of cases) {
        const top = { leafCount: one.leaf_count, canopyDepth: one.canopy_depth, canopy: one.canopy.map(node) };
        assert.throws(
            () => checkNode(rust, node(one.node), one.index, top, one.proof.map(node)),
            (error) => error instanceof Refusal && error.name === one.error,
            one.case,
        );
    }
});

test('a place lies in its cell, and cells in larger ones', () => {
    const cell = cellAround(rust, 407_127_760, -740_059_740, 9);
    assert.equal(cellCorners(rust, cell).length, 6);
    const [lon, lat] = cellCorners(rust, cellParent(rust, cell, 4))[0]!;
    assert.ok(Math.abs(lon + 74) < 1 && Math.abs(lat - 40.7) < 1);
    assert.throws(() => cellCorners(rust, 7n), Refusal);
});
