import { hash } from 'node:crypto';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type { Config } from '../settings/config.ts';
import type { Webhook } from '../settings/webhooks.ts';
import type { Clock } from '../time/clock.ts';
import type { Sink } from './sink.ts';

export type SinksOptions = {
  config: Pick<Config, 'NOTIFY_WEBHOOKS' | 'NOTIFY_EVENT_BUS' | 'UPSTREAM'>;
  /** Those of the settings, with their URLs and secrets as they are now. */
  webhooks: () => readonly Webhook[];
  /** What the SDK does not find by itself. */
  eventBridge: EventBridgeClientConfig;
  clock: Pick<Clock, 'now' | 'timeout'>;
};

/** Nothing talks to AWS unless `UPSTREAM` is `aws`. */
const busIn = ({ UPSTREAM, NOTIFY_EVENT_BUS }: SinksOptions['config']): string =>
  UPSTREAM === 'aws' ? NOTIFY_EVENT_BUS : '';

/** Whether anybody is told. */
export const hasSinks = (config: SinksOptions['config']): boolean =>
  config.NOTIFY_WEBHOOKS.length > 0 || busIn(config) !== '';

/** All who are told, in the order of the settings. Only what they need is loaded. */
export async function createSinks({ config, webhooks, eventBridge, clock }: SinksOptions): Promise<Sink[]> {
  const bus = busIn(config);
  const sinks = await Promise.all(
    config.NOTIFY_WEBHOOKS.map((webhook, i) =>
      createWebhookSink(() => webhooks()[i] ?? webhook, {
        name: `${webhook.format}-${i + 1}`,
        key: keyOf(webhook.format, webhook.url, webhook.format === 'pagerduty' ? webhook.secret : ''),
        clock,
      }),
    ),
  );
  if (bus === '') return sinks;
  const { createEventBridgeSink } = await import('./event-bridge.ts');
  const name = 'event-bus';
  return [...sinks, createEventBridgeSink({ name, key: keyOf(name, bus), bus, client: eventBridge })];
}

async function createWebhookSink(
  webhook: () => Webhook,
  options: Pick<Sink, 'name' | 'key'> & Pick<SinksOptions, 'clock'>,
): Promise<Sink> {
  switch (webhook().format) {
    case 'cloudevents':
      return (await import('./cloud-events.ts')).createCloudEventsSink(webhook, options);
    case 'slack':
      return (await import('./slack.ts')).createSlackSink(webhook, options);
    case 'pagerduty':
      return (await import('./pager-duty.ts')).createPagerDutySink(webhook, options);
  }
}

/** A new secret of a webhook makes no new receiver, but another integration key of PagerDuty does. */
const keyOf = (...parts: string[]): string => hash('sha256', parts.join(' '), 'base64url').slice(0, 22);
