import type { Words } from './index.ts';
import deeds from './zh-Hant/deeds.ts';
import failures from './zh-Hant/failures.ts';
import history from './zh-Hant/history.ts';
import pages from './zh-Hant/pages.ts';

const words: Words = { ...pages, ...deeds, ...failures, ...history };

export default words;
