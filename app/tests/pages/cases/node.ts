// What nodes do instead of answering. Each is told apart, in words, and the page recovers once the node does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContext, Route } from 'playwright-core';
import { failsWith, onStage, visit } from '../stage.ts';
import { claim } from './claim.ts';

const answers: [string, (route: Route) => Promise<void>][] = [
    ['node-unreachable', (route) => route.abort('connectionrefused')],
    ['node-busy', (route) => route.fulfill({ status: 429, body: 'Too many requests' })],
    ['node-damaged', (route) => route.fulfill({ status: 500, body: '<h1>Internal error</h1>' })],
    ['node-behind', (route) => route.fulfill({ status: 200, json: { jsonrpc: '2.0', id: 1, error: { code: -32_005, message: 'Node is behind by 42 slots' } } })],
    ['node-refused', (route) => route.fulfill({ status: 200, json: { jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'Invalid params' } } })],
];

for (const [code, answer] of answers) {
    test(`${code}: said in words; once the node answers, one press shows everything`, async () => {
        const { month } = await onStage();
        let ill = true;
        await visit(
            '/epochs',
            async (page) => {
                await failsWith(page, code);
                ill = false;
                await page.getByRole('button', { name: 'Try again' }).first().click();
                await page.getByRole('link', { name: '1', exact: true }).waitFor();
            },
            { prepare: (context) => context.route(`${month.rpc}/**`, (route) => (ill ? answer(route) : route.continue())) },
        );
    });
}

/** Answers some questions to the node otherwise. */
function answering(month: { rpc: string }, method: string, json: (route: Route) => object | null): (context: BrowserContext) => Promise<unknown> {
    return (context) =>
        context.route(`${month.rpc}/**`, (route) => {
            const answer = route.request().postData()?.includes(`"${method}"`) ? json(route) : null;
            return answer ? route.fulfill({ json: { jsonrpc: '2.0', id: 1, ...answer } }) : route.continue();
        });
}

test('a node of another cluster has no such account', async () => {
    const { month } = await onStage();
    const nothing = { result: { context: { slot: 1 }, value: [null] } };
    await visit('/epochs', (page) => failsWith(page, 'account-missing'), { prepare: answering(month, 'getMultipleAccounts', () => nothing) });
});

test('another program’s account is not read as a pool', async () => {
    const { month } = await onStage();
    const account = { lamports: 1, owner: '11111111111111111111111111111111', data: ['', 'base64'], executable: false, rentEpoch: 0 };
    const other = { result: { context: { slot: 1 }, value: [account] } };
    await visit('/epochs', (page) => failsWith(page, 'account-other'), { prepare: answering(month, 'getMultipleAccounts', () => other) });
});

test('a pool cut short is not read on', async () => {
    const { month } = await onStage();
    await visit('/epochs', (page) => failsWith(page, 'account-layout'), {
        prepare: (context) =>
            context.route(`${month.rpc}/**`, async (route) => {
                const response = await route.fetch();
                const answer = (await response.json()) as { result: { value: { data: [string, string] }[] } };
                for (const account of answer.result.value) account.data[0] = Buffer.from(account.data[0], 'base64').subarray(0, 900).toString('base64');
                await route.fulfill({ json: answer });
            }),
    });
});

test('a program’s refusal is told in its own words, and nothing is signed', async () => {
    const { member, month } = await onStage();
    const refused = { err: { InstructionError: [1, { Custom: 6_063 }] }, logs: ['Program FRsECvxwoA3neweu5dkhuC2MAKrRpih1P9HcBWGYfSoK failed: custom program error: 0x17af'], unitsConsumed: 5_000 };
    await visit(
        `/claim/${member().owner}`,
        async (page) => {
            await page.getByRole('button', { name: 'Connect Test wallet' }).click();
            await page.getByRole('button', { name: 'Check the claim' }).click();
            await failsWith(page, 'reward-vault/NothingToClaim');
            await page.getByText('the leaf’s tokens must be above').or(page.getByText("the leaf's tokens must be above")).waitFor();
            assert.equal(await page.evaluate(() => (window as unknown as { walletAsked: number }).walletAsked), 0);
        },
        { wallet: month.key('alice'), prepare: answering(month, 'simulateTransaction', () => ({ result: { context: { slot: 1 }, value: refused } })) },
    );
});

test('a lost answer to the sending is no failure: the chain says that it was paid, once', async () => {
    const { member, month } = await onStage();
    await visit(
        `/claim/${member().owner}`,
        async (page) => {
            await claim(page);
            await page.locator('[data-name="done"]').waitFor();
        },
        {
            wallet: month.key('alice'),
            prepare: (context) =>
                context.route(`${month.rpc}/**`, async (route) => {
                    if (!route.request().postData()?.includes('"sendTransaction"')) return route.continue();
                    await route.fetch();
                    return route.abort('connectionreset');
                }),
        },
    );
});

test('what never lands is called expired, and nothing was paid', async () => {
    const { member, month } = await onStage();
    await visit(
        `/claim/${member().owner}`,
        async (page) => {
            await claim(page);
            await failsWith(page, 'expired');
        },
        {
            wallet: month.key('alice'),
            prepare: (context) =>
                context.route(`${month.rpc}/**`, (route) => {
                    const asked = route.request().postData() ?? '';
                    const says = (result: unknown): Promise<void> => route.fulfill({ json: { jsonrpc: '2.0', id: 1, result } });
                    if (asked.includes('"sendTransaction"')) return says('1'.repeat(64));
                    if (asked.includes('"getBlockHeight"')) return says(Number.MAX_SAFE_INTEGER);
                    return route.continue();
                }),
        },
    );
});

test('the second endpoint answers where the first does not', async () => {
    await visit(
        '/epochs',
        async (page) => {
            await page.getByRole('link', { name: '1', exact: true }).waitFor();
        },
        {
            prepare: (context) =>
                context.route('**/cairn.json', async (route) => {
                    const config = (await (await route.fetch()).json()) as { networks: { rpc: string[] }[] };
                    config.networks[0]!.rpc.unshift('http://127.0.0.1:9');
                    await route.fulfill({ json: config });
                }),
        },
    );
});
