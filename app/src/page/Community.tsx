// Community: which key can do what, the limits, the rules in words beside their SQL and numbers, what is announced, and what is banned.

import type { JSX } from 'preact';
import { hex } from '../check/merkle.ts';
import { keepersOf } from '../chain/pool.ts';
import type { Pool } from '../chain/pool.ts';
import { span, t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { amount, points } from '../words/amount.ts';
import { explain } from '../words/why.ts';
import type { Rulebook } from '../words/why.ts';
import { Facts, Hash, Key, Part, Table, Unfold } from '../view/atoms.tsx';
import { later } from '../view/later.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { moment } from '../view/Standstill.tsx';
import { Title } from '../view/Title.tsx';
import { LimitsPart } from './Limits.tsx';
import Kinds, { Sql } from './Kinds.tsx';
import type ProposalsPart from './Proposals.tsx';

const Proposals = later<Parameters<typeof ProposalsPart>[0]>(() => import('./Proposals.tsx'));
const Bans = later(() => import('./Bans.tsx'));

export default function Community(): JSX.Element {
    return (
        <>
            <Title>{t('community.title')}</Title>
            <Loaded of={data.value.overview}>
                {({ now }) => (
                    <>
                        <Keys pool={now.pool} now={now.now} />
                        <LimitsPart pool={now.pool} now={now.now} />
                        <Loaded of={data.value.newest()}>
                            {({ number, manifest }) => (
                                <Loaded of={data.value.rulebook(number)}>
                                    {(rulebook) => (
                                        <>
                                            <Rules rulebook={rulebook} number={number} hash={manifest.ruleset.hash} pool={now.pool} />
                                            <Kinds rulebook={rulebook} number={number} />
                                            <Proposals pool={now.pool} newest={number} />
                                        </>
                                    )}
                                </Loaded>
                            )}
                        </Loaded>
                    </>
                )}
            </Loaded>
            <Bans />
        </>
    );
}

function Keys({ pool, now }: { pool: Pool; now: bigint }): JSX.Element {
    const keepers = keepersOf(pool);
    return (
        <Part title={t('community.keys')}>
            <Facts
                rows={[
                    [t('community.admin'), <><Key of={pool.admin} /><p class="soft">{t('community.adminCan', { delay: span(pool.paramsDelaySecs) })}</p></>],
                    [t('community.guardian'), <><Key of={pool.guardian} /><p class="soft">{t('community.guardianCan')}</p></>],
                    [
                        t('community.keepers'),
                        <>
                            {keepers.map((key, at) => (
                                <div key={key}>
                                    <Key of={key} />
                                    <Rest until={pool.keeperRests[at] ?? 0n} now={now} only={keepers.length === 1} />
                                </div>
                            ))}
                            <p class="soft">
                                {t('community.keepersCan', {
                                    threshold: `${pool.threshold}`,
                                    count: `${keepers.length}`,
                                    cap: amount(pool.emissionCap, pool.decimals),
                                    interval: span(pool.epochIntervalSecs),
                                })}
                            </p>
                        </>,
                    ],
                ]}
            />
        </Part>
    );
}

/** After a veto another keeper gets a turn; the only one never rests. */
function Rest({ until, now, only }: { until: bigint; now: bigint; only: boolean }): JSX.Element | null {
    return !only && until > now ? <p class="held">{t('community.rests', { time: moment(until, now) })}</p> : null;
}

function Rules({ rulebook, number, hash, pool }: { rulebook: Rulebook; number: bigint; hash: string; pool: Pool }): JSX.Element {
    const inForce = hex(pool.rulesetHash);
    const sentences = Object.keys(rulebook.reasons).map((name): [string, string] => [name, explain(rulebook, name, null, null, '', '…')]);
    return (
        <Part title={t('community.rules', { epoch: `${number}` })}>
            <Facts rows={[[t('community.rulesHash'), <Hash of={hash} />]]} />
            <p class="soft">{inForce === hash ? t('community.rulesPool') : t('community.rulesOther', { hash: inForce })}</p>
            <Table
                captioned
                caption={t('community.parts', { tokens: amount(rulebook.tokensPerEpoch, pool.decimals) })}
                rows={rulebook.pots}
                columns={[
                    { title: t('epoch.part'), cell: (pot) => pot.name },
                    { title: t('network.share'), number: true, cell: (pot) => `${pot.permille / 10} %` },
                    { title: t('community.floor'), number: true, cell: (pot) => points(pot.floorMilliPoints) },
                ]}
            />
            <Table
                caption={t('community.words')}
                rows={sentences}
                columns={[
                    { title: t('epoch.reason'), cell: ([name]) => <code>{name}</code> },
                    { title: t('community.words'), cell: ([, words]) => <span lang="en">{words}</span> },
                ]}
            />
            <details>
                <summary>{t('community.rulesNumbers')}</summary>
                <Table
                    caption={t('community.rulesNumbers')}
                    rows={rulebook.numbers}
                    columns={[
                        { title: t('community.number'), cell: ([name]) => <code>{name}</code> },
                        { title: t('community.value'), number: true, cell: ([, value]) => `${value}` },
                    ]}
                />
            </details>
            <Unfold title={t('community.rulesSql')}>
                {() => (
                    <Loaded of={data.value.rules(number)}>
                        {({ rules }) => (
                            <>
                                {rules.map((rule) => (
                                    <Sql key={rule.name} {...rule} />
                                ))}
                            </>
                        )}
                    </Loaded>
                )}
            </Unfold>
        </Part>
    );
}
