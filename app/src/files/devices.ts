// Devices as the registry had them when an epoch froze it: as people look at them, and as the leaves that the registry's program hashes.

import type { Address } from '@solana/kit';
import { Failure } from '../failure.ts';
import type { DeviceLeaf } from '../generated/device_registry.ts';
import type { Manifest } from './manifest.ts';
import type { Mirrors } from './source.ts';
import { key, rows } from './table.ts';

const FILE = 'inputs/devices.parquet';

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
    const table = await rows(mirrors, manifest, FILE, columns);
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

/** The leaves of one tree by index, field by field, as the registry's program hashes them. Throws where a position is missing: a tree's
 * hash needs every device. */
export async function readLeaves(mirrors: Mirrors, manifest: Manifest, tree: number): Promise<DeviceLeaf[]> {
    const here = (await rows(mirrors, manifest, FILE)).filter((row) => Number(row['tree']) === tree);
    here.forEach((row, index) => {
        if (Number(row['leaf_index']) !== index) throw new Failure('devices-gap', { file: FILE, tree: `${tree}`, index: `${index}` });
    });
    return here.map((row) => ({
        device: row['key']!,
        owner: row['owner']!,
        issuer: row['issuer']!,
        hardware: row['hardware']!,
        location: row['location']!,
        sequence: BigInt(row['sequence']!),
        model: Number(row['model']),
        reason: Number(row['reason']),
        country: row['country']!,
        class: Number(row['class']),
        locationKind: Number(row['location_kind']),
        status: Number(row['status']),
    }));
}
