// A device handed on to a new owner: what it must sign, the proof out of the published file, and the instruction.

import { getAddressDecoder, getAddressEncoder } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';
import { deviceProof } from '../check/merkle.ts';
import { Refusal } from '../check/rust.ts';
import type { Rust } from '../check/rust.ts';
import { Failure } from '../failure.ts';
import { DeviceTransferredEvent, DeviceTreeAccount, transferDevice } from '../generated/device_registry.ts';
import type { DeviceLeaf } from '../generated/device_registry.ts';
import { DEVICE_REGISTRY, INSTRUCTIONS_SYSVAR, ZERO_KEY, eventAuthority } from './addresses.ts';
import { read } from './account.ts';
import { consented, hashed, joined } from './device.ts';
import type { Tree } from './device.ts';
import { leafHash, preimagesOf } from './leaves.ts';
import { refusalNamed } from './refusal.ts';
import type { Rpc } from './rpc.ts';
import { Trail } from './trail.ts';
import { REGISTRY_VERSION } from './versions.ts';

const BANNED = 2;

/** A device where it stands, with all of its tree, as the published file has them. */
export interface Placed {
    tree: Address;
    index: number;
    leaves: readonly DeviceLeaf[];
}

const leafOf = ({ leaves, index }: Placed): DeviceLeaf => {
    const leaf = leaves[index];
    if (!leaf) throw new Failure('unexpected', {}, `no leaf at ${index}`);
    return leaf;
};

/** Throws what the program would refuse whatever is signed, in its words and its order. */
export function mayTransfer(leaf: DeviceLeaf, owner: Address, to: Address): void {
    const has = getAddressDecoder().decode(leaf.owner);
    if (has !== owner) throw new Failure('not-owner', { owner: has });
    if (to === ZERO_KEY) throw refusalNamed('device-registry', 'ZeroKey');
    if (to === owner) throw refusalNamed('device-registry', 'SameOwner');
    if (leaf.status === BANNED) throw refusalNamed('device-registry', 'DeviceBanned');
}

/** What the device must sign to be handed on: `consent.rs` of the registry's program. */
export async function transferMessage(placed: Placed, network: Address, to: Address): Promise<Uint8Array> {
    const key = getAddressEncoder();
    const leaf = await leafHash(placed.tree, placed.index, leafOf(placed));
    return joined('cairn/transfer/1', await hashed(key.encode(to), key.encode(network), leaf));
}

/** Plans the transfer; the owner signs and pays. Throws what would refuse it. */
export async function planTransfer(rpc: Rpc, rust: Rust, placed: Placed, network: Address, [owner, to]: [Address, Address], consent: Uint8Array): Promise<Instruction[]> {
    const leaf = leafOf(placed);
    mayTransfer(leaf, owner, to);
    const message = await transferMessage(placed, network, to);
    const agreed = await consented(leaf.device, message, consent);
    const { accounts } = await rpc.accounts([placed.tree]);
    const tree = read(placed.tree, accounts[0], DeviceTreeAccount, REGISTRY_VERSION, true);
    const { sequence, proof } = proofIn(rust, tree, placed);
    const transfer = transferDevice(
        { owner, newOwner: to, tree: tree.address, instructions: INSTRUCTIONS_SYSVAR, eventAuthority: await eventAuthority(DEVICE_REGISTRY) },
        { leaf, index: placed.index, proofSequence: sequence, proof },
    );
    return [agreed, transfer];
}

/** The device's proof, which the program's own code took on a copy of the tree's account. */
function proofIn(rust: Rust, tree: Tree, placed: Placed): ReturnType<typeof deviceProof> {
    try {
        return deviceProof(rust, tree, placed.index, preimagesOf(tree.address, placed.leaves));
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.name !== 'Stale') throw refusalNamed('device-registry', error.name);
        const facts = { tree: `${tree.index}`, devices: `${placed.leaves.length}`, onChain: `${tree.nextIndex}`, changes: `${tree.sequence}` };
        throw new Failure('devices-stale', facts, '', error);
    }
}

/** Whether the chain told that the device is its new owner's now. */
export async function isTransferred(rpc: Rpc, tree: Address, device: Uint8Array, to: Address): Promise<boolean> {
    const key = getAddressDecoder();
    // Others may have changed the tree since.
    const newest = await new Trail(rpc, [DeviceTransferredEvent], [tree]).next(8);
    const told = newest.flatMap(({ events }) => events).find(({ value }) => key.decode(value.leaf.device) === key.decode(device));
    return told !== undefined && key.decode(told.value.leaf.owner) === to;
}
