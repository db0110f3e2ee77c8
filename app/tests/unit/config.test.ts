import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../src/config.ts';
import { Failure } from '../../src/failure.ts';

const network = {
    name: 'One',
    chain: 'solana:localnet',
    rpc: ['http://127.0.0.1:8899'],
    pool: '7Jhp8VvJzBhkN81q7aPuhcLDvLohFvUdnZKiwWfH4a26',
    files: ['epochs', 'https://mirror.example/e/'],
};
const text = (change: object): string => JSON.stringify({ format: 'cairn/app/1', networks: [{ ...network, ...change }] });

test('folders are relative to the file, and end in a slash', () => {
    const [one] = parseConfig(text({}), 'https://host.example/ipfs/Qm/cairn.json');
    assert.deepEqual(one?.files, ['https://host.example/ipfs/Qm/epochs/', 'https://mirror.example/e/']);
});

test('where tasks are done and appeals are heard is the operator’s to say, and may be left out', () => {
    const [bare] = parseConfig(text({}), 'https://a.example/');
    assert.deepEqual([bare?.appeals, bare?.tasks.size], [null, 0]);
    const appeals = { contact: 'mailto:appeals@net.example', terms: 'Within 30 days.', reasons: { 7: 'copied hardware' } };
    const [told] = parseConfig(text({ appeals, tasks: { 1: 'https://carrier.example/esim' } }), 'https://a.example/');
    assert.deepEqual([told?.appeals?.contact, told?.appeals?.reasons.get(7), told?.tasks.get(1)], ['mailto:appeals@net.example', 'copied hardware', 'https://carrier.example/esim']);
});

test('whatever is wrong is named', () => {
    for (const [change, what] of [
        [{ pool: 'nonsense' }, 'networks[0].pool'],
        [{ rpc: [] }, 'networks[0].rpc'],
        [{ chain: 'javascript:alert(1)' }, 'networks[0].chain'],
        [{ name: '' }, 'networks[0].name'],
        [{ files: 'epochs' }, 'networks[0].files'],
        [{ appeals: { contact: 'javascript:alert(1)' } }, 'networks[0].appeals.contact'],
        [{ appeals: { contact: 'mailto:a@b.example', reasons: { '07': 'x' } } }, 'networks[0].appeals.reasons.07'],
        [{ tasks: { 1: 'http://plain.example/' } }, 'networks[0].tasks.1'],
        [{ tasks: ['https://a.example/'] }, 'networks[0].tasks'],
    ] as const) {
        assert.throws(
            () => parseConfig(text(change), 'https://a.example/'),
            (error) => error instanceof Failure && error.code === 'config' && error.facts['what'] === what,
            what,
        );
    }
    assert.throws(() => parseConfig('{', 'https://a.example/'), Failure);
    assert.throws(() => parseConfig('{"format":"cairn/app/9","networks":[]}', 'https://a.example/'), Failure);
});
