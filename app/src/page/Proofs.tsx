// What became of each proof of a wallet in one epoch. Loaded when asked for: the decisions of an epoch are many.

import { useSignal } from '@preact/signals';
import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import type { JSX } from 'preact';
import { decisionsSize, readDecisions } from '../files/table.ts';
import type { Decision } from '../files/table.ts';
import type { Manifest } from '../files/manifest.ts';
import reasons from '../generated/reasons.ts';
import { t } from '../i18n/index.ts';
import { mirrors } from '../state/app.ts';
import { data } from '../state/data.ts';
import { resource } from '../state/resource.ts';
import type { Resource } from '../state/resource.ts';
import { grouped, points } from '../words/amount.ts';
import { save } from '../words/csv.ts';
import { explain } from '../words/why.ts';
import type { Rulebook } from '../words/why.ts';
import { Part, Table, bytes } from '../view/atoms.tsx';
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
                        <button type="button" onClick={() => (asked.value = resource(() => ofOwner(manifest, owner)))}>
                            {t('you.proofsLoad', { epoch: `${epoch}`, size: bytes(decisionsSize(manifest)) })}
                        </button>
                    )
                }
            </Loaded>
        </Part>
    );
}

function ofOwner(manifest: Manifest, owner: Address): Promise<Decision[]> {
    const key = getAddressEncoder().encode(owner);
    return readDecisions(mirrors.peek(), manifest, (beneficiary) => beneficiary !== null && beneficiary.every((byte, at) => byte === key[at]));
}

export const reasonOf = (code: number): { name: string; meaning: string } => reasons.find((one) => one.code === code) ?? { name: `${code}`, meaning: '' };

function List({ owner, epoch, decisions, rulebook }: { owner: Address; epoch: bigint; decisions: Decision[]; rulebook: Rulebook }): JSX.Element {
    if (decisions.length === 0) return <p>{t('you.proofsNone', { epoch: `${epoch}` })}</p>;
    const sum = decisions.reduce((all, one) => all + one.milliPoints, 0n);
    const accepted = decisions.filter((one) => one.reason === 0).length;
    const words = (one: Decision): string => explain(rulebook, reasonOf(one.reason).name, one.found, one.bound, reasonOf(one.reason).meaning);
    const csv = (): void =>
        save(`proofs-${owner}-${epoch}.csv`, [
            ['proof', 'reason', 'points', 'rule'],
            ...decisions.map((one) => [one.proofId, reasonOf(one.reason).name, points(one.milliPoints).replaceAll(',', ''), words(one)]),
        ]);
    return (
        <>
            <p data-name="proofs">{t('you.proofsSum', { accepted: grouped(accepted), all: grouped(decisions.length), points: points(sum) })}</p>
            <Table
                caption={t('you.proofs')}
                rows={decisions.slice(-100).reverse()}
                columns={[
                    { title: t('proof.reason'), cell: (one) => <code class={one.reason === 0 ? 'good' : 'bad'}>{reasonOf(one.reason).name}</code> },
                    { title: t('proof.points'), number: true, cell: (one) => points(one.milliPoints) },
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
