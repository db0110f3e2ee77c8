// Why a proof was or was not paid, in the epoch's own words: its ruleset.toml holds a sentence for each reason, with the numbers in
// it. The same text as `cairn why` prints.

import { parse } from 'smol-toml';
import { Failure } from '../failure.ts';

/** A partner's stream, as the ruleset registers it. */
export interface Stream {
    id: number;
    unit: string;
    partner: string;
    dailyCeiling: bigint;
    rateMilliPoints: bigint;
    /** Who else measures the same, and the thousandths of good hours that must have been measured there. */
    secondSource: string;
    secondSourcePermille: number;
    permille: number;
}

/** A carrier's task: who says that it was done, and what that grants. */
export interface Task {
    id: number;
    name: string;
    carrier: string;
    /** Of one completion, and at most of all of an epoch. */
    credits: bigint;
    creditsPerEpoch: bigint;
}

/** A key whose word the network takes for something. */
export interface Party {
    name: string;
    key: string;
}

/** A part of an epoch's emission. */
export interface Pot {
    id: number;
    name: string;
    permille: number;
    floorMilliPoints: bigint;
    byStream: boolean;
}

/** What an app reads of a ruleset. */
export interface Rulebook {
    version: number;
    kinds: string[];
    /** Sentences by reason. */
    reasons: Record<string, string>;
    /** Every number of `[rules.table]`, as `table_number`. */
    numbers: [string, bigint][];
    models: { class: number; model: number; name: string }[];
    pots: Pot[];
    streams: Stream[];
    tasks: Task[];
    /** Who says who was invited by whom. */
    attestors: Party[];
    /** Who together make good what went wrong, and who vouch for what users found; with keys of Ed25519. */
    operators: Party[];
    tokensPerEpoch: bigint;
}

type Table = Record<string, unknown>;

const party = (row: Table): Party => ({ name: String(row['name']), key: String(row['key']) });

/** Reads `ruleset.toml`. */
export function parseRulebook(text: string): Rulebook {
    try {
        const document = parse(text, { integersAsBigInt: true }) as Table;
        const tables = (name: string): Table[] => (document[name] as Table[] | undefined) ?? [];
        const rules = document['rules'] as Record<string, Record<string, bigint>>;
        const numbers = Object.entries(rules).flatMap(([table, found]) =>
            Object.entries(found).map(([name, value]): [string, bigint] => [`${table}_${name}`, value]),
        );
        const emission = document['emission'] as { tokens_per_epoch: string };
        return {
            version: Number(document['version']),
            kinds: document['kinds'] as string[],
            reasons: document['reasons'] as Record<string, string>,
            numbers: [...numbers, ['anchor_age_max_ms', (document['envelope'] as Record<string, bigint>)['anchor_age_max_ms'] ?? 0n]],
            models: tables('model').map((row) => ({ class: Number(row['class']), model: Number(row['model']), name: String(row['name']) })),
            pots: tables('pot').map((row) => ({
                id: Number(row['id']),
                name: String(row['name']),
                permille: Number(row['permille']),
                floorMilliPoints: row['floor_milli_points'] as bigint,
                byStream: row['by_stream'] === true,
            })),
            streams: tables('stream').map((row) => ({
                id: Number(row['id']),
                unit: String(row['unit']),
                partner: String(row['partner']),
                dailyCeiling: row['daily_ceiling'] as bigint,
                rateMilliPoints: row['rate_milli_points'] as bigint,
                secondSource: String(row['second_source']),
                secondSourcePermille: Number(row['second_source_permille']),
                permille: Number(row['pot_permille']),
            })),
            tasks: tables('task').map((row) => ({
                id: Number(row['id']),
                name: String(row['name']),
                carrier: String(row['carrier']),
                credits: BigInt(String(row['credits'])),
                creditsPerEpoch: BigInt(String(row['credits_per_epoch'])),
            })),
            attestors: tables('attestor').map(party),
            operators: tables('operator').filter((row) => Number(row['key_kind'] ?? 0) === 0).map(party),
            tokensPerEpoch: BigInt(emission.tokens_per_epoch),
        };
    } catch (error) {
        throw new Failure('file-damaged', { file: 'ruleset.toml' }, String(error), error);
    }
}

/** What the ruleset says about a reason, with its numbers filled in; `fallback` where it says nothing, `unknown` where a number is not
 * known. */
export function explain(rulebook: Rulebook, reason: string, found: bigint | null, bound: bigint | null, fallback: string, unknown = 'unknown'): string {
    const sentence = rulebook.reasons[reason] ?? fallback;
    let text =
        found !== null && bound !== null
            ? sentence.replaceAll('[[', '').replaceAll(']]', '').replaceAll('{found}', `${found}`).replaceAll('{bound}', `${bound}`)
            : sentence
                  .replace(/\[\[.*?\]\]/gs, '')
                  .replaceAll('{found}', unknown)
                  .replaceAll('{bound}', unknown);
    // Longest names first: $cell_rank must not be found inside $cell_rank_1.
    for (const [name, value] of [...rulebook.numbers].sort(([a], [b]) => b.length - a.length)) {
        text = text.replaceAll(`$${name}`, `${value}`);
    }
    return text;
}
