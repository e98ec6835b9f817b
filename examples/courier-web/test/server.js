// A file server for the test, which remembers what it was asked for.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** Serves a folder on a port of the machine's choice; without a folder it has nothing. */
export async function serve(folder) {
  const asked = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://server').pathname;
    asked.push(path);
    const file = folder && join(folder, normalize(path === '/' ? '/index.html' : path));
    if (!file || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, asked, stop: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };
}
