// Kinds of proofs: what they are called, and what docs/rules says of each in the words of the rules that ship.

import found from '../generated/kinds.ts';

/** What a kind is and pays, and which files of SQL decide about it alone. */
export interface KindWords {
    about: string;
    pays: string;
    rules: readonly string[];
}

const NAMES: ReadonlyMap<number, string> = new Map(found.kinds.map(({ code, name }) => [code, name]));

/** A kind's name as people read it: `wifi check in`. */
export const spoken = (name: string): string => name.replaceAll('_', ' ');

/** The name of a kind in rules; null for bytes that are no proof, and for one that this version does not know. */
export const kindName = (code: number | null): string | null => (code === null ? null : (NAMES.get(code) ?? null));

/** Who signs proofs of a kind; the first owns them. */
export const signersOf = (name: string): readonly string[] => found.kinds.find((kind) => kind.name === name)?.signers ?? [];

/** Null for rules of a version that did not ship, and for a kind without words. */
export function wordsOf(version: number, kind: string): KindWords | null {
    const words = (found.words as Record<string, Record<string, KindWords> | undefined>)[`${version}`];
    return words?.[kind] ?? null;
}

/** What a rule says of itself: the comment that its SQL begins with. */
export function aboutRule(sql: string): string {
    const lines = sql.split('\n');
    const end = lines.findIndex((line) => !line.startsWith('--'));
    return (end < 0 ? lines : lines.slice(0, end)).map((line) => line.slice(2).trim()).join(' ').replace(/\s+/g, ' ').trim();
}

/** Reasons and numbers that texts of SQL name, in their order. */
export function namedIn(texts: readonly string[]): { reasons: string[]; numbers: string[] } {
    const code = texts.map((text) => text.replace(/--.*$/gm, '')).join('\n');
    const names = [...new Set([...code.matchAll(/\$(\w+)/g)].map((match) => match[1]!))];
    const reasons = names.filter((name) => name.startsWith('reason_')).map((name) => name.slice('reason_'.length).toUpperCase());
    return { reasons: reasons.filter((name) => name !== 'OK'), numbers: names.filter((name) => !name.startsWith('reason_')) };
}
