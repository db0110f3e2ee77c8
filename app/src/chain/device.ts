// Devices that enter a network's registry: where the next one stands, what it must sign, and the instructions that enter it.

import { getAddressDecoder, getAddressEncoder, isAddress } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';
import { DeviceTreeAccount, IssuerAccount, registerDevice } from '../generated/device_registry.ts';
import type { DeviceLeaf, DeviceTree } from '../generated/device_registry.ts';
import { Failure } from '../failure.ts';
import { sha256 } from '../files/source.ts';
import { unhex } from '../check/merkle.ts';
import { isSigned } from '../check/signature.ts';
import { DEVICE_REGISTRY, ED25519_PROGRAM, INSTRUCTIONS_SYSVAR, SECP256R1_PROGRAM, eventAuthority, issuerAddress, treeAddress } from './addresses.ts';
import { read } from './account.ts';
import type { Read } from './account.ts';
import { leafHash } from './leaves.ts';
import type { Registry } from './registry.ts';
import type { Rpc } from './rpc.ts';
import { REGISTRY_VERSION } from './versions.ts';

export type Tree = Read<DeviceTree>;

/** `REGISTRATION_*`. */
const CLOSED = 0;
const ENDORSED = 1;
/** `TREE_READY`. */
const READY = 3;
const STATUS_ACTIVE = 1;
/** `LOCATION_*`. */
const KINDS = { none: 0, cell: 1, commitment: 2, place: 3 } as const;
const ROLE_MANUFACTURER = 1;
/** `KEY_ED25519`; the other kinds are the first byte of a compressed P-256 point. */
const ED25519 = 0;

/** Where a device stands: a place in degrees × 10^7, an H3 cell of resolution 9, or a salted commitment of 32 bytes. */
export type Location = { kind: 'place'; latE7: number; lonE7: number } | { kind: 'cell'; cell: bigint } | { kind: 'commitment'; hash: Uint8Array };

/** Who made a device: a key that the network trusts to endorse it. */
export interface Maker {
    /** As commands take it. */
    text: string;
    kind: number;
    key: Uint8Array;
    /** Its account in the network. */
    issuer: Address;
}

/** What is entered. The owner signs the transaction, the device its consent, and its maker, where one is named, an endorsement. */
export interface Entry {
    owner: Address;
    device: Address;
    maker: Maker | null;
    class: number;
    model: number;
    /** Two capital letters; empty when it is not told. */
    country: string;
    location: Location | null;
    /** Commitment to the hardware's fingerprint: 32 bytes. */
    hardware: Uint8Array | null;
}

/** A maker's key as people write it: an address, or a compressed P-256 point of 66 hexadecimal digits. Null when it is neither. */
export async function parseMaker(text: string, network: Address): Promise<Maker | null> {
    const point = unhex(text.toLowerCase());
    const kind = isAddress(text) ? ED25519 : point?.length === 33 && (point[0] === 2 || point[0] === 3) ? point[0] : null;
    if (kind === null) return null;
    const key = isAddress(text) ? Uint8Array.from(getAddressEncoder().encode(text)) : point!.slice(1);
    return { text, kind, key, issuer: await issuerAddress(network, key) };
}

/** Throws unless the network lets this device in: it takes any, or its maker is one that it trusts. */
async function mayEnter(rpc: Rpc, network: Registry, maker: Maker | null): Promise<void> {
    if (network.registration === CLOSED) throw new Failure('registration-closed');
    if (!maker) {
        if (network.registration === ENDORSED) throw new Failure('registration-endorsed');
        return;
    }
    const { accounts } = await rpc.accounts([maker.issuer]);
    const issuer = accounts[0] ? read(maker.issuer, accounts[0], IssuerAccount, REGISTRY_VERSION) : null;
    if (!issuer || issuer.active === 0 || (issuer.roles & ROLE_MANUFACTURER) === 0) throw new Failure('maker-unknown', { maker: maker.text });
}

/** The tree that takes the next device: the first that is ready and has room. Throws what would refuse it. */
export async function readOpenTree(rpc: Rpc, network: Registry, maker: Maker | null): Promise<Tree> {
    await mayEnter(rpc, network, maker);
    const addresses = await Promise.all(Array.from({ length: network.trees }, (_, index) => treeAddress(network.address, index)));
    const { accounts } = await rpc.accounts(addresses);
    const trees = addresses.map((address, at) => read(address, accounts[at], DeviceTreeAccount, REGISTRY_VERSION, true));
    const open = trees.find(({ state, nextIndex, depth }) => state === READY && nextIndex < 2 ** depth);
    if (!open) throw new Failure('registry-full');
    return open;
}

/** How many devices the tree has now: one more once a registration landed. */
export async function readNextIndex(rpc: Rpc, tree: Address): Promise<number> {
    const { accounts } = await rpc.accounts([tree]);
    return read(tree, accounts[0], DeviceTreeAccount, REGISTRY_VERSION, true).nextIndex;
}

export function joined(...parts: readonly (ArrayLike<number> | string)[]): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : Array.from(part))));
}

function number(value: bigint | number, length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, at) => Number((BigInt(value) >> BigInt(8 * at)) & 0xffn));
}

