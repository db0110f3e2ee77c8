// WiFi near a place: names and terms that somebody signed whose word counts, as `cairn wifi offer` writes them.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { BrowserContext, Page } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { addressOf, cairn, secretOf } from '../month.ts';
import type { Month } from '../month.ts';
import { networkOf } from '../registry.ts';
import { failsWith, onStage, visit } from '../stage.ts';

const DEVICE = addressOf(secretOf('device', 'hotspot 10555'));
const OWNER = secretOf('owner', 'SPECTRUM, Queens');
const OPERATOR = secretOf('operator', 'first operator');
/** A cell of Manhattan. */
const CELL = '892a100d2c3ffff';

async function offered(month: Month, secret: Uint8Array, ...words: string[]): Promise<void> {
    const key = join(tmpdir(), `cairn-key-${process.pid}.json`);
    writeFileSync(key, JSON.stringify([...secret, ...getAddressEncoder().encode(addressOf(secret) as Address)]));
    try {
        const { address } = await networkOf(month);
        await cairn(month, 'wifi', 'offer', ...words, '-k', key, '--network', address, '--files', month.files, '--list', join(month.files, 'epochs/wifi.json'), '-u', month.rpc);
    } finally {
        rmSync(key);
    }
}

async function near(page: Page): Promise<void> {
    await page.getByLabel(/Latitude and longitude/).fill('40.75, -73.98');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
}

test('access points near a place are told with name and terms, by their owner or an operator; nobody’s place or time is', async () => {
    const { month } = await onStage();
    await visit(
        '/map',
        async (page) => {
            await near(page);
            await page.getByText('Nobody whose word counts').waitFor();
        },
        { prepare: (context) => context.route('**/wifi.json', (route) => route.fulfill({ status: 404, body: 'gone' })) },
    );
    await offered(month, OWNER, '--device', DEVICE, '--ssid', 'Queens Corner', '--access', 'portal', '--terms', 'Free for an hour.');
    await offered(month, OPERATOR, '--cell', CELL, '--ssid', 'Library', '--access', 'open');
    await visit(
        '/map',
        async (page) => {
            await near(page);
            const rows = page.getByRole('region', { name: 'WiFi near here' }).locator('tbody tr');
            await rows.first().waitFor();
            const texts = await rows.allTextContents();
            assert.equal(texts.length, 2);
            const [library, corner] = texts as [string, string];
            assert.match(library, /^[\d,]+ mLibraryopen.*first operator, an operator of the network/);
            assert.match(corner, /Queens Cornera page to agree toFree for an hour\..*the owner of/);
            await noBarriers(page, 'WiFi near a place');
        },
        { viewport: { width: 360, height: 800 } },
    );
    const told = readFileSync(join(month.files, 'epochs/wifi.json'), 'utf8');
    assert.deepEqual(Object.keys((JSON.parse(told) as { points: object[] }).points[1]!).sort(), ['access', 'by', 'cell', 'signature', 'signed', 'ssid', 'terms', 'until']);
});

const changed =
    (change: (text: string) => string) =>
    (context: BrowserContext): Promise<unknown> =>
        context.route('**/wifi.json', async (route) => route.fulfill({ body: change(await (await route.fetch()).text()) }));

test('another name than the one that was signed is not shown, and a damaged file is said to be that', async () => {
    await visit(
        '/map',
        async (page) => {
            await near(page);
            await page.getByText('are not shown: 1.').waitFor();
            assert.equal(await page.getByText('Evil Twin').count(), 0);
        },
        { prepare: changed((text) => text.replace('Queens Corner', 'Evil Twin')) },
    );
    await visit(
        '/map',
        async (page) => {
            await near(page);
            await failsWith(page, 'file-damaged');
        },
        { prepare: changed((text) => text.replace('"open"', '"free beer"')) },
    );
});
