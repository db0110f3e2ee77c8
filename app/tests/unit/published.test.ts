// Files as keepers' code writes them: the golden epoch of `fixtures/epochs`, read as any mirror would serve it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Address } from '@solana/kit';
import { unhex } from '../../src/check/merkle.ts';
import { Failure } from '../../src/failure.ts';
import { readClaim } from '../../src/files/claims.ts';
import { parseIndex, readIndex, shownOf } from '../../src/files/index.ts';
import { readManifest } from '../../src/files/manifest.ts';
import type { Manifest } from '../../src/files/manifest.ts';
import { Mirrors, sha256 } from '../../src/files/source.ts';
import { parseSummary, readSummary } from '../../src/files/summary.ts';
import { earnedBy, readDecisions, readOne, readOwn } from '../../src/files/decisions.ts';
import { readClaimFiles, readMembers } from '../../src/files/table.ts';

const epochs = join(import.meta.dirname, '../../../fixtures/epochs');
const pipeline = join(epochs, readdirSync(epochs).find((name) => name.startsWith('cairn-pipeline-')) ?? '');
const golden = join(pipeline, 'golden-00001');

const fetching = ((url: string) => {
    const name = url.replace('https://a.example/00001/', '');
    const path = name === 'manifest.json' ? `${golden}.manifest.json` : join(golden, name);
    return Promise.resolve(existsSync(path) ? new Response(Uint8Array.from(readFileSync(path))) : new Response('gone', { status: 404 }));
}) as unknown as typeof fetch;
const mirrors = new Mirrors(['https://a.example/'], fetching);

async function manifestOf(): Promise<Manifest> {
    const hash = await sha256(Uint8Array.from(readFileSync(`${golden}.manifest.json`)));
    return readManifest(mirrors, 1n, unhex(hash)!);
}

test('tables with dictionaries are read as they were written', async () => {
    const manifest = await manifestOf();
    const decisions = await readDecisions(mirrors, manifest, () => true);
    assert.equal(decisions.length, manifest.received);
    assert.equal(decisions.filter(({ reason }) => reason === 0).length, manifest.accepted);
    assert.ok(decisions.some(({ credits }) => credits > 0n));
    const owner = decisions.find(({ beneficiary }) => beneficiary)?.beneficiary ?? assert.fail('nobody is paid');
    const own = await readOwn(mirrors, manifest, owner);
    assert.deepEqual(own, decisions.filter(({ beneficiary, also }) => beneficiary === owner || also?.owner === owner));
    const [first] = own;
    assert.deepEqual(await readOne(mirrors, manifest, unhex(first!.proofId)!), first);
    assert.equal(await readOne(mirrors, manifest, new Uint8Array(32)), null);
    // Whoever is paid second is paid by the same proof, and may be who is paid first.
    const other = '11111111111111111111111111111111' as Address;
    const paid = { ...first!, milliPoints: 5n, beneficiary: owner, also: { owner: other, pot: 4, milliPoints: 7n } };
    assert.deepEqual([earnedBy(paid, owner), earnedBy(paid, other), earnedBy({ ...paid, beneficiary: other }, other)], [5n, 7n, 12n]);
    // Keys that repeat stand in a dictionary, none of them more often than once.
    assert.ok(new Set(decisions.map(({ beneficiary }) => beneficiary)).size < decisions.length / 4);
    const members = await readMembers(mirrors, manifest);
    assert.equal(members.length, manifest.tree.leafCount);
    assert.equal(members.reduce((sum, { tokens }) => sum + tokens, 0n), manifest.tree.rootSum);
    // In the first epoch a member has what decisions give, and what was owed before the pool began.
    const owed = members.map(({ owner, points }) => points - decisions.reduce((sum, decision) => sum + earnedBy(decision, owner), 0n));
    assert.ok(owed.every((points) => points >= 0n) && owed.some((points) => points === 0n));
    assert.equal(members.reduce((sum, { points }) => sum + points, 0n), manifest.totals.milliPointsEpoch);
});

test('claim files are those that the manifest’s list names', async () => {
    const manifest = await manifestOf();
    const files = await readClaimFiles(mirrors, manifest);
    assert.deepEqual([files.length, files.reduce((sum, { size }) => sum + size, 0)], [manifest.claims.files, manifest.claims.size]);
    assert.equal(files.reduce((sum, { rows }) => sum + rows, 0), manifest.tree.leafCount);
    for (const entry of files) await mirrors.file(1n, entry);
    for (const { owner, tokens, index } of await readMembers(mirrors, manifest)) {
        const claim = await readClaim(mirrors, { number: 1n, leafCount: manifest.tree.leafCount }, owner, () => undefined);
        assert.deepEqual([claim?.tokens, claim?.index], [tokens, index]);
    }
});

test('a summary adds up to its manifest, and one of another layout is refused', async () => {
    const manifest = await manifestOf();
    const { devices, members, proofs } = await readSummary(mirrors, manifest);
    const sum = (rows: readonly { devices: number }[]): number => rows.reduce((all, one) => all + one.devices, 0);
    assert.deepEqual([sum(devices.byAge), sum(devices.byCountry), sum(devices.byModel) + devices.otherModels], [devices.total, devices.total, devices.total]);
    assert.equal(members.total, manifest.tree.leafCount);
    for (const [reason, count] of Object.entries(manifest.reasons)) {
        assert.equal(proofs.filter((row) => row.reason === reason).reduce((all, row) => all + row.count, 0), count, reason);
    }
    const decisions = await readDecisions(mirrors, manifest, () => true);
    const given = decisions.reduce((all, { milliPoints, also }) => all + milliPoints + (also?.milliPoints ?? 0n), 0n);
    assert.equal(proofs.reduce((all, { milliPoints }) => all + milliPoints, 0n), given);
    const text = readFileSync(join(golden, 'outputs/summary.json'), 'utf8');
    for (const [from, to] of [['summary/2', 'summary/9'], ['"total": ', '"total": 1.'], ['"by_age"', '"by_rage"']] as const) {
        assert.throws(() => parseSummary(text.replace(from, to)), (error) => error instanceof Failure && error.code === 'file-damaged');
    }
});

test('an index is a hint: of this pool alone, and nothing without it', async () => {
    const pool = '7Jhp8VvJzBhkN81q7aPuhcLDvLohFvUdnZKiwWfH4a26' as Address;
    const row = (number: number, of: string): object => ({ manifest: '00'.repeat(32), number, pool: of });
    const index = parseIndex(JSON.stringify({ format: 'cairn/epochs/1', epochs: [row(1, pool), row(2, pool), row(3, 'other')] }), pool);
    assert.deepEqual([...index], [1n, 2n]);
    const inForce = [4n, 3n, 2n, 1n].map((number) => ({ number }));
    assert.equal(shownOf(inForce, index)?.number, 2n);
    assert.equal(shownOf(inForce, null)?.number, 4n);
    assert.equal(shownOf(inForce, new Set())?.number, 4n);
    assert.equal(shownOf([], index), undefined);
    assert.throws(() => parseIndex('{}', pool));
    assert.equal(await readIndex(mirrors, pool), null);
});
