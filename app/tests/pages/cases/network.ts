// Network, growth, discovery, community: numbers that are the command line's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import { addressOf, cairn } from '../month.ts';
import { noBarriers } from '../barriers.ts';
import { amountOf, onStage, visit } from '../stage.ts';
import { act } from '../world.ts';

interface Told {
    amount: string;
    uiAmountString: string;
}

test('the pool’s totals are those of `cairn pool show`', async () => {
    const { month } = await onStage();
    await visit('/', async (page) => {
        await page.locator('data[data-name="owed"]').waitFor();
        const told = (await cairn(month, 'pool', 'show', '-u', month.rpc)) as unknown as Record<string, Told>;
        for (const name of ['total_cumulative', 'total_claimed', 'owed', 'vault_balance']) {
            assert.equal(await amountOf(page, name), told[name]!.amount, name);
        }
    });
});

test('epochs are those of `cairn epoch list`, with votes and tokens', async () => {
    const { month } = await onStage();
    const { epochs } = (await cairn(month, 'epoch', 'list', '-u', month.rpc)) as unknown as { epochs: { number: number; tokens: Told; attestations: number; threshold: number; status: string }[] };
    await visit('/epochs', async (page) => {
        await page.getByRole('link', { name: '1', exact: true }).waitFor();
        for (const epoch of epochs) {
            assert.equal(await amountOf(page, `epoch ${epoch.number}`), epoch.tokens.amount);
            const row = await page.locator('tr', { has: page.locator(`a[href="#/epoch/${epoch.number}"]`) }).textContent();
            assert.ok(row?.includes(epoch.status) && row.includes(`${epoch.attestations} of ${epoch.threshold}`), row ?? '');
        }
    });
});

test('every epoch’s root and the vault are checked here, and hold', async () => {
    for (const number of [1, 2]) {
        await visit(`/epoch/${number}`, async (page) => {
            await page.getByRole('button', { name: /Check root and vault/ }).click();
            await page.locator('[data-check="vault"]').waitFor();
            const held = await page.locator('[data-check][data-holds="true"]').count();
            assert.equal(held, 6);
        });
    }
});

test('an epoch that never was is said to be that', async () => {
    await visit('/epoch/99', async (page) => {
        await page.locator('.failure[data-code="epoch-unknown"]').waitFor();
    });
});

test('the registry’s count is the chain’s, and a device’s page is found by its key', async () => {
    const { month } = await onStage();
    const told = (await cairn(month, 'network', 'show', '--network', await networkOf(), '-u', month.rpc)) as unknown as { devices: number };
    await visit('/', async (page) => {
        await page.locator('data[data-name="devices"]').waitFor();
        assert.equal(await page.locator('data[data-name="devices"]').textContent(), told.devices.toLocaleString('en-US'));
    });
    await visit('/map', async (page) => {
        await page.getByLabel(/Latitude and longitude/).fill('40.75, -73.98');
        await page.getByRole('button', { name: 'Show', exact: true }).click();
        const first = page.getByRole('region', { name: 'Nearest devices' }).locator('a[href^="#/device/"]').first();
        const key = (await first.getAttribute('href'))?.split('/').at(-1);
        await first.click();
        await page.locator('[data-name="status"]').waitFor();
        assert.ok(page.url().endsWith(key!));
    });
});

test('countries, models and ages are counted by the epoch’s summary; the registry’s table is not loaded', async () => {
    await visit('/', async (page) => {
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        await page.reload();
        for (const caption of ['By country', 'By model', 'By first registration seen']) await page.getByText(caption, { exact: true }).first().waitFor();
        assert.equal(asked.filter((url) => url.endsWith('/outputs/summary.json')).length, 1);
        assert.deepEqual(asked.filter((url) => url.endsWith('.parquet')), []);
    });
});

