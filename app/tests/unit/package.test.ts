import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const app = join(import.meta.dirname, '../..');

test('what the app is made of is little, exact, and named with its reason', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
    const names = Object.keys(dependencies ?? {});
    assert.ok(names.length > 0 && names.length <= 12, `${names.length} packages at run time`);
    const readme = readFileSync(join(app, 'README.md'), 'utf8');
    for (const name of names) assert.match(readme, new RegExp(`^\\|.*\`${name}\`.*\\| .+ \\|$`, 'm'), name);
    for (const version of Object.values({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+$/);
});
