// Published files, from as many mirrors as cairn.json names. A file counts only once its SHA-256 is the one that was asked for, so a
// mirror can be slow or absent but not wrong: the next one is asked, and what was wrong with the first is remembered.

import { hex } from '../check/merkle.ts';
import { Failure } from '../failure.ts';

type Fetch = typeof fetch;

/** A file as a manifest names it. */
export interface FileEntry {
    /** Path below the epoch's folder, with slashes. */
    name: string;
    rows: number;
    /** In hex. */
    sha256: string;
    /** Bytes. */
    size: number;
}

/** `00042`. */
export const folderOf = (epoch: bigint): string => epoch.toString().padStart(5, '0');

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Paths below the folder that hold a file; what leaves the folder is no path. */
const SAFE = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

export class Mirrors {
    readonly bases: readonly string[];
    /** Bytes that were read, for people who pay for them. */
    received = 0;
    readonly #fetch: Fetch;
    /** Checked files by hash. */
    readonly #kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

    constructor(bases: readonly string[], fetching: Fetch = (...request) => fetch(...request)) {
        this.bases = bases;
        this.#fetch = fetching;
    }

    /** A file whose hash is known. */
    file(epoch: bigint, entry: FileEntry): Promise<Uint8Array<ArrayBuffer>> {
        let kept = this.#kept.get(entry.sha256);
        if (!kept) {
            kept = this.fetch(epoch, entry.name, async (bytes) => {
                if ((await sha256(bytes)) !== entry.sha256) throw new Failure('file-hash', { file: entry.name });
                return bytes;
            });
            this.#kept.set(entry.sha256, kept);
            kept.catch(() => this.#kept.delete(entry.sha256));
        }
        return kept;
    }

    /** A file that `accept` knows to check, from the first mirror whose copy it takes; null stands for the mirror's own folder. */
    async fetch<T>(epoch: bigint | null, name: string, accept: (bytes: Uint8Array<ArrayBuffer>) => Promise<T> | T): Promise<T> {
        if (!SAFE.test(name)) throw new Failure('file-damaged', { file: name });
        let worst: Failure | undefined;
        for (const base of this.bases) {
            try {
                return await accept(await this.#read(`${base}${epoch === null ? '' : `${folderOf(epoch)}/`}${name}`, name));
            } catch (error) {
                const failure = Failure.of(error);
                // A file that is there and wrong says more than one that is not there.
                if (!worst || worst.code === 'file-absent') worst = failure;
            }
        }
        throw worst ?? new Failure('config', { what: 'files' });
    }

    async #read(url: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
        let response: Response;
        try {
            response = await this.#fetch(url, { referrerPolicy: 'no-referrer', credentials: 'omit' });
        } catch (error) {
            throw new Failure('file-unreachable', { file, host: new URL(url).host }, String(error), error);
        }
        if (response.status === 404) throw new Failure('file-absent', { file });
        if (!response.ok) throw new Failure('file-unreachable', { file, host: new URL(url).host }, `HTTP ${response.status}`);
        const bytes = new Uint8Array(await response.arrayBuffer());
        this.received += bytes.length;
        return bytes;
    }
}
