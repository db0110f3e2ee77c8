// What holds on every page: reachable by everybody, on every screen, from the app's own places alone.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { readDecisions } from '../../../src/files/decisions.ts';
import { noBarriers } from '../barriers.ts';
import { addressOf, secretOf } from '../month.ts';
import { newest } from '../registry.ts';
import { onStage, visit } from '../stage.ts';
import { airdrop, naming } from './airdrop.ts';

async function routes(): Promise<string[]> {
    const { month } = await onStage();
    const { campaign } = await airdrop();
    const { mirrors, manifest } = await newest(month);
    const [paid] = await readDecisions(mirrors, manifest, (row) => row['reason'] === 0 && (row['milli_points'] ?? 0n) > 0n);
    const { beneficiary: owner, proofId } = paid ?? assert.fail('nobody is paid');
    const carrier = addressOf(month.key('bob'));
    const device = addressOf(secretOf('device', 'hotspot 10555'));
    const deeds = [`/device/${device}`, `/transfer/${device}`, `/together/${owner}`, `/claim/${owner}`, `/payout/${owner}`, '/round/0', `/campaign/${campaign}`, `/campaign/${campaign}/${owner}`, `/redeem/${carrier}`, `/proof/${manifest.epoch.number}/${proofId}`];
    return ['/', '/map', '/register', '/epochs', '/epoch/1', '/growth', '/discovery', '/community', '/you', `/you/${owner}`, ...deeds, '/settings', '/nowhere'];
}

/** Until nothing is read any more. */
async function settled(page: Page): Promise<void> {
    // The page of before stands until the address was followed.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.locator('main h1').waitFor();
    await page.waitForFunction(() => document.querySelector('.waiting') === null);
}

const screens = [
    { name: 'light, wide', colorScheme: 'light', width: 1_280, locale: 'en-US' },
    { name: 'dark, phone', colorScheme: 'dark', width: 360, locale: 'en-US' },
    { name: 'light, phone', colorScheme: 'light', width: 360, locale: 'en-US' },
    { name: 'dark, wide, in Chinese', colorScheme: 'dark', width: 1_280, locale: 'zh-TW' },
    { name: 'from right to left, phone', colorScheme: 'light', width: 360, locale: 'ar-EG' },
] as const;

for (const { name, colorScheme, width, locale } of screens) {
    test(`no page has a barrier or is wider than its screen: ${name}`, async () => {
        const all = await routes();
        await visit(
            '/',
            async (page, { month }) => {
                for (const route of all) {
                    await page.goto(`${month.app}#${route}`);
                    await settled(page);
                    await noBarriers(page, route);
                }
            },
            { colorScheme, locale, viewport: { width, height: 800 }, prepare: naming(await airdrop()) },
        );
    });
}

test('nothing is asked of anybody but the app’s own place and the node', async () => {
    const all = await routes();
    const asked = new Set<string>();
    await visit(
        '/',
        async (page, { month }) => {
            for (const route of all) {
                await page.goto(`${month.app}#${route}`);
                await settled(page);
            }
            assert.deepEqual([...asked].sort(), [new URL(month.app).origin, new URL(month.rpc).origin].sort());
        },
        {
            prepare: async (context) => {
                context.on('request', (request) => {
                    if (!request.url().startsWith('data:')) asked.add(new URL(request.url()).origin);
                });
            },
        },
    );
});

test('a claim by keyboard alone', async () => {
    const { member, month } = await onStage();
    const { owner } = member();
    await visit(
        '/you',
        async (page) => {
            /** Tabs to the element of that name and presses Enter. */
            const press = async (name: RegExp): Promise<void> => {
                for (let step = 0; step < 60; step += 1) {
                    await page.keyboard.press('Tab');
                    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
                    if (name.test(focused)) return page.keyboard.press('Enter');
                }
                assert.fail(`${name} is not reached`);
            };
            await page.getByLabel('A wallet’s address').focus();
            await page.keyboard.type(owner);
            await page.keyboard.press('Enter');
            await page.getByRole('link', { name: /^Claim [\d,.]+ tokens/ }).waitFor();
            await press(/^Claim [\d,.]+ tokens/);
            await page.getByRole('button', { name: 'Connect Test wallet' }).waitFor();
            await press(/^Connect Test wallet/);
            await page.getByRole('button', { name: 'Check the claim' }).waitFor();
            await press(/^Check the claim/);
            await page.getByRole('button', { name: /^Sign and claim/ }).waitFor();
            await press(/^Sign and claim/);
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: month.key('alice') },
    );
});

