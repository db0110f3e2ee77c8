import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AccountKind } from '../../src/chain/codec.ts';
import * as airdrop from '../../src/generated/airdrop.ts';
import * as registry from '../../src/generated/device_registry.ts';
import * as vault from '../../src/generated/reward_vault.ts';

const snapshot = readFileSync(join(import.meta.dirname, '../../../crates/cairn-interface/tests/snapshots/records__account_layouts.snap'), 'utf8');

interface Layout {
    name: string;
    size: number;
    fields: [name: string, at: number, size: number][];
}

/** What the programs say of their own types: `Name (n bytes …)`, then a line for each field. */
function layouts(): Layout[] {
    const found: Layout[] = [];
    for (const line of snapshot.split('\n')) {
        const head = /^(\w+) \((\d+) bytes/.exec(line);
        const field = /^ +(\d+) +(\d+)  (\w+)$/.exec(line);
        if (head) found.push({ name: head[1]!, size: Number(head[2]), fields: [] });
        if (field) found.at(-1)?.fields.push([field[3]!, Number(field[1]), Number(field[2])]);
    }
    return found;
}

const kinds = [vault, registry, airdrop].flatMap((program) => Object.entries(program)).filter(([name]) => name.endsWith('Account')).map(([, kind]) => kind as AccountKind<unknown>);
const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

test('every account is read where the programs keep it, to the byte', () => {
    let checked = 0;
    for (const { name, size, fields } of layouts()) {
        const kind = kinds.find((one) => one.name === name);
        // Parts of accounts and what the programs keep for themselves stand in no interface description.
        if (!kind) continue;
        assert.equal(kind.codec.size, size, name);
        let at = kind.discriminator.length;
        for (const [index, [field, place, length]] of fields.entries()) {
            assert.deepEqual([kind.codec.parts?.[index], at], [[camel(field), length], place], `${name}.${field}`);
            at += length;
            checked += 1;
        }
    }
    assert.ok(checked > 200, `${checked} fields`);
    assert.ok(kinds.length > 10, `${kinds.length} kinds`);
});

test('an account’s first bytes are those of its name', () => {
    for (const kind of kinds) {
        const hash = createHash('sha256').update(`account:${kind.name}`).digest();
        assert.deepEqual([...hash.subarray(0, 8)], [...kind.discriminator], kind.name);
    }
});
