import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explain, parseRulebook } from '../../src/words/why.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../../rules/1/ruleset.toml'), 'utf8');
const terms = '\n[calendar]\nfirst_epoch = 1\n\n[emission]\ntokens_per_epoch = "1000000000000"\n';
const rulebook = parseRulebook(shipped + terms);

test('the shipped rules are read', () => {
    assert.equal(rulebook.version, 1);
    assert.equal(rulebook.tokensPerEpoch, 1_000_000_000_000n);
    assert.equal(rulebook.pots.reduce((sum, pot) => sum + pot.permille, 0), 1_000);
    assert.ok(rulebook.numbers.some(([name, value]) => name === 'beat_far_m' && value === 400n));
});

test('a sentence holds the numbers, longest names first', () => {
    assert.equal(
        explain(rulebook, 'TOO_FAR', 412n, 400n, ''),
        'The beat comes from 412 m away from the asserted place; at most 400 m are paid.',
    );
    assert.equal(
        explain(rulebook, 'STALE_ANCHOR', null, null, ''),
        'The proof must be anchored to a known block, no older than 600000 ms and no younger than the observation.',
    );
    assert.equal(
        explain(rulebook, 'LATE', 5n, 3n, ''),
        'The proof is for an earlier epoch or hour, or came too late: by 5 ms, where 3 ms are allowed.',
    );
    assert.match(explain(rulebook, 'BAD_CELL', null, null, ''), /resolution 9,/);
    assert.equal(explain(rulebook, 'REPLAY_SEQ', null, null, ''), 'The sequence number or meter reading is unknown; it must be above unknown.');
    assert.equal(explain(rulebook, 'VC_EXPIRED', null, null, 'fallback'), 'fallback');
});
