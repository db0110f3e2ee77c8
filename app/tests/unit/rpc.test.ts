import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '@solana/kit';
import { Rpc, fromBase64, toBase64 } from '../../src/chain/rpc.ts';
import { Failure } from '../../src/failure.ts';

const KEY = '34uMfjRJ9tbdjwVWq22PEkUZ7LzvspsapkKGV81QMhrE' as Address;

/** A node for each host, answering as told; and who was asked. */
function nodes(answers: Record<string, () => Response>): { fetching: typeof fetch; asked: string[] } {
    const asked: string[] = [];
    const fetching = ((url: string) => {
        const { host } = new URL(url);
        asked.push(host);
        return Promise.resolve().then(() => answers[host]!());
    }) as unknown as typeof fetch;
    return { fetching, asked };
}

const text = (body: string, status = 200) => (): Response => new Response(body, { status });
const height = (number: number): (() => Response) => text(JSON.stringify({ jsonrpc: '2.0', id: 1, result: number }));

test('the next endpoint is asked where one fails, and is asked first from then on', async () => {
    const { fetching, asked } = nodes({ 'a.example': text('down', 503), 'b.example': height(7) });
    const rpc = new Rpc(['https://a.example', 'https://b.example'], fetching);
    assert.equal(await rpc.blockHeight(), 7n);
    assert.equal(await rpc.blockHeight(), 7n);
    assert.deepEqual(asked, ['a.example', 'b.example', 'b.example']);
});

test('a question that one node refuses is asked of no other', async () => {
    const refuses = text(JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'Invalid params' } }));
    const { fetching, asked } = nodes({ 'a.example': refuses, 'b.example': height(7) });
    const rpc = new Rpc(['https://a.example', 'https://b.example'], fetching);
    await assert.rejects(rpc.blockHeight(), (error) => error instanceof Failure && error.code === 'node-refused' && error.said === '-32602: Invalid params');
    assert.deepEqual(asked, ['a.example']);
});

test('every way of not answering has its name', async () => {
    const ways: [string, () => Response][] = [
        ['node-busy', text('', 429)],
        ['node-damaged', text('<html>', 200)],
        ['node-damaged', text('{"jsonrpc":"2.0","id":1}', 200)],
        ['node-behind', text('{"error":{"code":-32005,"message":"behind"}}')],
        [
            'node-unreachable',
            () => {
                throw new TypeError('Failed to fetch');
            },
        ],
        [
            'node-slow',
            () => {
                throw new DOMException('late', 'TimeoutError');
            },
        ],
    ];
    for (const [code, answer] of ways) {
        const rpc = new Rpc(['https://a.example'], nodes({ 'a.example': answer }).fetching);
        await assert.rejects(rpc.blockHeight(), (error) => error instanceof Failure && error.code === code, code);
    }
});

test('a number that a double would round arrives whole', async () => {
    const body = '{"result":{"context":{"slot":5},"value":[{"owner":"11111111111111111111111111111111","lamports":18446744073709551615,"data":["AQI=","base64"]},null]}}';
    const rpc = new Rpc(['https://a.example'], nodes({ 'a.example': text(body) }).fetching);
    const { slot, accounts } = await rpc.accounts([KEY, KEY]);
    assert.equal(slot, 5n);
    assert.equal(accounts[0]?.lamports, 18_446_744_073_709_551_615n);
    assert.deepEqual([...(accounts[0]?.data ?? [])], [1, 2]);
    assert.equal(accounts[1], null);
});

test('bytes survive base64', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    assert.deepEqual([...fromBase64(toBase64(bytes))], [...bytes]);
});
