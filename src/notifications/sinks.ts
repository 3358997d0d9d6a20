import { hash } from 'node:crypto';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type { Config } from '../settings/config.ts';
import type { Clock } from '../time/clock.ts';
import type { Sink } from './sink.ts';

type SinkSettings = Pick<Config, 'NOTIFY_WEBHOOKS' | 'NOTIFY_EVENT_BUS' | 'UPSTREAM'>;

/** Nothing talks to AWS unless `UPSTREAM` is `aws`. */
const busIn = ({ UPSTREAM, NOTIFY_EVENT_BUS }: SinkSettings): string =>
  UPSTREAM === 'aws' ? NOTIFY_EVENT_BUS : '';

/** Whether anybody is told. */
export const hasSinks = (config: SinkSettings): boolean =>
  config.NOTIFY_WEBHOOKS.length > 0 || busIn(config) !== '';

/** The event bus of the settings, if there is one; `client` is what the SDK does not find by itself. */
export async function createBusSink(
  config: SinkSettings,
  client: EventBridgeClientConfig,
  clock: Pick<Clock, 'timeout'>,
): Promise<Sink | undefined> {
  const bus = busIn(config);
  if (bus === '') return undefined;
  const name = 'event-bus';
  const { createEventBridgeSink } = await import('./event-bridge.ts');
  return createEventBridgeSink({ name, key: hashOf(name, bus), bus, client, clock });
}

/** Names a receiver by what makes it the same one. */
export const hashOf = (...parts: string[]): string =>
  hash('sha256', parts.join(' '), 'base64url').slice(0, 22);
