// What mirrors do instead of serving the right file. Each refusal has its name; a second mirror cures it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContext, Route } from 'playwright-core';
import { failsWith, onStage, visit } from '../stage.ts';

type Shard = { claims: Record<string, { tokens: string; milli_points: string; index: number; proof: string[] }>; pool: string; epoch: number };

/** Serves every claim file changed. */
const forged =
    (change: (shard: Shard) => void) =>
    (context: BrowserContext): Promise<unknown> =>
        context.route('**/outputs/claims/*.json', async (route) => {
            const shard = (await (await route.fetch()).json()) as Shard;
            change(shard);
            await route.fulfill({ json: shard });
        });
const each = (shard: Shard, change: (claim: Shard['claims'][string]) => void): void => Object.values(shard.claims).forEach(change);

const forgeries: [string, string, (shard: Shard) => void][] = [
    ['a larger amount', 'SumMismatch', (shard) => each(shard, (claim) => (claim.tokens = `${BigInt(claim.tokens) + 1n}`))],
    [
        'more points',
        'HashMismatch',
        (shard) => each(shard, (claim) => (claim.milli_points = `${BigInt(claim.milli_points) + 1n}`)),
    ],
    ['a changed sibling', 'HashMismatch', (shard) => each(shard, (claim) => (claim.proof[0] = claim.proof[0]!.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))))],
    ['a proof cut short', 'ProofTooShort', (shard) => each(shard, (claim) => claim.proof.pop())],
    ['another pool', 'WrongPool', (shard) => (shard.pool = '11111111111111111111111111111111')],
    ['an older epoch', 'EpochNumber', (shard) => (shard.epoch = 1)],
];

for (const [what, name, change] of forgeries) {
    test(`a claim file with ${what} is refused: ${name}; no button`, async () => {
        const { member } = await onStage();
        await visit(
            `/you/${member().owner}`,
            async (page) => {
                await failsWith(page, 'proof-invalid');
                assert.match((await page.locator('.failure').first().textContent()) ?? '', new RegExp(name));
                assert.equal(await page.getByRole('link', { name: /^Claim/ }).count(), 0);
            },
            { prepare: forged(change) },
        );
    });
}

const absent = (route: Route): Promise<void> => route.fulfill({ status: 404, body: 'gone' });

test('a claim file that is not published is said to be that', async () => {
    const { member } = await onStage();
    await visit(`/you/${member().owner}`, (page) => failsWith(page, 'file-absent'), { prepare: (context) => context.route('**/outputs/claims/*.json', absent) });
});

test('a claim file cut off is damaged', async () => {
    const { member } = await onStage();
    const cut = async (route: Route): Promise<void> => route.fulfill({ body: (await (await route.fetch()).text()).slice(0, 100) });
    await visit(`/you/${member().owner}`, (page) => failsWith(page, 'file-damaged'), { prepare: (context) => context.route('**/outputs/claims/*.json', cut) });
});

test('a manifest with one byte changed is not the one on chain', async () => {
    const changed = async (route: Route): Promise<void> => route.fulfill({ body: (await (await route.fetch()).text()).replace('"cairn/', '"Cairn/') });
    await visit('/epoch/1', (page) => failsWith(page, 'file-hash'), { prepare: (context) => context.route('**/manifest.json', changed) });
});

test('devices with one byte changed are not shown', async () => {
    const flipped = async (route: Route): Promise<void> => {
        const body = await (await route.fetch()).body();
        body[1_000] = body[1_000]! ^ 1;
        await route.fulfill({ body });
    };
    await visit('/map', (page) => failsWith(page, 'file-hash'), { prepare: (context) => context.route('**/devices.parquet', flipped) });
});

test('a second mirror cures a forged first one', async () => {
    const { member } = await onStage();
    await visit(
        `/you/${member().owner}`,
        async (page) => {
            await page.locator('data[data-name="claimable"]').waitFor();
            assert.equal(await page.locator('.failure').count(), 0);
        },
        {
            prepare: async (context) => {
                await context.route('**/cairn.json', async (route) => {
                    const config = (await (await route.fetch()).json()) as { networks: { files: string[] }[] };
                    config.networks[0]!.files.unshift('forged/');
                    await route.fulfill({ json: config });
                });
                await context.route('**/forged/**', async (route) => {
                    const url = route.request().url().replace('/forged/', '/epochs/');
                    if (!url.includes('/claims/')) return absent(route);
                    const shard = (await (await route.fetch({ url })).json()) as Shard;
                    each(shard, (claim) => (claim.index = (claim.index + 500) % 3_000));
                    await route.fulfill({ json: shard });
                });
            },
        },
    );
});

test('cairn.json that names no network, or is none, is said to be that', async () => {
    for (const [body, code] of [
        ['{"format":"cairn/app/1","networks":[]}', 'no-network'],
        ['<html>', 'config'],
    ] as const) {
        await visit('/', (page) => failsWith(page, code), { prepare: (context) => context.route('**/cairn.json', (route) => route.fulfill({ body })) });
    }
});
