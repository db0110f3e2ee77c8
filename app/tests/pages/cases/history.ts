// What happened, read from the chain alone: to a member, and to a device.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { addressOf, cairn } from '../month.ts';
import { SmallPool } from '../pool.ts';
import { onStage, visit } from '../stage.ts';
import { poolOf } from '../world.ts';
import { claim } from './claim.ts';
import { order } from './credits.ts';

/** Rows of a CSV, with their columns by name. */
async function saved(page: Page): Promise<Record<string, string>[]> {
    const download = page.waitForEvent('download');
    await page.getByRole('region', { name: 'History' }).locator('xpath=..').getByRole('button', { name: 'Save as CSV' }).click();
    return rowsOf(readFileSync(await (await download).path(), 'utf8'));
}

function rowsOf(text: string): Record<string, string>[] {
    const [header = '', ...rows] = text.split('\r\n').slice(0, -1);
    const names = header.split(',');
    return rows.map((row) => Object.fromEntries(row.split(',').map((field, at) => [names[at]!, field])));
}

const show = async (page: Page, name = 'Show the history'): Promise<void> => {
    await page.getByRole('button', { name }).click();
    await page.locator('[data-name="looked"]').waitFor();
};
const happened = (page: Page): Promise<(string | null)[]> => page.locator('[data-what]').evaluateAll((all) => all.map((one) => one.getAttribute('data-what')));

test('a claim stands in the history with epoch, amount and transaction, as the chain tells it, and in its CSV', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await claim(page);
            await page.locator('[data-name="done"]').waitFor();
            const told = (await cairn(month, 'claim', 'show', '--owner', owner, '-u', month.rpc)) as unknown as Record<string, { amount: string; uiAmountString: string }>;
            const { active_epoch } = (await poolOf(month)) as unknown as { active_epoch: number };
            await page.goto(`${month.app}#/you/${owner}`);
            await show(page);
            assert.deepEqual(await happened(page), ['Claimed']);
            const row = page.getByRole('region', { name: 'History' }).locator('tbody tr').first();
            assert.equal(await row.locator('data').getAttribute('value'), told['claimed']!.amount);
            await row.getByText(`Epoch ${active_epoch}`).waitFor();
            const link = await row.getByRole('link').last().getAttribute('href');
            assert.match(link ?? '', /^https:\/\/explorer\.solana\.com\/tx\/\w+\?cluster=custom&customUrl=http/);
            await noBarriers(page, 'a history');
            const [line, ...more] = await saved(page);
            assert.deepEqual(more, []);
            assert.equal(line!['amount'], told['claimed']!.uiAmountString);
            assert.equal(line!['base_units'], told['claimed']!.amount);
            assert.equal(line!['pool_or_campaign'], month.pool);
            assert.equal(line!['to'], owner);
            assert.equal(link?.includes(line!['transaction']!), true);
            assert.match(line!['time']!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
        },
        { wallet: month.key('alice'), viewport: { width: 360, height: 800 } },
    );
});

test('credits redeemed and delivered stand there, though the carrier alone signed the delivery', async () => {
    const { month } = await onStage();
    const pool = await SmallPool.create(month);
    await pool.propose(1n, [
        { tokens: 1_000_000n, points: 0n, credits: 40n },
        { tokens: 1n, points: 0n, credits: 0n },
    ]);
    await pool.activate(1n);
    const bob = addressOf(month.key('bob'));
    await pool.act('admin', 'credits', 'carrier', 'set', bob, '--period', '1d');
    const [{ owner, secret }] = pool.members;
    await visit(
        `/redeem/${bob}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await order(page, '15');
            await page.getByRole('button', { name: 'Sign and redeem 15 data credits' }).click();
            await page.locator('[data-name="done"]').waitFor();
            const { redemptions } = (await pool.ask('credits', 'show', '--owner', owner)) as unknown as { redemptions: { number: number }[] };
            const receipt = createHash('sha256').update('delivered').digest('hex');
            await pool.act('bob', 'credits', 'fulfil', `${redemptions[0]!.number}`, '--owner', owner, '--receipt-hash', receipt);
            await page.goto(`${month.app}#/you/${owner}`);
            await show(page);
            // The delivery touched none of the member's own accounts: it is found by the redemption, a step further back.
            const further = page.getByRole('button', { name: 'Look further back' });
            while (await further.isVisible()) await further.click();
            await page.locator('[data-what="CreditsFulfilled"]').waitFor();
            assert.deepEqual(await happened(page), ['CreditsFulfilled', 'CreditsRedeemed']);
            const rows = await saved(page);
            assert.deepEqual(rows.map((row) => [row['what'], row['amount'], row['unit'], row['to']]), [
                ['CreditsFulfilled', '15', 'credits', bob],
                ['CreditsRedeemed', '15', 'credits', bob],
            ]);
        },
        { wallet: secret, prepare: pool.shown },
    );
});

test('whoever did nothing has an empty history, and the page says how far it looked', async () => {
    const { member } = await onStage();
    const { owner } = member();
    await visit(`/you/${owner}`, async (page) => {
        await show(page);
        await page.getByText('Nothing was found here yet.').waitFor();
        assert.match((await page.locator('[data-name="looked"]').textContent()) ?? '', /^Looked through all 0 transactions/);
    });
});