test('which epochs are published a mirror’s index says, as a hint: without it the page asks all the same', async () => {
    await visit('/epochs', async (page) => {
        await page.getByText(/that is a hint/).waitFor();
        const row = page.locator('tr', { has: page.locator('a[href="#/epoch/1"]') });
        const told = (await row.textContent()) ?? '';
        assert.ok(told.includes('published') && !told.includes('not published'), told);
    });
    const absent = { prepare: (context: BrowserContext) => context.route('**/index.json', (route) => route.fulfill({ status: 404, body: 'gone' })) };
    await visit('/epochs', (page) => page.getByText(/have no index/).waitFor(), absent);
    await visit('/', (page) => page.getByText('By country', { exact: true }).first().waitFor(), absent);
});

async function networkOf(): Promise<string> {
    const { month } = await onStage();
    return ((await cairn(month, 'pool', 'show', '-u', month.rpc)) as unknown as { network: string }).network;
}

test('near a place is asked for by the name of a city or a country, in the page’s language, and nobody else is asked', async () => {
    const { month } = await onStage();
    const foreign: string[] = [];
    await visit(
        '/map',
        async (page) => {
            const type = async (text: string): Promise<void> => {
                await page.getByLabel(/Latitude and longitude/).fill(text);
                await page.keyboard.press('Enter');
            };
            await type('Atlantis');
            await page.getByText('This is no place known here').waitFor();
            await type('new york');
            const near = page.getByRole('region', { name: 'Nearest devices' }).locator('tbody tr');
            await near.first().waitFor();
            assert.equal(await near.count(), 20);
            assert.match((await near.first().locator('td').first().textContent()) ?? '', /^[\d,]+ m$/);
            await type('Germany');
            await page.getByText('Which one?').waitFor();
            await noBarriers(page, 'a map with names to choose from');
            await page.getByRole('button', { name: 'Berlin, Germany' }).press('Enter');
            await near.first().getByText(/ km$/).waitFor();
            assert.equal(await page.getByRole('button', { name: 'Berlin, Germany' }).count(), 0);
            assert.deepEqual(foreign.filter((origin) => origin !== new URL(month.app).origin && origin !== new URL(month.rpc).origin), []);
        },
        {
            viewport: { width: 360, height: 800 },
            prepare: async (context) => void context.on('request', (request) => foreign.push(new URL(request.url()).origin)),
        },
    );
    await visit(
        '/map',
        async (page) => {
            await page.locator('#place').fill('埃及');
            await page.keyboard.press('Enter');
            await page.locator('tbody tr').first().waitFor();
        },
        { locale: 'zh-TW' },
    );
});

test('rules stand in words beside their numbers and SQL', async () => {
    await visit('/community', async (page) => {
        await page.getByText('at most … m are paid').waitFor();
        await page.getByText('As the keepers run them').click();
        await page.getByText('90_decisions.sql').waitFor();
    });
});

test('points are ranked, and streams have units', async () => {
    await visit('/growth', async (page) => {
        const ranks = page.getByRole('region', { name: 'Most points since the start' }).locator('tbody tr');
        await ranks.first().waitFor();
        assert.equal(await ranks.count(), 100);
        // Who has no device in a country has no rank in it.
        await page.getByRole('button', { name: 'Ranks within a country' }).click();
        await page.getByLabel('Country').selectOption('US');
        const here = page.getByRole('region', { name: 'Most points of members with a device in US' }).locator('tbody tr');
        await here.first().waitFor();
        assert.equal(await here.first().locator('td').first().textContent(), '1');
        const aircraft = (await onStage()).member().owner;
        assert.equal(await here.locator(`a[href="#/you/${aircraft}"]`).count(), 0);
        await noBarriers(page, 'ranks within a country');
    });
    await visit('/discovery', async (page) => {
        await page.getByText('weather hour').first().waitFor();
    });
});

test('a carrier stands under Discovery with its time to deliver', async () => {
    const { month } = await onStage();
    const carrier = addressOf(month.key('bob'));
    await visit('/discovery', async (page) => {
        await page.getByText('No carrier takes data credits').waitFor();
    });
    await act(month, 'admin', 'credits', 'carrier', 'set', carrier, '--period', '7d');
    await visit('/discovery', async (page) => {
        const row = page.locator('tr', { hasText: carrier });
        await row.waitFor();
        assert.match((await row.textContent()) ?? '', /takes credits7 d00Redeem$/);
    });
});
