import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ar from '../../src/i18n/ar.ts';
import en from '../../src/i18n/en.ts';
import zhHant from '../../src/i18n/zh-Hant.ts';

const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

test('every catalogue has every word, with the same names in it', () => {
    for (const [code, words] of Object.entries({ ar, 'zh-Hant': zhHant })) {
        assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort(), code);
        for (const [key, text] of Object.entries(en)) {
            assert.deepEqual(names(words[key as keyof typeof en]), names(text), `${code} ${key}`);
        }
    }
});

test('no source says a word of its own to people', () => {
    // Text between tags that begins with a letter is a word; names of the app and of formats are none.
    const pages = join(import.meta.dirname, '../../src');
    for (const folder of ['page', 'view']) {
        for (const file of readdirSync(join(pages, folder)).filter((name) => name.endsWith('.tsx'))) {
            const text = readFileSync(join(pages, folder, file), 'utf8');
            const found = [...text.matchAll(/>\s*([A-Z][a-z]+ [a-z][^<{}=;()]*)</g)].map((match) => match[1]);
            assert.deepEqual(found, [], file);
        }
    }
});

test('every word is said somewhere', () => {
    const folder = join(import.meta.dirname, '../../src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/^(generated|i18n\/(?!index))/.test(name));
    const said = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    // A template says all words of a group: t(`status.${…}`).
    const groups = [...said.matchAll(/`(\w+\.)\$\{/g)].map((match) => match[1]!);
    const unsaid = Object.keys(en).filter((key) => !said.includes(`'${key}'`) && !groups.some((group) => key.startsWith(group)));
    assert.deepEqual(unsaid, []);
});
