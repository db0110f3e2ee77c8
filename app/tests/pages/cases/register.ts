// A device entered into the registry with its own consent: the bytes it signs are those of `cairn device register`.

import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { addressOf, cairn, secretOf } from '../month.ts';
import type { Month } from '../month.ts';
import { failsWith, onStage, visit } from '../stage.ts';
import { act, poolOf } from '../world.ts';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const signed = (secret: Uint8Array, message: string): string =>
    sign(null, Buffer.from(message, 'hex'), createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })).toString('hex');

/** The maker's word for the device that was typed. */
async function endorsed(page: Page): Promise<void> {
    const certificate = (await page.locator('[data-name="certificate"]').textContent()) ?? assert.fail('no certificate');
    await page.getByLabel('The maker’s signature, in hex').fill(signed(MAKER, certificate));
}

const networkOf = async (month: Month): Promise<string> => ((await poolOf(month)) as unknown as { network: string }).network;
const devicesOf = async (month: Month): Promise<number> => ((await cairn(month, 'network', 'show', '--network', await networkOf(month), '-u', month.rpc)) as unknown as { devices: number }).devices;

/** A month that is kept running may have been tested before. */
const RUN = Date.now();
const deviceKey = (name: string): Uint8Array => secretOf('page device', `${RUN} ${name}`);
/** Whose word the month's network takes for devices. */
const MAKER = secretOf('operator', 'manufacturer');

async function typed(page: Page, device: string): Promise<string> {
    await page.getByRole('button', { name: 'Connect Test wallet' }).click();
    await page.getByLabel('The device’s key').fill(device);
    await page.getByLabel('What it does').selectOption('sensor');
    await page.getByLabel(/^Model/).fill('7');
    await page.getByLabel(/^Country/).fill('us');
    await page.getByLabel(/^Latitude and longitude/).fill('40.7128, -74.006');
    await page.getByLabel(/^The maker’s key/).fill(addressOf(MAKER));
    await page.getByRole('button', { name: 'Show what the device must sign' }).click();
    return (await page.locator('[data-name="message"]').textContent()) ?? assert.fail('no message');
}

test('what is no device, model, country or place is told beside its field', async () => {
    const { month } = await onStage();
    await visit(
        '/register',
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByLabel('The device’s key').fill('nobody');
            await page.getByLabel(/^Model/).fill('-1');
            await page.getByLabel(/^Country/).fill('USA');
            await page.getByLabel(/^Latitude and longitude/).fill('91, 0');
            await page.getByLabel(/^The maker’s key/).fill('nobody');
            await page.getByRole('button', { name: 'Show what the device must sign' }).click();
            for (const field of ['device', 'model', 'country', 'where', 'maker']) await page.locator(`#${field}-wrong`).waitFor();
            await page.getByLabel(/^Latitude and longitude/).fill('0, 0');
            await page.getByRole('button', { name: 'Show what the device must sign' }).click();
            await page.getByText('0, 0 lies in the sea').waitFor();
            await noBarriers(page, 'a wrong registration');
            assert.equal(await page.locator('[data-name="message"]').count(), 0);
        },
        { wallet: month.key('alice'), viewport: { width: 360, height: 800 } },
    );
});

test('another key’s signature is no consent: refused before the wallet is asked, and what was typed stays', async () => {
    const { month } = await onStage();
    const device = deviceKey('1');
    await visit(
        '/register',
        async (page) => {
            const message = await typed(page, addressOf(device));
            await page.getByLabel('The device’s signature, in hex').fill('ab');
            await page.getByRole('button', { name: 'Check the registration' }).click();
            for (const field of ['consent', 'endorsement']) await page.locator(`#${field}-wrong`).waitFor();
            await endorsed(page);
            await page.getByLabel('The device’s signature, in hex').fill(signed(deviceKey('2'), message));
            await page.getByRole('button', { name: 'Check the registration' }).click();
            await failsWith(page, 'consent-wrong');
            assert.equal(await page.getByLabel('The device’s key').inputValue(), addressOf(device));
            assert.equal(await page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked), 0);
        },
        { wallet: month.key('alice') },
    );
});

