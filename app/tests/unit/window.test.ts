import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPaused } from '../../src/chain/pause.ts';
import { activatableAt, windowOverAt } from '../../src/chain/window.ts';

const WEEK = 604_800n;
const running = { pausedAt: 0n, pausedUntil: 0n, pausedTotal: 0n };
const proposed = { proposedAt: 1_000n, challengeWindowSecs: 101n, completeAt: 0n, pausedBefore: 0n, pausedBeforeComplete: 0n };

// The cases of the program's own tests (state/window.rs, state/pool/pause.rs).
test('the last word leaves half a window', () => {
    for (const [completeAt, at] of [[1_000n, 1_101n], [1_050n, 1_101n], [1_101n, 1_152n]] as const) {
        assert.equal(activatableAt({ ...proposed, completeAt }, running), at);
    }
    assert.equal(activatableAt(proposed, running), 1_101n, 'the earliest there can be');
});

test('a pause moves both ends, and what came before a moment does not move it', () => {
    const complete = { ...proposed, completeAt: 1_101n };
    const paused = { pausedAt: 1_010n, pausedUntil: 1_010n + WEEK, pausedTotal: 0n };
    assert.equal(windowOverAt(complete, paused), 1_101n + WEEK);
    const over = { ...paused, pausedUntil: 1_030n };
    assert.equal(windowOverAt(complete, over), 1_121n);
    assert.equal(activatableAt({ ...complete, pausedBeforeComplete: 20n }, over), 1_152n);
    assert.equal(activatableAt(complete, over), 1_172n);
});

test('a pause ends by itself', () => {
    const paused = { pausedAt: 1_000n, pausedUntil: 1_000n + WEEK, pausedTotal: 0n };
    assert.ok(isPaused(paused, 1_000n) && isPaused(paused, 999n + WEEK));
    assert.ok(!isPaused(paused, 1_000n + WEEK) && !isPaused(running, 5n));
});
