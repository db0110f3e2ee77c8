// A device handed on to a new owner: what it must sign, the proof out of the published file, and the instruction.

import { getAddressDecoder, getAddressEncoder } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';
import { deviceProof } from '../check/merkle.ts';
import { Refusal } from '../check/rust.ts';
import type { Rust } from '../check/rust.ts';
import { Failure } from '../failure.ts';
import { DeviceRegisteredEvent, DeviceStatusSetEvent, DeviceTransferredEvent, DeviceTreeAccount, transferDevice } from '../generated/device_registry.ts';
import type { DeviceLeaf } from '../generated/device_registry.ts';
import { DEVICE_REGISTRY, INSTRUCTIONS_SYSVAR, ZERO_KEY, eventAuthority, treeAddress } from './addresses.ts';
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

/** Changes that are read at once, and the most that are read: beyond them, the next epoch's file is the shorter way. */
const STRETCH = 50;
const MOST = 500;
const KINDS = [DeviceRegisteredEvent, DeviceTransferredEvent, DeviceStatusSetEvent] as const;

const readTree = async (rpc: Rpc, address: Address): Promise<Tree> => {
    const { accounts } = await rpc.accounts([address]);
    return read(address, accounts[0], DeviceTreeAccount, REGISTRY_VERSION, true);
};

/** A place in a network's registry. */
export interface Position {
    tree: number;
    index: number;
}

/** Where a device was entered that the published files do not hold yet, as its tree told; null for one that was not. `counted` says how many
 * devices of each tree the files hold. Of several entries of one key the first counts. */
export async function enteredSince(rpc: Rpc, network: Address, counted: readonly number[], device: Address): Promise<Position | null> {
    const addresses = await Promise.all(counted.map((_, index) => treeAddress(network, index)));
    const { accounts } = await rpc.accounts(addresses);
    for (const [tree, address] of addresses.entries()) {
        const { nextIndex } = read(address, accounts[tree], DeviceTreeAccount, REGISTRY_VERSION, true);
        const index = await enteredIn(rpc, address, [counted[tree] ?? 0, nextIndex], device);
        if (index !== null) return { tree, index };
    }
    return null;
}

/** The first position, from `from` up to `to`, at which the tree told that the device was entered. */
async function enteredIn(rpc: Rpc, tree: Address, [from, to]: [number, number], device: Address): Promise<number | null> {
    const trail = new Trail(rpc, [DeviceRegisteredEvent], [tree]);
    const told = new Map<number, Address>();
    for (let looked = 0; told.size < to - from && looked < MOST; looked += STRETCH) {
        const entries = await trail.next(STRETCH);
        if (entries.length === 0) break;
        for (const { value } of entries.flatMap(({ events }) => events)) {
            if (value.index >= from) told.set(value.index, getAddressDecoder().decode(value.leaf.device));
        }
    }
    const places = [...told].filter(([, key]) => key === device).map(([index]) => index);
    return places.length > 0 ? Math.min(...places) : null;
}

/** The published devices with what the chain told since: as few changes as it takes until the device is proven as it is now. An account
 * remembers its last 64 changes, so a file of before them is as good as one of now, unless this very device changed. */
export async function caughtUp(rpc: Rpc, rust: Rust, placed: Placed): Promise<Placed> {
    const leaves: (DeviceLeaf | undefined)[] = [...placed.leaves];
    const changed = new Set<number>();
    const trail = new Trail(rpc, KINDS, [placed.tree]);
    for (let looked = 0; ; ) {
        const tree = await readTree(rpc, placed.tree);
        // Newest first: a device that was entered later may be there before one that was entered earlier.
        const here = leaves.filter((leaf) => leaf !== undefined);
        const now = { ...placed, leaves: here };
        const fault = here.length === leaves.length && placed.index < here.length ? faultOf(rust, tree, now) : 'Stale';
        if (fault === null) return now;
        if (fault !== 'Stale' && fault !== 'LeafChanged') throw refusalNamed('device-registry', fault);
        const entries = looked < MOST ? await trail.next(STRETCH) : [];
        if (entries.length === 0) {
            throw new Failure('devices-stale', { tree: `${tree.index}`, devices: `${placed.leaves.length}`, onChain: `${tree.nextIndex}`, changes: `${tree.sequence}` });
        }
        looked += entries.length;
        for (const { value } of entries.flatMap(({ events }) => events)) {
            if (changed.has(value.index)) continue;
            changed.add(value.index);
            while (leaves.length < value.index) leaves.push(undefined);
            leaves[value.index] = value.leaf;
        }
    }
}

/** Why the device is not proven; null when it is. */
function faultOf(rust: Rust, tree: Tree, placed: Placed): string | null {
    try {
        deviceProof(rust, tree, placed.index, preimagesOf(tree.address, placed.leaves));
        return null;
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return error.name;
    }
}

/** Plans the transfer; the owner signs and pays. Throws what would refuse it. */
export async function planTransfer(rpc: Rpc, rust: Rust, placed: Placed, network: Address, [owner, to]: [Address, Address], consent: Uint8Array): Promise<Instruction[]> {
    const leaf = leafOf(placed);
    mayTransfer(leaf, owner, to);
    const message = await transferMessage(placed, network, to);
    const agreed = await consented(leaf.device, message, consent);
    const tree = await readTree(rpc, placed.tree);
    const fault = faultOf(rust, tree, placed);
    // It was proven when the device was asked: since then it changed, or very much else did.
    if (fault !== null) throw refusalNamed('device-registry', fault === 'Stale' ? 'ProofStale' : fault);
    // The program's own code took it on a copy of the tree's account.
    const { sequence, proof } = deviceProof(rust, tree, placed.index, preimagesOf(tree.address, placed.leaves));
    const transfer = transferDevice(
        { owner, newOwner: to, tree: tree.address, instructions: INSTRUCTIONS_SYSVAR, eventAuthority: await eventAuthority(DEVICE_REGISTRY) },
        { leaf, index: placed.index, proofSequence: sequence, proof },
    );
    return [agreed, transfer];
}

/** Whether the chain told that the device is its new owner's now. */
export async function isTransferred(rpc: Rpc, tree: Address, device: Uint8Array, to: Address): Promise<boolean> {
    const key = getAddressDecoder();
    // Others may have changed the tree since.
    const newest = await new Trail(rpc, [DeviceTransferredEvent], [tree]).next(8);
    const told = newest.flatMap(({ events }) => events).find(({ value }) => key.decode(value.leaf.device) === key.decode(device));
    return told !== undefined && key.decode(told.value.leaf.owner) === to;
}
