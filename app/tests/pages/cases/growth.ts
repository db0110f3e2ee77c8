// What people earn besides: carriers' tasks, referrals, and proofs of others that pay them too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDecisions } from '../../../src/files/decisions.ts';
import { noBarriers } from '../barriers.ts';
import { cairn } from '../month.ts';
import type { Month } from '../month.ts';
import { newest } from '../registry.ts';
import { onStage, visit } from '../stage.ts';

test('a carrier’s task is told with what it grants, what is left, and where to do it', async () => {
    const naming = { 1: 'https://carrier.example/esim' };
    await visit(
        '/growth',
        async (page) => {
            const row = page.getByRole('region', { name: 'Tasks' }).locator('tbody tr');
            await row.waitFor();
            assert.match((await row.textContent()) ?? '', /^1land \d+ times5005,000,000/);
            await row.getByRole('link', { name: 'carrier.example' }).waitFor();
            // What an epoch granted is what its completions are worth.
            const [completions, granted, left] = await Promise.all(['completions', 'credits_granted', 'credits_left'].map((name) => page.locator(`[data-name="${name}"]`).textContent()));
            const number = (text: string | null | undefined): bigint => BigInt((text ?? '').replaceAll(',', ''));
            assert.ok(number(completions) > 0n);
            assert.equal(number(granted), 500n * number(completions));
            assert.equal(number(left?.split(' of ')[0]), 5_000_000n - number(granted));
            await noBarriers(page, 'tasks');
        },
        {
            prepare: (context) =>
                context.route('**/cairn.json', async (route) => {
                    const config = (await (await route.fetch()).json()) as { networks: object[] };
                    await route.fulfill({ json: { ...config, networks: config.networks.map((network) => ({ ...network, tasks: naming })) } });
                }),
        },
    );
    await visit('/growth', (page) => page.getByText('ask the carrier').waitFor());
});

test('referrals are told in the rules’ words, with who says so and how many there were, and nobody’s name', async () => {
    await visit('/growth', async (page) => {
        await page.getByText('Somebody who is known brings somebody who is new.').waitFor();
        await page.getByText('No public file says who invited whom.').waitFor();
        const rows = page.getByRole('region', { name: 'Referrals', exact: true }).locator('tbody tr');
        assert.match((await rows.allTextContents()).join('|'), /referral_milli_points20,000/);
        await page.getByRole('region', { name: /^Referrals of epoch/ }).locator('tbody tr').first().waitFor();
        await page.getByRole('link', { name: 'What referrals paid a wallet' }).click();
        await page.getByLabel('A wallet’s address').waitFor();
    });
});

interface Why {
    found: number;
    points: { uiAmountString: string };
    proofs: { proof_id: string; also: string | null; beneficiary: string }[];
}

/** Somebody whom another's proof of the newest epoch pays second. */
async function second(month: Month): Promise<string> {
    const { mirrors, manifest } = await newest(month);
    const seconds = await readDecisions(mirrors, manifest, (row) => row['also_beneficiary'] != null);
    const one = seconds.find(({ reason, also, beneficiary }) => reason === 0 && also !== null && also.milliPoints > 0n && also.owner !== beneficiary);
    return one?.also?.owner ?? assert.fail('nobody is paid second');
}

test('what others did that pays one too stands with one’s proofs: sums, second payee and credits are those of `cairn why`', async () => {
    const { month } = await onStage();
    const owner = await second(month);
    const told = (await cairn(month, 'why', owner)) as unknown as Why;
    await visit(`/you/${owner}`, async (page) => {
        await page.getByRole('button', { name: /Show each proof/ }).click();
        const text = (await page.locator('[data-name="proofs"]').textContent()) ?? '';
        assert.ok(text.replaceAll(',', '').includes(`of ${told.found} proofs count`) && text.replaceAll(',', '').includes(`for ${told.points.uiAmountString} points`), `${text} ${told.points.uiAmountString}`);
        const sums = page.getByRole('region', { name: 'By kind' }).locator('tbody tr');
        await sums.first().waitFor();
        await page.getByText('points for you, for the proof of').first().waitFor();
        const mine = told.proofs.findLast(({ also, beneficiary }) => also === owner && beneficiary !== owner) ?? assert.fail('no proof');
        await page.locator(`a[href$="${mine.proof_id}"]`).click();
        await page.locator('[data-name="also"]').waitFor();
        await noBarriers(page, 'a proof that pays two');
    });
});
