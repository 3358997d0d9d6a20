import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { NoticeWatcher } from '../notifications/outbox.ts';

/** What Prometheus is told about the notices before the end of certificates. */
export function createNoticeMetrics(registry: Registry): NoticeWatcher {
  const registers = [registry];
  const labelNames = ['sink'];
  const sinks = new Set<{ sink: string; waiting: () => number }>();
  const sent = new Counter({
    name: 'certway_notices_sent_total',
    help: 'Notices about client certificates that a sink has taken.',
    labelNames,
    registers,
  });
  const failures = new Counter({
    name: 'certway_notice_failures_total',
    help: 'How often a sink has not taken a message with notices.',
    labelNames,
    registers,
  });
  new Gauge({
    name: 'certway_notices_waiting',
    help: 'Notices that a sink has not taken yet.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { sink, waiting } of sinks) this.set({ sink }, waiting());
    },
  });
  return {
    watch: (sink, waiting) => {
      const watched = { sink, waiting };
      sinks.add(watched);
      sent.inc({ sink }, 0);
      failures.inc({ sink }, 0);
      return () => void sinks.delete(watched);
    },
    sent: (sink, count) => sent.inc({ sink }, count),
    failed: (sink) => failures.inc({ sink }),
  };
}
