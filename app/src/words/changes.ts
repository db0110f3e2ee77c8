// In what two rulesets differ: values by where they stand, and files of SQL.

import { parse } from 'smol-toml';
import { Failure } from '../failure.ts';
import type { WrittenRules } from '../files/announced.ts';

/** A value that another ruleset has otherwise; null where it is absent. */
export interface Change {
    name: string;
    before: string | null;
    after: string | null;
}

export interface Changes {
    values: Change[];
    /** Names of SQL that is new, gone or another. */
    files: { name: string; what: 'added' | 'removed' | 'changed' }[];
}

export function changesOf(before: WrittenRules, after: WrittenRules): Changes {
    const [one, other] = [valuesOf(before.document), valuesOf(after.document)];
    const names = [...new Set([...one.keys(), ...other.keys()])];
    const values = names.map((name): Change => ({ name, before: one.get(name) ?? null, after: other.get(name) ?? null })).filter((change) => change.before !== change.after);
    const text = (rules: WrittenRules, name: string): string | undefined => rules.rules.find((rule) => rule.name === name)?.text;
    const files = [...new Set([...before.rules, ...after.rules].map(({ name }) => name))].sort().flatMap((name): Changes['files'] => {
        const [old, now] = [text(before, name), text(after, name)];
        if (old === now) return [];
        return [{ name, what: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed' }];
    });
    return { values, files };
}

/** Every value of a document by its place: `rules.beat.milli_points`, `pot.hotspot.permille`. */
function valuesOf(document: string): Map<string, string> {
    const found = new Map<string, string>();
    const walk = (value: unknown, place: string): void => {
        if (Array.isArray(value) && value.every((one) => typeof one === 'object')) {
            // Rows are told apart by what they are called, so that a new one moves none.
            value.forEach((row, at) => walk(row, `${place}.${titleOf(row, at)}`));
        } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)) {
            for (const [key, below] of Object.entries(value)) walk(below, place === '' ? key : `${place}.${key}`);
        } else {
            found.set(place, Array.isArray(value) ? value.join(', ') : String(value));
        }
    };
    try {
        walk(parse(document, { integersAsBigInt: true }), '');
    } catch (error) {
        throw new Failure('file-damaged', { file: 'ruleset.toml' }, String(error), error);
    }
    return found;
}

function titleOf(row: unknown, at: number): string {
    const { class: kind, model, name, id, key } = row as Record<string, unknown>;
    if (kind !== undefined && model !== undefined) return `${String(kind)}-${String(model)}`;
    return String(name ?? id ?? key ?? at);
}
