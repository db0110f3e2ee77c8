import type { Words } from './index.ts';
import community from './zh-Hant/community.ts';
import deeds from './zh-Hant/deeds.ts';
import failures from './zh-Hant/failures.ts';
import growth from './zh-Hant/growth.ts';
import history from './zh-Hant/history.ts';
import pages from './zh-Hant/pages.ts';
import places from './zh-Hant/places.ts';

const words: Words = { ...pages, ...places, ...deeds, ...growth, ...community, ...failures, ...history };

export default words;
