import { setTimeout as wait } from 'node:timers/promises';
import { type Connection, createConnection } from './connection.ts';
import { createJudge, type Right } from './judge.ts';
import { SERVER_CORE, start } from './processes.ts';
import { generateBody, lookupBody, pageBody, TYPENAME_BODY } from './queries.ts';
import type { Contestant } from './servers.ts';
import { callsOf, startStub } from './stub-process.ts';

/** AWS's own limit per account and region. The burst of 40 is the stub's default. */
export const REQUESTS_PER_SECOND = 10;
export const LATENCY_MS = 20;
export const CERTIFICATES = 60;
export const READERS = 200;
const EVERY_MS = 1000;

export type LimitResult = Right & {
  name: string;
  seconds: number;
  reads: number;
  writes: number;
  throttledReads: number;
  throttledWrites: number;
  generates: { sent: number; answered: number; seenAtOnce: number };
};

/** "Under AWS's real limit": readers that never pause, and one writer. Each service has an AWS of its own. */
export async function measureUnderLimit({ name, server }: Contestant, seconds: number): Promise<LimitResult> {
  const stub = await startStub({
    certificates: CERTIFICATES,
    latencyMs: LATENCY_MS,
    requestsPerSecond: REQUESTS_PER_SECOND,
  });
  const ids = (await stub.certificates()).map(({ clientCertificateId }) => clientCertificateId);
  const running = await start(server.program(stub.url), SERVER_CORE);
  const url = new URL(server.path, running.url);
  const judge = createJudge();
  const readers = Array.from({ length: READERS }, () => createConnection(url));
  const writer = createConnection(url);
  // Node accepts one connection per turn of its event loop: under load, the last of 200 would wait for seconds.
  await Promise.all([writer, ...readers].map((reader) => reader.post(TYPENAME_BODY)));
  await stub.counts();
  const endsAt = performance.now() + seconds * 1000;
  let asked = 0;

  async function read(connection: Connection, index: number): Promise<void> {
    for (let turn = index; performance.now() < endsAt; turn += 1) {
      const id = turn % 2 === 0 ? undefined : ids[asked++ % ids.length];
      const startedAt = performance.now();
      const answer = await connection.post(id === undefined ? pageBody() : lookupBody(id));
      const endedAt = performance.now();
      if (endedAt > endsAt) return;
      judge.heard(id, answer, startedAt, endedAt);
    }
  }

  const generates = { sent: 0, answered: 0, seenAtOnce: 0 };
  async function write(): Promise<void> {
    // Leaves a second in which readers can see the last generate before the service stops.
    while (performance.now() + 2 * EVERY_MS < endsAt) {
      await wait(EVERY_MS);
      generates.sent += 1;
      const description = `Generated number ${generates.sent}`;
      judge.sent(performance.now());
      const id = generatedId(await writer.post(generateBody(description)));
      if (id === undefined) continue;
      judge.answered(performance.now());
      generates.answered += 1;
      const [page, lookup] = [await writer.post(pageBody()), await writer.post(lookupBody(id))];
      if (page.text().includes(`"${id}"`) && lookup.text().includes(`"${description}"`))
        generates.seenAtOnce += 1;
    }
  }

  const clients = Promise.all([write(), ...readers.map(read)]);
  await wait(seconds * 1000);
  const counts = await stub.counts();
  const items = await stub.certificates();
  await running.stop();
  await clients;
  await Promise.all([writer, ...readers].map(({ close }) => close()));
  await stub.stop();
  const { all, reads } = callsOf(counts);
  const { throttledReads, throttledWrites } = counts;
  return {
    name,
    seconds,
    ...judge.judge(items),
    reads,
    writes: all - reads,
    throttledReads,
    throttledWrites,
    generates,
  };
}

function generatedId({ text }: { text(): string }): string | undefined {
  try {
    return JSON.parse(text()).data.generateClientCertificate.clientCertificate.clientCertificateId;
  } catch {
    return undefined;
  }
}
