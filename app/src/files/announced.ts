// announced/HASH beside the epochs: rules that are proposed or announced, with what they would have changed of past epochs, as `cairn rules
// backtest --publish` writes them. The rules count once their hash is the one that was asked for. The report is somebody's word: what of it can
// be held against manifests on chain, src/check/backtest.ts holds.

import type { Address } from '@solana/kit';
import { Failure } from '../failure.ts';
import type { Manifest } from './manifest.ts';
import { textOf } from './manifest.ts';
import { sha256 } from './source.ts';
import type { Mirrors } from './source.ts';

const FORMAT = 'cairn/backtest/1';

/** Something as it was, and as it would have been. */
export interface Sides<T> {
    before: T;
    after: T;
}

/** An epoch under both. Milli-points and base units. */
export interface EpochSides {
    epoch: bigint;
    received: number;
    accepted: Sides<number>;
    points: Sides<bigint>;
    tokens: Sides<bigint>;
    correction: boolean;
}

export interface KindSides {
    /** Null for bytes that are no proof. */
    kind: string | null;
    accepted: Sides<number>;
    points: Sides<bigint>;
    credits: Sides<bigint>;
}

export interface OwnerSides {
    owner: Address;
    points: Sides<bigint>;
    tokens: Sides<bigint>;
}

/** What proposed rules would have changed. */
export interface Backtest {
    pool: string;
    hash: string;
    owners: { total: number; winners: number; losers: number; same: number };
    epochs: EpochSides[];
    kinds: KindSides[];
    reasons: { kind: string | null; before: string; after: string; proofs: number }[];
    countries: { group: string | null; points: Sides<bigint> }[];
    deciles: { decile: number; owners: number; tokens: Sides<bigint>; winners: number; losers: number }[];
    mostAffected: OwnerSides[];
    /** What was believed instead of computed, in sentences. */
    trust: string[];
}

/** Rules as they are written: the document, and SQL by name in the order it runs. */
export interface WrittenRules {
    document: string;
    rules: { name: string; text: string }[];
}

export interface Announced {
    report: Backtest;
    rules: WrittenRules;
}

/** The hash that a pool names rules by (`cairn-rules`: `Ruleset::hash`). */
export async function hashOf({ document, rules }: WrittenRules): Promise<string> {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    const parts = [bytes('cairn/ruleset/1')];
    for (const [name, text] of [['ruleset.toml', document], ...rules.map((rule) => [rule.name, rule.text])] as [string, string][]) {
        for (const part of [bytes(name), bytes(text)]) {
            const length = new DataView(new ArrayBuffer(8));
            length.setBigUint64(0, BigInt(part.length), true);
            parts.push(new Uint8Array(length.buffer), part);
        }
    }
    return sha256(new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()));
}

/** An epoch's rules as its manifest names them. */
export async function rulesOf(mirrors: Mirrors, manifest: Manifest): Promise<WrittenRules> {
    const names = manifest.inputs.map(({ name }) => name).filter((name) => name.startsWith('inputs/rules/'));
    const rules = names.map(async (name) => ({ name: name.slice('inputs/rules/'.length).replace(/\.sql$/, ''), text: await textOf(mirrors, manifest, name) }));
    return { document: await textOf(mirrors, manifest, 'inputs/ruleset.toml'), rules: await Promise.all(rules) };
}

/** The rules with this hash and their report, from the first mirror that has both; null where none has. */
export async function readAnnounced(mirrors: Mirrors, hash: string): Promise<Announced | null> {
    const text = (name: string): Promise<string> => mirrors.fetch(null, `announced/${hash}/${name}`, (bytes) => new TextDecoder().decode(bytes));
    try {
        const { names, report } = parseBacktest(await text('backtest.json'));
        const rules = await Promise.all(names.map(async (name) => ({ name, text: await text(`rules/${name}.sql`) })));
        const written = { document: await text('ruleset.toml'), rules };
        if (report.hash !== hash || (await hashOf(written)) !== hash) throw new Failure('file-hash', { file: `announced/${hash}` });
        return { report, rules: written };
    } catch (error) {
        const failure = Failure.of(error);
        if (failure.code === 'file-absent') return null;
        throw failure;
    }
}

type Json = Record<string, unknown>;

export function parseBacktest(text: string): { names: string[]; report: Backtest } {
    try {
        const found = JSON.parse(text) as Json;
        if (found['format'] !== FORMAT) throw new Error(`format ${String(found['format'])}`);
        const list = (name: string): Json[] => found[name] as Json[];
        const sides = <T>(of: unknown, read: (one: unknown) => T): Sides<T> => ({ before: read((of as Sides<unknown>).before), after: read((of as Sides<unknown>).after) });
        const base = (of: unknown): bigint => BigInt((of as { amount: string }).amount);
        const count = (of: unknown): number => {
            if (!Number.isSafeInteger(of)) throw new Error(`${String(of)} is no count`);
            return of as number;
        };
        const credits = (of: unknown): bigint => BigInt(of as string | number);
        const owners = found['owners'] as Json;
        const named = (of: unknown): string | null => (of === null ? null : String(of));
        return {
            names: (found['rule_files'] as unknown[]).map(String),
            report: {
                pool: String(found['pool']),
                hash: String(found['ruleset_hash']),
                owners: { total: count(owners['total']), winners: count(owners['winners']), losers: count(owners['losers']), same: count(owners['same']) },
                epochs: list('epochs').map((row) => ({
                    epoch: BigInt(count(row['epoch'])),
                    received: count(row['received']),
                    accepted: sides(row['accepted'], count),
                    points: sides(row['points'], base),
                    tokens: sides(row['tokens'], base),
                    correction: row['correction'] === true,
                })),
                kinds: list('kinds').map((row) => ({ kind: named(row['kind']), accepted: sides(row['accepted'], count), points: sides(row['points'], base), credits: sides(row['credits'], credits) })),
                reasons: list('reasons').map((row) => ({ kind: named(row['kind']), before: String(row['before']), after: String(row['after']), proofs: count(row['proofs']) })),
                countries: list('countries').map((row) => ({ group: named(row['group']), points: sides(row['points'], base) })),
                deciles: list('deciles').map((row) => ({
                    decile: count(row['decile']),
                    owners: count(row['owners']),
                    tokens: sides(row['tokens'], base),
                    winners: count(row['winners']),
                    losers: count(row['losers']),
                })),
                mostAffected: list('most_affected').map((row) => ({ owner: String(row['owner']) as Address, points: sides(row['points'], base), tokens: sides(row['tokens'], base) })),
                trust: (found['trust'] as unknown[]).map(String),
            },
        };
    } catch (error) {
        throw new Failure('file-damaged', { file: 'backtest.json' }, String(error), error);
    }
}