export const hashed = async (...parts: readonly (ArrayLike<number> | string)[]): Promise<Uint8Array> => unhex(await sha256(joined(...parts)))!;

/** Where a device stands, as its leaf says it: 32 bytes. */
function locationOf(location: Location | null): Uint8Array {
    switch (location?.kind) {
        case 'place':
            return joined(number(BigInt.asUintN(32, BigInt(location.latE7)), 4), number(BigInt.asUintN(32, BigInt(location.lonE7)), 4), new Uint8Array(24));
        case 'cell':
            return joined(number(location.cell, 8), new Uint8Array(24));
        case 'commitment':
            return location.hash;
        default:
            return new Uint8Array(32);
    }
}

const countryOf = (country: string): Uint8Array => (country === '' ? new Uint8Array(2) : joined(country));

/** The leaf that a registration writes. */
function leafOf(entry: Entry): DeviceLeaf {
    const key = getAddressEncoder();
    return {
        device: Uint8Array.from(key.encode(entry.device)),
        owner: Uint8Array.from(key.encode(entry.owner)),
        issuer: entry.maker ? Uint8Array.from(key.encode(entry.maker.issuer)) : new Uint8Array(32),
        hardware: entry.hardware ?? new Uint8Array(32),
        location: locationOf(entry.location),
        sequence: 0n,
        model: entry.model,
        reason: 0,
        country: countryOf(entry.country),
        class: entry.class,
        locationKind: KINDS[entry.location?.kind ?? 'none'],
        status: STATUS_ACTIVE,
    };
}

/** What the device must sign to be entered for this owner at this place of the tree: `consent.rs` of the registry's program. */
export async function consentMessage(entry: Entry, network: Address, tree: Tree): Promise<Uint8Array> {
    const key = getAddressEncoder();
    const leaf = await leafHash(tree.address, tree.nextIndex, leafOf(entry));
    return joined('cairn/register/1', await hashed(key.encode(entry.owner), key.encode(network), number(tree.nextIndex, 8), leaf));
}

/** What the maker must sign for a device: its birth certificate, which names neither owner nor place. */
export async function endorsementMessage({ device, hardware, model, class: kind, maker }: Entry, network: Address): Promise<Uint8Array | null> {
    if (!maker) return null;
    const key = getAddressEncoder();
    return joined('cairn/endorsed/1', await hashed(key.encode(network), key.encode(maker.issuer), key.encode(device), hardware ?? new Uint8Array(32), number(model, 4), [kind]));
}

/** Whether it may have: a browser that knows no such keys leaves it to the chain. */
const maySign = async (raw: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> => (await isSigned(raw, message, signature)) !== false;

const HEADER_LEN = 16;
const SELF = 0xffff;

/** Has the runtime verify a signature, in the one layout that the program reads: key, signature, message. */
function verified(kind: number, key: ArrayLike<number>, signature: Uint8Array, message: Uint8Array): Instruction {
    const point = kind === ED25519 ? joined(key) : joined([kind], key);
    const signatureAt = HEADER_LEN + point.length;
    const offsets = [signatureAt, SELF, HEADER_LEN, SELF, signatureAt + 64, message.length, SELF];
    return {
        programAddress: kind === ED25519 ? ED25519_PROGRAM : SECP256R1_PROGRAM,
        accounts: [],
        data: joined([1, 0], ...offsets.map((offset) => number(offset, 2)), point, signature, message),
    };
}

/** Has the runtime verify that a device signed a message. Throws when it did not. */
export async function consented(device: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<Instruction> {
    if (!(await maySign(device, message, signature))) throw new Failure('consent-wrong', { device: getAddressDecoder().decode(device) });
    return verified(ED25519, device, signature, message);
}

/** Who agreed to an entry, 64 bytes each. */
export interface Signatures {
    consent: Uint8Array;
    /** Of the maker, where the entry names one. */
    endorsement: Uint8Array | null;
}

/** Plans the registration. The owner signs and pays. Throws what would refuse it. */
export async function planRegister(entry: Entry, network: Registry, tree: Tree, { consent, endorsement }: Signatures): Promise<Instruction[]> {
    const { device, hardware, location, country, locationKind } = leafOf(entry);
    const [message, certificate] = await Promise.all([consentMessage(entry, network.address, tree), endorsementMessage(entry, network.address)]);
    const agreed = await consented(device, message, consent);
    const { maker } = entry;
    const steps: Instruction[] = [];
    if (maker && certificate) {
        const signature = endorsement ?? new Uint8Array(64);
        // Of the other curve the runtime alone says whether it holds.
        if (maker.kind === ED25519 && !(await maySign(maker.key, certificate, signature))) throw new Failure('consent-wrong', { device: maker.text });
        steps.push(verified(maker.kind, maker.key, signature, certificate));
    }
    const register = registerDevice(
        {
            owner: entry.owner,
            network: network.address,
            tree: tree.address,
            issuer: maker && maker.issuer,
            instructions: INSTRUCTIONS_SYSVAR,
            eventAuthority: await eventAuthority(DEVICE_REGISTRY),
        },
        {
            device,
            hardware,
            location,
            nonce: BigInt(tree.nextIndex),
            model: entry.model,
            country,
            class: entry.class,
            locationKind,
        },
    );
    return [...steps, agreed, register];
}
