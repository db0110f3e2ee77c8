// The leaves of one device tree, field by field, as the registry's program hashes them.

import { parquetReadObjects } from 'hyparquet';
import { Failure } from '../failure.ts';
import type { DeviceLeaf } from '../generated/device_registry.ts';
import { entryOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Mirrors } from './source.ts';

const FILE = 'inputs/devices.parquet';

/** By index. Throws where a position is missing: a tree's hash needs every device. */
export async function readLeaves(mirrors: Mirrors, manifest: Manifest, tree: number): Promise<DeviceLeaf[]> {
    const bytes = await mirrors.file(manifest.epoch.number, entryOf(manifest, FILE));
    type Row = Record<string, never>;
    let rows: Row[];
    try {
        rows = (await parquetReadObjects({ file: bytes.buffer, utf8: false })) as Row[];
    } catch (error) {
        throw new Failure('file-damaged', { file: FILE }, String(error), error);
    }
    const here = rows.filter((row) => Number(row['tree']) === tree);
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
