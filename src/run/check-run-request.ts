/** Checks what of a run's request the types promise and nobody else checks. */
import { describeValue, HydraError } from '../errors.js';
import type { RequestMethod } from '../request/request.js';
import type { RunRequest } from './run.js';

const METHODS: ReadonlySet<unknown> = new Set<RequestMethod>([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
]);

/** @throws HydraError `HYDRA_INVALID_REQUEST`, `HYDRA_INVALID_OPTION`. */
export function checkRunRequest(request: RunRequest): void {
  const { method = 'GET' } = request;
  if (!METHODS.has(method)) {
    const expected = [...METHODS].join(', ');
    throw new HydraError(
      'HYDRA_INVALID_REQUEST',
      `Expected \`method\` to be one of ${expected}, got ${describeValue(method)}.`,
      { name: 'method' },
    );
  }
  if ('signal' in request) {
    throw new HydraError(
      'HYDRA_INVALID_OPTION',
      'Expected a request of a run to have no `signal`: the run has one, and a request that is to be left out is left out of the source.',
      { name: 'signal' },
    );
  }
}
