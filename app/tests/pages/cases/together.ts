// What several pools and an airdrop owe one wallet, paid by one answer of the wallet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { SmallPool } from '../pool.ts';
import { amountOf, failsWith, onStage, visit } from '../stage.ts';
import { feed } from '../world.ts';
import { airdrop, naming } from './airdrop.ts';

const grant = (tokens: bigint) => ({ tokens, points: 0n, credits: 0n });

/** Pools with the same two members, who are owed 1 and 2.5 tokens in each. */
async function pools(count: number): Promise<SmallPool[]> {
    const { month } = await onStage();
    const made = [await SmallPool.create(month)];
    while (made.length < count) made.push(await SmallPool.create(month, made[0]!.members));
    for (const pool of made) await pool.propose(1n, [grant(1_000_000n), grant(2_500_000n)]);
    for (const pool of made) await pool.activate(1n);
    // Whoever opens a member's page pays for 420 members.
    for (const { owner } of made[0]!.members) await feed(month, owner, 40);
    return made;
}

let six: Promise<SmallPool[]> | undefined;
const many = (): Promise<SmallPool[]> => (six ??= pools(6));
let two: Promise<SmallPool[]> | undefined;
const few = (): Promise<SmallPool[]> => (two ??= pools(2));

/** Base units that a pool paid so far, as `cairn pool show` has it. */
const claimed = async (pool: SmallPool): Promise<string> => ((await pool.ask('pool', 'show')) as unknown as { total_claimed: { amount: string } }).total_claimed.amount;
const asked = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked);
const behave = (page: Page, manner: string): Promise<void> => page.evaluate((to) => void ((window as unknown as { walletManner: string }).walletManner = to), manner);

async function checked(page: Page, count: number): Promise<void> {
    await page.getByRole('button', { name: 'Connect Test wallet' }).click();
    await page.getByRole('button', { name: `Check the claims (${count})` }).click();
    await page.locator('[data-name="transaction"], [data-refused]').first().waitFor();
}
const sign = (page: Page): Promise<void> => page.getByRole('button', { name: /^Sign them all/ }).click();
const countOf = (page: Page, name: string): Promise<string | null> => page.locator(`data[data-name="${name}"]`).getAttribute('value');

test('six pools take two transactions, each as full as it can be, and one answer of the wallet', async () => {
    const made = await many();
    const [one] = made[0]!.members;
    await visit(
        `/you/${one.owner}`,
        async (page) => {
            await page.getByRole('link', { name: 'Claim in several places at once' }).click();
            for (const pool of made) assert.equal(await amountOf(page, `due ${pool.address}`), '1000000');
            await checked(page, 6);
            const sizes = await page.getByText(/of 1,232 bytes/).allTextContents();
            const bytes = sizes.map((text) => Number(text.split(' ')[0]!.replace(',', '')));
            assert.equal(bytes.length, 2);
            for (const size of bytes) assert.ok(size <= 1_232, `${size}`);
            // One more would not have fitted into the first.
            assert.ok(bytes[0]! > 1_232 - 300, `${bytes[0]}`);
            assert.equal(await countOf(page, 'fee'), '10000');
            await noBarriers(page, 'claims in several places, checked');
            const commands = await page.locator('pre').filter({ hasText: 'cairn claim' }).first().textContent();
            assert.deepEqual(commands?.split('\n'), made.map(({ address }) => `cairn claim --pool ${address} --files DIR`));
            await sign(page);
            await page.locator('[data-name="paid-of"]').waitFor();
            assert.equal(await page.locator('[data-name="paid-of"]').textContent(), 'Paid: 6 of 6');
            assert.equal(await asked(page), 1);
            for (const pool of made) {
                assert.equal(await amountOf(page, `paid ${pool.address}`), '1000000');
            }
            await page.getByRole('button', { name: 'Look again' }).click();
            await page.getByText('Nothing to claim now').waitFor();
        },
        { wallet: one.secret, prepare: SmallPool.allShown(made), viewport: { width: 360, height: 800 } },
    );
    for (const pool of made) assert.equal(await claimed(pool), '1000000');
});

