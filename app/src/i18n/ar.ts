import type { Words } from './index.ts';
import deeds from './ar/deeds.ts';
import failures from './ar/failures.ts';
import pages from './ar/pages.ts';

const words: Words = { ...pages, ...deeds, ...failures };

export default words;
