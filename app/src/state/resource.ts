// Something that is loaded, with the four faces that a person sees: waiting, here, stale (kept, with why it could not be renewed),
// failed (with what to do).

import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { Failure } from '../failure.ts';

export type Face<T> = { at: 'waiting' } | { at: 'here'; value: T } | { at: 'stale'; value: T; failure: Failure } | { at: 'failed'; failure: Failure };

export interface Resource<T> {
    face: ReadonlySignal<Face<T>>;
    /** Loads again; what is here stays until the new is. */
    renew(): Promise<void>;
}

export function resource<T>(load: () => Promise<T>): Resource<T> {
    const face = signal<Face<T>>({ at: 'waiting' });
    let turn = 0;
    const renew = async (): Promise<void> => {
        const mine = (turn += 1);
        // Not read as a signal: whoever is being computed while this loads must not follow it.
        const before = face.peek();
        if (before.at === 'failed') face.value = { at: 'waiting' };
        try {
            const value = await load();
            if (mine === turn) face.value = { at: 'here', value };
        } catch (error) {
            if (mine !== turn) return;
            const failure = Failure.of(error);
            face.value = 'value' in before ? { at: 'stale', value: before.value, failure } : { at: 'failed', failure };
        }
    };
    void renew();
    return { face, renew };
}
