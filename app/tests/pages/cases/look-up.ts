// Looking up a wallet without one of one's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cairn } from '../month.ts';
import { amountOf, onStage, visit } from '../stage.ts';

interface Told {
    amount: string;
    uiAmountString: string;
}

test('a member’s five amounts are those of `cairn claim show`, unit for unit', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    const told = (await cairn(month, 'claim', 'show', '--owner', owner, '-u', month.rpc)) as unknown as Record<string, Told>;
    await visit(`/you/${owner}`, async (page) => {
        await page.locator('data[data-name="earned"]').waitFor();
        for (const name of ['earned', 'pending', 'claimable', 'claimed']) {
            assert.equal(await amountOf(page, name), told[name]!.amount, name);
            const shown = await page.locator(`data[data-name="${name}"]`).first().textContent();
            assert.equal(shown?.replaceAll(',', ''), told[name]!.uiAmountString, name);
        }
        const points = await page.locator('data[data-name="points"]').textContent();
        assert.equal(points?.replaceAll(',', ''), told['points']!.uiAmountString);
        assert.equal(await page.locator('data[data-name="index"]').textContent(), Number(told['index']).toLocaleString('en-US'));
    });
});

test('whoever earned nothing is told so, and has no button', async () => {
    const { month } = await onStage();
    await visit(`/you/${month.pool}`, async (page) => {
        await page.getByText('not yet: nothing was earned').waitFor();
        assert.equal(await amountOf(page, 'claimable'), '0');
        assert.equal(await page.getByRole('link', { name: /^Claim/ }).count(), 0);
    });
});

test('each proof is told with its reason, in the words of `cairn why`', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await visit(`/you/${owner}`, async (page) => {
        await page.getByRole('button', { name: /Show each proof/ }).click();
        await page.locator('[data-name="proofs"], p:has-text("holds no proof")').first().waitFor();
        if ((await page.locator('[data-name="proofs"]').count()) === 0) return;
        const said = (await cairn(month, 'why', owner)) as unknown as { found: number; accepted: number; points: Told; proofs: { proof_id: string; rule: string }[] };
        const text = await page.locator('[data-name="proofs"]').textContent();
        assert.equal(text, `${said.accepted} of ${said.found} proofs count, for ${Number(said.points.uiAmountString).toLocaleString('en-US', { maximumFractionDigits: 3 })} points.`);
        const newest = said.proofs.at(-1)!;
        await page.locator(`a[href$="${newest.proof_id}"]`).click();
        await page.locator('[data-name="rule"]').waitFor();
        assert.equal(await page.locator('[data-name="rule"]').textContent(), newest.rule);
    });
});

test('an address that is none is refused before anything is asked', async () => {
    await visit('/you', async (page) => {
        await page.getByLabel('A wallet’s address').fill('not an address');
        await page.getByRole('button', { name: 'Look up' }).click();
        await page.getByText('This is no address').waitFor();
        assert.match(page.url(), /#\/you$/);
    });
});

test('an address typed leads to its page', async () => {
    const { member } = await onStage();
    const { owner } = member();
    await visit('/you', async (page) => {
        await page.getByLabel('A wallet’s address').fill(` ${owner} `);
        await page.keyboard.press('Enter');
        await page.locator('data[data-name="earned"]').waitFor();
        assert.ok(page.url().endsWith(owner));
    });
});

test('without a wallet the page says that none is needed to look', async () => {
    await visit('/you', async (page) => {
        await page.getByText('No wallet was found').waitFor();
    });
});
