// Referrals: what the rules pay for them, who says that they were, how many there were. Who invited whom stands in no public file.

import { isAddress } from '@solana/kit';
import type { JSX } from 'preact';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped } from '../words/amount.ts';
import { wordsOf } from '../words/kind.ts';
import type { Rulebook } from '../words/why.ts';
import { Facts, Key, Part, Table } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { connected } from '../wallet/standard.ts';

const KIND = 'referral';

export default function Referrals(): JSX.Element {
    return (
        <Part title={t('referrals.title')}>
            <Loaded of={data.value.newest()}>
                {({ number }) => <Loaded of={data.value.rulebook(number)}>{(rulebook) => <Known rulebook={rulebook} number={number} />}</Loaded>}
            </Loaded>
        </Part>
    );
}

function Known({ rulebook, number }: { rulebook: Rulebook; number: bigint }): JSX.Element {
    if (rulebook.attestors.length === 0 || !rulebook.kinds.includes(KIND)) return <p>{t('referrals.none')}</p>;
    const words = wordsOf(rulebook.version, KIND);
    const numbers = rulebook.numbers.filter(([name]) => name.startsWith('referral_'));
    const mine = connected.value?.address;
    return (
        <>
            {words && (
                <>
                    <p lang="en">{words.about}</p>
                    <p lang="en">{words.pays}</p>
                </>
            )}
            <Table
                caption={t('referrals.title')}
                rows={numbers}
                columns={[
                    { title: t('community.number'), cell: ([name]) => <code>{name}</code> },
                    { title: t('community.value'), number: true, cell: ([, value]) => grouped(value) },
                ]}
            />
            <Facts
                rows={[
                    [
                        t('referrals.attestors'),
                        <>
                            {rulebook.attestors.map(({ name, key }) => (
                                <div key={key}>
                                    <span lang="en">{name}</span> {isAddress(key) ? <Key of={key} short /> : key}
                                </div>
                            ))}
                        </>,
                    ],
                ]}
            />
            <Loaded of={data.value.summary()}>
                {({ summary }) => (
                    <Table
                        captioned
                        caption={t('referrals.inEpoch', { epoch: `${number}` })}
                        rows={summary.proofs.filter(({ kind }) => kind === KIND)}
                        columns={[
                            { title: t('epoch.reason'), cell: ({ reason }) => <code>{reason}</code> },
                            { title: t('epoch.proofs'), number: true, cell: ({ count }) => grouped(count) },
                        ]}
                    />
                )}
            </Loaded>
            <p>{t('referrals.whose')}</p>
            <p>
                <a href={mine ? `#/you/${mine}` : '#/you'}>{t('referrals.mine')}</a>
            </p>
        </>
    );
}
