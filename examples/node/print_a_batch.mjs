// Prints a batch of sealed orders from a program of your own, and writes the first label as a picture:
//
//   npm install miandan
//   node print_a_batch.mjs orders.sealed.jsonl station.key issuer.key.pub labels.pdf first.png
//
// The program holds sealed orders and finished labels. It has no key and could not use one.

import { writeFile } from 'node:fs/promises';
import { Batch, Component, MiandanError, Orders } from 'miandan';

const [file, key, trust, pdf, png] = process.argv.slice(2);
if (png === undefined) {
  console.error('usage: print_a_batch.mjs ORDERS KEY ISSUER.pub LABELS.pdf FIRST.png');
  process.exit(2);
}

/** Where a person watches: the last line of the terminal. Where nobody does: nothing. */
function progress(index, count) {
  if (process.stderr.isTTY) process.stderr.write(`\r${index} of ${count}${index === count ? '\n' : ''}`);
}

try {
  const component = new Component({ key, trust });
  const { version, sandbox } = await component.check();
  console.log(`component ${version} is locked: ${sandbox}`);

  const orders = await Orders.open(file);
  const batch = new Batch({ component, orders, template: 'one-part-76x130' });
  const { done, failed } = await batch.printPdf(pdf, {
    onLabel({ index, count, error, warnings }) {
      progress(index, count);
      if (error) console.error(`no. ${index}: ${error.code}`);
      for (const { field, warning } of warnings) console.error(`no. ${index}: ${field ?? 'the label'}: ${warning}`);
    },
  });
  console.log(`${done} labels, ${failed} orders failed`);

  // Leaving the loop cancels the rest of the batch.
  for await (const { pages, error } of batch.labels()) {
    if (error) continue;
    await writeFile(png, pages[0]);
    console.log(`the first is ${png}`);
    break;
  }
  orders.close();
} catch (error) {
  if (!(error instanceof MiandanError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
