// An airdrop with a part that vests: looked up, proven, claimed, and the vested part taken later.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { cairn, claims } from '../month.ts';
import type { Month } from '../month.ts';
import { amountOf, failsWith, historyOf, onStage, visit } from '../stage.ts';
import { act, give, poolOf, travel } from '../world.ts';

interface Told {
    campaign: string;
    files: string;
    owner: string;
    /** Unix seconds at which all is vested. */
    vested: number;
}

let made: Promise<Told> | undefined;

/** One campaign for all cases: its folder stands where the month's files are served. */
export function airdrop(): Promise<Told> {
    made ??= make();
    return made;
}

async function make(): Promise<Told> {
    const { month, member } = await onStage();
    const { owner } = member();
    const { mint, admin, now } = await poolOf(month);
    await give(month, admin, 100_000_000_000);
    const table = join(month.files, 'drops.csv');
    // Enough recipients that a claim file holds a run of them and needs nodes at its edges.
    const others = [...claims(month).keys()].filter((one) => one !== owner).slice(0, 700);
    writeFileSync(table, ['owner,amount,locked', `${owner},10.5,4`, ...others.map((one) => `${one},1,0`)].join('\n'));
    const name = `spring-${now}`;
    const folder = join(month.files, 'epochs', name);
    mkdirSync(join(month.files, 'epochs'), { recursive: true });
    const dates = ['--starts', `${now}`, '--lasts', '90d', '--vesting', '8h'];
    await act(month, 'admin', 'campaign', 'prepare', table, '--out', folder, '--mint', mint, '--id', `${now}`, ...dates);
    const { campaign } = (await act(month, 'admin', 'campaign', 'create', '--files', folder)) as unknown as { campaign: string };
    await act(month, 'admin', 'campaign', 'open', '--files', folder);
    return { campaign, files: `epochs/${name}/`, owner, vested: now + 8 * 3_600 };
}

/** Names the campaign in cairn.json, as a host would. */
export const naming = (told: Told) => (context: BrowserContext): Promise<unknown> =>
    context.route('**/cairn.json', async (route) => {
        const config = (await (await route.fetch()).json()) as { networks: { campaigns?: unknown[] }[] };
        config.networks[0]!.campaigns = [{ address: told.campaign, files: [told.files] }];
        await route.fulfill({ json: config });
    });

const show = async (month: Month, campaign: string): Promise<{ claimed: { amount: string }; tokens: { amount: string } }> =>
    (await cairn(month, 'campaign', 'show', '--campaign', campaign, '-u', month.rpc)) as unknown as Awaited<ReturnType<typeof show>>;

async function take(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Connect Test wallet' }).click();
    await page.getByRole('button', { name: 'Check the claim' }).click();
    await page.getByRole('button', { name: /^Sign and claim/ }).click();
    await page.locator('[data-name="done"]').waitFor();
}

test('an airdrop is listed under Growth, with its numbers', async () => {
    const told = await airdrop();
    const { month } = await onStage();
    await visit(
        '/growth',
        async (page) => {
            await page.locator(`a[href="#/campaign/${told.campaign}"]`).click();
            await page.locator('[data-name="status"]', { hasText: 'open' }).waitFor();
            assert.equal(await amountOf(page, 'campaign_tokens'), (await show(month, told.campaign)).tokens.amount);
            await page.getByLabel('A wallet’s address').fill(told.owner);
            await page.getByRole('button', { name: 'Look up' }).click();
            await page.locator('data.amount[data-name="granted"]').waitFor();
            assert.equal(await amountOf(page, 'granted'), '14500000');
            assert.equal(await amountOf(page, 'locked'), '4000000');
        },
        { prepare: naming(told) },
    );
});

test('who gets nothing is told so', async () => {
    const told = await airdrop();
    await visit(`/campaign/${told.campaign}/11111111111111111111111111111112`, (page) => page.locator('[data-name="no-drop"]').waitFor(), { prepare: naming(told) });
});

test('a claim file with a larger grant is refused by the programs’ own code', async () => {
    const told = await airdrop();
    const prepare = async (context: BrowserContext): Promise<void> => {
        await naming(told)(context);
        await context.route('**/spring-*/claims/*.json', async (route) => {
            const file = (await (await route.fetch()).json()) as { claims: [string, string, string][] };
            file.claims.forEach((claim) => (claim[1] = `${BigInt(claim[1]) + 1n}`));
            await route.fulfill({ json: file });
        });
    };
    await visit(
        `/campaign/${told.campaign}/${told.owner}`,
        async (page) => {
            await failsWith(page, 'drop-invalid');
            assert.match((await page.locator('.failure').textContent()) ?? '', /SumMismatch/);
        },
        { prepare },
    );
});

test('an airdrop that this app does not name is not looked for', async () => {
    const { member } = await onStage();
    const { owner } = member();
    await visit(`/campaign/${owner}/${owner}`, (page) => failsWith(page, 'campaign-unknown'));
});

test('a drop is claimed for its owner, and what is locked is paid once it is vested', async () => {
    const told = await airdrop();
    const { month } = await onStage();
    const before = BigInt((await show(month, told.campaign)).claimed.amount);
    const options = { wallet: month.key('alice'), prepare: naming(told) };
    await visit(
        `/campaign/${told.campaign}/${told.owner}`,
        async (page) => {
            await take(page);
            const paid = BigInt((await show(month, told.campaign)).claimed.amount) - before;
            assert.ok(paid >= 10_500_000n && paid < 14_500_000n, `${paid}`);
        },
        options,
    );
    await travel(month, told.vested + 60);
    await visit(
        `/campaign/${told.campaign}/${told.owner}`,
        async (page) => {
            await page.locator('data.amount[data-name="due"]').waitFor();
            await take(page);
            assert.equal(BigInt((await show(month, told.campaign)).claimed.amount) - before, 14_500_000n);
        },
        options,
    );
    await visit(
        `/campaign/${told.campaign}/${told.owner}`,
        async (page) => {
            await page.locator('data.amount[data-name="drop_claimed"][value="14500000"]').waitFor();
            assert.equal(await page.getByRole('button', { name: 'Check the claim' }).count(), 0);
        },
        { prepare: naming(told) },
    );
    const [vested, first, ...more] = await historyOf(told.owner, { prepare: naming(told) });
    const amounts = [vested, first].map((line) => BigInt(line?.split(' ')[1] ?? 0));
    assert.deepEqual([vested?.split(' ')[0], first?.split(' ')[0], more], ['VestedClaimed', 'DropClaimed', []]);
    assert.equal(amounts[0]! + amounts[1]!, 14_500_000n);
});
