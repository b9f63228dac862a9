// A thread that carries attempts, but ends on `/die`, hangs on `/hang`, and ends after so many attempts
// as `DIES_AFTER` says.
import { parentPort, workerData } from 'node:worker_threads';

const after = Number(workerData.env.DIES_AFTER ?? Infinity);
let count = 0;

if (after === 0) process.exit(3);
await import('../../dist/transport/transport-thread.js');

parentPort.on('message', ({ requests }) => {
  count += requests.length;
  const paths = new Set(requests.map(({ path }) => path));
  // The others have been sent by then.
  if (count > after || paths.has('/die')) setTimeout(() => process.exit(3), 3);
  if (paths.has('/hang')) for (;;);
});
