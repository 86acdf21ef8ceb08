// SPDX-License-Identifier: Apache-2.0
// Pure: makes of what the services say what the page shows. The rules are those of the edge (ServedFlag): a rollback or a
// kill counts when its epoch is not below the flag's latest one.

import type { Evidence, FlagDocument, Guardrail, Incident, Rollback, Rollout, Standing, Why } from './types';
import { count, duration, isoDuration, ofHundred, reason } from './words';

/** How much a state wants to be looked at. */
export type Tone = 'bad' | 'warn' | 'live' | 'good' | 'calm';

export interface FlagView {
  key: string;
  project: string;
  environment: string;
  flag: string;
  title?: string;
  definition?: FlagDocument;
  rollout?: Rollout;
  kill?: Rollback;
  out?: Rollback;
  incident?: Incident;
  holds: Incident[];
  tone: Tone;
  /** What is served, in two or three words. */
  served: string;
  /** The same, more exactly. */
  detail: string;
  since?: string;
}

/** Something on-call should know. */
export interface Concern {
  id: string;
  tone: 'bad' | 'warn';
  flag?: FlagView;
  what: string;
  why: string;
  since?: number;
  done: string;
  incident?: Incident;
}

const STOPS = ['operator', 'editor', 'releaser', 'admin'];
const RAISES = ['releaser', 'admin'];

/** Roles as the services know them: more may stop than may raise. */
export function may(role: string | undefined, what: 'stop' | 'raise'): boolean {
  return (what === 'stop' ? STOPS : RAISES).includes(role ?? '');
}

export function isLive(rollout: Rollout | undefined): boolean {
  return rollout?.status === 'RUNNING' || rollout?.status === 'PAUSED';
}

export function stageIndex(rollout: Rollout): number {
  return rollout.allocations.length === 0 ? -1 : rollout.allocations[rollout.allocations.length - 1].stage;
}

/** Every flag that any service knows of: the safety path knows flags also while the database is away. */
export function flags(
  documents: FlagDocument[], rollouts: Rollout[], rollbacks: Rollback[], incidents: Incident[],
): FlagView[] {
  const parts = new Map<string, { definition?: FlagDocument; rollout?: Rollout; rollbacks: Rollback[] }>();
  const part = (key: string) => {
    const found = parts.get(key) ?? { rollbacks: [] };
    parts.set(key, found);
    return found;
  };
  documents.forEach(one => { part(`${one.spec.project}/${one.spec.environment}/${one.metadata.name}`).definition = one; });
  rollouts.forEach(one => { part(`${one.project}/${one.environment}/${one.flag}`).rollout = one; });
  rollbacks.forEach(one => { part(`${one.project}/${one.environment}/${one.flag}`).rollbacks.push(one); });
  return [...parts].map(([key, one]) => view(key, one.definition, one.rollout, one.rollbacks, incidents)).sort(order);
}

const URGENCY: Tone[] = ['bad', 'warn', 'live', 'good', 'calm'];

function order(one: FlagView, other: FlagView): number {
  return URGENCY.indexOf(one.tone) - URGENCY.indexOf(other.tone) || one.key.localeCompare(other.key);
}

function view(
  key: string, definition: FlagDocument | undefined, rollout: Rollout | undefined, rollbacks: Rollback[],
  incidents: Incident[],
): FlagView {
  const [project, environment, ...name] = key.split('/');
  const epoch = rollout?.epoch ?? 0;
  const inForce = (target: string) => rollbacks
    .filter(one => one.target === target && one.epoch >= epoch)
    .sort((a, b) => b.epoch - a.epoch || a.at.localeCompare(b.at))[0];
  const kill = inForce('kill');
  const out = inForce('all');
  const about = kill ?? out;
  const base = {
    key, project, environment, flag: name.join('/'), title: definition?.spec.title, definition, rollout, kill, out,
    incident: about === undefined ? undefined : incidents.find(one => one.rollback !== undefined
      && one.rollback !== null && keyOf(one.rollback) === keyOf(about)),
    holds: incidents.filter(one => one.hold && one.status !== 'RESOLVED' && one.status !== 'HEALED'
      && `${one.hold.project}/${one.hold.environment}/${one.hold.flag}` === key && one.hold.epoch === epoch),
  };
  return { ...base, ...state(base) };
}

function keyOf(rollback: Rollback): string {
  return `${rollback.project}/${rollback.environment}/${rollback.flag}#${rollback.epoch}#${rollback.target}`;
}

