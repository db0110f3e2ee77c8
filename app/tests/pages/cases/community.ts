// What is decided together: rules of each kind in words, announced rules with what they would have changed, bans and how to appeal.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { noBarriers } from '../barriers.ts';
import { addressOf, cairn, secretOf } from '../month.ts';
import type { Month } from '../month.ts';
import { judge, networkOf } from '../registry.ts';
import { failsWith, onStage, visit } from '../stage.ts';
import { act } from '../world.ts';

const KINDS = ['wifi add', 'wifi check in', 'hotspot beat', 'qos probe', 'validator visit', 'traffic session', 'esim task', 'referral', 'partner metric', 'adjust'];

test('each of the ten kinds stands in words beside its own numbers, reasons and SQL', async () => {
    await visit('/community', async (page) => {
        for (const kind of KINDS) {
            const summary = page.locator('summary', { hasText: new RegExp(`^${kind}$`) });
            await summary.click();
            const told = page.locator(`[data-kind="${kind.replaceAll(' ', '_')}"]`);
            await told.locator('pre').first().waitFor();
            const text = (await told.textContent()) ?? '';
            assert.match(text, /Proofs that count in epoch/, kind);
            assert.ok((await told.locator('h3').count()) > 0 && (await told.getByRole('region', { name: /^Why one is refused/ }).locator('tbody tr').count()) > 0, kind);
        }
        const beat = page.locator('[data-kind="hotspot_beat"]');
        assert.match((await beat.textContent()) ?? '', /beat_far_m400/);
        await noBarriers(page, 'rules of every kind');
    });
});

interface Told {
    ruleset_hash: string;
    owners: { winners: number; losers: number; same: number };
    most_affected: { owner: string; tokens: { after: { uiAmountString: string } } }[];
}

let announcing: Promise<{ told: Told; rules: string }> | undefined;

/** Half of what hotspots share goes to nobody, announced with what that would have changed of epoch 1. */
function announced(month: Month): Promise<{ told: Told; rules: string }> {
    announcing ??= announce(month);
    return announcing;
}

async function announce(month: Month): Promise<{ told: Told; rules: string }> {
    const rules = mkdtempSync(join(tmpdir(), 'cairn-rules-'));
    const inputs = join(month.files, 'epochs/00001/inputs');
    cpSync(join(inputs, 'rules'), join(rules, 'rules'), { recursive: true });
    const document = readFileSync(join(inputs, 'ruleset.toml'), 'utf8');
    writeFileSync(join(rules, 'ruleset.toml'), document.replace(/(name = "hotspot"\npermille = )400/, '$1200').replace('far_m = 400', 'far_m = 399'));
    const { decimals } = (await cairn(month, 'pool', 'show', '-u', month.rpc))['vault_balance'] as unknown as { decimals: number };
    const told = (await cairn(month, 'rules', 'backtest', '--rules', rules, '--epochs', '1', '--files', month.files, '--decimals', `${decimals}`, '--publish')) as unknown as Told;
    await act(month, 'admin', 'pool', 'ruleset', 'announce', rules, '--from-epoch', '100');
    return { told, rules };
}

const section = (page: Page, { ruleset_hash }: Told): ReturnType<Page['locator']> => page.locator(`[data-backtest="${ruleset_hash}"]`);

test('announced rules are told with what they change, and whom they would have paid more or less: as `cairn rules backtest` has it', async () => {
    const { month } = await onStage();
    const { told } = await announced(month);
    await visit('/community', async (page) => {
        const here = section(page, told);
        await here.locator('[data-name="winners"]').waitFor();
        for (const name of ['winners', 'losers', 'same'] as const) {
            assert.equal((await here.locator(`[data-name="${name}"]`).textContent())?.replaceAll(',', ''), `${told.owners[name]}`);
        }
        assert.ok(told.owners.losers > 0);
        const values = here.getByRole('region', { name: /^What changes against epoch/ });
        const rows = await values.locator('tbody tr').allTextContents();
        assert.deepEqual(rows, ['rules.beat.far_m400399', 'pot.hotspot.permille400200']);
        await here.getByText('what the manifests on chain say').waitFor();
        await here.getByText('By kind, reason, tenth').click();
        const [most] = told.most_affected;
        const row = here.locator('tr', { has: page.locator(`a[href="#/you/${most!.owner}"]`) });
        assert.ok((await row.textContent())?.replaceAll(',', '').includes(most!.tokens.after.uiAmountString));
        await noBarriers(page, 'a backtest');
    });
});

