// "Recompute this epoch here": the keepers' own code over the published files, in a worker of its own. What it loads, and what it says.

import type { Epoch, Record } from '../chain/epoch.ts';
import { Failure } from '../failure.ts';
import type { Manifest } from '../files/manifest.ts';
import type { FailureCode } from '../i18n/en.ts';
import auditor from '../generated/auditor.ts';
import { hex } from './merkle.ts';

/** An epoch's files as the chain vouches for them. */
export interface Vouched {
    epoch: bigint;
    /** SHA-256 of its manifest, in hex. */
    manifest: string;
}

/** What the worker needs to know; nothing of it is taken from the files themselves. */
export interface Task {
    /** Folders that hold epochs, as whole addresses. */
    mirrors: string[];
    module: { url: string; sha256: string };
    epoch: Vouched;
    /** Null for the first, and for one whose account is not listed. */
    previous: Vouched | null;
}

/** What the module found out: `wasm/cairn-auditor/src/line.rs`. */
export type Finding =
    | { finding: 'equal'; manifest: string; accepted: number; rejected: number; files: number; follows: boolean }
    | { finding: 'differs'; file: string; row: number | null; field: string; expected: string; found: string }
    | { finding: 'breaks'; file: string; message: string };

/** How far it is. */
export type Progress = { at: 'fetching'; bytes: number } | { at: 'starting' } | { at: 'step'; step: string; rows: number; total: number };

/** From the worker. */
export type Said = Progress | { at: 'found'; finding: Finding; millis: number } | { at: 'failed'; code: FailureCode; facts: { [name: string]: string }; said: string };

export interface Outcome {
    finding: Finding;
    /** How long it took, files included. */
    millis: number;
}

/** Bytes of the module and of all files. */
export const weightOf = (manifest: Manifest): number => [...manifest.inputs, ...manifest.outputs].reduce<number>((sum, { size }) => sum + size, auditor.bytes + manifest.claims.size);

/** What to recompute an epoch takes: where its files are, and the hashes that the chain vouches for. */
export function taskOf(mirrors: readonly string[], epoch: Epoch, records: readonly Record[]): Task {
    const here = (url: string): string => new URL(url, document.baseURI).href;
    const before = records.find((record) => record.epoch.number === epoch.number - 1n);
    return {
        mirrors: mirrors.map(here),
        module: { url: here('cairn_auditor.wasm.gz'), sha256: auditor.sha256 },
        epoch: { epoch: epoch.number, manifest: hex(epoch.manifestHash) },
        previous: before ? { epoch: before.epoch.number, manifest: hex(before.epoch.manifestHash) } : null,
    };
}

/** Recomputes the epoch. `heard` is told how far it is; `stop` ends the worker with all that it loaded. */
export function recompute(task: Task, heard: (progress: Progress) => void): { outcome: Promise<Outcome>; stop: () => void } {
    const worker = new Worker(new URL('./recompute.worker.ts', import.meta.url), { type: 'module' });
    const outcome = new Promise<Outcome>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<Said>): void => {
            if (data.at === 'found') resolve({ finding: data.finding, millis: data.millis });
            else if (data.at === 'failed') reject(new Failure(data.code, data.facts, data.said));
            else heard(data);
        };
        worker.onerror = (event): void => reject(new Failure('recompute-failed', {}, event.message));
        worker.postMessage(task);
    });
    const stop = (): void => worker.terminate();
    outcome.then(stop, stop);
    return { outcome, stop };
}
