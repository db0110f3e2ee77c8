// The month's registry as it is now, whatever other cases did to it: devices entered, and bans.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '@solana/kit';
import { DEVICE_REGISTRY, eventAuthority, treeAddress } from '../../src/chain/addresses.ts';
import { consentMessage, endorsementMessage, parseMaker, planRegister, readOpenTree } from '../../src/chain/device.ts';
import { readEpochs } from '../../src/chain/epoch.ts';
import { preimagesOf } from '../../src/chain/leaves.ts';
import { readPool } from '../../src/chain/pool.ts';
import { readRegistry } from '../../src/chain/registry.ts';
import type { Registry } from '../../src/chain/registry.ts';
import { Rpc } from '../../src/chain/rpc.ts';
import { caughtUp } from '../../src/chain/transfer.ts';
import type { Placed } from '../../src/chain/transfer.ts';
import { deviceProof } from '../../src/check/merkle.ts';
import { Rust } from '../../src/check/rust.ts';
import { readDevices, readLeaves } from '../../src/files/devices.ts';
import { readManifest } from '../../src/files/manifest.ts';
import type { Manifest } from '../../src/files/manifest.ts';
import { Mirrors } from '../../src/files/source.ts';
import { DeviceTreeAccount, setStatus } from '../../src/generated/device_registry.ts';
import { read } from '../../src/chain/account.ts';
import { REGISTRY_VERSION } from '../../src/chain/versions.ts';
import { addressOf, secretOf } from './month.ts';
import type { Month } from './month.ts';
import { sendAs, signed } from './sending.ts';

/** Whose word the month's network takes for devices. */
const MAKER = secretOf('operator', 'manufacturer');

const module = (): Promise<Rust> => Rust.from(readFileSync(join(import.meta.dirname, '../../public/cairn_web.wasm')));

/** The active epoch's files, as the app's own code reads them. */
export async function newest(month: Month): Promise<{ network: Address; mirrors: Mirrors; manifest: Manifest }> {
    const rpc = new Rpc([month.rpc]);
    const { pool } = await readPool(rpc, month.pool as Address);
    const { records } = await readEpochs(rpc, pool);
    const { epoch } = records.find((record) => !record.closed && record.epoch.number === pool.activeEpoch) ?? assert.fail('no active epoch');
    const mirrors = new Mirrors([`${month.app}epochs/`]);
    return { network: pool.network, mirrors, manifest: await readManifest(mirrors, epoch.number, epoch.manifestHash) };
}

export async function networkOf(month: Month): Promise<Registry> {
    const rpc = new Rpc([month.rpc]);
    const { pool } = await readPool(rpc, month.pool as Address);
    return readRegistry(rpc, pool.network);
}

/** A device of the published files where it stands now. */
async function placed(month: Month, device: string): Promise<Placed> {
    const { network, mirrors, manifest } = await newest(month);
    const { tree, leafIndex } = (await readDevices(mirrors, manifest)).find(({ key }) => key === device) ?? assert.fail(`no device ${device}`);
    const address = await treeAddress(network, tree);
    return caughtUp(new Rpc([month.rpc]), await module(), { tree: address, index: leafIndex, leaves: await readLeaves(mirrors, manifest, tree) });
}

/** Bans a device or lifts its ban, as the network's authority. */
export async function judge(month: Month, device: string, status: 'active' | 'banned', reason: number, evidence: string): Promise<void> {
    const rpc = new Rpc([month.rpc]);
    const { address: network, authority } = await networkOf(month);
    const { tree: address, index, leaves } = await placed(month, device);
    const { accounts } = await rpc.accounts([address]);
    const tree = read(address, accounts[0], DeviceTreeAccount, REGISTRY_VERSION, true);
    const { sequence, proof } = deviceProof(await module(), tree, index, preimagesOf(address, leaves));
    const set = setStatus(
        { network, authority, tree: address, eventAuthority: await eventAuthority(DEVICE_REGISTRY) },
        { leaf: leaves[index]!, index, proofSequence: sequence, proof, status: status === 'active' ? 1 : 2, reason, evidence: createHash('sha256').update(evidence).digest() },
    );
    await sendAs(month, month.key('admin'), set);
}

/** Enters a sensor of `owner`, which pays; its maker is the one whose word the month's network takes. */
export async function enter(month: Month, owner: Uint8Array, device: Uint8Array): Promise<void> {
    const rpc = new Rpc([month.rpc]);
    const network = await networkOf(month);
    const maker = await parseMaker(addressOf(MAKER), network.address);
    const entry = { owner: addressOf(owner) as Address, device: addressOf(device) as Address, maker, class: 4, model: 0, country: 'US', location: null, hardware: null };
    const tree = await readOpenTree(rpc, network, maker);
    const [consent, endorsement] = await Promise.all([consentMessage(entry, network.address, tree), endorsementMessage(entry, network.address)]);
    const signatures = { consent: signed(device, consent), endorsement: endorsement && signed(MAKER, endorsement) };
    await sendAs(month, owner, ...(await planRegister(entry, network, tree, signatures)));
}
