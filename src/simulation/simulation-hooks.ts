import type { Outcome, RequestMethod, RequestOptions } from '../request/request.js';
import type { Arrival } from './simulated-transport.js';

/** What a simulated request is. */
export interface SimulatedRequest {
  readonly method: RequestMethod;
  readonly options: RequestOptions;
}

/** What may be seen of a simulation, and said of its requests. */
export interface SimulationHooks {
  readonly onArrival?: (arrival: Arrival) => void;
  readonly onOutcome?: (outcome: Outcome) => void;
  /** What the request of this number, from 0, is; a GET unless given. */
  readonly requestOf?: (id: number) => SimulatedRequest;
}
