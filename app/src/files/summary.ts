// outputs/summary.json: an epoch in numbers that fit on a page, so that nobody loads the registry's table to learn how many devices there are.

import { Failure } from '../failure.ts';
import { textOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Mirrors } from './source.ts';

export interface Summary {
    devices: {
        total: number;
        active: number;
        banned: number;
        /** Wallets that own one. */
        owners: number;
        /** First hour, since 1970, of the epoch whose registry held them first; the oldest first. */
        byAge: { sinceHour: bigint; devices: number }[];
        /** Empty for what tells none. */
        byCountry: { country: string; devices: number }[];
        /** The most frequent, the most first. */
        byModel: { class: number; model: number; devices: number }[];
        /** Devices of models beyond those. */
        otherModels: number;
    };
    members: { total: number; new: number; paid: number; waiting: number; unlinked: number; inArrears: number };
    /** By kind and reason; the kind is null for bytes that are no proof. */
    proofs: { kind: string | null; reason: string; count: number; milliPoints: bigint }[];
}

const FILE = 'outputs/summary.json';
const FORMAT = 'cairn/summary/2';

/** The summary that the manifest names. */
export async function readSummary(mirrors: Mirrors, manifest: Manifest): Promise<Summary> {
    return parseSummary(await textOf(mirrors, manifest, FILE));
}

type Json = Record<string, never>;

export function parseSummary(text: string): Summary {
    try {
        const found = JSON.parse(text) as Record<string, unknown>;
        if (found['format'] !== FORMAT) throw new Error(`format ${String(found['format'])}`);
        const [devices, members] = [found['devices'], found['members']] as [Json, Json];
        const list = (of: unknown): Json[] => of as Json[];
        const count = (of: Json, name: string): number => {
            const value: unknown = of[name];
            if (!Number.isSafeInteger(value)) throw new Error(`${name} is ${String(value)}`);
            return value as number;
        };
        return {
            devices: {
                total: count(devices, 'total'),
                active: count(devices, 'active'),
                banned: count(devices, 'banned'),
                owners: count(devices, 'owners'),
                byAge: list(devices['by_age']).map((row) => ({ sinceHour: BigInt(count(row, 'since_hour')), devices: count(row, 'devices') })),
                byCountry: list(devices['by_country']).map((row) => ({ country: row['country']!, devices: count(row, 'devices') })),
                byModel: list(devices['by_model']).map((row) => ({ class: count(row, 'class'), model: count(row, 'model'), devices: count(row, 'devices') })),
                otherModels: count(devices, 'other_models'),
            },
            members: {
                total: count(members, 'total'),
                new: count(members, 'new'),
                paid: count(members, 'paid'),
                waiting: count(members, 'waiting'),
                unlinked: count(members, 'unlinked'),
                inArrears: count(members, 'in_arrears'),
            },
            proofs: list(found['proofs']).map((row) => ({ kind: row['kind'] ?? null, reason: row['reason']!, count: count(row, 'count'), milliPoints: BigInt(row['milli_points']!) })),
        };
    } catch (error) {
        throw new Failure('file-damaged', { file: FILE }, String(error), error);
    }
}
