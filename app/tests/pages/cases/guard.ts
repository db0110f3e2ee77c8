// What guardian and admin do, as everybody sees it: a pause that ends by itself, limits announced and in effect, the members' half.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cairn, claims } from '../month.ts';
import type { Month } from '../month.ts';
import { amountOf, failsWith, onStage, visit } from '../stage.ts';
import { act, travel } from '../world.ts';

interface PoolTold {
    now: number;
    paused_until: number | null;
    breaker: { available: { amount: string }; available_unsigned: { amount: string } };
    pending_params: { effective_at: number } | null;
    vault_balance: { amount: string };
}

const told = async (month: Month): Promise<PoolTold> => (await cairn(month, 'pool', 'show', '-u', month.rpc)) as unknown as PoolTold;
/** `2013-02-06 01:01:00`. */
const utc = (secs: number): string => new Date(secs * 1_000).toISOString().slice(0, 19).replace('T', ' ');

test('a pause is told with its end, and a claim is refused before anybody signs', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await act(month, 'guardian', 'pool', 'pause');
    const until = utc((await told(month)).paused_until ?? 0);
    await visit('/', async (page) => {
        await page.getByRole('alert').getByText(`paused until ${until}`).waitFor();
    });
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await failsWith(page, 'paused');
            assert.match((await page.locator('.failure').textContent()) ?? '', new RegExp(until));
        },
        { wallet: month.key('alice') },
    );
    await act(month, 'admin', 'pool', 'unpause');
    await visit(`/you/${owner}`, async (page) => {
        await page.getByRole('link', { name: /^Claim/ }).waitFor();
    });
});

test('announced limits stand beside those in effect, and once they hold the room is that of `cairn pool show`', async () => {
    const { member, month } = await onStage();
    await act(month, 'admin', 'pool', 'set-params', '--breaker-share', '0.05%', '--breaker-window', '2d');
    const { pending_params } = await told(month);
    const from = pending_params?.effective_at ?? assert.fail('nothing is announced');
    await visit('/community', async (page) => {
        const row = page.getByRole('region', { name: 'Announced limits' }).locator('tr', { hasText: 'Most that leaves the vault' });
        await row.waitFor();
        assert.match((await row.textContent()) ?? '', /no limit.*0\.05 % in 2 d/);
        await page.getByText(utc(from)).first().waitFor();
    });
    await travel(month, from + 60);
    await act(month, 'admin', 'pool', 'apply-params');
    await visit('/', async (page) => {
        await page.locator('data[data-name="available_unsigned"]').waitFor();
        const { breaker } = await told(month);
        assert.equal(await amountOf(page, 'available'), breaker.available.amount);
        assert.equal(await amountOf(page, 'available_unsigned'), breaker.available_unsigned.amount);
    });
    // More than a stranger may take and less than the member may: the half that is kept for members.
    const { breaker } = await told(month);
    const [others, own] = [BigInt(breaker.available_unsigned.amount), BigInt(breaker.available.amount)];
    const kept = [...claims(month)].find(([, tokens]) => tokens > others && tokens <= own);
    const more = [...claims(month)].find(([, tokens]) => tokens > own);
    for (const [code, found] of [['breaker-others', kept], ['breaker', more]] as const) {
        const [owner] = found ?? assert.fail(`nobody for ${code}`);
        await visit(
            `/claim/${owner}`,
            async (page) => {
                await page.getByRole('button', { name: 'Connect Test wallet' }).click();
                await page.getByRole('button', { name: 'Check the claim' }).click();
                await failsWith(page, code);
                assert.equal(await page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked), 0);
            },
            { wallet: month.key('alice') },
        );
    }
    // A small claim still leaves, whoever sends it.
    const { owner } = member();
    await visit(
        `/claim/${owner}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await page.getByRole('button', { name: /^Sign and claim/ }).click();
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: month.key('alice') },
    );
});
