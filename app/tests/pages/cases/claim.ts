// Claims, from the button to the chain's counter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { cairn, claims } from '../month.ts';
import { amountOf, failsWith, onStage, visit } from '../stage.ts';

/** Connects, checks, signs. */
export async function claim(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Connect Test wallet' }).click();
    await page.getByRole('button', { name: 'Check the claim' }).click();
    await page.getByRole('button', { name: /^Sign and claim/ }).click();
}

test('somebody pays for another member: all arrives, and the counter has moved', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await claim(page);
            await page.locator('[data-name="done"]').waitFor();
            const told = (await cairn(month, 'claim', 'show', '--owner', owner, '-u', month.rpc)) as unknown as Record<string, { amount: string }>;
            assert.equal(told['claimable']!.amount, '0');
            assert.equal(told['claimed']!.amount, told['earned']!.amount);
            // What the look-up shows is renewed, not remembered.
            await page.getByRole('link', { name: 'Back to the wallet' }).click();
            await page.locator(`data[data-name="claimed"][value="${told['claimed']!.amount}"]`).waitFor();
            await page.getByText('Nothing to claim now').waitFor();
        },
        { wallet: month.key('alice') },
    );
});

test('a part is claimed exactly, and the rest stays', async () => {
    const { member, month } = await onStage();
    const { owner, tokens } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByLabel(/Claim only/).fill('0.000001');
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await page.getByRole('button', { name: 'Sign and claim 0.000001 tokens' }).waitFor();
            assert.equal(await amountOf(page, 'paid'), '1');
            assert.equal(await amountOf(page, 'rest'), `${tokens - 1n}`);
            await page.getByText(`--at-most 0.000001`).first().waitFor({ state: 'attached' });
            await page.getByRole('button', { name: /^Sign and claim/ }).click();
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: month.key('alice') },
    );
    await visit(`/you/${owner}`, async (page) => {
        await page.locator('data[data-name="claimed"][value="1"]').waitFor();
        assert.equal(await amountOf(page, 'claimable'), `${tokens - 1n}`);
    });
});

test('an amount that is none is refused beside its field', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            for (const text of ['0', '1.2345678', '1e3', '-1']) {
                await page.getByLabel(/Claim only/).fill(text);
                await page.getByRole('button', { name: 'Check the claim' }).click();
                await page.locator('#part-wrong').waitFor();
            }
        },
        { wallet: month.key('alice') },
    );
});

test('more than the breaker lets out is refused with amount and hour, before a signature', async () => {
    const { month } = await onStage();
    const told = (await cairn(month, 'pool', 'show', '-u', month.rpc)) as unknown as { breaker: { available: { amount: string } } };
    const available = BigInt(told.breaker.available.amount);
    const rich = [...claims(month)].filter(([, tokens]) => tokens > available).sort(([, a], [, b]) => (a < b ? 1 : -1));
    // In a month in which everything may leave there is nothing to be held back.
    for (const [owner] of rich.slice(0, 1)) {
        await visit(
            `/claim/${owner}`,
            async (page) => {
                await page.getByRole('button', { name: 'Connect Test wallet' }).click();
                await page.getByRole('button', { name: 'Check the claim' }).click();
                await failsWith(page, 'breaker');
                assert.equal(await page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked), 0);
            },
            { wallet: month.key('alice') },
        );
    }
});

test('a wallet without SOL is told so before it signs', async () => {
    const { member } = await onStage();
    const { owner, secret } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await failsWith(page, 'no-lamports');
        },
        { wallet: secret },
    );
});

/** Questions while the chain confirms, which a slow machine asks more often. */
const WAITING = ['getSignatureStatuses', 'getBlockHeight', 'sendTransaction'];

test('a claim takes at most eight questions to the node, and those while it waits', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    const asked: string[] = [];
    const listen = async (context: BrowserContext): Promise<void> => {
        context.on('request', (request) => {
            if (request.url().startsWith(month.rpc) && request.method() === 'POST') asked.push((request.postDataJSON() as { method: string }).method);
        });
    };
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await claim(page);
            await page.locator('[data-name="done"]').waitFor();
            const once = asked.filter((method) => !WAITING.includes(method));
            // The sending itself is one.
            assert.ok(once.length + 1 <= 8, asked.join(' '));
        },
        { wallet: month.key('alice'), prepare: listen },
    );
});
