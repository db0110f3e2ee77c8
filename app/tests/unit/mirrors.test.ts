import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Address } from '@solana/kit';
import { Failure } from '../../src/failure.ts';
import { claimFileCount, claimFileOf, parseClaim } from '../../src/files/claims.ts';
import { Mirrors, sha256 } from '../../src/files/source.ts';

const OWNER = '34uMfjRJ9tbdjwVWq22PEkUZ7LzvspsapkKGV81QMhrE' as Address;
const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));

function host(files: Record<string, string>): { fetching: typeof fetch; asked: string[] } {
    const asked: string[] = [];
    const fetching = ((url: string) => {
        asked.push(url);
        const body = files[url];
        return Promise.resolve(body === undefined ? new Response('gone', { status: 404 }) : new Response(body));
    }) as unknown as typeof fetch;
    return { fetching, asked };
}

const entry = async (text: string): Promise<{ name: string; rows: number; sha256: string; size: number }> => ({
    name: 'outputs/a.parquet',
    rows: 1,
    sha256: await sha256(bytes(text)),
    size: text.length,
});
const code = (wanted: string) => (error: unknown): boolean => error instanceof Failure && error.code === wanted;

test('a mirror with another file is passed over, and a file is fetched once', async () => {
    const { fetching, asked } = host({ 'https://a.example/00001/outputs/a.parquet': 'forged', 'https://b.example/00001/outputs/a.parquet': 'right' });
    const mirrors = new Mirrors(['https://a.example/', 'https://b.example/'], fetching);
    const wanted = await entry('right');
    assert.deepEqual(await mirrors.file(1n, wanted), bytes('right'));
    await mirrors.file(1n, wanted);
    assert.equal(asked.length, 2);
});

test('a wrong file says more than an absent one, and is not remembered as right', async () => {
    const files: Record<string, string> = { 'https://a.example/00001/outputs/a.parquet': 'forged' };
    const mirrors = new Mirrors(['https://a.example/', 'https://b.example/'], host(files).fetching);
    const wanted = await entry('right');
    await assert.rejects(mirrors.file(1n, wanted), code('file-hash'));
    files['https://b.example/00001/outputs/a.parquet'] = 'right';
    assert.deepEqual(await mirrors.file(1n, wanted), bytes('right'));
});

test('no name leads out of the epoch’s folder', async () => {
    const { fetching, asked } = host({});
    const mirrors = new Mirrors(['https://a.example/'], fetching);
    for (const name of ['../secret', 'a/../../b', '/etc/passwd', 'a//b', 'https://x.example/', '', '.hidden', 'a\\b', 'a%2f..']) {
        await assert.rejects(mirrors.fetch(1n, name, () => undefined), code('file-damaged'), name);
    }
    assert.deepEqual(asked, []);
});

test('claim files are as many and called as the keepers’ own code calls them', async () => {
    const cases = JSON.parse(readFileSync(join(import.meta.dirname, '../../../fixtures/epochs/claim-files.json'), 'utf8')) as { file: string; files: number; leaf_count: number; owner: Address }[];
    assert.ok(cases.length > 20);
    for (const { file, files, leaf_count, owner } of cases) {
        assert.deepEqual([await claimFileOf(leaf_count, owner), claimFileCount(leaf_count)], [file, files]);
    }
});

test('a claim file is read by its owner’s own key alone', () => {
    const claim = { index: 7, tokens: '18446744073709551615', milli_points: '5', credits: '0', proof: [`${'ab'.repeat(32)}:9`] };
    const shard = { format: 'cairn/claims/2', epoch: 3, pool: OWNER, claims: { [OWNER]: claim } };
    const read = parseClaim(JSON.stringify(shard), 'a.json', OWNER);
    assert.equal(read?.tokens, 18_446_744_073_709_551_615n);
    assert.equal(read?.proof[0]?.sum, 9n);
    assert.equal(parseClaim(JSON.stringify(shard), 'a.json', 'constructor' as Address), null);
    for (const change of [{ format: 'cairn/claims/9' }, { claims: { [OWNER]: { ...claim, proof: ['xy:1'] } } }, { claims: { [OWNER]: { ...claim, tokens: '1.5' } } }]) {
        assert.throws(() => parseClaim(JSON.stringify({ ...shard, ...change }), 'a.json', OWNER), code('file-damaged'));
    }
});
