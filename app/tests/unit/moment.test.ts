import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largest, utc } from '../../src/words/moment.ts';

test('moments are written in UTC, whatever zone the machine is in', () => {
    assert.equal(utc(1_357_603_200n), '2013-01-08 00:00:00 UTC');
    assert.equal(utc(0n), '1970-01-01 00:00:00 UTC');
    assert.equal(utc(9_223_372_036_854_775_807n), 'unix time 9223372036854775807');
});

test('a span is told in its two largest units', () => {
    const told = (secs: bigint): string => largest(secs).map(([count, unit]) => `${count} ${unit}`).join(' ');
    assert.equal(told(0n), '0 second');
    assert.equal(told(7n * 86_400n), '7 day');
    assert.equal(told(2n * 86_400n + 3n * 3_600n + 59n), '2 day 3 hour');
    assert.equal(told(270n), '4 minute 30 second');
});
