// A field with its label, and what is wrong with it beside it.

import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

interface Props {
    id: string;
    label: string;
    text: Signal<string>;
    /** In words, or null. */
    wrong: string | null;
    note?: string;
    /** A number, for the keyboards of phones. */
    number?: boolean;
    /** An address: nothing in it is a word. */
    address?: boolean;
}

export function Field({ id, label, text, wrong, note, number, address }: Props): JSX.Element {
    return (
        <div>
            <label for={id}>{label}</label>
            <input
                id={id}
                class={address ? 'key' : ''}
                value={text.value}
                onInput={(event) => (text.value = event.currentTarget.value)}
                autocomplete="off"
                spellcheck={false}
                {...(number && { inputmode: 'decimal' as const })}
                aria-invalid={wrong !== null}
                {...(wrong !== null && { 'aria-describedby': `${id}-wrong` })}
            />
            {wrong !== null && (
                <p id={`${id}-wrong`} class="bad" role="alert">
                    {wrong}
                </p>
            )}
            {note !== undefined && <p class="soft">{note}</p>}
        </div>
    );
}
