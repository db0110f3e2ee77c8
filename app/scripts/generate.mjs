// Writes src/generated from what the repository says of itself: idl/*.json (accounts, instructions), idl/errors.json, idl/reasons.json (what
// refusals mean) and idl/kinds.json, with the words on each kind that docs/rules has. Nothing generated is committed: what it is made of is.
//
// The layouts are plain: little-endian numbers one behind the other, because the programs' accounts have no padding, and
// arguments whose lists start with their length as u32. So a table of fields is all that a decoder needs (src/chain/codec.ts).
// @ts-check

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

const here = dirname(fileURLToPath(import.meta.url));
const idl = join(here, '../../idl');
const out = join(here, '../src/generated');

/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(join(idl, name), 'utf8'));
/** @param {string} name */
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
/** @param {string} name */
const pascal = (name) => camel(`_${name}`);
/** @param {string[] | undefined} docs @param {string} indent */
const comment = (docs, indent = '') =>
    docs?.length ? `${indent}/** ${docs.join(' ').replace(/\s+/g, ' ').replaceAll('*/', '* /').trim()} */\n` : '';

/** A type of the interface as TypeScript and as a codec. @param {any} type @returns {{ ts: string, codec: string }} */
function shape(type) {
    if (typeof type === 'string') {
        if (type === 'pubkey') return { ts: 'Address', codec: 'c.pubkey' };
        if (type === 'bool') return { ts: 'boolean', codec: 'c.bool' };
        if (['u8', 'u16', 'u32'].includes(type)) return { ts: 'number', codec: `c.${type}` };
        if (['u64', 'i64'].includes(type)) return { ts: 'bigint', codec: `c.${type}` };
    } else if (type.array) {
        const [of, length] = type.array;
        if (of === 'u8') return { ts: 'Uint8Array', codec: `c.bytes(${length})` };
        const inner = shape(of);
        return { ts: `${inner.ts}[]`, codec: `c.array(${inner.codec}, ${length})` };
    } else if (type.vec) {
        if (type.vec === 'u8') return { ts: 'Uint8Array', codec: 'c.byteList' };
        const inner = shape(type.vec);
        return { ts: `${inner.ts}[]`, codec: `c.list(${inner.codec})` };
    } else if (type.option) {
        const inner = shape(type.option);
        return { ts: `${inner.ts} | null`, codec: `c.option(${inner.codec})` };
    } else if (type.defined) {
        return { ts: type.defined.name, codec: codecName(type.defined.name) };
    }
    throw new Error(`the interface holds a type that this generator does not know: ${JSON.stringify(type)}`);
}

/** @param {string} name */
const codecName = (name) => `${name[0]?.toLowerCase()}${name.slice(1)}Codec`;

