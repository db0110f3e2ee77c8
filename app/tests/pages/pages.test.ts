// All cases in one process: they share one month, which takes longer than all of them.

import { after } from 'node:test';
import { onStage } from './stage.ts';
import './cases/look-up.ts';
import './cases/claim.ts';
import './cases/wallet.ts';
import './cases/node.ts';
import './cases/files.ts';
import './cases/network.ts';
import './cases/growth.ts';
import './cases/community.ts';
import './cases/wifi.ts';
import './cases/audit.ts';
import './cases/deeds.ts';
import './cases/airdrop.ts';
import './cases/everywhere.ts';
import './cases/guard.ts';
import './cases/in-flight.ts';
import './cases/credits.ts';
import './cases/register.ts';
import './cases/together.ts';
import './cases/history.ts';
import './cases/transfer.ts';

after(async () => (await onStage()).close());
