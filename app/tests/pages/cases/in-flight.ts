// What stands between a root and its members, as everybody sees it: an open challenge, a veto and its keeper's rest, roles and rules that
// are announced, a root that was revoked. One pool's life: a case goes on where the one before it stopped.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { challengeAddress, epochAddress, eventAuthority, REWARD_VAULT } from '../../../src/chain/addresses.ts';
import { openChallenge } from '../../../src/generated/reward_vault.ts';
import { addressOf } from '../month.ts';
import { noBarriers } from '../barriers.ts';
import { amountOf, failsWith, onStage, visit } from '../stage.ts';
import { SmallPool } from '../pool.ts';
import type { Grant } from '../pool.ts';

const grant = (tokens: bigint): Grant => ({ tokens: tokens * 1_000_000n, points: 5_000n, credits: 0n });
const FIRST: [Grant, Grant] = [grant(100n), grant(50n)];
const SECOND: [Grant, Grant] = [grant(110n), grant(60n)];
const utc = (secs: number): string => new Date(secs * 1_000).toISOString().slice(0, 19).replace('T', ' ');

let making: Promise<SmallPool> | undefined;
/** With a first epoch that is active. */
const small = (): Promise<SmallPool> =>
    (making ??= onStage().then(async ({ month }) => {
        const pool = await SmallPool.create(month);
        await pool.propose(1n, FIRST);
        await pool.activate(1n);
        return pool;
    }));

test('a member asks to be shown their leaf: the challenge is counted, and pending is told apart from claimable', async () => {
    const pool = await small();
    await pool.propose(2n, SECOND);
    const { month } = await onStage();
    const [{ owner, secret }] = pool.members;
    const [active, epoch] = await Promise.all([epochAddress(pool.address, 1n), epochAddress(pool.address, 2n)]);
    const [challenge, challengeBump] = await challengeAddress(epoch, 0, 0);
    const accounts = { challenger: owner, pool: pool.address, active, epoch, challenge, eventAuthority: await eventAuthority(REWARD_VAULT) };
    const { tokens, points, credits } = FIRST[0];
    await pool.send(secret, openChallenge(accounts, { leaf: { index: 0, tokens, points, credits }, owner, challengeBump, proof: new Uint8Array() }));
    await visit(
        '/epoch/2',
        async (page) => {
            await page.locator('data[data-name="open_challenges"]', { hasText: /^1$/ }).waitFor();
            await page.getByText('it can not become active before each is answered').waitFor();
            await page.getByText(addressOf(month.key('keeper-2'))).first().waitFor();
            await noBarriers(page, 'a challenged epoch');
        },
        { prepare: pool.shown },
    );
    await visit(
        `/you/${owner}`,
        async (page) => {
            await page.locator('data[data-name="claimable"]').waitFor();
            assert.equal(await amountOf(page, 'claimable'), '100000000');
            assert.equal(await amountOf(page, 'pending'), '10000000');
        },
        { prepare: pool.shown },
    );
});

test('a veto is told with who and why, and its keeper rests', async () => {
    const pool = await small();
    await pool.act('guardian', 'epoch', 'veto', '2', '--reason', '7');
    const { month } = await onStage();
    await visit(
        '/epoch/2',
        async (page) => {
            await page.locator('[data-name="status"]', { hasText: 'vetoed' }).waitFor();
            await page.getByText('by the guardian, reason code 7').waitFor();
        },
        { prepare: pool.shown },
    );
    await visit(
        '/community',
        async (page) => {
            const keeper = page.locator('dd > div', { hasText: addressOf(month.key('keeper-2')) });
            await keeper.getByText('does not propose before').waitFor();
            const other = page.locator('dd > div', { hasText: addressOf(month.key('keeper-3')) });
            assert.equal(await other.getByText('does not propose before').count(), 0);
        },
        { prepare: pool.shown },
    );
});

test('announced keys and rules stand beside those in office, with their hour', async () => {
    const pool = await small();
    const { month } = await onStage();
    const [bob, alice] = [addressOf(month.key('bob')), addressOf(month.key('alice'))];
    await pool.act('admin', 'pool', 'set-guardian', bob);
    await pool.act('admin', 'pool', 'set-keepers', '--keeper', alice, '--keeper', bob, '--threshold', '2');
    const told = (await pool.ask('pool', 'show')) as unknown as { pending_roles: { guardian_effective_at: number; keepers_effective_at: number }; guardian: string };
    await visit(
        '/community',
        async (page) => {
            await page.getByText('Guardian to be').waitFor();
            await page.getByText('Keepers to be').waitFor();
            await page.getByText('2 of 2', { exact: false }).first().waitFor();
            for (const key of [alice, bob, told.guardian]) await page.getByText(key).first().waitFor();
            for (const at of [told.pending_roles.guardian_effective_at, told.pending_roles.keepers_effective_at]) await page.getByText(utc(at)).first().waitFor();
            await noBarriers(page, 'announced roles');
        },
        { prepare: pool.shown },
    );
});

test('a revoked root pays nobody: the epoch before it does, and the network says so', async () => {
    const pool = await small();
    await pool.propose(2n, SECOND, 'keeper-3');
    await pool.activate(2n);
    const { month } = await onStage();
    const [{ owner }] = pool.members;
    await visit(
        `/you/${owner}`,
        async (page) => {
            await page.locator('data[data-name="claimable"]').waitFor();
            assert.equal(await amountOf(page, 'claimable'), '110000000');
        },
        { prepare: pool.shown },
    );
    await pool.act('admin', 'epoch', 'revoke', '2', '--guardian', month.keyFile('guardian'));
    await visit(
        '/',
        async (page) => {
            await page.getByText('Epoch 2 was revoked: nothing is paid from it any more.').waitFor();
            await noBarriers(page, 'a network with a revoked epoch');
        },
        { prepare: pool.shown },
    );
    await visit(
        '/epoch/2',
        async (page) => {
            await page.locator('[data-name="status"]', { hasText: 'revoked' }).waitFor();
        },
        { prepare: pool.shown },
    );
    await visit(
        `/you/${owner}`,
        async (page) => {
            await page.locator('data[data-name="claimable"]').waitFor();
            assert.equal(await amountOf(page, 'claimable'), '100000000');
        },
        { prepare: pool.shown },
    );
});

test('an epoch whose files nobody published says so, and shows what the chain has', async () => {
    const pool = await small();
    await visit(
        '/epoch/1',
        async (page) => {
            await page.getByText(createHash('sha256').update('manifest 1').digest('hex')).waitFor();
            await failsWith(page, 'file-absent');
        },
        { prepare: pool.shown },
    );
});

