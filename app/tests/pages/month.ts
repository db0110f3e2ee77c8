// One month of the demonstration, kept running: a local network with its chain, published files, and the app that shows both. All
// tests share it; what one claims, another finds claimed, so each takes members of its own.

import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getBase58Decoder } from '@solana/kit';

const SEED = 2_013n;
const PATIENCE_MS = 15 * 60_000;

export interface Month {
    rpc: string;
    app: string;
    pool: string;
    /** The first keeper's data folder. */
    files: string;
    /** The secret of a key of the local network, and the file that holds it. */
    key(name: string): Uint8Array;
    keyFile(name: string): string;
    stop(): Promise<void>;
}

const needed = (name: string): string => {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set; run: cargo xtask app --pages`);
    return value;
};

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (address === null || typeof address === 'string') throw new Error('no port is free');
    return address.port;
}

/** Plays the month, or takes one that is kept running already: CAIRN_MONTH names its state folder, address and node. */
export async function month(): Promise<Month> {
    const running = process.env['CAIRN_MONTH'];
    if (running) {
        const [state, app, rpc, pool] = running.split(',') as [string, string, string, string];
        return described(state, app, rpc, pool, async () => undefined);
    }
    const state = mkdtempSync(join(tmpdir(), 'cairn-month-'));
    const port = await freePort();
    const rest = ['--keep', '--app', needed('CAIRN_APP_OUT'), '--state', join(state, 'demo'), '--port', `${port}`];
    const demo = spawn(join(needed('CAIRN_BINARIES'), 'cairn-demo'), rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = await until(demo, /The web app, with this month: (\S+)/);
    const pool = /CAIRN_POOL=(\S+)/.exec(said)?.[1];
    const app = /with this month: (\S+)/.exec(said)?.[1];
    if (!pool || !app) throw new Error(said);
    return described(join(state, 'demo'), app, `http://127.0.0.1:${port}`, pool, async () => {
        const gone = new Promise((resolve) => demo.once('exit', resolve));
        demo.kill('SIGINT');
        await gone;
        rmSync(state, { recursive: true, force: true });
    });
}

function described(state: string, app: string, rpc: string, pool: string, stop: () => Promise<void>): Month {
    const keyFile = (name: string): string => join(state, 'localnet/keys', `${name}.json`);
    const key = (name: string): Uint8Array => {
        const bytes = JSON.parse(readFileSync(keyFile(name), 'utf8')) as number[];
        return Uint8Array.from(bytes.slice(0, 32));
    };
    return { app, rpc, pool, files: join(state, 'keeper-1'), key, keyFile, stop };
}

/** All that was said until `wanted` was. */
function until(demo: ChildProcess, wanted: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
        let said = '';
        const late = setTimeout(() => reject(new Error(`the month is not over yet: ${said.slice(-500)}`)), PATIENCE_MS);
        demo.once('exit', (code) => reject(new Error(`the demonstration ended with ${code}: ${said.slice(-2_000)}`)));
        demo.stderr?.on('data', (part: Buffer) => {
            said += part.toString();
            if (!wanted.test(said)) return;
            clearTimeout(late);
            resolve(said);
        });
    });
}

/** `cairn`, answering in JSON. */
export async function cairn(month: Month, ...words: string[]): Promise<Record<string, never>> {
    const { stdout } = await promisify(execFile)(join(needed('CAIRN_BINARIES'), 'cairn'), [...words, '--output', 'json'], {
        env: { ...process.env, CAIRN_POOL: month.pool, CAIRN_FILES: month.files },
        maxBuffer: 1 << 26,
    });
    return JSON.parse(stdout) as Record<string, never>;
}

/** The secret of a party of the demonstration, as it derives them. */
export function secretOf(part: string, name: string): Uint8Array {
    const number = (value: bigint): Buffer => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigUInt64LE(value);
        return bytes;
    };
    const hash = createHash('sha256').update('cairn/demo/1').update(number(SEED));
    for (const text of [part, name]) hash.update(number(BigInt(Buffer.byteLength(text)))).update(text);
    return hash.digest();
}

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function addressOf(secret: Uint8Array): string {
    const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
    return getBase58Decoder().decode(spki.subarray(-32));
}

export interface Member {
    owner: string;
    tokens: bigint;
    secret: Uint8Array;
}

/** Members whose secrets are known, of the newest epoch: aircraft, by tail number. */
export function aircraft(month: Month, flights: string): Member[] {
    const [header = '', ...rows] = readFileSync(flights, 'utf8').split('\n');
    const at = header.replaceAll('"', '').split(',').indexOf('tailnum');
    const tails = new Set(rows.map((row) => row.split(',')[at]?.replaceAll('"', '')).filter((tail) => tail));
    const earned = claims(month);
    return [...tails].flatMap((tail) => {
        const secret = secretOf('aircraft', tail!);
        const owner = addressOf(secret);
        const tokens = earned.get(owner);
        return tokens === undefined ? [] : [{ owner, tokens, secret }];
    });
}

/** Tokens by owner, of the newest published epoch. */
export function claims(month: Month): Map<string, bigint> {
    const epochs = join(month.files, 'epochs');
    const newest = readdirSync(epochs).filter((name) => existsSync(join(epochs, name, 'manifest.json'))).sort().at(-1);
    const folder = join(epochs, newest ?? '', 'outputs/claims');
    const found = new Map<string, bigint>();
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))) {
        const shard = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { claims: Record<string, { tokens: string }> };
        for (const [owner, claim] of Object.entries(shard.claims)) found.set(owner, BigInt(claim.tokens));
    }
    return found;
}
