import assert from 'node:assert/strict';
import { test } from 'node:test';
import { degreesE7, placeE7 } from '../../src/words/device.ts';

test('degrees are read exactly, as the command line reads them', () => {
    assert.equal(degreesE7('40.7128', 90), 407_128_000);
    assert.equal(degreesE7('-74.006', 180), -740_060_000);
    assert.equal(degreesE7('+0.00000019', 90), 1);
    assert.equal(degreesE7('-0', 90), 0);
    assert.equal(degreesE7('90', 90), 900_000_000);
    for (const none of ['', '.5', '5.', '1e2', '90.0000001', '40,5', '٤٠']) assert.equal(degreesE7(none, 90), null, none);
});

test('a place is two of them, latitude first', () => {
    assert.deepEqual(placeE7(' 40.7128, -74.006 '), { latE7: 407_128_000, lonE7: -740_060_000 });
    assert.deepEqual(placeE7('40;-74'), { latE7: 400_000_000, lonE7: -740_000_000 });
    for (const none of ['', '40.7', '91, 0', '0, 181', '1, 2, 3']) assert.equal(placeE7(none), null, none);
});
