import * as os from 'node:os';

/** What figures depend on, and nothing that tells whose machine it is. */
export function machineFacts() {
  const [first] = os.cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: os.availableParallelism(),
    processor: first?.model.trim() ?? 'unknown',
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    date: new Date().toISOString().slice(0, 10),
  };
}

/** How busy the machine was in the last minute: figures of a busy one are worth less. */
export const load = () => Number(os.loadavg()[0].toFixed(1));
