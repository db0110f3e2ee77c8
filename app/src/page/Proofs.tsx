// What became of each proof of a wallet in one epoch. Loaded when asked for: the decisions of an epoch are many.

import { useSignal } from '@preact/signals';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { decisionsSize, earnedBy, readOwn } from '../files/decisions.ts';
import type { Decision, Payee } from '../files/decisions.ts';
import reasons from '../generated/reasons.ts';
import { t } from '../i18n/index.ts';
import { mirrors } from '../state/app.ts';
import { data } from '../state/data.ts';
import { resource } from '../state/resource.ts';
import type { Resource } from '../state/resource.ts';
import { grouped, points } from '../words/amount.ts';
import { save } from '../words/csv.ts';
import { kindName, spoken } from '../words/kind.ts';
import { explain } from '../words/why.ts';
import type { Rulebook } from '../words/why.ts';
import { Key, Part, Table, bytes } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';

export default function Proofs({ owner, epoch }: { owner: Address; epoch: bigint }): JSX.Element {
    const asked = useSignal<Resource<Decision[]> | null>(null);
    return (
        <Part title={t('you.proofs')}>
            <Loaded of={data.value.manifest(epoch)}>
                {({ manifest }) =>
                    asked.value ? (
                        <Loaded of={asked.value}>
                            {(decisions) => (
                                <Loaded of={data.value.rulebook(epoch)}>
                                    {(rulebook) => <List owner={owner} epoch={epoch} decisions={decisions} rulebook={rulebook} />}
                                </Loaded>
                            )}
                        </Loaded>
                    ) : (
                        <button type="button" onClick={() => (asked.value = resource(() => readOwn(mirrors.peek(), manifest, owner)))}>
                            {t('you.proofsLoad', { epoch: `${epoch}`, size: bytes(decisionsSize(manifest)) })}
                        </button>
                    )
                }
            </Loaded>
        </Part>
    );
}

export const reasonOf = (code: number): { name: string; meaning: string } => reasons.find((one) => one.code === code) ?? { name: `${code}`, meaning: '' };

interface ListProps {
    owner: Address;
    epoch: bigint;
    decisions: readonly Decision[];
    rulebook: Rulebook;
}

/** What a kind is called; what is no proof has none. */
export const kindOf = ({ kind }: Decision): string => spoken(kindName(kind) ?? t('common.none'));

function List({ owner, epoch, decisions, rulebook }: ListProps): JSX.Element {
    if (decisions.length === 0) return <p>{t('you.proofsNone', { epoch: `${epoch}` })}</p>;
    const sum = decisions.reduce((all, one) => all + earnedBy(one, owner), 0n);
    const credits = decisions.reduce((all, one) => all + (one.beneficiary === owner ? one.credits : 0n), 0n);
    const accepted = decisions.filter((one) => one.reason === 0).length;
    const words = (one: Decision): string => explain(rulebook, reasonOf(one.reason).name, one.found, one.bound, reasonOf(one.reason).meaning);
    const plain = (milli: bigint): string => points(milli).replaceAll(',', '');
    const csv = (): void =>
        save(`proofs-${owner}-${epoch}.csv`, [
            ['proof', 'kind', 'reason', 'points', 'credits', 'paid', 'paid_too', 'points_too', 'rule'],
            ...decisions.map((one) => [
                one.proofId,
                kindName(one.kind) ?? '',
                reasonOf(one.reason).name,
                plain(one.milliPoints),
                `${one.credits}`,
                one.beneficiary ?? '',
                one.also?.owner ?? '',
                one.also ? plain(one.also.milliPoints) : '',
                words(one),
            ]),
        ]);
    return (
        <>
            <p data-name="proofs">{t('you.proofsSum', { accepted: grouped(accepted), all: grouped(decisions.length), points: points(sum) })}</p>
            {credits > 0n && <p data-name="proofs-credits">{t('you.proofsCredits', { credits: grouped(credits) })}</p>}
            <Sums owner={owner} decisions={decisions} />
            <Table
                caption={t('you.proofs')}
                rows={decisions.slice(-100).reverse()}
                columns={[
                    { title: t('proof.kind'), cell: (one) => <span lang="en">{kindOf(one)}</span> },
                    { title: t('proof.reason'), cell: (one) => <code class={one.reason === 0 ? 'good' : 'bad'}>{reasonOf(one.reason).name}</code> },
                    { title: t('proof.points'), number: true, cell: (one) => points(one.milliPoints) },
                    { title: t('proof.credits'), number: true, cell: (one) => grouped(one.credits) },
                    { title: t('proof.also'), cell: (one) => one.also && <Also of={one.also} mine={one.also.owner === owner} first={one.beneficiary} /> },
                    { title: t('proof.rule', { epoch: `${epoch}` }), cell: (one) => <span lang="en">{words(one)}</span> },
                    { title: t('proof.title'), cell: (one) => <a class="key" href={`#/proof/${epoch}/${one.proofId}`}>{one.proofId.slice(0, 12)}…</a> },
                ]}
            />
            <button type="button" onClick={csv}>
                {t('common.csv')}
            </button>
        </>
    );
}

/** The second of two whom a proof pays; where that is the one who looks, whose proof it was. */
function Also({ of, mine, first }: { of: Payee; mine: boolean; first: Address | null }): JSX.Element {
    const other = mine ? first : of.owner;
    return (
        <>
            {points(of.milliPoints)} {t(mine ? 'proof.alsoYou' : 'proof.alsoOther')} {other && <Key of={other} to="you" short />}
        </>
    );
}

/** What came of each kind: what one did, and what others did that paid. */
function Sums({ owner, decisions }: Pick<ListProps, 'owner' | 'decisions'>): JSX.Element {
    const rows = [...new Set(decisions.map(({ kind }) => kind))].map((kind) => {
        const all = decisions.filter((one) => one.kind === kind);
        const own = all.filter(({ beneficiary }) => beneficiary === owner);
        const second = all.flatMap(({ also, reason }) => (also?.owner === owner && reason === 0 ? [also] : []));
        return {
            name: kindOf(all[0]!),
            own: own.length,
            counts: own.filter(({ reason }) => reason === 0).length,
            points: own.reduce((sum, { milliPoints }) => sum + milliPoints, 0n),
            second: second.length,
            secondPoints: second.reduce((sum, { milliPoints }) => sum + milliPoints, 0n),
        };
    });
    return (
        <Table
            captioned
            caption={t('you.byKind')}
            rows={rows}
            columns={[
                { title: t('proof.kind'), cell: ({ name }) => <span lang="en">{name}</span> },
                { title: t('epoch.proofs'), number: true, cell: ({ own }) => grouped(own) },
                { title: t('epochs.accepted'), number: true, cell: ({ counts }) => grouped(counts) },
                { title: t('proof.points'), number: true, cell: (row) => points(row.points) },
                { title: t('you.byOthers'), number: true, cell: ({ second }) => grouped(second) },
                { title: t('you.byOthersPoints'), number: true, cell: ({ secondPoints }) => points(secondPoints) },
            ]}
        />
    );
}