test('a report whose past is not the chain’s is said to be that, and rules of another hash are not shown', async () => {
    const { month } = await onStage();
    const { told } = await announced(month);
    const changing =
        (file: string, change: (text: string) => string) =>
        (context: BrowserContext): Promise<unknown> =>
            context.route(`**/announced/${told.ruleset_hash}/${file}`, async (route) => route.fulfill({ body: change(await (await route.fetch()).text()) }));
    await visit('/community', (page) => section(page, told).getByRole('alert').getByText('is not what the chain says of epochs 1').waitFor(), {
        prepare: changing('backtest.json', (text) => text.replace(/("received": )(\d+)/, '$1 1')),
    });
    await visit('/community', (page) => failsWith(page, 'file-hash'), { prepare: changing('ruleset.toml', (text) => text.replace('far_m = 399', 'far_m = 300')) });
    await visit('/community', (page) => page.getByText('Nobody has published the announced rules').waitFor(), {
        prepare: (context) => context.route('**/announced/**', (route) => route.fulfill({ status: 404, body: 'gone' })),
    });
    await act(month, 'admin', 'pool', 'ruleset', 'cancel');
});

const BANNED = addressOf(secretOf('device', 'banned hotspot'));
const appeals = { contact: 'mailto:appeals@network.example', terms: 'Heard within 30 days.', reasons: { 1: 'spoofed place', 7: 'cloned hardware' } };
const hearing = (context: BrowserContext): Promise<unknown> =>
    context.route('**/cairn.json', async (route) => {
        const config = (await (await route.fetch()).json()) as { networks: object[] };
        await route.fulfill({ json: { ...config, networks: config.networks.map((network) => ({ ...network, appeals })) } });
    });

test('a ban is told with who, why, since when and on what evidence, and how to appeal; that it was lifted the chain tells', async () => {
    const { month } = await onStage();
    const { authority } = await networkOf(month);
    await visit('/community', async (page) => {
        await page.getByText('names no place where this network hears appeals').waitFor();
        await page.locator(`a[href="#/device/${BANNED}"]`).click();
        // Since an import the chain has told nothing of it, unless it was tested before.
        await page.getByRole('heading', { name: 'Its ban' }).waitFor();
    });
    await judge(month, BANNED, 'active', 0, 'a mistake').catch(() => undefined);
    await judge(month, BANNED, 'banned', 7, 'photographs');
    await visit(
        `/device/${BANNED}`,
        async (page) => {
            await page.getByText('7: cloned hardware').waitFor();
            await page.locator('dd', { hasText: authority }).first().waitFor();
            await page.getByText('the network’s authority', { exact: true }).waitFor();
            await page.getByText('Heard within 30 days.').waitFor();
            const words = (await page.locator('[data-name="appeal"]').textContent()) ?? '';
            assert.match(words, new RegExp(`^cairn/appeal/1\nnetwork \\w+\ndevice ${BANNED}\nowner \\w+\nban \\w{80,}\nevidence [0-9a-f]{64}$`));
            assert.equal(await page.getByRole('link', { name: 'appeals@network.example' }).getAttribute('href'), appeals.contact);
            const file = page.locator('#evidence');
            await file.setInputFiles({ name: 'other.txt', mimeType: 'text/plain', buffer: Buffer.from('something else') });
            await page.getByText('This is another file.').waitFor();
            await file.setInputFiles({ name: 'photographs.txt', mimeType: 'text/plain', buffer: Buffer.from('photographs') });
            await page.getByText('This is the file whose hash is on chain.').waitFor();
            await noBarriers(page, 'a ban');
        },
        { prepare: hearing, viewport: { width: 360, height: 800 } },
    );
    await judge(month, BANNED, 'active', 0, 'the appeal was right');
    await visit(`/device/${BANNED}`, async (page) => {
        await page.getByText('The ban was lifted').waitFor();
        await page.getByRole('button', { name: 'Show its history' }).click();
        await page.locator('[data-what="lifted"]').first().waitFor();
        const happened = await page.locator('[data-what]').evaluateAll((all) => all.map((one) => one.getAttribute('data-what')));
        assert.deepEqual(happened.slice(0, 2), ['lifted', 'banned']);
    });
});