/** Types that stand in others come first. @param {any[]} types */
function inOrder(types) {
    const byName = new Map(types.map((type) => [type.name, type]));
    /** @type {any[]} */ const sorted = [];
    const seen = new Set();
    /** @param {any} type */
    const visit = (type) => {
        if (seen.has(type.name)) return;
        seen.add(type.name);
        for (const match of JSON.stringify(type.type).matchAll(/"defined":\{"name":"(\w+)"/g)) visit(byName.get(match[1]));
        sorted.push(type);
    };
    types.forEach(visit);
    return sorted;
}

/** @param {any} type */
function structure(type) {
    if (type.type.kind !== 'struct') throw new Error(`${type.name} is no struct`);
    const fields = type.type.fields ?? [];
    const members = fields.map((/** @type {any} */ field) => `${comment(field.docs, '    ')}    ${camel(field.name)}: ${shape(field.type).ts};`);
    const codecs = fields.map((/** @type {any} */ field) => `['${camel(field.name)}', ${shape(field.type).codec}]`);
    return (
        `${comment(type.docs)}export interface ${type.name} {\n${members.join('\n')}\n}\n` +
        `export const ${codecName(type.name)}: Codec<${type.name}> = /* @__PURE__ */ c.struct([${codecs.join(', ')}]);\n`
    );
}

/** @param {any} instruction */
function instruction(instruction) {
    const name = camel(instruction.name);
    const filled = new Set(['program', 'system_program']);
    const asked = instruction.accounts.filter((/** @type {any} */ account) => !filled.has(account.name));
    const members = asked.map((/** @type {any} */ account) => `    ${camel(account.name)}: Address${account.optional ? ' | null' : ''};`);
    const metas = instruction.accounts.map((/** @type {any} */ account) => {
        const role = (account.signer ? 2 : 0) + (account.writable ? 1 : 0);
        if (account.name === 'program') return '        [PROGRAM, 0],';
        if (account.name === 'system_program') return '        [SYSTEM_PROGRAM, 0],';
        return `        [a.${camel(account.name)}, ${role}],`;
    });
    const argument = instruction.args[0];
    if (instruction.args.length > 1) throw new Error(`${name} takes more than one argument`);
    const type = argument && shape(argument.type);
    return (
        `${comment(instruction.docs)}export interface ${pascal(instruction.name)}Accounts {\n${members.join('\n')}\n}\n` +
        `export const ${name} = (a: ${pascal(instruction.name)}Accounts${type ? `, args: ${type.ts}` : ''}): Instruction =>\n` +
        `    c.instruction(PROGRAM, [${instruction.discriminator}], [\n${metas.join('\n')}\n    ]${type ? `, ${type.codec}, args` : ''});\n`
    );
}

/** @param {string} name */
function program(name) {
    const description = read(`${name}.json`);
    const types = inOrder(description.types);
    const accounts = description.accounts.map(
        (/** @type {any} */ account) =>
            `export const ${account.name}Account = /* @__PURE__ */ c.account('${account.name}', PROGRAM, [${account.discriminator}], ${codecName(account.name)});\n`,
    );
    const events = description.events.map(
        (/** @type {any} */ event) => `export const ${event.name}Event = /* @__PURE__ */ c.event('${event.name}', PROGRAM, [${event.discriminator}], ${codecName(event.name)});\n`,
    );
    return (
        `// Made by scripts/generate.mjs from idl/${name}.json.\n` +
        `import type { Address } from '@solana/kit';\n` +
        `import * as c from '../chain/codec.ts';\nimport type { Codec, Instruction } from '../chain/codec.ts';\n\n` +
        `export const PROGRAM = '${description.address}' as Address;\n` +
        `const SYSTEM_PROGRAM = '11111111111111111111111111111111' as Address;\n\n` +
        [...types.map(structure), ...accounts, ...events, ...description.instructions.map(instruction)].join('\n')
    );
}

mkdirSync(out, { recursive: true });
for (const name of ['airdrop', 'device_registry', 'reward_vault']) {
    writeFileSync(join(out, `${name}.ts`), program(name));
}
for (const name of ['errors', 'reasons']) {
    const table = JSON.stringify(read(`${name}.json`));
    writeFileSync(join(out, `${name}.ts`), `// Made by scripts/generate.mjs from idl/${name}.json.\nexport default ${table} as const;\n`);
}

/** What docs/rules is made of, by version of the rules: words on each kind, and the files of SQL that decide about it alone.
 * @param {string} version */
function words(version) {
    const cases = join(here, '../../rules/cases', version);
    const files = readdirSync(cases).filter((name) => name.endsWith('.toml'));
    return Object.fromEntries(
        files.map((name) => {
            const { kind, about, pays } = /** @type {Record<string, string>} */ (parse(readFileSync(join(cases, name), 'utf8')));
            // Which rules are a kind's own follows from what each reads; the page of it says what came of that.
            const page = readFileSync(join(here, `../../docs/rules/${kind}.md`), 'utf8');
            const rules = [...page.matchAll(/^### \[(\w+)\.sql\]/gm)].map((match) => match[1]);
            const running = (/** @type {string | undefined} */ text) => (text ?? '').trim().replace(/\s+/g, ' ');
            return [kind, { about: running(about), pays: running(pays), rules }];
        }),
    );
}

const versions = readdirSync(join(here, '../../rules/cases'));
const kinds = JSON.stringify({ kinds: read('kinds.json'), words: Object.fromEntries(versions.map((version) => [version, words(version)])) });
writeFileSync(join(out, 'kinds.ts'), `// Made by scripts/generate.mjs from idl/kinds.json, rules/cases and docs/rules.\nexport default ${kinds} as const;\n`);
