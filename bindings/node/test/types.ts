// What a program in TypeScript writes, and what it must not be able to write. Compiled, never run.

import {
  Batch, Component, MiandanError, Orders, Station, profiles, statuses, template, templates, version,
  type Job, type Label, type LabelEvent, type LabelResult, type StatusCode, type Summary,
} from 'miandan';

async function batch(signal: AbortSignal): Promise<Summary> {
  const component = new Component({ key: 'station.key', trust: ['a.pub', new URL('file:///b.pub')], statusPolicy: 'warn', state: false });
  const { station, sandbox, layers }: { station: string; sandbox: 'full' | 'reduced' | 'insufficient'; layers: Readonly<Record<string, string>> } =
    await component.check();
  using orders = await Orders.open('sealed.jsonl');
  const more: Orders = await Orders.from([{ v: 'MSO1' }, '{}', Buffer.from('{}')]);
  const made = new Batch({ component, orders, template: template('one-part-76x130'), now: new Date(), dpi: 300, fonts: ['a.ttf', Buffer.alloc(0)] });
  const summary = await made.printPdf('labels.pdf', { signal, onLabel: ({ index, count, error }) => console.log(index, count, error?.code) });
  await made.printFolder('labels', { profile: 'zpl' });
  await made.printFile('labels.prn', 'tspl');
  const labels = made.labels({ form: 'png', signal });
  for await (const label of labels) {
    const { pages, warnings }: Label = label;
    console.log(pages[0]?.length, warnings[0]?.field, station, sandbox, layers.seccomp, more.length);
  }
  const first = await made.labels().next();
  if (first.done) console.log(first.value.done);
  else console.log(first.value.pages.length);
  return labels.summary ?? summary;
}

async function station(component: Component, orders: Orders): Promise<LabelResult[]> {
  await using desk = await Station.open({ component, journal: 'journal.db', printers: { desk: { uri: 'socket://192.0.2.7', profile: 'tsc' } } });
  const job: Job = await desk.print('desk', orders, 'one-part-76x130');
  for await (const event of job) console.log(say(event));
  const print = await desk.settle('261111-001-001', { printed: true, reason: 'it lay in the tray', operator: 'Operator 2' });
  await desk.resume('desk', print.number, { dryRun: true });
  await desk.resume('desk', print.number, { reason: 'a jam', operator: 'Operator 2' });
  console.log(desk.printers().map(({ held, unknown }) => held ?? unknown));
  return job.results();
}

function say(event: LabelEvent): string {
  switch (event.type) {
    case 'planned':
    case 'sending':
      return event.number ?? '';
    case 'made':
      return `${event.took} ms`;
    case 'waiting':
      return `${event.why}, again in ${event.again} ms`;
    case 'settled':
      return event.error === null ? (event.confirmation ?? 'sent') : event.error.meaning('zh');
  }
}

function fault(error: unknown): StatusCode | undefined {
  if (!(error instanceof MiandanError)) return undefined;
  if (error.code === 'DUPLICATE') console.log(error.earlier?.number, error.number, error.field, error.line);
  return error.code;
}

function wrong(component: Component, orders: Orders): void {
  // @ts-expect-error there is no such policy
  new Component({ statusPolicy: 'maybe' });
  // @ts-expect-error orders are opened, not made
  new Orders();
  // @ts-expect-error a station is opened, not made
  new Station();
  // @ts-expect-error a template is missing
  new Batch({ component, orders });
  // @ts-expect-error no such resolution
  new Batch({ component, orders, template: '<page/>', dpi: 600 });
  // @ts-expect-error no such code
  const code: StatusCode = 'NO_SUCH_CODE';
  console.log(code);
}

console.log(version, templates().length, profiles()[0]?.aboutZh, statuses()[0]?.zh, batch, station, fault, wrong);