type State = Pick<FlagView, 'tone' | 'served' | 'detail' | 'since'>;

function state(flag: Omit<FlagView, keyof State>): State {
  const { kill, out, rollout, definition } = flag;
  const plain = byDefinition(definition);
  const isOver = flag.incident?.status === 'RESOLVED';
  if (kill !== undefined) {
    return { tone: isOver ? 'warn' : 'bad', served: 'killed', detail: 'off for everyone', since: kill.at };
  }
  if (definition?.spec.enabled === false) {
    return { tone: 'calm', served: 'off', detail: 'disabled in its definition' };
  }
  if (out !== undefined && rollout !== undefined && out.epoch === rollout.epoch) {
    const serves = rollout.status === 'COMPLETED' ? 'what stood before is served' : `serves ${plain.served}`;
    return { tone: isOver ? 'calm' : 'bad', served: 'rolled back', detail: serves, since: out.at };
  }
  if (rollout !== undefined && isLive(rollout)) {
    const paused = rollout.status === 'PAUSED';
    const troubled = flag.holds.length > 0 || rollout.asked;
    return {
      tone: paused || troubled ? 'warn' : 'live',
      served: paused ? `paused at ${reach(rollout)}` : `rolled out ${percentage(rollout) === undefined ? 'to ' : ''}${reach(rollout)}`,
      detail: clauses(rollout),
      since: rollout.stageSince,
    };
  }
  if (rollout?.status === 'ROLLED_BACK') {
    return { tone: 'bad', served: 'rolled back', detail: `serves ${plain.served}`, since: rollout.updatedAt };
  }
  if (rollout?.status === 'COMPLETED') {
    return { tone: 'good', served: 'on for everyone', detail: 'the rollout is completed', since: rollout.updatedAt };
  }
  if (rollout?.status === 'SCHEDULED' || rollout?.status === 'AWAITING_APPROVAL' || rollout?.status === 'DRAFT') {
    const words = { SCHEDULED: 'rollout scheduled', AWAITING_APPROVAL: 'rollout awaits approval', DRAFT: 'draft rollout' };
    return { tone: 'calm', served: plain.served, detail: words[rollout.status], since: rollout.updatedAt };
  }
  return { tone: plain.served === 'on' ? 'good' : 'calm', ...plain };
}

function byDefinition(definition: FlagDocument | undefined): { served: string; detail: string } {
  if (definition === undefined) {
    return { served: 'its definition', detail: 'the definition is not known here' };
  }
  const { spec } = definition;
  const rules = spec.rules?.length ?? 0;
  const before = rules === 0 ? 'for everyone' : `after ${rules} targeting rule${rules === 1 ? '' : 's'}`;
  if (typeof spec.default !== 'string') {
    const split = Object.entries(spec.default.split).map(([variant, share]) => `${variant} ${share}`).join(', ');
    return { served: 'split', detail: `${split}, ${before}` };
  }
  const value = spec.variants[spec.default];
  return { served: value === true ? 'on' : value === false ? 'off' : spec.default, detail: before };
}

function percentage(rollout: Rollout): number | undefined {
  const last = rollout.allocations[rollout.allocations.length - 1];
  return last?.clauses.find(clause => clause.segment === undefined || clause.segment === null)?.percent;
}

/** How far a live rollout has come, in few words: a percentage, or segments before there is one. */
function reach(rollout: Rollout): string {
  const percent = percentage(rollout);
  const last = rollout.allocations[rollout.allocations.length - 1];
  return percent !== undefined ? ofHundred(percent) : last?.clauses.map(clause => clause.segment).join(' + ') ?? 'nobody';
}

/** Whom a live rollout serves the treatment, clause by clause. */
export function clauses(rollout: Rollout): string {
  const last = rollout.allocations[rollout.allocations.length - 1];
  return (last?.clauses ?? []).map(clause => {
    const whom = clause.segment ?? 'everyone else';
    return clause.percent >= 100 ? `all of ${whom}` : `${ofHundred(clause.percent)} of ${whom}`;
  }).join(', ');
}

export function audience(stage: { to: { segment?: string; percent?: number }; control?: number }): string {
  const to = stage.to.segment ?? ofHundred(stage.to.percent ?? 0);
  return stage.control === undefined || stage.control === null ? to : `${to}, ${ofHundred(stage.control)} kept on control`;
}

