// What the browser remembers, if it was asked to: files, as they were chosen. Nothing else is ever stored.

const DATABASE = 'miandan-courier';
const STORE = 'files';

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Does something in one transaction and answers what it asked for, once that is on the disk. */
async function transact(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** The files that are remembered: `{ issuers, stations, carrier }`, or `undefined` if there are none. */
export function remembered() {
  return transact('readonly', (store) => store.get('files'));
}

/** Remembers these files, and no others. */
export function remember(files) {
  return transact('readwrite', (store) => store.put(files, 'files'));
}

/** Remembers nothing. */
export function forget() {
  return transact('readwrite', (store) => store.clear());
}
