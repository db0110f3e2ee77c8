import type { Words } from './index.ts';
import deeds from './ar/deeds.ts';
import failures from './ar/failures.ts';
import history from './ar/history.ts';
import pages from './ar/pages.ts';

const words: Words = { ...pages, ...deeds, ...failures, ...history };

export default words;
