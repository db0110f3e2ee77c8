// What wallets do instead of signing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountOf, failsWith, onStage, visit } from '../stage.ts';
import { claim } from './claim.ts';
import type { Manner } from '../wallet.ts';

const refusals: [Manner, string][] = [
    ['reject', 'wallet-rejected'],
    ['tamper', 'wallet-changed'],
    ['other', 'wallet-chain'],
];

for (const [manner, code] of refusals) {
    test(`a wallet that does “${manner}”: ${code}, nothing is sent, and one can try again`, async () => {
        const { member, month } = await onStage();
        const { owner } = member();
        await visit(
            `/claim/${owner}`,
            async (page) => {
                let sent = 0;
                page.on('request', (request) => (sent += request.postData()?.includes('sendTransaction') ? 1 : 0));
                await claim(page);
                await failsWith(page, code);
                assert.equal(sent, 0);
                await page.getByRole('button', { name: 'Check the claim' }).waitFor();
            },
            { wallet: month.key('alice'), manner },
        );
    });
}

test('who said no can still sign', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await claim(page);
            await failsWith(page, 'wallet-rejected');
            await page.evaluate(() => ((window as unknown as { walletManner: string }).walletManner = 'sign'));
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await page.getByRole('button', { name: /^Sign and claim/ }).click();
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: month.key('alice'), manner: 'reject' },
    );
});

test('a wallet that never answers can be left', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await claim(page);
            await page.getByRole('button', { name: 'Stop waiting' }).click();
            await failsWith(page, 'wallet-stopped');
        },
        { wallet: month.key('alice'), manner: 'hang' },
    );
});

test('a wallet without an account says so', async () => {
    const { month } = await onStage();
    await visit(
        '/you',
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await failsWith(page, 'wallet-empty');
        },
        { wallet: month.key('alice'), manner: 'empty' },
    );
});

test('a wallet is connected and left again', async () => {
    const { month } = await onStage();
    await visit(
        '/you',
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByText('Connected:').waitFor();
            await page.getByRole('button', { name: 'Disconnect' }).click();
            await page.getByRole('button', { name: 'Connect Test wallet' }).waitFor();
        },
        { wallet: month.key('alice') },
    );
});

test('without a wallet a claim is explained, with the command that does it', async () => {
    const { member } = await onStage();
    const { owner } = member();
    await visit(`/claim/${owner}`, async (page) => {
        await page.getByText('Connect a wallet to sign').waitFor();
        await page.getByText(`--owner ${owner}`).first().waitFor({ state: 'attached' });
    });
    await visit(`/you/${owner}`, async (page) => {
        await page.locator('data[data-name="claimable"]').waitFor();
        assert.notEqual(await amountOf(page, 'claimable'), '0');
    });
});