export function holdsFor(stage: { atLeast: string; minUsers?: number }): string {
  const users = stage.minUsers ? `, ${count(stage.minUsers)} users each` : '';
  return `at least ${isoDuration(stage.atLeast)}${users}`;
}

/** Reasons that hold a stage whatever the decision: something may be wrong, or nobody can say. */
const ALARMS = new Set([
  'NO_DATA', 'STALE', 'SAMPLE_RATIO_MISMATCH', 'WARNING', 'METRIC_SILENT', 'CONTAMINATED', 'CONTROL_FELL', 'NOT_JOINED',
  'ERROR',
]);

export function alarms(standing: Standing): string[] {
  return standing.reasons.filter(code => ALARMS.has(code));
}

/** What the edges have confirmed of a rollback, in a sentence. */
export function confirmation(incident: Incident | undefined, by: string): string {
  if (incident === undefined) {
    return 'Waiting for the edges to confirm.';
  }
  const edges = incident.edges.length;
  const off = `off on ${incident.confirmed.length} of ${edges} edge${edges === 1 ? '' : 's'}`;
  if (incident.status === 'OPEN') {
    return `Being taken back: ${off}.`;
  }
  if (incident.status === 'UNCONFIRMED') {
    const missing = incident.edges.filter(edge => !incident.confirmed.includes(edge)).join(', ');
    return `Only ${off}: ${missing} has not confirmed. Look at ${incident.edges.length - incident.confirmed.length === 1 ? 'it' : 'them'}.`;
  }
  if (edges === 0) {
    return 'No edge was running when it was taken back.';
  }
  const millis = incident.evidenceToOffMillis;
  const quick = typeof millis === 'number'
    ? `, ${millis < 10_000 ? `${count(millis)} ms` : duration(millis)} after the evidence was there` : '';
  return `${off.charAt(0).toUpperCase()}${off.slice(1)}${quick}. Nothing left to switch off${by}.`;
}

/** The answer to "is anything wrong", in a sentence. Who hears nothing does not know. */
export function headline(found: Concern[], away: string[]): string {
  const bad = found.filter(one => one.tone === 'bad').length;
  if (bad > 0) {
    return `${bad} flag${bad === 1 ? '' : 's'} taken back.`;
  }
  if (found.length > 0) {
    return `${found.length} thing${found.length === 1 ? '' : 's'} to look at.`;
  }
  if (away.length > 0) {
    return `Nobody knows: ${away.length === 1 ? `${away[0]} does not answer` : 'services do not answer'}.`;
  }
  return 'Nothing is wrong.';
}

/** Everything that is wrong with flags, the worst first. */
export function concerns(all: FlagView[], whys: Map<string, Why>, now: number): Concern[] {
  return all
    .flatMap(flag => [...taken(flag), ...watched(flag, whys.get(flag.key), now)])
    .sort((a, b) => (a.tone === b.tone ? (b.since ?? 0) - (a.since ?? 0) : a.tone === 'bad' ? -1 : 1));
}

function taken(flag: FlagView): Concern[] {
  const rollback = flag.kill ?? flag.out;
  if (rollback === undefined || flag.incident?.status === 'RESOLVED') {
    return [];
  }
  const open = flag.incident?.status === 'OPEN' || flag.incident?.status === 'UNCONFIRMED';
  const acknowledged = flag.incident?.acknowledgedBy;
  return [{
    id: `${flag.key}#taken`,
    tone: open || !acknowledged ? 'bad' : 'warn',
    flag,
    what: flag.kill !== undefined ? 'was killed' : 'was rolled back',
    why: `${rollback.reason}${rollback.by.kind === 'SERVICE' ? '' : ` (${rollback.by.name})`}`,
    since: Date.parse(rollback.at),
    done: confirmation(flag.incident, acknowledged ? `; ${acknowledged} is on it` : ''),
    incident: flag.incident,
  }];
}

function watched(flag: FlagView, why: Why | undefined, now: number): Concern[] {
  const rollout = flag.rollout;
  if (rollout === undefined || !isLive(rollout) || flag.out !== undefined || flag.kill !== undefined) {
    return [];
  }
  return [
    ...breaches(flag, why),
    ...held(flag),
    ...(flag.holds.length === 0 ? doubted(flag, why, now - Date.parse(rollout.stageSince ?? rollout.updatedAt)) : []),
    ...(flag.holds.some(incident => incident.hold?.cause === 'NOT_JUDGED') ? [] : silent(flag, why, now)),
    ...(rollout.asked ? [asked(flag, rollout, why)] : []),
  ];
}

