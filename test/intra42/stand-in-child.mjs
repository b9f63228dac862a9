// A stand-in in a process of its own, so that the judge's clock does not stop when the judged is busy.
import { startIntra42 } from '../../dist/testing/index.js';

const intra = await startIntra42(JSON.parse(process.argv[2] ?? '{}'));
const { apiBase, profileBase, login, password } = intra;
process.send({ apiBase, profileBase, login, password });
process.on('message', (perMs) => {
  const { account } = intra;
  process.send({
    totals: account.totals,
    rate: account.rate(),
    highestInWindow: account.highestInWindow(perMs),
  });
});
process.on('disconnect', () => process.exit());
