import type { Words } from './index.ts';
import community from './ar/community.ts';
import deeds from './ar/deeds.ts';
import failures from './ar/failures.ts';
import growth from './ar/growth.ts';
import history from './ar/history.ts';
import pages from './ar/pages.ts';
import places from './ar/places.ts';

const words: Words = { ...pages, ...places, ...deeds, ...growth, ...community, ...failures, ...history };

export default words;
