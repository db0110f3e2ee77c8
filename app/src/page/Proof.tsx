// One proof: why it was or was not paid, in the epoch's own words and numbers.

import type { JSX } from 'preact';
import { unhex } from '../check/merkle.ts';
import { readOne } from '../files/decisions.ts';
import type { Decision } from '../files/decisions.ts';
import { t } from '../i18n/index.ts';
import { mirrors } from '../state/app.ts';
import { data } from '../state/data.ts';
import type { Published } from '../state/data.ts';
import { resource } from '../state/resource.ts';
import { grouped, points } from '../words/amount.ts';
import { explain } from '../words/why.ts';
import type { Pot, Rulebook } from '../words/why.ts';
import { Command, Facts, Hash, Key } from '../view/atoms.tsx';
import { Loaded } from '../view/Loaded.tsx';
import { Title } from '../view/Title.tsx';
import { kindOf, reasonOf } from './Proofs.tsx';

export default function ProofPage({ epoch, id }: { epoch: bigint; id: string }): JSX.Element {
    return (
        <>
            <Title>{t('proof.title')}</Title>
            <p>
                <Hash of={id} />
            </p>
            <Loaded of={data.value.manifest(epoch)}>{(published) => <Found published={published} id={id} />}</Loaded>
        </>
    );
}

const reading = new WeakMap<Published, Map<string, ReturnType<typeof resource<Decision | null>>>>();

/** Read once for each proof, however often the page is drawn. */
function decision(published: Published, id: string): ReturnType<typeof resource<Decision | null>> {
    const known = reading.get(published) ?? new Map<string, ReturnType<typeof resource<Decision | null>>>();
    reading.set(published, known);
    const wanted = unhex(id) ?? new Uint8Array();
    const found = known.get(id) ?? resource(() => readOne(mirrors.peek(), published.manifest, wanted));
    known.set(id, found);
    return found;
}

function Found({ published, id }: { published: Published; id: string }): JSX.Element {
    const number = published.number;
    return (
        <Loaded of={decision(published, id)}>
            {(found) =>
                found ? (
                    <Loaded of={data.value.rulebook(number)}>{(rulebook) => <Told one={found} epoch={number} rulebook={rulebook} />}</Loaded>
                ) : (
                    <p>{t('proof.unknown', { epoch: `${number}` })}</p>
                )
            }
        </Loaded>
    );
}

function Told({ one, epoch, rulebook }: { one: Decision; epoch: bigint; rulebook: Rulebook }): JSX.Element {
    const reason = reasonOf(one.reason);
    const potOf = (wanted: number): Pot | undefined => rulebook.pots.find(({ id }) => id === wanted);
    const pot = potOf(one.pot);
    const { also } = one;
    return (
        <>
            <p class={one.reason === 0 ? 'good' : 'bad'}>
                <strong>{one.reason === 0 ? t('proof.counts') : `${t('proof.refused')}: ${reason.name}`}</strong>
            </p>
            <Facts
                rows={[
                    [t('proof.kind'), <span lang="en">{kindOf(one)}</span>],
                    [t('proof.meaning'), <span lang="en">{reason.meaning}</span>],
                    [t('proof.rule', { epoch: `${epoch}` }), <span lang="en" data-name="rule">{explain(rulebook, reason.name, one.found, one.bound, reason.meaning)}</span>],
                    [t('proof.points'), points(one.milliPoints)],
                    one.base === null || one.share === null || one.whole === null
                        ? null
                        : ['', t('proof.formula', { base: `${one.base}`, share: `${one.share}`, whole: `${one.whole}` })],
                    pot ? [t('proof.part'), pot.byStream ? `${pot.name}/${one.stream}` : pot.name] : null,
                    one.credits === 0n ? null : [t('proof.credits'), <data data-name="credits">{grouped(one.credits)}</data>],
                    one.beneficiary ? [t('proof.for'), <Key of={one.beneficiary} to="you" />] : null,
                    also && [
                        t('proof.also'),
                        <>
                            <Key of={also.owner} to="you" />
                            <p data-name="also">{t('proof.alsoPaid', { points: points(also.milliPoints), pot: potOf(also.pot)?.name ?? '' })}</p>
                        </>,
                    ],
                ]}
            />
            <Command text={`cairn why ${one.proofId} --files DIR`} />
        </>
    );
}
