// Tables of an epoch. Each is read whole and held against its hash: a part of a file proves nothing.

import { parquetReadObjects } from 'hyparquet';
import { getAddressDecoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { hex } from '../check/merkle.ts';
import { Failure } from '../failure.ts';
import { claimFile, claimFileCount } from './claims.ts';
import { entryOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { FileEntry, Mirrors } from './source.ts';

type Row = Record<string, never>;

/** All columns unless some are named. */
async function rows(mirrors: Mirrors, manifest: Manifest, name: string, columns?: string[]): Promise<Row[]> {
    const bytes = await mirrors.file(manifest.epoch.number, entryOf(manifest, name));
    try {
        return (await parquetReadObjects({ file: bytes.buffer, utf8: false, ...(columns && { columns }) })) as Row[];
    } catch (error) {
        throw new Failure('file-damaged', { file: name }, String(error), error);
    }
}

/** What the manifest's list says of each claim file, by number. */
export async function readClaimFiles(mirrors: Mirrors, manifest: Manifest): Promise<FileEntry[]> {
    const file = 'outputs/claims.parquet';
    const { leafCount } = manifest.tree;
    const table = await rows(mirrors, manifest, file);
    if (table.length !== claimFileCount(leafCount)) throw new Failure('file-damaged', { file });
    return table.map((row, number) => ({ name: claimFile(leafCount, number), rows: Number(row['claims']), sha256: hex(row['sha256']!), size: Number(row['size']) }));
}

const key = (bytes: Uint8Array): Address => getAddressDecoder().decode(bytes);
const big = (value: bigint | number | null | undefined): bigint | null => (value === null || value === undefined ? null : BigInt(value));

/** A member's row of an epoch's leaves. */
export interface Member {
    index: number;
    owner: Address;
    tokens: bigint;
    /** Milli-points. */
    points: bigint;
    credits: bigint;
}

/** All members with their cumulative amounts, by index. */
export async function readMembers(mirrors: Mirrors, manifest: Manifest): Promise<Member[]> {
    const table = await rows(mirrors, manifest, 'outputs/leaves.parquet');
    return table.map((row) => ({
        index: Number(row['index']),
        owner: key(row['owner']!),
        tokens: BigInt(row['tokens']!),
        points: BigInt(row['milli_points']!),
        credits: BigInt(row['credits']!),
    }));
}

/** A device as the registry had it when the epoch's inputs were frozen. */
export interface Device {
    key: Address;
    tree: number;
    leafIndex: number;
    owner: Address;
    class: number;
    model: number;
    /** Zeros for none. */
    issuer: Address;
    /** ISO 3166-1 alpha-2, empty when not told. */
    country: string;
    /** 1 active, 2 banned. */
    status: number;
    reason: number;
    /** Degrees × 10^7, when the place was told. */
    place: { latE7: number; lonE7: number } | null;
    /** H3 cell, when only that was told. */
    cell: bigint | null;
    sequence: bigint;
    /** Whether the device signed that it belongs here; an imported one did not. */
    consented: boolean;
}

const LOCATION_CELL = 1;
const LOCATION_PLACE = 3;

export async function readDevices(mirrors: Mirrors, manifest: Manifest): Promise<Device[]> {
    const columns = ['key', 'tree', 'leaf_index', 'owner', 'class', 'model', 'issuer', 'country', 'status', 'reason', 'location_kind', 'location', 'sequence', 'consented'];
    const table = await rows(mirrors, manifest, 'inputs/devices.parquet', columns);
    return table.map((row) => {
        const location: Uint8Array = row['location']!;
        const view = new DataView(location.buffer, location.byteOffset, location.byteLength);
        const kind = Number(row['location_kind']);
        const country: Uint8Array = row['country']!;
        return {
            key: key(row['key']!),
            tree: Number(row['tree']),
            leafIndex: Number(row['leaf_index']),
            owner: key(row['owner']!),
            class: Number(row['class']),
            model: Number(row['model']),
            issuer: key(row['issuer']!),
            country: country[0] === 0 ? '' : String.fromCharCode(...country),
            status: Number(row['status']),
            reason: Number(row['reason']),
            place: kind === LOCATION_PLACE ? { latE7: view.getInt32(0, true), lonE7: view.getInt32(4, true) } : null,
            cell: kind === LOCATION_CELL ? view.getBigUint64(0, true) : null,
            sequence: BigInt(row['sequence']!),
            consented: Number(row['consented']) === 1,
        };
    });
}

/** Since when the registry shows the leaf at a position. */
export interface Seen {
    tree: number;
    leafIndex: number;
    /** First hour, since 1970, of the first epoch whose registry held it. */
    sinceHour: bigint;
}

export async function readSeen(mirrors: Mirrors, manifest: Manifest): Promise<Seen[]> {
    const table = await rows(mirrors, manifest, 'outputs/state/leaves.parquet', ['tree', 'leaf_index', 'since_hour']);
    return table.map((row) => ({ tree: Number(row['tree']), leafIndex: Number(row['leaf_index']), sinceHour: BigInt(row['since_hour']!) }));
}

/** What became of one proof, and the numbers that led there. */
export interface Decision {
    /** In hex. */
    proofId: string;
    kind: number | null;
    reason: number;
    milliPoints: bigint;
    beneficiary: Address | null;
    /** The ruleset's pot that pays; 0 when the proof did not get that far. */
    pot: number;
    stream: number;
    found: bigint | null;
    bound: bigint | null;
    base: bigint | null;
    share: bigint | null;
    whole: bigint | null;
    /** Place in the order of receipts. */
    ordinal: number;
}

/** Bytes that must be fetched before anything can be said about single proofs. */
export const decisionsSize = (manifest: Manifest): number => entryOf(manifest, 'outputs/decisions.parquet').size;

/** The decisions that `about` takes, in the order of receipts. It sees the beneficiary's bytes and the proof's: to spell all keys
 * of a week would take longer than to read it. */
export async function readDecisions(
    mirrors: Mirrors,
    manifest: Manifest,
    about: (beneficiary: Uint8Array | null, proofId: Uint8Array) => boolean,
): Promise<Decision[]> {
    const table = await rows(mirrors, manifest, 'outputs/decisions.parquet');
    return table.flatMap((row, ordinal) => {
        const beneficiary = (row['beneficiary'] ?? null) as Uint8Array | null;
        if (!about(beneficiary, row['proof_id']!)) return [];
        return [
            {
                proofId: hex(row['proof_id']!),
                kind: row['kind'] === undefined || row['kind'] === null ? null : Number(row['kind']),
                reason: Number(row['reason']),
                milliPoints: BigInt(row['milli_points']!),
                beneficiary: beneficiary && key(beneficiary),
                pot: Number(row['pot']),
                stream: Number(row['stream']),
                found: big(row['found']),
                bound: big(row['bound']),
                base: big(row['base']),
                share: big(row['share']),
                whole: big(row['whole']),
                ordinal,
            },
        ];
    });
}