test('at twice the size nothing runs out of the screen', async () => {
    const all = await routes();
    await visit(
        '/',
        async (page, { month }) => {
            for (const route of all) {
                await page.goto(`${month.app}#${route}`);
                await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
                await settled(page);
                const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                assert.ok(wider <= 0, `${route} is ${wider} pixels wider`);
            }
        },
        { viewport: { width: 640, height: 800 }, prepare: naming(await airdrop()) },
    );
});

test('whoever wants less motion gets none', async () => {
    await visit(
        '/',
        async (page) => {
            const moving = await page.evaluate(() => document.getAnimations().length);
            assert.equal(moving, 0);
        },
        { reducedMotion: 'reduce' },
    );
});

for (const [locale, dir, word] of [
    ['zh-TW', 'ltr', '網路'],
    ['ar-EG', 'rtl', 'الشبكة'],
    ['de-DE', 'ltr', 'The network'],
] as const) {
    test(`a browser that speaks ${locale} is answered in it, with the same digits`, async () => {
        await visit(
            '/',
            async (page) => {
                await page.locator('h1').waitFor();
                assert.equal(await page.locator('h1').textContent(), word);
                assert.equal(await page.locator('html').getAttribute('dir'), dir);
                await page.locator('data[data-name="owed"]').waitFor();
                assert.match((await page.locator('data[data-name="owed"]').textContent()) ?? '', /^[\d,]+(\.\d+)?$/);
            },
            { locale },
        );
    });
}

test('without a network the app still opens', async () => {
    await visit(
        '/',
        async (page) => {
            await settled(page);
            await page.evaluate(() => navigator.serviceWorker.ready);
            await page.reload();
            await settled(page);
            await page.context().setOffline(true);
            await page.reload();
            await page.locator('h1').waitFor();
            assert.equal(await page.locator('h1').textContent(), 'The network');
        },
        { worker: true },
    );
});

test('what a first visit loads is small', (run) => {
    const built = process.env['CAIRN_APP_OUT'] ?? assert.fail('CAIRN_APP_OUT');
    const html = readFileSync(join(built, 'index.html'), 'utf8');
    const size = (name: string): number => gzipSync(readFileSync(join(built, name))).length;
    const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1]!);
    const js = first.filter((name) => name.endsWith('.js')).reduce((sum, name) => sum + size(name), 0);
    const css = first.filter((name) => name.endsWith('.css')).reduce((sum, name) => sum + size(name), 0);
    assert.ok(js > 0 && js <= 100_000, `${js} bytes of JavaScript`);
    assert.ok(css > 0 && css <= 10_000, `${css} bytes of CSS`);
    const all = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    const whole = all.reduce((sum, name) => sum + size(name), 0) + size('cairn_web.wasm');
    // Three languages and every page: nobody loads all of it.
    assert.ok(whole <= 280_000, `${whole} bytes in all`);
    run.diagnostic(`first visit: ${js} bytes of JavaScript, ${css} of CSS; ${whole} of all that is not loaded on request`);
});

test('pictures of the main pages', async () => {
    const folder = process.env['CAIRN_PICTURES'];
    if (!folder) return;
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    const { member } = await onStage();
    const pages: [string, string][] = [
        ['network', '/'],
        ['map', '/map'],
        ['epoch', '/epoch/1'],
        ['you', `/you/${member().owner}`],
        ['community', '/community'],
        ['growth', '/growth'],
    ];
    await visit(
        '/',
        async (page, { month }) => {
            for (const [name, route] of pages) {
                await page.goto(`${month.app}#${route}`);
                await settled(page);
                await page.screenshot({ path: join(folder, `${name}.png`) });
            }
        },
        { viewport: { width: 1_200, height: 800 } },
    );
});
