/** What the sessions of a run tell: what was sent, and what might have been. */
import type { Limit } from '../../limits/limit.js';
import type { RunInfo, RunSession } from '../../run/run-info.js';
import { requestsAdmitted, sustainedRate } from '../../limits/allowance.js';
import { limitsOf } from './recorded-limits.js';
import type { ReportData, ReportSession, ReportTraffic } from './report-data.js';

/** The sessions by their start, each with what it was allowed. */
export function describeSessions(info: Pick<RunInfo, 'options' | 'sessions'>): ReportSession[] {
  const limits = limitsOf(info.options);
  return info.sessions
    .toSorted((a, b) => a.startedAtMs - b.startedAtMs)
    .map((session) => withAllowance(session, limits));
}

function withAllowance(session: RunSession, limits: readonly Limit[]): ReportSession {
  const { allowedRate } = session;
  const durationMs = durationOf(session);
  // No limits admit any number; that many times no app would be no number.
  const apps = Math.max(1, session.apps);
  const byShortest = (allowedRate * durationMs) / 1000;
  return {
    ...session,
    allowedRequests: Math.min(byShortest, apps * requestsAdmitted(limits, durationMs)),
    sustainedRate: Math.min(allowedRate, apps * sustainedRate(limits)),
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