test('what is not chosen stays, and each chosen one is paid', async () => {
    const made = await many();
    const [, other] = made[0]!.members;
    await visit(
        `/together/${other.owner}`,
        async (page) => {
            await page.getByRole('checkbox', { name: /^Pool 1:/ }).uncheck();
            await page.getByRole('checkbox', { name: /^Pool 2:/ }).focus();
            await page.keyboard.press('Space');
            await checked(page, 4);
            await page.getByRole('button', { name: 'Sign them all (claims: 4, transactions: 1)' }).click();
            await page.locator('[data-name="paid-of"]').waitFor();
            assert.equal(await page.locator('[data-outcome]').count(), 4);
        },
        { wallet: other.secret, prepare: SmallPool.allShown(made) },
    );
    const paid = await Promise.all(made.map(claimed));
    assert.deepEqual(paid, ['1000000', '1000000', ...Array.from({ length: 4 }, () => '3500000')]);
});

test('one that fails after it was signed hides nothing of what the others did', async () => {
    const made = await few();
    const [one] = made[0]!.members;
    await visit(
        `/together/${one.owner}`,
        async (page) => {
            await checked(page, 2);
            // By nodes of their own, so that neither shares a transaction with the other.
            assert.equal(await page.locator('[data-name="transaction"]').count(), 2);
            await made[1]!.act('guardian', 'pool', 'pause');
            await sign(page);
            await page.locator('[data-name="paid-of"]').waitFor();
            assert.equal(await page.locator('[data-name="paid-of"]').textContent(), 'Paid: 1 of 2');
            await page.locator(`[data-outcome="${made[0]!.address}"] [data-name="done"]`).waitFor();
            await page.locator(`[data-outcome="${made[1]!.address}"] .failure[data-code="reward-vault/Paused"]`).waitFor();
            assert.equal(await asked(page), 1);
        },
        { wallet: one.secret, prepare: SmallPool.allShown(made, true) },
    );
    assert.deepEqual(await Promise.all(made.map(claimed)), ['1000000', '0']);
});

test('one that would be refused is left out with its reason, and the others go', async () => {
    const made = await few();
    const [, other] = made[0]!.members;
    await visit(
        `/together/${other.owner}`,
        async (page) => {
            await checked(page, 2);
            await page.locator(`[data-refused="${made[1]!.address}"] .failure[data-code="paused"]`).waitFor();
            assert.equal(await page.locator('[data-name="transaction"]').count(), 1);
            await noBarriers(page, 'claims in several places, one refused');
            await behave(page, 'tamper');
            await sign(page);
            await failsWith(page, 'wallet-changed');
            await behave(page, 'reject');
            await page.getByRole('button', { name: 'Check the claims (2)' }).click();
            await sign(page);
            await failsWith(page, 'wallet-rejected');
            assert.deepEqual(await Promise.all(made.map(claimed)), ['1000000', '0']);
            await behave(page, 'sign');
            await page.getByRole('button', { name: 'Check the claims (2)' }).click();
            await sign(page);
            await page.locator('[data-name="paid-of"]').waitFor();
            assert.equal(await amountOf(page, `paid ${made[0]!.address}`), '2500000');
        },
        { wallet: other.secret, prepare: SmallPool.allShown(made) },
    );
    assert.deepEqual(await Promise.all(made.map(claimed)), ['3500000', '0']);
});

test('a wallet that changes one of two transactions is trusted with neither', async () => {
    const made = await pools(2);
    const [one] = made[0]!.members;
    await visit(
        `/together/${one.owner}`,
        async (page) => {
            await checked(page, 2);
            await behave(page, 'tamper');
            await sign(page);
            await failsWith(page, 'wallet-changed');
        },
        { wallet: one.secret, prepare: SmallPool.allShown(made, true) },
    );
    assert.deepEqual(await Promise.all(made.map(claimed)), ['0', '0']);
});

test('the pool’s claim and the airdrop’s stand in one list, each with its own command', async () => {
    const told = await airdrop();
    await visit(
        `/together/${told.owner}`,
        async (page) => {
            await page.getByText('Airdrop ·').waitFor();
            await page.locator(`data[data-name="due ${told.campaign}"]`).waitFor();
            const command = page.locator('pre').filter({ hasText: 'cairn campaign claim' });
            assert.match((await command.textContent()) ?? '', /^cairn claim --pool \w+ --owner \w+ --files DIR\ncairn campaign claim --files DIR/);
        },
        { prepare: naming(told) },
    );
});
