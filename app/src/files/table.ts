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

export type Row = Record<string, never>;

/** All columns unless some are named. */
export async function rows(mirrors: Mirrors, manifest: Manifest, name: string, columns?: string[]): Promise<Row[]> {
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

export const key = (bytes: Uint8Array): Address => getAddressDecoder().decode(bytes);

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
