// Rules as they are written: their hash is the chain's, kinds have words, and two rulesets are told apart.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { differing } from '../../src/check/backtest.ts';
import { Failure } from '../../src/failure.ts';
import { hashOf, parseBacktest, readAnnounced } from '../../src/files/announced.ts';
import type { WrittenRules } from '../../src/files/announced.ts';
import { Mirrors } from '../../src/files/source.ts';
import { changesOf } from '../../src/words/changes.ts';
import { aboutRule, kindName, namedIn, signersOf, wordsOf } from '../../src/words/kind.ts';

const repository = join(import.meta.dirname, '../../..');
const folder = join(repository, 'rules/1');

const serving = (files: (name: string) => string | null): Mirrors =>
    new Mirrors(['https://a.example/'], ((url: string) => {
        const found = files(url.replace('https://a.example/', ''));
        return Promise.resolve(found === null ? new Response('gone', { status: 404 }) : new Response(found));
    }) as unknown as typeof fetch);

/** The rules that ship. */
const rules: WrittenRules = {
    document: readFileSync(join(folder, 'ruleset.toml'), 'utf8'),
    rules: readdirSync(folder)
        .filter((name) => name.endsWith('.sql'))
        .sort()
        .map((name) => ({ name: name.slice(0, -'.sql'.length), text: readFileSync(join(folder, name), 'utf8') })),
};

test('a ruleset’s hash covers every name and text with its length', async () => {
    const parts: (string | Buffer)[] = ['cairn/ruleset/1'];
    for (const [name, text] of [['ruleset.toml', rules.document], ...rules.rules.map((rule) => [rule.name, rule.text])] as [string, string][]) {
        for (const part of [name, text]) {
            const length = Buffer.alloc(8);
            length.writeBigUInt64LE(BigInt(Buffer.byteLength(part)));
            parts.push(length, part);
        }
    }
    const hash = createHash('sha256');
    parts.forEach((part) => hash.update(part));
    assert.equal(await hashOf(rules), hash.digest('hex'));
});

const amount = (base: bigint): object => ({ amount: `${base}`, decimals: 0, uiAmountString: `${base}` });
const both = (value: unknown): object => ({ before: value, after: value });

test('announced rules count once their hash is the one that was asked for, and the report’s before once it is the chain’s', async () => {
    const hash = await hashOf(rules);
    const report = (points: bigint): string =>
        JSON.stringify({
            format: 'cairn/backtest/1',
            rule_files: rules.rules.map(({ name }) => name),
            pool: '11111111111111111111111111111111',
            ruleset_hash: hash,
            owners: { total: 3, winners: 1, losers: 2, same: 0 },
            epochs: [{ epoch: 1, received: 9, accepted: both(7), points: both(amount(points)), tokens: both(amount(points)), as_published: true, correction: false }],
            kinds: [],
            reasons: [],
            countries: [{ group: null, points: both(amount(1n)) }],
            deciles: [],
            most_affected: [],
            trust: ['Nothing.'],
        });
    const publish = (text: string, document = rules.document): Mirrors =>
        serving((name) => {
            const path = name.replace(`announced/${hash}/`, '');
            if (path === 'backtest.json') return text;
            if (path === 'ruleset.toml') return document;
            const rule = rules.rules.find((one) => `rules/${one.name}.sql` === path);
            return rule?.text ?? null;
        });
    const found = (await readAnnounced(publish(report(4n)), hash)) ?? assert.fail('not found');
    assert.deepEqual([found.report.owners.losers, found.rules.rules.length], [2, rules.rules.length]);
    const manifest = { epoch: { number: 1n }, accepted: 7, received: 9, totals: { tokensEpoch: 4n } } as unknown as Parameters<typeof differing>[1][number];
    assert.deepEqual(differing(found.report, [manifest]), []);
    const other = parseBacktest(report(3n)).report;
    assert.deepEqual([differing(other, [manifest]), differing(other, [])], [[1n], []]);
    const code = (wanted: string) => (error: unknown): boolean => error instanceof Failure && error.code === wanted;
    await assert.rejects(readAnnounced(publish(report(1n), `${rules.document}#`), hash), code('file-hash'));
    await assert.rejects(readAnnounced(publish('{}'), hash), code('file-damaged'));
    assert.equal(await readAnnounced(serving(() => null), hash), null);
});

test('two rulesets differ in values by where they stand, and in files', () => {
    const [first, ...rest] = rules.rules;
    const after: WrittenRules = {
        document: rules.document.replace('far_m = 400', 'far_m = 350').replace(/(name = "hotspot"\npermille = )400/, '$1300'),
        rules: [{ name: first!.name, text: `${first!.text}\n` }, ...rest.slice(1), { name: '99_more', text: 'SELECT 1' }],
    };
    const { values, files } = changesOf(rules, after);
    assert.deepEqual(values, [
        { name: 'rules.beat.far_m', before: '400', after: '350' },
        { name: 'pot.hotspot.permille', before: '400', after: '300' },
    ]);
    assert.deepEqual(files.map(({ what }) => what), ['changed', 'removed', 'added']);
    assert.deepEqual(changesOf(rules, rules), { values: [], files: [] });
});

test('every kind has words, signers, and rules of its own that ship, with numbers and reasons', () => {
    for (let code = 1; code <= 10; code += 1) {
        const name = kindName(code) ?? assert.fail(`${code}`);
        const words = wordsOf(1, name) ?? assert.fail(name);
        assert.ok(words.about.length > 40 && words.pays.length > 20 && words.rules.length > 0 && signersOf(name).length > 0, name);
        const texts = words.rules.map((rule) => readFileSync(join(folder, `${rule}.sql`), 'utf8'));
        for (const text of texts) assert.ok(aboutRule(text).length > 20);
        const { reasons, numbers } = namedIn(texts);
        assert.ok(reasons.length > 0 && !reasons.includes('OK') && numbers.every((number) => !number.startsWith('reason_')), name);
    }
    assert.deepEqual([kindName(99), kindName(null), wordsOf(9, 'adjust')], [null, null, null]);
});