test('a device signs the message of `cairn device register`, its owner signs, and the network counts one more', async () => {
    const { month } = await onStage();
    const secret = deviceKey('1');
    const device = addressOf(secret);
    const before = await devicesOf(month);
    const told = (await act(
        month, 'alice', 'device', 'register', '--network', await networkOf(month), '--device', device, '--class', 'sensor', '--model', '7', '--country', 'US',
        '--latitude', '40.7128', '--longitude', '-74.006', '--issuer', addressOf(MAKER),
    )) as unknown as { status: string; message: string; endorsement_message: string };
    assert.equal(told.status, 'consent_needed');
    await visit(
        '/register',
        async (page) => {
            const message = await typed(page, device);
            assert.equal(message, told.message);
            assert.equal(await page.locator('[data-name="certificate"]').textContent(), told.endorsement_message);
            await noBarriers(page, 'a registration');
            await page.getByLabel('The device’s signature, in hex').fill(signed(secret, message));
            await endorsed(page);
            await page.getByRole('button', { name: 'Check the registration' }).click();
            await page.getByText('The node says it would succeed now.').waitFor();
            const command = `cairn device register --network ${await networkOf(month)} --device ${device} --class sensor --model 7 --country US --latitude 40.7128 --longitude -74.006 --consent `;
            await page.getByText(command).first().waitFor({ state: 'attached' });
            await page.getByRole('button', { name: 'Sign and register the device' }).click();
            await page.locator('[data-name="done"]').waitFor();
            assert.equal(await devicesOf(month), before + 1);
        },
        { wallet: month.key('alice') },
    );
});

/** A cell of Manhattan. */
const CELL = '892a100d2c3ffff';
const COMMITTED = 'c0'.repeat(32);
const PRINT = '5a'.repeat(32);

test('a cell or a commitment tells where it stands, and its hardware is committed to: the messages are those of `cairn device register`', async () => {
    const { month } = await onStage();
    const network = await networkOf(month);
    const secret = deviceKey('5');
    const device = addressOf(secret);
    const words = ['device', 'register', '--network', network, '--device', device, '--class', 'sensor', '--issuer', addressOf(MAKER), '--hardware', PRINT];
    const expected = async (...more: string[]): Promise<{ message: string; endorsement_message: string }> => (await act(month, 'alice', ...words, ...more)) as unknown as Awaited<ReturnType<typeof expected>>;
    const before = await devicesOf(month);
    await visit(
        '/register',
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByLabel('The device’s key').fill(device);
            await page.getByLabel('What it does').selectOption('sensor');
            await page.getByLabel(/^Model/).fill('0');
            await page.getByLabel(/^The maker’s key/).fill(addressOf(MAKER));
            await page.getByLabel(/^Commitment to its hardware/).fill('5a');
            const ask = (): Promise<void> => page.getByRole('button', { name: 'Show what the device must sign' }).click();
            await page.getByLabel('How its place is told').selectOption('cell');
            // One that is no cell, one of another resolution, and the cell of an empty form.
            for (const [wrong, words] of [['892a100d2c3', 'A cell is'], ['8a2a100d2c37fff', 'A cell is'], ['89754e64993ffff', 'lies in the sea']] as const) {
                await page.getByLabel(/^H3 cell/).fill(wrong);
                await ask();
                await page.locator('#where-wrong', { hasText: words }).waitFor();
            }
            await page.locator('#hardware-wrong').waitFor();
            await noBarriers(page, 'a wrong cell');
            await page.getByLabel(/^Commitment to its hardware/).fill(PRINT);
            await page.getByLabel(/^H3 cell/).fill(CELL);
            await ask();
            const message = page.locator('[data-name="message"]');
            const cell = await expected('--cell', CELL);
            await message.getByText(cell.message).waitFor();
            assert.equal(await page.locator('[data-name="certificate"]').textContent(), cell.endorsement_message);
            await page.getByLabel('How its place is told').selectOption('commitment');
            await page.getByLabel(/^Salted commitment/).fill('0'.repeat(64));
            await ask();
            await page.locator('#where-wrong', { hasText: 'not all of them 0' }).waitFor();
            await page.getByLabel(/^Salted commitment/).fill(COMMITTED);
            await ask();
            const told = await expected('--location-commitment', COMMITTED);
            await message.getByText(told.message).waitFor();
            await page.getByLabel('The device’s signature, in hex').fill(signed(secret, told.message));
            await endorsed(page);
            await page.getByRole('button', { name: 'Check the registration' }).click();
            await page.getByText('The node says it would succeed now.').waitFor();
            await page.getByText(`--class sensor --location-commitment ${COMMITTED} --hardware ${PRINT} --consent`).first().waitFor({ state: 'attached' });
            // A commitment makes nothing public.
            assert.equal(await page.getByText('The place becomes public').count(), 0);
            await page.getByRole('button', { name: 'Sign and register the device' }).click();
            await page.locator('[data-name="done"]').waitFor();
            // No epoch froze it yet; the chain tells of it already.
            await page.goto(`${month.app}#/device/${device}`);
            await page.getByRole('button', { name: 'Show its history' }).click();
            await page.locator('[data-what="registered"]').waitFor();
            await page.getByText('Looked through all').waitFor();
            assert.equal(await page.locator('[data-what]').count(), 1);
        },
        { wallet: month.key('alice') },
    );
    assert.equal(await devicesOf(month), before + 1);
});

