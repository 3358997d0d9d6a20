import type { Webhook } from '../settings/webhooks.ts';
import type { Clock } from '../time/clock.ts';
import { createCloudEventsSink } from './cloud-events.ts';
import type { Due } from './due.ts';
import type { Outbox } from './outbox.ts';
import { createPagerDutySink } from './pager-duty.ts';
import type { Sink } from './sink.ts';
import { hashOf } from './sinks.ts';
import { createSlackSink } from './slack.ts';

/** The outboxes of those who are told. */
export type Receivers = {
  all(): readonly Outbox[];
  /** Those that still send their last message, after they were taken out. */
  leaving(): readonly Outbox[];
  /** Makes the receivers those that the settings name now. Who is new is told what is due, who is gone nothing more. */
  follow(): void;
};

export type ReceiversOptions = {
  /** As they are now. */
  webhooks: () => readonly Webhook[];
  /** The event bus, which stays. */
  bus: Sink | undefined;
  /** It sends nothing before `after` resolves. */
  createOutbox: (sink: Sink, after?: Promise<unknown>) => Outbox;
  /** What is due in each account and region, as far as it is known. */
  dues: () => Iterable<Due>;
  clock: Pick<Clock, 'now' | 'timeout'>;
};

const CREATE = { cloudevents: createCloudEventsSink, slack: createSlackSink, pagerduty: createPagerDutySink };

export function createReceivers(options: ReceiversOptions): Receivers {
  const { webhooks, bus, createOutbox, dues, clock } = options;
  const last = bus ? [createOutbox(bus)] : [];
  const leaving = new Set<Outbox>();
  let named: readonly Outbox[] = [];

  function add(webhook: Webhook, name: string): Outbox {
    const key = keyOf(webhook);
    const now = () => webhooks().find((one) => keyOf(one) === key) ?? webhook;
    // What is still being sent to the same receiver, which was taken out and comes back, is not sent once more beside that.
    const before = Array.from(leaving).filter(({ sink }) => sink.key === key);
    const after = Promise.all(before.map(({ end }) => end()));
    return createOutbox(CREATE[webhook.format](now, { name, key, clock }), after);
  }

  async function begin(outbox: Outbox): Promise<void> {
    for (const due of dues()) await outbox.update(due);
    void outbox.send();
  }

  async function end(outbox: Outbox): Promise<void> {
    leaving.add(outbox);
    await outbox.end();
    leaving.delete(outbox);
    outbox.sink.close();
  }

  return {
    all: () => [...named, ...last],
    leaving: () => Array.from(leaving),
    follow: () => {
      const before = new Map(named.map((outbox) => [outbox.sink.key, outbox]));
      const wanted = webhooks();
      const names = new Set(wanted.map((webhook) => before.get(keyOf(webhook))?.sink.name));
      const next = wanted.map(
        (webhook, i) => before.get(keyOf(webhook)) ?? add(webhook, freeName(webhook, i + 1, names)),
      );
      const gone = named.filter((outbox) => !next.includes(outbox));
      const added = next.filter((outbox) => !named.includes(outbox));
      named = next;
      for (const outbox of gone) void end(outbox);
      for (const outbox of added) void begin(outbox);
    },
  };
}

/** By its place among the entries, unless a receiver has that name that was there before. */
function freeName({ format }: Webhook, place: number, names: Set<string | undefined>): string {
  let number = place;
  while (names.has(`${format}-${number}`)) number += 1;
  const name = `${format}-${number}`;
  names.add(name);
  return name;
}

/** The secret of CloudEvents may change, but another integration key of PagerDuty is another receiver. */
const keyOf = ({ format, url, secret }: Webhook): string =>
  hashOf(format, url, format === 'pagerduty' ? secret : '');
