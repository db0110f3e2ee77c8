// Where a transaction can be looked at. A link only: nobody is asked before a person follows it.

const EXPLORER = 'https://explorer.solana.com/tx/';

/** The page of a transaction on its cluster; of a network of one's own, by the node that knows it. */
export function explorerOf(signature: string, chain: string, node: string): string {
    const name = chain.split(':')[1] ?? '';
    const url = new URL(EXPLORER + signature);
    if (name === 'devnet' || name === 'testnet') url.searchParams.set('cluster', name);
    else if (name !== 'mainnet') {
        url.searchParams.set('cluster', 'custom');
        url.searchParams.set('customUrl', node);
    }
    return url.href;
}
