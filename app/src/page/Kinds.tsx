// Each kind of work that the rules pay: what it is and pays in words, beside its own numbers, reasons and SQL of this epoch.

import type { JSX } from 'preact';
import type { WrittenRules } from '../files/announced.ts';
import type { Summary } from '../files/summary.ts';
import { t } from '../i18n/index.ts';
import { data } from '../state/data.ts';
import { grouped, points } from '../words/amount.ts';
import { aboutRule, namedIn, signersOf, spoken, wordsOf } from '../words/kind.ts';
import { explain } from '../words/why.ts';
import type { Rulebook } from '../words/why.ts';
import { Facts, Part, Table, Unfold } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';

export default function Kinds({ rulebook, number }: { rulebook: Rulebook; number: bigint }): JSX.Element {
    return (
        <Part title={t('kinds.title')}>
            <p class="soft">{t('kinds.note', { version: `${rulebook.version}` })}</p>
            <Loaded of={data.value.summary()}>
                {({ summary }) => (
                    <>
                        {rulebook.kinds.map((kind) => (
                            <Unfold key={kind} title={<span lang="en">{spoken(kind)}</span>}>
                                {() => <Kind kind={kind} rulebook={rulebook} number={number} summary={summary} />}
                            </Unfold>
                        ))}
                    </>
                )}
            </Loaded>
        </Part>
    );
}

interface KindProps {
    kind: string;
    rulebook: Rulebook;
    number: bigint;
    summary: Summary;
}

function Kind({ kind, rulebook, number, summary }: KindProps): JSX.Element {
    const words = wordsOf(rulebook.version, kind);
    const counted = summary.proofs.filter((row) => row.kind === kind);
    const sum = (of: (row: Summary['proofs'][number]) => bigint): bigint => counted.reduce((all, row) => all + of(row), 0n);
    const accepted = counted.filter(({ reason }) => reason === 'OK').reduce((all, { count }) => all + count, 0);
    return (
        <div data-kind={kind}>
            {words && (
                <>
                    <p lang="en">{words.about}</p>
                    <p lang="en">{words.pays}</p>
                </>
            )}
            <Facts
                rows={[
                    [t('kinds.signs'), <span lang="en">{signersOf(kind).join(', ')}</span>],
                    [t('kinds.came', { epoch: `${number}` }), t('common.of', { part: grouped(accepted), whole: grouped(sum(({ count }) => BigInt(count))) })],
                    [t('proof.points'), points(sum(({ milliPoints }) => milliPoints))],
                ]}
            />
            <Loaded of={data.value.rules(number)}>{(rules) => <Own kind={kind} rules={rules} names={words?.rules ?? []} rulebook={rulebook} />}</Loaded>
        </div>
    );
}

/** The kind's own SQL, with the numbers and reasons that it names. */
function Own({ kind, rules, names, rulebook }: Pick<KindProps, 'kind' | 'rulebook'> & { rules: WrittenRules; names: readonly string[] }): JSX.Element {
    const own = rules.rules.filter(({ name }) => names.includes(name));
    const named = namedIn(own.map(({ text }) => text));
    const numbers = rulebook.numbers.filter(([name]) => named.numbers.includes(name));
    // Several kinds may stand open, and a reader of the screen tells tables apart by what they are called.
    const of = (title: string): string => `${title} · ${spoken(kind)}`;
    return (
        <>
            <Table
                captioned
                caption={of(t('community.rulesNumbers'))}
                rows={numbers}
                columns={[
                    { title: t('community.number'), cell: ([name]) => <code>{name}</code> },
                    { title: t('community.value'), number: true, cell: ([, value]) => grouped(value) },
                ]}
            />
            <Table
                captioned
                caption={of(t('kinds.refused'))}
                rows={named.reasons}
                columns={[
                    { title: t('epoch.reason'), cell: (name) => <code>{name}</code> },
                    { title: t('community.words'), cell: (name) => <span lang="en">{explain(rulebook, name, null, null, '', '…')}</span> },
                ]}
            />
            {own.map((rule) => (
                <Sql key={rule.name} {...rule} />
            ))}
        </>
    );
}

/** A file of SQL under what it says of itself. */
export function Sql({ name, text }: { name: string; text: string }): JSX.Element {
    return (
        <section>
            <h3>
                <code>{name}.sql</code>
            </h3>
            <p lang="en">{aboutRule(text)}</p>
            <pre lang="en" tabIndex={0}>
                {text}
            </pre>
        </section>
    );
}
