import { defineConfig } from 'vite';

// `base` is relative so that the built folder runs from any path of any server, gateways of IPFS and Arweave included.
// JSX is compiled by Vite itself: no plugin of a framework.
export default defineConfig({
    base: './',
    build: {
        outDir: process.env['CAIRN_APP_OUT'] ?? '../target/app',
        emptyOutDir: true,
        target: 'es2022',
        // A file that a browser must ask for by itself can be counted, checked and cached; an inlined one can not.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
