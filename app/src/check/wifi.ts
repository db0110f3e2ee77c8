// Whose word about an access point counts: of a device its owner's, as the registry has it; of a point that stands in none an operator's, whom
// the rules name. Whoever says something else is not shown.

import { getAddressEncoder } from '@solana/kit';
import type { Address } from '@solana/kit';
import { offerMessage } from '../files/wifi.ts';
import type { Offer } from '../files/wifi.ts';
import type { Party } from '../words/why.ts';
import { isSigned } from './signature.ts';
import type { Standing } from './standing.ts';

/** A statement that counts. */
export interface Heard {
    offer: Offer;
    /** The device that it is about; null for a point that stands in no registry. */
    device: Standing | null;
    /** What the rules call the operator who says it; null for a device's owner. */
    operator: string | null;
}

export interface Hearing {
    heard: Heard[];
    /** Statements that are over, of nobody whose word counts, or not signed by them. */
    passedOver: number;
}

/** Holds statements against registry, rules and clock. Of several about one place the newest counts. */
export async function hear(offers: readonly Offer[], network: Address, devices: readonly Standing[], operators: readonly Party[], now: bigint): Promise<Hearing> {
    const known = new Map(devices.map((device) => [device.key, device]));
    const newest = new Map<string, Heard>();
    let passedOver = 0;
    for (const offer of offers) {
        const heard = speaker(offer, known, operators);
        const key = 'device' in offer.at ? offer.at.device : `${offer.at.cell} ${offer.ssid}`;
        const counts = heard !== null && offer.until > now && offer.signed <= now && (await isSigned(Uint8Array.from(getAddressEncoder().encode(offer.by)), offerMessage(network, offer), offer.signature)) === true;
        const before = newest.get(key);
        if (!counts || (before && before.offer.signed >= offer.signed)) {
            passedOver += 1;
            continue;
        }
        if (before) passedOver += 1;
        newest.set(key, heard);
    }
    return { heard: [...newest.values()], passedOver };
}

function speaker(offer: Offer, known: ReadonlyMap<Address, Standing>, operators: readonly Party[]): Heard | null {
    if ('device' in offer.at) {
        const device = known.get(offer.at.device);
        return device && device.owner === offer.by && device.status === 1 ? { offer, device, operator: null } : null;
    }
    const operator = operators.find(({ key }) => key === offer.by);
    return operator ? { offer, device: null, operator: operator.name } : null;
}
