// Keeps the app and the files it has read, so that both open without a network. What the chain says is never kept: an old answer
// must not look like a new one.
const KEPT = 'cairn-1';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
    const { request } = event;
    // Who asks for a file not to be kept reads it once: a whole epoch's evidence would fill a phone.
    if (request.method !== 'GET' || request.cache === 'no-store' || request.headers.has('range') || new URL(request.url).origin !== self.location.origin) return;
    event.respondWith(
        fetch(request)
            .then(async (response) => {
                if (response.ok) await (await caches.open(KEPT)).put(request, response.clone());
                return response;
            })
            .catch(async () => (await caches.match(request)) ?? Response.error()),
    );
});
