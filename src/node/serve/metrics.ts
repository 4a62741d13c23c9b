// The server's figures for Prometheus: requests, models, jobs, memory.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Engine } from '../../predict/local/types.js';
import { type Job, jobStateSchema, type Metrics } from '../../server/index.js';

/** What is asked when figures are. */
export interface Measured {
  readonly engine: () => Pick<Engine, 'waiting' | 'loaded'>;
  readonly jobs: () => Promise<readonly Job[]>;
}

/** Seconds: a text is embedded in milliseconds, a clip is looked at in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const BATCHES = [1, 2, 4, 8, 16, 32];

export interface ServerMetrics extends Metrics {
  /** Models have been run once. @param items  how many were put together */
  batch(kind: string, items: number): void;
}

export function createMetrics(measured: Measured): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const running = new Gauge({ name: 'uniadapter_requests_running', help: 'Requests under way', registers });
  const requests = new Counter({
    ...{ name: 'uniadapter_requests_total', help: 'Requests that are over', registers },
    labelNames: ['method', 'route', 'status'] as const,
  });
  const seconds = new Histogram({
    ...{ name: 'uniadapter_request_seconds', help: 'Until the last byte was sent', registers },
    ...{ labelNames: ['route'] as const, buckets: BUCKETS },
  });
  const bytes = new Counter({
    ...{ name: 'uniadapter_bytes_total', help: 'Bytes of bodies', registers },
    labelNames: ['direction'] as const,
  });
  const batches = new Histogram({
    ...{ name: 'uniadapter_batch_items', help: 'Texts, files or pairs that models took at once', registers },
    ...{ labelNames: ['kind'] as const, buckets: BATCHES },
  });
  addAsked(registers, measured);
  return {
    begin: () => running.inc(),
    end({ method, route, status, ms, bytesIn, bytesOut }) {
      running.dec();
      requests.inc({ method, route, status });
      seconds.observe({ route }, ms / 1000);
      bytes.inc({ direction: 'in' }, bytesIn);
      bytes.inc({ direction: 'out' }, bytesOut);
    },
    batch: (kind, items) => batches.observe({ kind }, items),
    text: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** Figures that are looked up when they are asked for. */
function addAsked(registers: Registry[], { engine, jobs }: Measured): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      ...{ name: `uniadapter_${name}`, help, registers },
      collect() {
        this.set(value());
      },
    });
  gauge('models_waiting', 'Requests that wait for a model', () => engine().waiting());
  gauge('adapters_loaded', 'Adapters in memory', () => engine().loaded().length);
  gauge('adapters_bytes', 'Memory of adapters in memory', () =>
    engine()
      .loaded()
      .reduce((sum, { bytes }) => sum + bytes, 0),
  );
  new Gauge({
    ...{ name: 'uniadapter_jobs', help: 'Jobs by state', registers, labelNames: ['state'] as const },
    async collect() {
      const all = await jobs();
      for (const state of jobStateSchema.options) this.set({ state }, all.filter((job) => job.state === state).length);
    },
  });
}
