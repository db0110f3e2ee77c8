// Which page stands at a route. Those that most people do not open first come later.

import type { JSX } from 'preact';
import { t } from '../i18n/index.ts';
import type { Route } from '../router.ts';
import { later } from '../view/later.tsx';
import { Title } from '../view/Title.tsx';
import { NetworkPage } from './Network.tsx';
import { You } from './You.tsx';

const MapPage = later(() => import('./Map.tsx'));
const DevicePage = later(() => import('./Device.tsx'));
const Register = later(() => import('./Register.tsx'));
const Transfer = later(() => import('./Transfer.tsx'));
const Epochs = later(() => import('./Epochs.tsx'));
const EpochPage = later(() => import('./Epoch.tsx'));
const Growth = later(() => import('./Growth.tsx'));
const Discovery = later(() => import('./Discovery.tsx'));
const Community = later(() => import('./Community.tsx'));
const Claim = later(() => import('./Claim.tsx'));
const Together = later(() => import('./Together.tsx'));
const Payout = later(() => import('./Payout.tsx'));
const Round = later(() => import('./Round.tsx'));
const Redeem = later(() => import('./Redeem.tsx'));
const Campaign = later(() => import('./Campaign.tsx'));
const Proof = later(() => import('./Proof.tsx'));
const Settings = later(() => import('./Settings.tsx'));

export function Page({ route }: { route: Route }): JSX.Element {
    switch (route.page) {
        case 'network':
            return <NetworkPage />;
        case 'map':
            return <MapPage />;
        case 'device':
            return <DevicePage key={route.key} device={route.key} />;
        case 'register':
            return <Register />;
        case 'transfer':
            return <Transfer key={route.device} device={route.device} />;
        case 'epochs':
            return <Epochs />;
        case 'epoch':
            return <EpochPage key={`${route.number}`} number={route.number} />;
        case 'growth':
            return <Growth />;
        case 'discovery':
            return <Discovery />;
        case 'community':
            return <Community />;
        case 'you':
            return <You key={route.owner} owner={route.owner} />;
        case 'claim':
            return <Claim key={route.owner} owner={route.owner} />;
        case 'payout':
            return <Payout key={route.owner} owner={route.owner} />;
        case 'together':
            return <Together key={route.owner} owner={route.owner} />;
        case 'round':
            return <Round key={`${route.number}`} number={route.number} />;
        case 'redeem':
            return <Redeem key={route.carrier} carrier={route.carrier} />;
        case 'campaign':
            return <Campaign key={`${route.address} ${route.owner}`} address={route.address} owner={route.owner} />;
        case 'proof':
            return <Proof key={route.id} epoch={route.epoch} id={route.id} />;
        case 'settings':
            return <Settings />;
        case 'nowhere':
            return (
                <>
                    <Title>{t('nowhere.title')}</Title>
                    <a href="#/">{t('nowhere.home')}</a>
                </>
            );
    }
}
