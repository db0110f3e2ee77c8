// "Recompute this epoch here": the keepers' own code in Chromium, over the files that the month published.

import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { cairn } from '../month.ts';
import { failsWith, onStage, visit } from '../stage.ts';

/** A whole computation on cores that others use, too. */
const LONG_MS = 240_000;

const start = (page: Page): Promise<void> => page.getByRole('button', { name: /^Load .* and recompute$/ }).click();

test('epoch 1 comes out byte for byte here: proofs and manifest are those of `cairn epoch list`; what it starts from in epoch 2 is epoch 1’s', async (run) => {
    const { month } = await onStage();
    const { epochs } = (await cairn(month, 'epoch', 'list', '-u', month.rpc)) as unknown as { epochs: { number: number; accepted: number; rejected: number }[] };
    for (const number of [1, 2]) {
        const told = epochs.find((one) => one.number === number) ?? assert.fail(`no epoch ${number}`);
        await visit(`/epoch/${number}`, async (page) => {
            const weight = await page.getByRole('button', { name: /^Load .* and recompute$/ }).textContent();
            await start(page);
            const equal = page.locator('[data-check="recomputed"]');
            await equal.waitFor({ timeout: LONG_MS });
            assert.equal(await equal.getAttribute('data-holds'), 'true');
            const words = (await equal.textContent()) ?? '';
            for (const count of [told.accepted, told.rejected]) assert.ok(words.includes(count.toLocaleString('en-US')), words);
            assert.equal(await page.locator('[data-check="follows"][data-holds="true"]').count(), number - 1);
            await noBarriers(page, 'a recomputed epoch');
            const took = await page.getByText(/^It took/).textContent();
            const folder = process.env['CAIRN_PICTURES'];
            if (folder && number === 2) {
                mkdirSync(folder, { recursive: true });
                await page.locator('section', { hasText: 'Recompute it here' }).last().screenshot({ path: join(folder, 'recompute.png') });
            }
            run.diagnostic(`epoch ${number}, ${told.accepted + told.rejected} proofs: ${weight}. ${took}`);
        });
    }
});

const KINDS = [
    'inputs/epoch.json',
    'inputs/ruleset.toml',
    'inputs/rules/90_decisions.sql',
    'inputs/devices.parquet',
    'inputs/anchors.parquet',
    'inputs/burns.parquet',
    'inputs/evidence/',
    'outputs/decisions.parquet',
    'outputs/leaves.parquet',
    'outputs/summary.json',
    'outputs/claims.parquet',
    'outputs/claims/00.json',
    'outputs/state/signers.parquet',
    'outputs/memory/',
];

/** Serves files whose path holds `part` with one bit of their middle byte turned. */
const flipped =
    (part: string) =>
    (context: BrowserContext): Promise<unknown> =>
        context.route(`**/epochs/00001/${part}**`, async (route: Route) => {
            const body = await (await route.fetch()).body();
            const middle = Math.floor(body.length / 2);
            body[middle] = body[middle]! ^ 1;
            await route.fulfill({ body });
        });

for (const part of KINDS) {
    test(`one byte of ${part} changed: it is named, and nothing is computed`, async () => {
        await visit(
            '/epoch/1',
            async (page) => {
                await start(page);
                await failsWith(page, 'file-hash');
                assert.ok(((await page.locator('.failure').textContent()) ?? '').includes(part));
                assert.equal(await page.locator('[data-check]').count(), 0);
            },
            { prepare: flipped(part) },
        );
    });
}

test('whoever stops it has stopped it, and can start again', async () => {
    await visit('/epoch/1', async (page) => {
        const started = page.waitForEvent('worker');
        await start(page);
        const over = (await started).waitForEvent('close');
        await page.getByRole('button', { name: 'Stop', exact: true }).click();
        await over;
        await page.getByRole('button', { name: /^Load .* and recompute$/ }).waitFor();
        assert.equal(await page.locator('[data-check]').count(), 0);
    });
});

test('a module that is not the one of this page is not run', async () => {
    const other = (context: BrowserContext): Promise<unknown> => context.route('**/cairn_auditor.wasm.gz', (route) => route.fulfill({ path: join(process.env['CAIRN_APP_OUT'] ?? '', 'cairn_web.wasm') }));
    await visit(
        '/epoch/1',
        async (page) => {
            await start(page);
            await failsWith(page, 'file-damaged');
        },
        { prepare: other },
    );
});

test('the auditor is small enough to be asked for, and is asked for only then', async () => {
    const { size } = statSync(join(process.env['CAIRN_APP_OUT'] ?? assert.fail('CAIRN_APP_OUT'), 'cairn_auditor.wasm.gz'));
    assert.ok(size <= 8_000_000, `${size} bytes`);
    await visit('/epoch/1', async (page) => {
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        await page.reload();
        await page.getByRole('button', { name: /^Load .* and recompute$/ }).waitFor();
        assert.deepEqual(asked.filter((url) => /auditor|worker/.test(url)), []);
    });
});
