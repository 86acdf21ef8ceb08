// SPDX-License-Identifier: Apache-2.0
// Asks the services, and says in a sentence why one did not answer as hoped.

const PATIENCE = 6_000;

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  errors?: { field: string; rule: string; value?: unknown }[];
}

/** An answer that is not a success; status 0 when there was none. */
export class Refused extends Error {
  constructor(
    readonly status: number, readonly sentence: string, readonly fields: string[] = [],
    /** Whether a service is there and said no; else nobody answered, or nobody who knows. */
    readonly answered = false,
  ) {
    super(sentence);
  }
}

export interface Answer { status: number; text: string; tag: string | null; }

/** The service behind a path, as people and logs name it. */
export function serviceOf(path: string): string {
  const first = path.replace('/api/v1/', '').split(/[/?]/)[0];
  return ({
    flags: 'flag-config-service',
    audit: 'flag-config-service',
    me: 'flag-config-service',
    rollouts: 'rollout-scheduler',
    rollbacks: 'rollback-controller',
    kills: 'rollback-controller',
    incidents: 'rollback-controller',
    evidence: 'metrics-watcher',
    stream: 'flag-edge',
  } as Record<string, string>)[first] ?? 'Belay';
}

/** @throws Refused unless the answer is a success or, with a known tag, "not modified" */
export async function get(path: string, key: string, tag: string | null): Promise<Answer> {
  const headers: Record<string, string> = { 'X-API-Key': key, Accept: 'application/json' };
  if (tag !== null) {
    headers['If-None-Match'] = tag;
  }
  return send(path, { headers });
}

/** @throws Refused unless the answer is a success */
export async function post(path: string, key: string, body: unknown): Promise<Answer> {
  return send(path, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
}

async function send(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { ...init, cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(PATIENCE) });
    text = await response.text();
  } catch (failure) {
    const late = failure instanceof DOMException && failure.name === 'TimeoutError';
    throw new Refused(0, late
      ? `${serviceOf(path)} did not answer within ${PATIENCE / 1000} s`
      : `${serviceOf(path)} cannot be reached`);
  }
  if (response.ok || response.status === 304) {
    return { status: response.status, text, tag: response.headers.get('ETag') };
  }
  throw refusal(path, response.status, text);
}

function refusal(path: string, status: number, text: string): Refused {
  const problem = parse(text);
  if (problem === null) {
    const service = serviceOf(path);
    return new Refused(status, status === 404
      ? `${service} does not answer at this address (${path.split('?')[0]} is not found)`
      : `${service} answered ${status}`);
  }
  const fields = (problem.errors ?? []).map(error =>
    `${error.field} ${error.rule}${error.value === undefined || error.value === null ? '' : `, was ${String(error.value)}`}`);
  const detail = problem.detail ?? problem.title ?? `${serviceOf(path)} answered ${status}`;
  return new Refused(status, detail, fields.filter(field => !detail.includes(field)), status < 500);
}

function parse(text: string): Problem | null {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && ('detail' in value || 'title' in value) ? value : null;
  } catch {
    return null;
  }
}
