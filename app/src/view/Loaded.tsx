// What is loaded, with its four faces; and a failure as a person meets it: what, what to do, and a way to try again.

import type { ComponentChildren, JSX } from 'preact';
import type { Failure } from '../failure.ts';
import { t } from '../i18n/index.ts';
import type { Resource } from '../state/resource.ts';

export function Failed({ failure, retry }: { failure: Failure; retry?: () => void }): JSX.Element {
    // A program's message and hint are English, whatever the page speaks.
    const foreign = failure.code === 'program-refused' ? { lang: 'en', dir: 'ltr' as const } : {};
    return (
        <div class="failure" role="alert" data-code={failure.facts['code'] ?? failure.code}>
            <p class="bad" {...foreign}>
                {t(`failure.${failure.code}`, failure.facts)}
            </p>
            <p {...foreign}>{t(`hint.${failure.code}`, failure.facts)}</p>
            {failure.said !== '' && (
                <pre lang="en" tabIndex={0}>
                    {failure.said}
                </pre>
            )}
            {retry && (
                <p>
                    <button type="button" onClick={retry}>
                        {t('face.retry')}
                    </button>
                </p>
            )}
        </div>
    );
}

export function Loaded<T>({ of, children }: { of: Resource<T>; children: (value: T) => ComponentChildren }): JSX.Element {
    const face = of.face.value;
    const retry = (): void => void of.renew();
    switch (face.at) {
        case 'waiting':
            return (
                <p class="waiting soft" role="status">
                    {t('face.waiting')}
                </p>
            );
        case 'failed':
            return <Failed failure={face.failure} retry={retry} />;
        case 'stale':
            return (
                <>
                    <p class="held">{t('face.stale')}</p>
                    <Failed failure={face.failure} retry={retry} />
                    {children(face.value)}
                </>
            );
        case 'here':
            return <>{children(face.value)}</>;
    }
}
