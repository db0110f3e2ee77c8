// What every case starts from: the month, Chromium, and a fresh context of it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { aircraft, month } from './month.ts';
import type { Member, Month } from './month.ts';
import { addWallet } from './wallet.ts';
import type { Manner } from './wallet.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** Two cores that others use, too. */
export const PATIENCE_MS = 60_000;

export interface Stage {
    month: Month;
    browser: Browser;
    /** Members nobody claimed for, one for each who asks. */
    member(): Member;
    close(): Promise<void>;
}

let stage: Promise<Stage> | undefined;

/** The one stage of all cases. */
export function onStage(): Promise<Stage> {
    stage ??= raise();
    return stage;
}

async function raise(): Promise<Stage> {
    const played = await month();
    const executablePath = process.env['CAIRN_CHROMIUM'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    const flights = join(import.meta.dirname, '../../../fixtures/data/flights_2013-01.csv');
    // Those with most were claimed by the demonstration, and the vault lets only a share leave: the small ones are for tests.
    const members = aircraft(played, flights).sort((a, b) => (a.tokens < b.tokens ? -1 : 1)).filter(({ tokens }) => tokens > 1_000_000n);
    return {
        month: played,
        browser,
        member: () => members.shift() ?? assert.fail('no member is left'),
        close: async () => {
            await browser.close();
            await played.stop();
        },
    };
}

export interface Visit extends BrowserContextOptions {
    wallet?: Uint8Array;
    manner?: Manner;
    /** Before the first page is loaded. */
    prepare?: (context: BrowserContext) => Promise<unknown>;
    /** Answers of the service worker are no requests of the page: only where it is the matter. */
    worker?: boolean;
}

/** Opens a route in a fresh context; the context closes when `act` is over. What the page says to its console must be nothing. */
export async function visit(route: string, act: (page: Page, stage: Stage) => Promise<void>, options: Visit = {}): Promise<void> {
    const here = await onStage();
    const { wallet, manner, prepare, worker, ...rest } = options;
    const context = await here.browser.newContext({ locale: 'en-US', serviceWorkers: worker ? 'allow' : 'block', ...rest });
    context.setDefaultTimeout(PATIENCE_MS);
    try {
        if (wallet) await addWallet(context, wallet, manner);
        await prepare?.(context);
        const page = await context.newPage();
        const faults: string[] = [];
        page.on('pageerror', (error) => faults.push(String(error)));
        await page.goto(`${here.month.app}#${route}`);
        await act(page, here);
        assert.deepEqual(faults, []);
    } finally {
        // A question that is still on its way when the case is over is nobody's failure.
        await context.unrouteAll({ behavior: 'ignoreErrors' });
        await context.close();
    }
}

/** The base units of an amount that the page shows under a name. */
export async function amountOf(page: Page, name: string): Promise<string> {
    return (await page.locator(`data.amount[data-name="${name}"]`).first().getAttribute('value')) ?? assert.fail(name);
}

/** Waits until the page says this failure. */
export async function failsWith(page: Page, code: string): Promise<void> {
    await page.locator(`.failure[data-code="${code}"]`).first().waitFor();
}

/** What the history of a wallet tells, newest first: what, and the base units that moved. */
export async function historyOf(owner: string, options: Visit = {}): Promise<string[]> {
    let told: string[] = [];
    await visit(
        `/you/${owner}`,
        async (page) => {
            await page.getByRole('button', { name: 'Show the history' }).click();
            await page.locator('[data-name="looked"]').waitFor();
            const rows = page.getByRole('region', { name: 'History' }).locator('tbody tr');
            told = await rows.evaluateAll((all) => all.map((row) => [row.querySelector('[data-what]')?.getAttribute('data-what'), row.querySelector('data')?.getAttribute('value')].filter(Boolean).join(' ')));
        },
        options,
    );
    return told;
}
