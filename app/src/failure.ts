// What went wrong, as something a person can act on: a code, the facts for its words (src/i18n), and whether trying again may help.

import type { FailureCode } from './i18n/en.ts';

export class Failure extends Error {
    readonly code: FailureCode;
    /** Filled into the words of this failure. */
    readonly facts: Record<string, string>;
    /** What a program or node said, in its own words; empty when nothing did. */
    readonly said: string;

    constructor(code: FailureCode, facts: Record<string, string> = {}, said = '', cause?: unknown) {
        super(`${code} ${JSON.stringify(facts)} ${said}`.trim(), { cause });
        this.code = code;
        this.facts = facts;
        this.said = said;
    }

    /** Whatever was thrown, as a failure. */
    static of(thrown: unknown): Failure {
        if (thrown instanceof Failure) return thrown;
        const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
        return new Failure('unexpected', {}, said, thrown);
    }
}
