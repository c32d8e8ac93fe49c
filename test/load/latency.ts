import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Percentiles } from './report/figures.ts';

/** An HDR histogram of microseconds: three significant figures from a microsecond to a minute, in constant memory. */
export class Latency {
  private readonly histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: 60_000_000,
    figures: 3,
  });

  get count(): number {
    return this.histogram.count;
  }

  record(ms: number): void {
    this.histogram.record(Math.min(60_000_000, Math.max(1, Math.round(ms * 1000))));
  }

  add(other: Latency): void {
    if (other.count > 0) this.histogram.add(other.histogram);
  }

  percentiles(): Percentiles {
    const ms = (percentile: number): number => this.histogram.percentile(percentile) / 1000;
    return {
      p50Ms: ms(50),
      p90Ms: ms(90),
      p99Ms: ms(99),
      p999Ms: ms(99.9),
      maxMs: this.histogram.max / 1000,
    };
  }
}
