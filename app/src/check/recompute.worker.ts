// Runs wasm/cairn-auditor over an epoch's published files, away from the page: loads them, checks each against the manifest that the chain
// vouches for, and passes on what the module says. Everything stays in memory and is gone with the worker.

import { ConsoleStdout, Directory, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import type { Inode } from '@bjorn3/browser_wasi_shim';
import { Failure } from '../failure.ts';
import { parseManifest } from '../files/manifest.ts';
import { Mirrors, sha256 } from '../files/source.ts';
import { readClaimFiles } from '../files/table.ts';
import type { Finding, Said, Task, Vouched } from './recompute.ts';

/** Files that are asked for at once. */
const AT_ONCE = 6;

type Bytes = Uint8Array<ArrayBuffer>;
type Folder = Map<string, Inode>;

/** A line of the module. */
type Line = { says: 'step'; step: string; total: number } | { says: 'done'; rows: number } | ({ says: 'found' } & Finding) | { says: 'failed'; message: string };

const say = (said: Said): void => self.postMessage(said);

self.onmessage = ({ data }: MessageEvent<Task>): void => {
    run(data).catch((error: unknown) => {
        const { code, facts, said } = Failure.of(error);
        say({ at: 'failed', code, facts, said });
    });
};

async function run(task: Task): Promise<void> {
    const start = performance.now();
    // Nothing of it is worth keeping: it is as large as it is, and read once.
    const mirrors = new Mirrors(task.mirrors, (url, options) => fetch(url, { ...options, cache: 'no-store' }));
    const [module, epoch, previous] = await Promise.all([compiled(task.module), folderOf(mirrors, task.epoch), task.previous ? manifestOf(mirrors, task.previous) : null]);
    say({ at: 'starting' });
    const before: Folder = new Map(previous ? [['manifest.json', new File(previous)]] : []);
    const finding = carryOut(module, [new PreopenDirectory('/epoch', epoch), new PreopenDirectory('/previous', before), new PreopenDirectory('/scratch', new Map())]);
    say({ at: 'found', finding, millis: Math.round(performance.now() - start) });
}

/** The module, packed so that every host sends it small. */
async function compiled({ url, sha256: wanted }: Task['module']): Promise<WebAssembly.Module> {
    const file = 'cairn_auditor.wasm.gz';
    const response = await fetch(url).catch((error: unknown) => {
        throw new Failure('file-unreachable', { file, host: new URL(url).host }, String(error), error);
    });
    if (!response.ok) throw new Failure('file-absent', { file });
    const bytes = new Uint8Array(await response.arrayBuffer());
    // Some hosts say what .gz means, and the browser then unpacks it by itself.
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = packed ? await unpacked(bytes) : bytes;
    if ((await sha256(plain)) !== wanted) throw new Failure('file-damaged', { file });
    return WebAssembly.compile(plain);
}

const unpacked = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());

/** A manifest whose hash is the chain's. */
const manifestOf = (mirrors: Mirrors, { epoch, manifest }: Vouched): Promise<Bytes> =>
    mirrors.fetch(epoch, 'manifest.json', async (bytes) => {
        if ((await sha256(bytes)) !== manifest) throw new Failure('file-hash', { file: 'manifest.json' });
        return bytes;
    });

/** Everything that the manifest and its list of claim files name, each file with the hash that it has there, in folders. */
async function folderOf(mirrors: Mirrors, vouched: Vouched): Promise<Folder> {
    const bytes = await manifestOf(mirrors, vouched);
    const manifest = parseManifest(new TextDecoder().decode(bytes), vouched.manifest);
    const root: Folder = new Map([['manifest.json', new File(bytes)]]);
    const waiting = [...(await readClaimFiles(mirrors, manifest)), ...manifest.inputs, ...manifest.outputs];
    const worker = async (): Promise<void> => {
        for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
            put(root, entry.name.split('/'), await mirrors.file(vouched.epoch, entry));
            say({ at: 'fetching', bytes: mirrors.received });
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return root;
}

function put(folder: Folder, [name, ...rest]: string[], bytes: Bytes): void {
    if (name === undefined) return;
    if (rest.length === 0) {
        folder.set(name, new File(bytes));
        return;
    }
    let below = folder.get(name);
    if (!(below instanceof Directory)) folder.set(name, (below = new Directory(new Map())));
    put((below as Directory).contents, rest, bytes);
}

/** Starts the module; it returns when it is over. */
function carryOut(module: WebAssembly.Module, folders: PreopenDirectory[]): Finding {
    let found: Finding | undefined;
    let total = { step: '', total: 0 };
    const words: string[] = [];
    const heard = (text: string): void => {
        const line = JSON.parse(text) as Line;
        if (line.says === 'found') found = line;
        else if (line.says === 'failed') words.push(line.message);
        else {
            if (line.says === 'step') total = line;
            say({ at: 'step', step: total.step, total: total.total, rows: line.says === 'done' ? line.rows : 0 });
        }
    };
    const streams = [new OpenFile(new File([])), ConsoleStdout.lineBuffered(heard), ConsoleStdout.lineBuffered((text) => words.push(text))];
    const host = new WASI([], [], [...streams, ...folders], { debug: false });
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.wasiImport });
    try {
        host.start(instance as unknown as Parameters<WASI['start']>[0]);
    } catch (error) {
        words.push(String(error));
    }
    if (!found) throw new Failure('recompute-failed', {}, words.join('\n'));
    return found;
}
