/** What the sessions of a run tell: what was sent, and what might have been. */
import type { Limit } from '../../limits/limit.js';
import type { RunInfo, RunSession } from '../../run/run-info.js';
import { requestsAdmitted, sustainedRate } from '../../limits/allowance.js';
import type { ReportData, ReportSession, ReportTraffic } from './report-data.js';

/** The sessions by their start, each with what it was allowed. */
export function describeSessions({ sessions }: Pick<RunInfo, 'sessions'>): ReportSession[] {
  return sessions.toSorted((a, b) => a.startedAtMs - b.startedAtMs).map(withAllowance);
}

function withAllowance(session: RunSession): ReportSession {
  const durationMs = durationOf(session);
  const sum = (of: (limits: readonly Limit[]) => number): number =>
    session.appGroups.reduce((total, { apps, limits }) => total + apps * of(limits), 0);
  return {
    ...session,
    allowedRequests: sum((limits) => requestsAdmitted(limits, durationMs)),
    sustainedRate: sum(sustainedRate),
  };
}

/** Adds the sessions up. */
export function addUp(sessions: readonly ReportSession[]): ReportTraffic {
  const sum = (of: (session: ReportSession) => number): number =>
    sessions.reduce((total, session) => total + of(session), 0);
  const activeMs = sum(durationOf);
  const pausedMs = sessions.reduce((total, session, index) => {
    const previousEndMs = sessions[index - 1]?.endedAtMs ?? session.startedAtMs;
    return total + Math.max(0, session.startedAtMs - previousEndMs);
  }, 0);
  const attempts = sum((session) => session.attempts);
  const refusals = sum((session) => session.refusals);
  const allowedRequests = sum((session) => session.allowedRequests);
  const perSecond = (requests: number): number => (activeMs > 0 ? (requests * 1000) / activeMs : 0);
  return {
    activeMs,
    pausedMs,
    attempts,
    refusals,
    retries: sum(({ retries }) => Object.values(retries).reduce((all, times) => all + times, 0)),
    bytes: sum((session) => session.bytes),
    rate: perSecond(attempts - refusals),
    allowedRate: perSecond(allowedRequests),
    used: allowedRequests > 0 ? (attempts - refusals) / allowedRequests : undefined,
  };
}

/** Retries of all sessions by cause, the most frequent first. */
export function retriesByCause(sessions: readonly RunSession[]): ReportData['retries'] {
  const times = new Map<string, number>();
  for (const [cause, count] of sessions.flatMap(({ retries }) => Object.entries(retries))) {
    times.set(cause, (times.get(cause) ?? 0) + count);
  }
  return [...times]
    .map(([cause, count]) => ({ cause, times: count }))
    .toSorted((a, b) => b.times - a.times);
}

function durationOf(session: RunSession): number {
  return Math.max(0, session.endedAtMs - session.startedAtMs);
}
