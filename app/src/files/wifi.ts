// wifi.json beside the epochs: access points with the name that people see, and their terms. Neither registry nor proofs know such things,
// so each line is a statement that somebody signed; whose word counts says src/check/wifi.ts. `cairn wifi offer` writes it.

import type { Address } from '@solana/kit';
import { isAddress } from '@solana/kit';
import { unhex } from '../check/merkle.ts';
import { Failure } from '../failure.ts';
import type { Mirrors } from './source.ts';

const FILE = 'wifi.json';
const FORMAT = 'cairn/wifi/1';

export const ACCESS = ['open', 'password', 'portal', 'passpoint'] as const;
export type Access = (typeof ACCESS)[number];

/** One access point, as somebody says it is. */
export interface Offer {
    /** A device of the registry, or the H3 cell of resolution 9 of a point that stands in none. */
    at: { device: Address } | { cell: bigint };
    /** The network's name: 1 to 32 bytes. */
    ssid: string;
    access: Access;
    /** For people; may be empty. */
    terms: string;
    /** Unix seconds. */
    signed: bigint;
    until: bigint;
    by: Address;
    signature: Uint8Array;
}

const SSID_BYTES = 32;
const TERMS_LENGTH = 280;
const YEAR_SECS = 366n * 86_400n;
// A line break would be another line of what is signed, and marks of direction would turn what is shown around.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What is signed: lines that people can read. */
export function offerMessage(network: Address, { at, ssid, access, terms, signed, until }: Offer): Uint8Array {
    const place = 'device' in at ? `device ${at.device}` : `cell ${at.cell.toString(16)}`;
    const lines = [FORMAT, `network ${network}`, place, `ssid ${ssid}`, `access ${access}`, `terms ${terms}`, `signed ${signed}`, `until ${until}`];
    return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
}

/** The statements of the first mirror that has some about this network; none where no mirror has the file. */
export async function readOffers(mirrors: Mirrors, network: Address): Promise<Offer[]> {
    try {
        return await mirrors.fetch(null, FILE, (bytes) => parseOffers(new TextDecoder().decode(bytes), network));
    } catch (error) {
        const failure = Failure.of(error);
        if (failure.code === 'file-absent') return [];
        throw failure;
    }
}

type Json = Record<string, unknown>;

export function parseOffers(text: string, network: Address): Offer[] {
    try {
        const found = JSON.parse(text) as Json;
        if (found['format'] !== FORMAT) throw new Error(`format ${String(found['format'])}`);
        if (found['network'] !== network) throw new Error(`network ${String(found['network'])}`);
        return (found['points'] as Json[]).map(offerOf);
    } catch (error) {
        throw new Failure('file-damaged', { file: FILE }, String(error), error);
    }
}

function offerOf(row: Json): Offer {
    const text = (name: string): string => {
        const value = row[name];
        if (typeof value !== 'string' || UNSEEN.test(value)) throw new Error(`${name} of a point`);
        return value;
    };
    const address = (name: string): Address => {
        const value = text(name);
        if (!isAddress(value)) throw new Error(`${name} ${value}`);
        return value;
    };
    const seconds = (name: string): bigint => {
        const value = row[name];
        if (!Number.isSafeInteger(value)) throw new Error(`${name} ${String(value)}`);
        return BigInt(value as number);
    };
    const cell = 'cell' in row ? text('cell') : null;
    if (cell !== null && !/^89[0-9a-f]{13}$/.test(cell)) throw new Error(`cell ${cell}`);
    const access = ACCESS.find((one) => one === row['access']);
    const signature = unhex(text('signature'));
    const [ssid, terms, signed, until] = [text('ssid'), text('terms'), seconds('signed'), seconds('until')];
    const length = new TextEncoder().encode(ssid).length;
    if (!access || signature?.length !== 64 || length === 0 || length > SSID_BYTES || [...terms].length > TERMS_LENGTH) throw new Error('a point that is none');
    if (until <= signed || until - signed > YEAR_SECS) throw new Error(`until ${until}`);
    return { at: cell === null ? { device: address('device') } : { cell: BigInt(`0x${cell}`) }, ssid, access, terms, signed, until, by: address('by'), signature };
}
