// Data credits given up for a delivery: refused, redeemed, delivered, taken back.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { addressOf } from '../month.ts';
import { SmallPool } from '../pool.ts';
import { failsWith, onStage, visit } from '../stage.ts';
import { poolOf, travel } from '../world.ts';

let making: Promise<SmallPool> | undefined;
/** With 40 credits for its first member, and bob as a carrier that delivers within a day. */
const small = (): Promise<SmallPool> =>
    (making ??= onStage().then(async ({ month }) => {
        const pool = await SmallPool.create(month);
        await pool.propose(1n, [
            { tokens: 1_000_000n, points: 0n, credits: 40n },
            { tokens: 1_000_000n, points: 0n, credits: 0n },
        ]);
        await pool.activate(1n);
        await pool.act('admin', 'credits', 'carrier', 'set', addressOf(month.key('bob')), '--period', '1d');
        return pool;
    }));

interface Told {
    redemptions: { number: number; credits: number | string; commitment: string; carrier: string }[];
}

const open = async (pool: SmallPool, owner: string): Promise<Told['redemptions']> => ((await pool.ask('credits', 'show', '--owner', owner)) as unknown as Told).redemptions;

export async function order(page: Page, credits: string): Promise<string> {
    await page.getByLabel('Data credits', { exact: true }).fill(credits);
    await page.getByLabel('What is to be delivered').fill('10 GB');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the order and check' }).click();
    return readFileSync(await (await saved).path(), 'utf8');
}

test('more credits than there are, none, and an empty order are refused before a file is saved or a wallet is asked', async () => {
    const [pool, { month }] = [await small(), await onStage()];
    const [{ secret }] = pool.members;
    await visit(
        `/redeem/${addressOf(month.key('bob'))}`,
        async (page) => {
            let saved = 0;
            page.on('download', () => (saved += 1));
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByRole('button', { name: 'Save the order and check' }).click();
            await page.locator('#credits-wrong').waitFor();
            await page.locator('#order-wrong').waitFor();
            await noBarriers(page, 'a wrong redemption');
            await page.getByLabel('Data credits', { exact: true }).fill('41');
            await page.getByLabel('What is to be delivered').fill('10 GB');
            await page.getByRole('button', { name: 'Save the order and check' }).click();
            await failsWith(page, 'credits-short');
            assert.match((await page.locator('.failure').textContent()) ?? '', /Only 40 data credits/);
            assert.equal(saved, 0);
            assert.equal(await page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked), 0);
        },
        { wallet: secret, prepare: pool.shown },
    );
});

test('credits are redeemed: `cairn credits show` tells the order that was saved, and what nobody delivers is taken back', async () => {
    const [pool, { month }] = [await small(), await onStage()];
    const [{ owner, secret }] = pool.members;
    const bob = addressOf(month.key('bob'));
    await visit(
        '/discovery',
        async (page) => {
            await page.getByRole('link', { name: 'Redeem', exact: true }).click();
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.locator('data[data-name="credits_left"]', { hasText: /^40$/ }).waitFor();
            const file = await order(page, '15');
            await page.getByText('The node says it would succeed now.').waitFor();
            await noBarriers(page, 'a redemption');
            await page.getByRole('button', { name: 'Sign and redeem 15 data credits' }).click();
            await page.locator('[data-name="done"]').waitFor();
            const [found] = await open(pool, owner);
            assert.equal(`${found?.credits}`, '15');
            assert.equal(found?.carrier, bob);
            assert.equal(found?.commitment, createHash('sha256').update(file).digest('hex'));
            assert.match(file, /^[0-9a-f]{64}\n10 GB\n$/);
            // Out of time: whoever comes back may take them back.
            const { now } = await poolOf(month);
            await travel(month, now + 2 * 86_400);
        },
        { wallet: secret, prepare: pool.shown },
    );
    await visit(
        `/redeem/${bob}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.locator('data[data-name="credits_left"]', { hasText: /^25$/ }).waitFor();
            await page.getByRole('button', { name: 'Take 15 back' }).click();
            await page.getByRole('button', { name: 'Sign and take 15 data credits back' }).click();
            await page.locator('[data-name="done"]').waitFor();
            assert.deepEqual(await open(pool, owner), []);
        },
        { wallet: secret, prepare: pool.shown },
    );
});

test('what the same wallet can claim in another network of the app stands there, and is claimed there', async () => {
    const pool = await small();
    const [, { owner, secret }] = pool.members;
    await visit(
        `/you/${owner}`,
        async (page) => {
            await page.locator('data[data-name="claimable"][value="0"]').waitFor();
            await page.getByRole('button', { name: 'Look there, too' }).click();
            await page.locator(`data[data-name="claimable ${pool.address}"][value="1000000"]`).waitFor();
            await noBarriers(page, 'a wallet in two networks');
            await page.getByRole('button', { name: 'Claim 1 tokens' }).click();
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await page.getByRole('button', { name: 'Sign and claim 1 tokens' }).click();
            await page.locator('[data-name="done"]').waitFor();
            const told = (await pool.ask('pool', 'show')) as unknown as { total_claimed: { amount: string } };
            assert.equal(told.total_claimed.amount, '1000000');
        },
        { wallet: secret, prepare: pool.shownToo },
    );
});

test('a carrier that takes nothing is said to be that', async () => {
    const [pool, { month }] = [await small(), await onStage()];
    await visit(`/redeem/${addressOf(month.key('alice'))}`, (page) => failsWith(page, 'carrier-inactive'), { prepare: pool.shown });
});
