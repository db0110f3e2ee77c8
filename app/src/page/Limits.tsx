// What binds a pool: its limits, beside those at its start, and every change that is announced.

import type { JSX } from 'preact';
import { hex } from '../check/merkle.ts';
import { told } from '../chain/pool.ts';
import type { Pool } from '../chain/pool.ts';
import { t } from '../i18n/index.ts';
import { limits } from '../words/limits.ts';
import { Facts, Hash, Key, Part, Table, When } from '../view/atoms.tsx';

export function LimitsPart({ pool, now }: { pool: Pool; now: bigint }): JSX.Element {
    const start = limits(pool.creation, pool.decimals);
    return (
        <>
            <Part title={t('community.limits')}>
                <Table
                    caption={t('community.limits')}
                    rows={limits(pool, pool.decimals)}
                    columns={[
                        { title: t('community.limit'), cell: ([label]) => label },
                        { title: t('community.now'), cell: ([, value]) => value },
                        { title: t('community.atStart'), cell: (_, at) => start[at]?.[1] },
                    ]}
                />
            </Part>
            <Part title={t('community.announced')}>
                <Announced pool={pool} now={now} />
            </Part>
        </>
    );
}

function Announced({ pool, now }: { pool: Pool; now: bigint }): JSX.Element {
    const { pendingParams, pendingRoles: roles, pendingRuleset: rules } = pool;
    const admin = told(pool.pendingAdmin);
    const from = (at: bigint): JSX.Element => <When at={at} now={now} />;
    if (!admin && [pendingParams.effectiveAt, roles.guardianEffectiveAt, roles.keepersEffectiveAt, rules.effectiveAt].every((at) => at === 0n)) {
        return <p>{t('community.nothingAnnounced')}</p>;
    }
    return (
        <>
            <Facts
                rows={[
                    admin ? [t('community.offered'), <><Key of={admin} /><p>{from(pool.adminEffectiveAt)}</p></>] : null,
                    roles.guardianEffectiveAt === 0n ? null : [t('community.guardianToBe'), <><Key of={roles.guardian} /><p>{from(roles.guardianEffectiveAt)}</p></>],
                    roles.keepersEffectiveAt === 0n
                        ? null
                        : [
                              t('community.keepersToBe'),
                              <>
                                  {roles.keepers.slice(0, roles.keeperCount).map((key) => (
                                      <div key={key}>
                                          <Key of={key} />
                                      </div>
                                  ))}
                                  <p>
                                      {t('community.votesToBe', { threshold: `${roles.threshold}`, count: `${roles.keeperCount}` })} · {from(roles.keepersEffectiveAt)}
                                  </p>
                              </>,
                          ],
                    rules.effectiveAt === 0n ? null : [t('community.rulesToBe', { epoch: `${rules.fromEpoch}` }), <><Hash of={hex(rules.hash)} /><p>{from(rules.effectiveAt)}</p></>],
                    pendingParams.effectiveAt === 0n ? null : [t('community.pending'), from(pendingParams.effectiveAt)],
                ]}
            />
            {pendingParams.effectiveAt !== 0n && <Changes pool={pool} />}
        </>
    );
}

/** What announced parameters change, before and after. */
function Changes({ pool }: { pool: Pool }): JSX.Element {
    const then = limits(pool.pendingParams.stored, pool.decimals);
    const rows = limits(pool, pool.decimals)
        .map(([label, value], at): [string, string, string] => [label, value, then[at]?.[1] ?? value])
        .filter(([, before, after]) => before !== after);
    return (
        <Table
            caption={t('community.pending')}
            rows={rows}
            columns={[
                { title: t('community.limit'), cell: ([label]) => label },
                { title: t('community.now'), cell: ([, before]) => before },
                { title: t('community.then'), cell: ([, , after]) => after },
            ]}
        />
    );
}