test('a network that wants a maker’s word says so, and takes no stranger’s', async () => {
    const { month } = await onStage();
    await visit(
        '/register',
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByLabel('The device’s key').fill(addressOf(deviceKey('1')));
            await page.getByRole('button', { name: 'Show what the device must sign' }).click();
            await failsWith(page, 'registration-endorsed');
            await page.getByLabel(/^The maker’s key/).fill(addressOf(month.key('bob')));
            await page.getByRole('button', { name: 'Show what the device must sign' }).click();
            await failsWith(page, 'maker-unknown');
        },
        { wallet: month.key('alice') },
    );
});

test('a device that the registry holds is not registered once more', async () => {
    const { month } = await onStage();
    await visit(
        '/map',
        async (page) => {
            await page.getByLabel(/Latitude and longitude/).fill('40.75, -73.98');
            await page.getByRole('button', { name: 'Show', exact: true }).click();
            const known = (await page.locator('a[href^="#/device/"]').first().getAttribute('href'))?.split('/').at(-1) ?? assert.fail('no device');
            await page.goto(`${month.app}#/register`);
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByLabel('The device’s key').fill(known);
            await page.getByLabel(/^The maker’s key/).fill(addressOf(MAKER));
            await page.getByRole('button', { name: 'Show what the device must sign' }).click();
            await failsWith(page, 'device-known');
            assert.equal(await page.locator('[data-name="message"]').count(), 0);
        },
        { wallet: month.key('alice') },
    );
});

test('a place that another device took is told before anybody signs', async () => {
    const { month } = await onStage();
    const [slow, fast] = [deviceKey('3'), deviceKey('4')];
    await visit(
        '/register',
        async (page) => {
            const message = await typed(page, addressOf(slow));
            const network = await networkOf(month);
            const words = ['device', 'register', '--network', network, '--device', addressOf(fast), '--class', 'sensor', '--issuer', addressOf(MAKER)];
            const needed = (await act(month, 'alice', ...words)) as unknown as { message: string; endorsement_message: string };
            await act(month, 'alice', ...words, '--consent', signed(fast, needed.message), '--endorsement', signed(MAKER, needed.endorsement_message));
            await page.getByLabel('The device’s signature, in hex').fill(signed(slow, message));
            await endorsed(page);
            await page.getByRole('button', { name: 'Check the registration' }).click();
            await failsWith(page, 'place-taken');
        },
        { wallet: month.key('alice') },
    );
});
