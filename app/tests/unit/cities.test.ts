import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCities, parseCities } from '../../src/words/cities.ts';

const cities = parseCities(readFileSync(join(import.meta.dirname, '../../src/places/cities.tsv'), 'utf8'));
const found = (text: string, language = 'en'): string[] => findCities(cities, text, language).map(({ name, country }) => `${name} ${country}`);

test('every row is a city somewhere on Earth, and no country is left without one', () => {
    assert.equal(cities.length, 418);
    assert.ok(cities.every(({ lat, lon, country }) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && /^[A-Z]{2}$/.test(country)));
    const york = cities.find(({ name }) => name === 'New York') ?? assert.fail();
    assert.ok(Math.abs(york.lat - 40.7142) < 0.001 && Math.abs(york.lon + 74.0064) < 0.001);
});

test('a city is found however it is typed, and a country by its name in either language', () => {
    assert.deepEqual(found('new york'), ['New York US']);
    assert.deepEqual(found('NEW-YORK'), ['New York US']);
    assert.deepEqual(found('Taiwan'), ['Taipei TW']);
    assert.deepEqual(found('台灣', 'zh-Hant'), ['Taipei TW']);
    assert.deepEqual(found('مصر', 'ar'), ['Cairo EG']);
    assert.equal(found('Germany')[0], 'Berlin DE');
    assert.ok(found('united states').length > 5);
    assert.deepEqual(found('Atlantis'), []);
    assert.deepEqual(found('x'), []);
});
