// A device handed on: what it signs, what would refuse it, and what the chain tells of it afterwards.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { addressOf, cairn, secretOf } from '../month.ts';
import { failsWith, onStage, visit } from '../stage.ts';
import { enter } from '../registry.ts';
import { signedHex } from '../sending.ts';
import { feed, poolOf } from '../world.ts';

/** Access points of the month's registry, and whose they are. */
const [FIRST, SECOND] = ['hotspot 10604', 'hotspot 10555'].map((name) => secretOf('device', name)) as [Uint8Array, Uint8Array];
const OWNER = secretOf('owner', 'SPECTRUM, Queens');

const asked = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked);

async function ask(page: Page, to: string): Promise<void> {
    await page.getByLabel('The new owner’s address').fill(to);
    await page.getByRole('button', { name: 'Show what the device must sign' }).click();
}

/** Has the device sign what the page shows for its new owner. */
async function agree(page: Page, to: string, device = FIRST): Promise<void> {
    await ask(page, to);
    const message = (await page.locator('[data-name="message"]').textContent()) ?? assert.fail('no message');
    assert.match(message, /^636169726e2f7472616e736665722f31[0-9a-f]{64}$/);
    await page.getByLabel('The device’s signature, in hex').fill(signedHex(device, message));
    await page.getByRole('button', { name: 'Check the transfer' }).click();
}

test('what would be refused whatever the device signs is told in the program’s words, before anybody signs', async () => {
    const { month } = await onStage();
    const { mint } = await poolOf(month);
    await visit(
        `/device/${addressOf(SECOND)}`,
        async (page) => {
            await page.getByRole('link', { name: 'Hand it on' }).click();
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await ask(page, 'nobody');
            await page.locator('#to-wrong').waitFor();
            await ask(page, addressOf(OWNER));
            await failsWith(page, 'device-registry/SameOwner');
            await ask(page, '11111111111111111111111111111111');
            await failsWith(page, 'device-registry/ZeroKey');
            await ask(page, mint);
            await failsWith(page, 'payee-nobody');
            await noBarriers(page, 'a transfer that is refused');
            await ask(page, addressOf(month.key('alice')));
            const message = (await page.locator('[data-name="message"]').textContent()) ?? assert.fail('no message');
            // The consent of another device is none.
            await page.getByLabel('The device’s signature, in hex').fill(signedHex(FIRST, message));
            await page.getByRole('button', { name: 'Check the transfer' }).click();
            await failsWith(page, 'consent-wrong');
            assert.equal(await asked(page), 0);
        },
        { wallet: OWNER, viewport: { width: 360, height: 800 } },
    );
});

test('only its owner hands a device on, and only one that the registry holds', async () => {
    const { month } = await onStage();
    await visit(
        `/transfer/${addressOf(SECOND)}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await ask(page, addressOf(month.key('bob')));
            await failsWith(page, 'not-owner');
            assert.match((await page.locator('.failure').textContent()) ?? '', new RegExp(addressOf(OWNER)));
        },
        { wallet: month.key('alice') },
    );
    await visit(`/transfer/${month.pool}`, (page) => failsWith(page, 'device-unknown'));
});

test('a device agrees, its owner signs, and the chain tells of the new owner, who hands it back though the file knows nothing of it', async () => {
    const { month } = await onStage();
    const device = addressOf(FIRST);
    const told = (await cairn(month, 'device', 'show', device, '--devices', month.files)) as unknown as { owner: string; index: number };
    assert.equal(told.owner, addressOf(OWNER));
    await feed(month, told.owner);
    const to = addressOf(month.key('bob'));
    await visit(
        `/transfer/${device}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await agree(page, to);
            await page.getByText('The node says it would succeed now.').waitFor();
            await page.getByText(`position ${told.index}`).waitFor();
            await page.getByText(`cairn device transfer ${device} --to ${to} --device-keypair device.json`).first().waitFor({ state: 'attached' });
            await noBarriers(page, 'a transfer');
            await page.getByRole('button', { name: 'Sign and hand the device on' }).click();
            await page.locator('[data-name="done"]').waitFor();
            await page.goto(`${month.app}#/device/${device}`);
            await page.getByRole('button', { name: 'Show its history' }).click();
            await page.locator('[data-name="looked"]').waitFor();
            const further = page.getByRole('button', { name: 'Look further back' });
            for (;;) {
                await page.waitForFunction(() => document.querySelector('.waiting') === null);
                if (!(await further.isVisible())) break;
                await further.click();
            }
            const happened = await page.locator('[data-what]').evaluateAll((all) => all.map((one) => one.getAttribute('data-what')));
            assert.deepEqual([happened[0], happened.at(-1)], ['transferred', 'imported']);
            const download = page.waitForEvent('download');
            await page.getByRole('button', { name: 'Save as CSV' }).click();
            const text = readFileSync(await (await download).path(), 'utf8');
            assert.ok(text.split('\r\n')[1]!.includes(`transferred,${to},${told.owner},,,`), text);
            await noBarriers(page, 'a device’s history');
            // The file still names the owner of before; the chain does not.
            await page.goto(`${month.app}#/transfer/${device}`);
            await page.getByRole('heading', { name: 'Hand a device on' }).waitFor();
            await ask(page, addressOf(month.key('alice')));
            await failsWith(page, 'not-owner');
            assert.match((await page.locator('.failure').textContent()) ?? '', new RegExp(to));
        },
        { wallet: OWNER },
    );
    await visit(
        `/transfer/${device}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await agree(page, told.owner);
            await page.getByRole('button', { name: 'Sign and hand the device on' }).click();
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: month.key('bob') },
    );
});

test('a device that was entered since the files were frozen is handed on, and so is one of before, after more changes than the chain remembers', async () => {
    const { month } = await onStage();
    const alice = month.key('alice');
    // A month that is kept running may have been tested before.
    const run = Date.now();
    const entered = Array.from({ length: 66 }, (_, at) => secretOf('page device', `${run} late ${at}`));
    await feed(month, addressOf(OWNER));
    for (const device of entered) await enter(month, alice, device);
    const [first] = entered as [Uint8Array];
    const to = addressOf(month.key('bob'));
    await visit(
        `/device/${addressOf(first)}`,
        async (page) => {
            await page.getByText('If it was registered since').waitFor();
            await page.getByRole('link', { name: 'Hand it on' }).click();
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await agree(page, to, first);
            await page.getByRole('button', { name: 'Sign and hand the device on' }).click();
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: alice },
    );
    // The file knows none of the 66, and the account remembers 64 changes.
    await visit(
        `/transfer/${addressOf(FIRST)}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await agree(page, to);
            await page.getByRole('button', { name: 'Sign and hand the device on' }).click();
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: OWNER },
    );
    await visit(
        `/transfer/${addressOf(FIRST)}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await agree(page, addressOf(OWNER));
            await page.getByRole('button', { name: 'Sign and hand the device on' }).click();
            await page.locator('[data-name="done"]').waitFor();
        },
        { wallet: month.key('bob') },
    );
});
