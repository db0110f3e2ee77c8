import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRoute, sectionOf } from '../../src/router.ts';

const KEY = '34uMfjRJ9tbdjwVWq22PEkUZ7LzvspsapkKGV81QMhrE';

test('an address leads to its page, and anything else nowhere', () => {
    const pages: Record<string, string> = {
        '': 'network',
        '#/': 'network',
        '#/map': 'map',
        '#/epoch/3': 'epoch',
        [`#/you/${KEY}`]: 'you',
        '#/you': 'you',
        [`#/claim/${KEY}`]: 'claim',
        [`#/device/${KEY}`]: 'device',
        [`#/proof/1/${'ab'.repeat(32)}`]: 'proof',
        '#/epoch/0': 'nowhere',
        '#/epoch/-1': 'nowhere',
        '#/epoch/99999999999999999999': 'nowhere',
        '#/you/notakey': 'nowhere',
        '#/claim': 'nowhere',
        '#/proof/1/xyz': 'nowhere',
        '#/%E0%A4%A': 'nowhere',
        '#/constructor': 'nowhere',
    };
    for (const [hash, page] of Object.entries(pages)) assert.equal(parseRoute(hash).page, page, hash);
    assert.equal(sectionOf(parseRoute(`#/claim/${KEY}`)), 'you');
    assert.equal(sectionOf(parseRoute('#/settings')), null);
});
