// Discovery: streams of partners with their units and terms, and data credits.

import { isAddress } from '@solana/kit';
import type { JSX } from 'preact';
import type { Carrier } from '../chain/carrier.ts';
import { span, t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped, points } from '../words/amount.ts';
import type { Rulebook } from '../words/why.ts';
import { Facts, Key, Part, Table } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';

export default function Discovery(): JSX.Element {
    return (
        <>
            <Title>{t('discovery.title')}</Title>
            <Part title={t('discovery.streams')}>
                <Loaded of={data.value.newest()}>
                    {({ number }) => (
                        <Loaded of={data.value.rulebook(number)}>
                            {(rulebook) => (
                                <>
                                    <Streams rulebook={rulebook} />
                                    <p class="soft">{t('common.source', { file: 'inputs/ruleset.toml', epoch: `${number}` })}</p>
                                </>
                            )}
                        </Loaded>
                    )}
                </Loaded>
            </Part>
            <Part title={t('discovery.credits')}>
                <Loaded of={data.value.overview}>
                    {({ now: { pool } }) => (
                        <Facts
                            rows={[
                                [t('discovery.issued'), grouped(pool.creditsIssued)],
                                [t('discovery.redeemed'), grouped(pool.creditsRedeemed)],
                                [t('discovery.fulfilled'), grouped(pool.creditsFulfilled)],
                            ]}
                        />
                    )}
                </Loaded>
                <h3>{t('discovery.carriers')}</h3>
                <Loaded of={data.value.carriers()}>{(carriers) => <Carriers carriers={carriers} />}</Loaded>
            </Part>
        </>
    );
}

function Carriers({ carriers }: { carriers: readonly Carrier[] }): JSX.Element {
    if (carriers.length === 0) return <p>{t('discovery.noCarriers')}</p>;
    return (
        <Table
            caption={t('discovery.carriers')}
            rows={carriers}
            columns={[
                { title: t('discovery.carrier'), cell: ({ carrier }) => <Key of={carrier} /> },
                { title: t('epochs.status'), cell: ({ active }) => (active === 0 ? t('discovery.takesNone') : t('discovery.takes')) },
                { title: t('discovery.period'), cell: ({ periodSecs }) => span(periodSecs) },
                { title: t('discovery.waiting'), number: true, cell: ({ pending }) => grouped(pending) },
                { title: t('discovery.delivered'), number: true, cell: ({ fulfilled }) => grouped(fulfilled) },
                { title: t('redeem.title'), cell: ({ carrier }) => <a href={`#/redeem/${carrier}`}>{t('redeem.open')}</a> },
            ]}
        />
    );
}

function Streams({ rulebook }: { rulebook: Rulebook }): JSX.Element {
    if (rulebook.streams.length === 0) return <p>{t('discovery.noStreams')}</p>;
    return (
        <Table
            caption={t('discovery.streams')}
            rows={rulebook.streams}
            columns={[
                { title: '№', number: true, cell: (stream) => `${stream.id}` },
                { title: t('discovery.unit'), cell: (stream) => <span lang="en">{stream.unit}</span> },
                { title: t('discovery.rate'), number: true, cell: (stream) => points(stream.rateMilliPoints) },
                { title: t('discovery.ceiling'), number: true, cell: (stream) => grouped(stream.dailyCeiling) },
                { title: t('discovery.share'), number: true, cell: (stream) => `${stream.permille / 10} %` },
                {
                    title: t('discovery.second'),
                    cell: (stream) => (
                        <>
                            <span lang="en">{stream.secondSource}</span> ({`${stream.secondSourcePermille / 10} %`})
                        </>
                    ),
                },
                { title: t('discovery.partner'), cell: (stream) => (isAddress(stream.partner) ? <Key of={stream.partner} short /> : stream.partner) },
            ]}
        />
    );
}
