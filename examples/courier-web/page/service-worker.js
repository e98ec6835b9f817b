// Keeps the page for when there is no network. VERSION and FILES are put before this when the page is built.

self.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(VERSION);
    // From the server itself: what a browser has kept besides may be of another version.
    await cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// Only what was kept is ever answered: the page asks for nothing else.
self.addEventListener('fetch', (event) => {
  const answer = async () => {
    const cache = await caches.open(VERSION);
    return (await cache.match(event.request, { ignoreSearch: true })) ?? fetch(event.request);
  };
  if (new URL(event.request.url).origin === self.location.origin) event.respondWith(answer());
});
