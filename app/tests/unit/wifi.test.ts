import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { getAddressDecoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { Standing } from '../../src/check/standing.ts';
import { hear } from '../../src/check/wifi.ts';
import { Failure } from '../../src/failure.ts';
import { offerMessage, parseOffers, readOffers } from '../../src/files/wifi.ts';
import type { Offer } from '../../src/files/wifi.ts';
import { Mirrors } from '../../src/files/source.ts';

const address = (byte: number): Address => getAddressDecoder().decode(new Uint8Array(32).fill(byte));
const NETWORK = address(1);
const DEVICE = address(2);

function party(): { by: Address; secret: KeyObject } {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    return { by: getAddressDecoder().decode(Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))), secret: privateKey };
}
const [owner, operator, stranger] = [party(), party(), party()];

function said(by: { by: Address; secret: KeyObject }, change: Partial<Offer> = {}): Offer {
    const offer: Offer = { at: { device: DEVICE }, ssid: 'Café', access: 'portal', terms: 'Free.', signed: 1_000n, until: 2_000n, by: by.by, signature: new Uint8Array(64), ...change };
    return { ...offer, signature: Uint8Array.from(sign(null, offerMessage(NETWORK, offer), by.secret)) };
}

const device = { key: DEVICE, owner: owner.by, status: 1 } as unknown as Standing;
const shown = async (offers: Offer[], devices = [device]): Promise<[number, number]> => {
    const { heard, passedOver } = await hear(offers, NETWORK, devices, [{ name: 'desk', key: operator.by }], 1_500n);
    return [heard.length, passedOver];
};

test('what is signed are the lines that `cairn wifi offer` signs', () => {
    assert.equal(
        new TextDecoder().decode(offerMessage(NETWORK, said(owner))),
        `cairn/wifi/1\nnetwork ${NETWORK}\ndevice ${DEVICE}\nssid Café\naccess portal\nterms Free.\nsigned 1000\nuntil 2000\n`,
    );
});

test('of a device its owner speaks, of a point in no registry an operator, and nobody else', async () => {
    const cell = { at: { cell: 0x892a100d2c3ffffn } };
    assert.deepEqual(await shown([said(owner)]), [1, 0]);
    assert.deepEqual(await shown([said(operator, cell)]), [1, 0]);
    for (const wrong of [said(stranger), said(operator), said(owner, cell), said(stranger, cell), said(owner, { until: 1_500n }), said(owner, { signed: 1_600n })]) {
        assert.deepEqual(await shown([wrong]), [0, 1]);
    }
    assert.deepEqual(await shown([said(owner)], [{ ...device, status: 2 }]), [0, 1], 'a banned device');
    // Another word than the one that was signed.
    for (const change of [{ ssid: 'Evil twin' }, { terms: 'Pay me.' }, { until: 1_999n }, { access: 'open' as const }]) assert.deepEqual(await shown([{ ...said(owner), ...change }]), [0, 1]);
});

test('of several statements about one place the newest counts', async () => {
    const { heard, passedOver } = await hear([said(owner, { ssid: 'old', signed: 900n }), said(owner, { ssid: 'new' }), said(owner, { ssid: 'older', signed: 800n })], NETWORK, [device], [], 1_500n);
    assert.deepEqual([heard.map(({ offer }) => offer.ssid), passedOver], [['new'], 2]);
});

const row = { device: DEVICE, ssid: 'a', access: 'open', terms: '', signed: 1, until: 2, by: owner.by, signature: '00'.repeat(64) };
const file = (change: object, whole: object = {}): string => JSON.stringify({ format: 'cairn/wifi/1', network: NETWORK, points: [{ ...row, ...change }], ...whole });

test('a line that could be shown as something else makes the file damaged; a file that is not there is none', async () => {
    assert.equal(parseOffers(file({}), NETWORK).length, 1);
    const wrong = [{ ssid: '' }, { ssid: 'x'.repeat(33) }, { ssid: 'a\nterms b' }, { terms: '\u202eabc' }, { terms: 'x'.repeat(281) }, { access: 'free' }, { until: 1 }, { until: 2 + 366 * 86_400 }, { signature: 'ab' }, { by: 'nobody' }, { cell: '8a2a100d2c37fff' }];
    for (const change of wrong) assert.throws(() => parseOffers(file(change), NETWORK), (error) => error instanceof Failure && error.code === 'file-damaged', JSON.stringify(change));
    assert.throws(() => parseOffers(file({}, { network: address(9) }), NETWORK));
    const gone = new Mirrors(['https://a.example/'], (() => Promise.resolve(new Response('gone', { status: 404 }))) as unknown as typeof fetch);
    assert.deepEqual(await readOffers(gone, NETWORK), []);
});
