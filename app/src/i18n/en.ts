// Every word of the app that is its own. Names in braces are filled in; catalogues of other languages hold the same keys. What
// chains, programs and rulesets say stays in their words, which are English.

import community from './en/community.ts';
import deeds from './en/deeds.ts';
import failures from './en/failures.ts';
import growth from './en/growth.ts';
import history from './en/history.ts';
import pages from './en/pages.ts';
import places from './en/places.ts';

const en = { ...pages, ...places, ...deeds, ...growth, ...community, ...failures, ...history } as const;

export default en;
export type Key = keyof typeof en;
/** Codes of failures: each has words and a hint. */
export type FailureCode = CodeOf<Key>;
type CodeOf<K> = K extends `failure.${infer Code}` ? Code : never;