function breaches(flag: FlagView, why: Why | undefined): Concern[] {
  return (why?.guardrails ?? []).filter(one => one.decision === 'BREACHED').map(one => ({
    id: `${flag.key}#${one.name}`,
    tone: 'bad',
    flag,
    what: `breached ${one.name}`,
    why: one.sentence,
    since: one.heardAt === undefined ? undefined : Date.parse(one.heardAt),
    done: 'It is being taken back.',
  }));
}

function held(flag: FlagView): Concern[] {
  return flag.holds.flatMap(incident => (incident.hold ? [{
    id: incident.id,
    tone: 'warn' as const,
    flag,
    what: 'is held',
    why: incident.hold.sentences?.join('; ') || reason(incident.hold.cause),
    since: Date.parse(incident.hold.since),
    done: 'Nothing is raised meanwhile, and nothing was taken back.',
    incident,
  }] : []));
}

function doubted(flag: FlagView, why: Why | undefined, inStage: number): Concern[] {
  const notes = why?.notes ?? [];
  const codes = [...doubts(why, inStage)].map(([code, names]) => [code, `${reason(code)} (${names.join(', ')})`]);
  return [...(notes.length === 0 ? [] : [['notes', notes.join(' ')]]), ...codes].map(([id, words]) => ({
    id: `${flag.key}#${id}`,
    tone: 'warn',
    flag,
    what: 'cannot be judged well',
    why: words,
    done: 'It is not raised meanwhile; guardrails stay armed.',
  }));
}

function silent(flag: FlagView, why: Why | undefined, now: number): Concern[] {
  const stale = (why?.guardrails ?? []).filter(one => one.fresh === false);
  if (stale.length === 0) {
    return [];
  }
  const last = Math.max(...stale.map(one => Date.parse(one.heardAt ?? '')).filter(Number.isFinite));
  const known = Number.isFinite(last);
  return [{
    id: `${flag.key}#silent`,
    tone: 'warn',
    flag,
    what: 'is not judged',
    why: `no verdict ${known ? `for ${duration(now - last)}` : 'comes'}: is metrics-watcher running?`,
    since: known ? last : undefined,
    done: 'Nothing is raised until one comes.',
  }];
}

function asked(flag: FlagView, rollout: Rollout, why: Why | undefined): Concern {
  return {
    id: `${flag.key}#asked`,
    tone: 'warn',
    flag,
    what: 'asks for a decision',
    why: why?.sentence ?? 'the stage lasts longer than its plan says',
    since: Date.parse(rollout.updatedAt),
    done: 'It waits: a person may advance it, or take it back.',
  };
}

/** A stage that has just begun has no users yet: nothing to look at. */
const FIRST_USERS = 60_000;

/** What speaks against trusting the numbers, with the guardrails it is about. */
function doubts(why: Why | undefined, inStage: number): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const standing of (why?.guardrails ?? []).filter(one => one.decision !== 'BREACHED')) {
    alarms(standing)
      .filter(code => code === 'WARNING' || (why?.notes ?? []).length === 0)
      .filter(code => inStage > FIRST_USERS || (code !== 'NO_DATA' && code !== 'STALE'))
      .forEach(code => found.set(code, [...found.get(code) ?? [], standing.name]));
  }
  return found;
}

/** A guardrail with all that is known of it. */
export interface GuardrailView {
  guardrail: Guardrail;
  title: string;
  evidence?: Evidence;
  standing?: Standing;
}

export function guardrails(rollout: Rollout, why: Why | undefined, evidence: Evidence[]): GuardrailView[] {
  return (rollout.plan?.guardrails ?? []).map(guardrail => ({
    guardrail,
    title: rollout.plan?.metrics.find(metric => metric.name === guardrail.metric)?.title ?? guardrail.metric,
    evidence: evidence.find(one => one.guardrail === guardrail.name && one.epoch === rollout.epoch && !one.segment),
    standing: why?.guardrails.find(one => one.name === guardrail.name),
  }));
}

/** Logarithm of the weighted evidence of harm that a guardrail has of its own; it acts at the limit, together with the others'. */
export function harm(evidence: Evidence): number {
  return Math.log(evidence.members.reduce((sum, member) => sum + member.weight * Math.exp(Math.min(member.logHarm, 700)), 0));
}
