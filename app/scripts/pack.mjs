// Packs the auditor, whose path is the argument, for the app: public/cairn_auditor.wasm.gz, because not every host packs what it sends; and
// src/generated/auditor.ts, by which the page says beforehand how much it loads, and knows the module once it is there.
// @ts-check

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const app = join(dirname(fileURLToPath(import.meta.url)), '..');
const [path] = process.argv.slice(2);
if (!path) throw new Error('name the module: node scripts/pack.mjs MODULE');

const module = readFileSync(path);
const packed = gzipSync(module, { level: 9 });
writeFileSync(join(app, 'public/cairn_auditor.wasm.gz'), packed);
const sha256 = createHash('sha256').update(module).digest('hex');
writeFileSync(
    join(app, 'src/generated/auditor.ts'),
    `// Made by scripts/pack.mjs.

/** Bytes that are loaded, and the SHA-256 of the unpacked module. */
export default { bytes: ${packed.length}, sha256: '${sha256}' } as const;
`,
);
