// What members do besides claiming: where they are paid, and points that they burn for a share of tokens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { addressOf, cairn } from '../month.ts';
import { noBarriers } from '../barriers.ts';
import { amountOf, failsWith, historyOf, onStage, visit } from '../stage.ts';
import { act, feed, give, poolOf, travel } from '../world.ts';

const connect = (page: Page): Promise<void> => page.getByRole('button', { name: 'Connect Test wallet' }).click();
const asked = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked);

test('another wallet is to be paid after the cooldown, and only the member may claim: as `cairn recipient show` tells it', async () => {
    const { member, month } = await onStage();
    const { owner, secret } = member();
    await feed(month, owner);
    const cold = addressOf(month.key('bob'));
    await visit(
        `/payout/${owner}`,
        async (page) => {
            await connect(page);
            await noBarriers(page, 'the form of a payout');
            await page.getByLabel('Wallet that is paid').fill(cold);
            await page.getByLabel(/Only I and my delegate/).check();
            await page.getByRole('button', { name: 'Check the change' }).click();
            await page.getByText('The node says it would succeed now.').waitFor();
            await noBarriers(page, 'a change of payout');
            await page.getByText(`cairn recipient set --pool ${month.pool} --payout ${cold} --restrict`).first().waitFor({ state: 'attached' });
            await page.getByRole('button', { name: 'Sign and change' }).click();
            await page.locator('[data-name="done"]').waitFor();
            const told = (await cairn(month, 'recipient', 'show', '--owner', owner, '-u', month.rpc)) as unknown as Record<string, unknown>;
            const { now, recipient_cooldown_secs } = await poolOf(month);
            assert.deepEqual([told['payout'], told['pending_payout'], told['restricted']], [owner, cold, true]);
            assert.ok(Number(told['effective_at']) <= now + recipient_cooldown_secs && Number(told['effective_at']) > now);
        },
        { wallet: secret, viewport: { width: 360, height: 800 } },
    );
    // A stranger is told so before anything is signed.
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await connect(page);
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await failsWith(page, 'restricted');
        },
        { wallet: month.key('alice') },
    );
    // Naming the wallet in effect withdraws the change.
    await visit(
        `/payout/${owner}`,
        async (page) => {
            await connect(page);
            await page.getByLabel('Wallet that is paid').fill(owner);
            await page.getByLabel(/Only I and my delegate/).uncheck();
            await page.getByRole('button', { name: 'Check the change' }).click();
            await page.getByText('The change of wallet that was pending is withdrawn.').waitFor();
            await page.getByRole('button', { name: 'Sign and change' }).click();
            await page.locator('[data-name="done"]').waitFor();
            await page.getByRole('link', { name: 'Back to the wallet' }).click();
            await page.getByRole('link', { name: 'Where you are paid' }).click();
            await page.getByRole('button', { name: 'Close the account' }).click();
            await page.getByText('Rent goes back to').waitFor();
            await page.getByRole('button', { name: 'Close the account' }).click();
            await page.locator('[data-name="done"]').waitFor();
            const told = (await cairn(month, 'recipient', 'show', '--owner', owner, '-u', month.rpc)) as unknown as Record<string, unknown>;
            assert.deepEqual([told['payout'], told['pending_payout'], told['restricted']], [owner, null, false]);
        },
        { wallet: secret },
    );
    assert.deepEqual(await historyOf(owner), ['RecipientClosed', 'RecipientSet', 'RecipientSet']);
});

test('what is paid to a token account or a program would be lost: refused before a signature', async () => {
    const { member, month } = await onStage();
    const { owner, secret } = member();
    const { mint, token_program } = await poolOf(month);
    await visit(
        `/payout/${owner}`,
        async (page) => {
            await connect(page);
            for (const nobody of [mint, token_program]) {
                await page.getByLabel('Wallet that is paid').fill(nobody);
                await page.getByRole('button', { name: 'Check the change' }).click();
                await failsWith(page, 'payee-nobody');
                assert.match((await page.locator('.failure').textContent()) ?? '', new RegExp(nobody));
            }
            await page.getByLabel('Wallet that is paid').fill('no address');
            await page.getByRole('button', { name: 'Check the change' }).click();
            await page.locator('#payout-wrong').waitFor();
            assert.equal(await asked(page), 0);
        },
        { wallet: secret },
    );
});

test('nobody changes where somebody else is paid', async () => {
    const { member, month } = await onStage();
    await visit(
        `/payout/${member().owner}`,
        async (page) => {
            await connect(page);
            await page.getByText('Only the member’s own key can do this').waitFor();
            assert.equal(await page.getByRole('button', { name: 'Check the change' }).count(), 0);
        },
        { wallet: month.key('alice') },
    );
});

test('points are burnt in an open round, and its end pays the share: numbers are those of `cairn points rounds`', async () => {
    const { member, month } = await onStage();
    const { owner, secret } = member();
    const pool = await poolOf(month);
    await feed(month, owner);
    await give(month, pool.admin, 1_000_000_000);
    const round = (await act(month, 'admin', 'points', 'round', 'open', '100', '--lasts', '1h')) as unknown as { number: number; round?: number; ends_at: number };
    const number = round.number ?? round.round;
    const tellRound = async (): Promise<{ status: string; burnt: { amount: string }; paid: { amount: string } }> => {
        const { rounds } = (await cairn(month, 'points', 'rounds', '-u', month.rpc)) as unknown as { rounds: ({ number: number } & Awaited<ReturnType<typeof tellRound>>)[] };
        return rounds.find((one) => one.number === number) ?? assert.fail('no such round');
    };
    await visit(
        `/round/${number}`,
        async (page) => {
            await connect(page);
            await page.getByLabel('Points to burn').fill('1000000');
            await page.getByRole('button', { name: 'Check the burn' }).click();
            await failsWith(page, 'points-short');
            await page.getByLabel('Points to burn').fill('0.5');
            await page.getByRole('button', { name: 'Check the burn' }).click();
            await page.getByText('Burnt points never come back.').waitFor();
            await noBarriers(page, 'a burn');
            assert.equal(await page.locator('data[data-name="burns"]').textContent(), '0.5');
            await page.getByRole('button', { name: 'Sign and burn 0.5 points' }).click();
            await page.locator('[data-name="done"]').waitFor();
            assert.equal((await tellRound()).burnt.amount, '500');
        },
        { wallet: secret },
    );
    await visit('/growth', async (page) => {
        await page.getByRole('link', { name: `${number}`, exact: true }).first().waitFor();
        assert.equal(await amountOf(page, `round ${number}`), '100000000');
    });
    await travel(month, round.ends_at + 60);
    await visit(
        `/round/${number}`,
        async (page) => {
            await page.locator('[data-name="status"]', { hasText: 'ended' }).waitFor();
            await connect(page);
            assert.equal(await amountOf(page, 'share'), '100000000');
            await page.getByRole('button', { name: 'Check the payment' }).click();
            await page.getByRole('button', { name: 'Sign and be paid 100 tokens' }).click();
            await page.locator('[data-name="done"]').waitFor();
            assert.equal((await tellRound()).paid.amount, '100000000');
        },
        { wallet: secret },
    );
    assert.deepEqual(await historyOf(owner), ['BurnSettled 100000000', 'PointsBurnt 500']);
});

test('a round that never was is said to be that', async () => {
    await visit('/round/999', (page) => failsWith(page, 'round-unknown'));
});
