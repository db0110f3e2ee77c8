// Devices that enter a network's registry: where the next one stands, what it must sign, and the instructions that enter it.

import { getAddressEncoder, isAddress } from '@solana/kit';
import type { Address, Instruction } from '@solana/kit';
import { DeviceTreeAccount, IssuerAccount, registerDevice } from '../generated/device_registry.ts';
import type { DeviceTree } from '../generated/device_registry.ts';
import { Failure } from '../failure.ts';
import { sha256 } from '../files/source.ts';
import { unhex } from '../check/merkle.ts';
import { DEVICE_REGISTRY, ED25519_PROGRAM, INSTRUCTIONS_SYSVAR, SECP256R1_PROGRAM, eventAuthority, issuerAddress, treeAddress } from './addresses.ts';
import { read } from './account.ts';
import type { Read } from './account.ts';
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
const LOCATION_NONE = 0;
const LOCATION_PLACE = 3;
const ROLE_MANUFACTURER = 1;
/** `KEY_ED25519`; the other kinds are the first byte of a compressed P-256 point. */
const ED25519 = 0;

/** Degrees × 10^7. */
export interface Place {
    latE7: number;
    lonE7: number;
}

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
    place: Place | null;
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

function joined(...parts: readonly (ArrayLike<number> | string)[]): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : Array.from(part))));
}

function number(value: bigint | number, length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, at) => Number((BigInt(value) >> BigInt(8 * at)) & 0xffn));
}

const hashed = async (...parts: readonly (ArrayLike<number> | string)[]): Promise<Uint8Array> => unhex(await sha256(joined(...parts)))!;

function locationOf(place: Place | null): Uint8Array {
    return place ? joined(number(BigInt.asUintN(32, BigInt(place.latE7)), 4), number(BigInt.asUintN(32, BigInt(place.lonE7)), 4), new Uint8Array(24)) : new Uint8Array(32);
}

const countryOf = (country: string): Uint8Array => (country === '' ? new Uint8Array(2) : joined(country));

/** What the device must sign to be entered for this owner at this place of the tree: `consent.rs` of the registry's program. */
export async function consentMessage(entry: Entry, network: Address, tree: Tree): Promise<Uint8Array> {
    const key = getAddressEncoder();
    const none = new Uint8Array(32);
    const leaf = await hashed(
        '\0cairn/device/1',
        key.encode(tree.address),
        number(tree.nextIndex, 4),
        key.encode(entry.device),
        key.encode(entry.owner),
        entry.maker ? key.encode(entry.maker.issuer) : none,
        none,
        locationOf(entry.place),
        number(0, 8),
        number(entry.model, 4),
        number(0, 2),
        countryOf(entry.country),
        [entry.class, entry.place ? LOCATION_PLACE : LOCATION_NONE, STATUS_ACTIVE],
    );
    return joined('cairn/register/1', await hashed(key.encode(entry.owner), key.encode(network), number(tree.nextIndex, 8), leaf));
}

/** What the maker must sign for a device: its birth certificate, which names neither owner nor place. */
export async function endorsementMessage({ device, model, class: kind, maker }: Entry, network: Address): Promise<Uint8Array | null> {
    if (!maker) return null;
    const key = getAddressEncoder();
    return joined('cairn/endorsed/1', await hashed(key.encode(network), key.encode(maker.issuer), key.encode(device), new Uint8Array(32), number(model, 4), [kind]));
}

/** Whether that Ed25519 key signed the message. */
async function isSigned(raw: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    try {
        const key = await crypto.subtle.importKey('raw', Uint8Array.from(raw), 'Ed25519', false, ['verify']);
        return await crypto.subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message));
    } catch (error) {
        // An older browser knows no such keys: the chain will say it.
        if (error instanceof DOMException && error.name === 'NotSupportedError') return true;
        return false;
    }
}

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

/** Who agreed to an entry, 64 bytes each. */
export interface Signatures {
    consent: Uint8Array;
    /** Of the maker, where the entry names one. */
    endorsement: Uint8Array | null;
}

/** Plans the registration. The owner signs and pays. Throws what would refuse it. */
export async function planRegister(entry: Entry, network: Registry, tree: Tree, { consent, endorsement }: Signatures): Promise<Instruction[]> {
    const device = getAddressEncoder().encode(entry.device);
    const [message, certificate] = await Promise.all([consentMessage(entry, network.address, tree), endorsementMessage(entry, network.address)]);
    if (!(await isSigned(Uint8Array.from(device), message, consent))) throw new Failure('consent-wrong', { device: entry.device });
    const { maker } = entry;
    const steps: Instruction[] = [];
    if (maker && certificate) {
        const signature = endorsement ?? new Uint8Array(64);
        // Of the other curve the runtime alone says whether it holds.
        if (maker.kind === ED25519 && !(await isSigned(maker.key, certificate, signature))) throw new Failure('consent-wrong', { device: maker.text });
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
            device: Uint8Array.from(device),
            hardware: new Uint8Array(32),
            location: locationOf(entry.place),
            nonce: BigInt(tree.nextIndex),
            model: entry.model,
            country: countryOf(entry.country),
            class: entry.class,
            locationKind: entry.place ? LOCATION_PLACE : LOCATION_NONE,
        },
    );
    return [...steps, verified(ED25519, Uint8Array.from(device), consent, message), register];
}
