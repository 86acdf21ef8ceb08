// SPDX-License-Identifier: Apache-2.0
// Parts of the page: each a function of what is known, without state of its own.

import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as model from './model';
import type { Concern, FlagView, GuardrailView } from './model';
import type { AuditEntry, Counts, Rollout, Verdict, Why } from './types';
import * as words from './words';

export function time(at: string | number, now: number): TemplateResult {
  const iso = new Date(at).toISOString();
  return html`<time datetime=${iso} title=${iso}>${words.moment(at, now)}</time>`;
}

function since(at: number, now: number): TemplateResult {
  return html`${time(at, now)} <span class="quiet">(${words.ago(at, now)})</span>`;
}

export function pill(tone: string, text: string): TemplateResult {
  return html`<span class="pill ${tone}">${text}</span>`;
}

/** One line that answers "is anything wrong", and below it what, since when and what was done. */
export function overview(
  all: FlagView[], found: Concern[], headline: string, blind: boolean, now: number,
  actions: { open: (flag: FlagView) => void; settle: (concern: Concern, verb: 'acknowledge' | 'resolve') => void; mayStop: boolean },
): TemplateResult {
  const live = all.filter(flag => flag.tone === 'live' || (model.isLive(flag.rollout) && flag.tone !== 'bad')).length;
  const bad = found.filter(one => one.tone === 'bad').length;
  const running = live === 0 ? 'No rollout is running.' : `${live} rollout${live === 1 ? ' is' : 's are'} running.`;
  return html`
    <section class="overview ${bad > 0 ? 'bad' : found.length > 0 || blind ? 'warn' : 'good'}" aria-labelledby="headline">
      <h1 id="headline">${headline} <span class="quiet">${running}</span></h1>
      <ul class="concerns">
        ${repeat(found, one => one.id, one => html`
          <li class=${one.tone}>
            <p class="what">${one.flag === undefined ? nothing : html`<a
              href="#/${one.flag.key}" @click=${() => actions.open(one.flag!)}>${one.flag.flag}</a> `}${one.what}
              ${one.since === undefined ? nothing : html`<span class="quiet">since</span> ${since(one.since, now)}`}</p>
            <p class="because">${one.why}</p>
            <p class="done">${one.done}${one.incident === undefined || !actions.mayStop ? nothing : html`
              <span class="settle">
                ${one.incident.acknowledgedBy ? nothing : html`<button class="link" type="button"
                  @click=${() => actions.settle(one, 'acknowledge')}>I am on it</button>`}
                <button class="link" type="button" @click=${() => actions.settle(one, 'resolve')}>It is over</button>
              </span>`}</p>
          </li>`)}
      </ul>
    </section>`;
}

const MOST_SHOWN = 200;

/** Every flag in a line. */
export function flagList(
  all: FlagView[], shown: FlagView[], selected: string, open: (flag: FlagView) => void,
): TemplateResult {
  if (all.length === 0) {
    return html`<div class="empty">
      <p><strong>No flags yet:</strong></p>
      <pre><code>belay apply -f flag.yaml</code></pre>
      <p class="quiet">To see a whole rollout being caught: <code>belay demo</code></p>
    </div>`;
  }
  return html`<ul class="flags">
    ${repeat(shown.slice(0, MOST_SHOWN), flag => flag.key, flag => html`
      <li><a href="#/${flag.key}" aria-current=${flag.key === selected ? 'true' : nothing} @click=${() => open(flag)}>
        <span class="first"><span class="name">${flag.flag}</span> ${pill(flag.tone, flag.served)}</span>
        <span class="place">${flag.project} / ${flag.environment} · ${stageOf(flag)}</span>
      </a></li>`)}
    ${shown.length === 0 ? html`<li class="empty">No flag matches.</li>` : nothing}
    ${shown.length > MOST_SHOWN ? html`<li class="empty">${words.count(shown.length - MOST_SHOWN)} more: filter to find them.</li>` : nothing}
  </ul>`;
}

function stageOf(flag: FlagView): string {
  const rollout = flag.rollout;
  const index = rollout === undefined ? -1 : model.stageIndex(rollout);
  if (rollout?.plan === undefined || rollout.plan === null || index < 0) {
    return flag.detail;
  }
  const stage = `${rollout.plan.stages[index].name}, stage ${index + 1} of ${rollout.plan.stages.length}`;
  return model.isLive(rollout) && flag.out === undefined && flag.kill === undefined ? stage : `${flag.detail}; reached ${rollout.plan.stages[index].name}`;
}

/** The stages in a row, and where the rollout is. */
export function stages(flag: FlagView, rollout: Rollout, now: number): TemplateResult {
  const present = model.stageIndex(rollout);
  const stopped = flag.kill !== undefined || flag.out !== undefined || rollout.status === 'ROLLED_BACK'
    || rollout.status === 'CANCELLED';
  const live = model.isLive(rollout) && !stopped;
  return html`<ol class="stages" aria-label="Stages">
    ${(rollout.plan?.stages ?? []).map((stage, index) => {
      const entered = rollout.allocations.find(one => one.stage === index)?.since;
      const mark = rollout.status === 'COMPLETED' && !stopped || index < present ? 'done'
        : index > present ? 'ahead' : stopped ? 'stopped' : 'here';
      return html`<li class=${mark} aria-current=${mark === 'here' ? 'step' : nothing}>
        <span class="dot" aria-hidden="true"></span>
        <span class="name">${stage.name}<span class="sr">${
          { done: ', done', here: ', here now', ahead: ', not reached', stopped: ', taken back here' }[mark]}</span></span>
        <span class="to">${model.audience(stage)}</span>
        <span class="when">${mark === 'here' && live && rollout.stageSince
          ? html`for ${words.duration(now - Date.parse(rollout.stageSince))}`
          : entered === undefined ? model.holdsFor(stage) : html`from ${time(entered, now)}`}</span>
      </li>`;
    })}
  </ol>`;
}

/** What must hold before the stage is left. */
export function checks(why: Why): TemplateResult {
  return html`<ul class="checks" aria-label="What must hold before the next stage">
    ${why.checks.map(check => html`<li class=${check.passed ? 'passed' : 'open'}>
      <span aria-hidden="true">${check.passed ? '✓' : '○'}</span><span class="sr">${check.passed ? 'holds: ' : 'does not hold yet: '}</span>
      ${check.sentence}</li>`)}
  </ul>`;
}

/** A guardrail: the rates of both arms, the change, the evidence, the verdict in words. */
export function guardrail(view: GuardrailView, taken: Verdict | undefined, live: boolean, now: number): TemplateResult {
  const { guardrail: rule, standing, title } = view;
  const numbers = taken ?? view.evidence;
  const harm = taken?.logEvidence ?? (view.evidence === undefined ? undefined : model.harm(view.evidence));
  const code = taken === undefined ? standing?.decision : 'BREACHED';
  const codes = taken === undefined ? (standing?.reasons ?? []) : [];
  const alarm = standing !== undefined && taken === undefined && model.alarms(standing).length > 0;
  const tone = code === 'BREACHED' ? 'bad' : alarm ? 'warn' : code === 'HEALTHY' ? 'good' : 'calm';
  const heard = taken?.at ?? standing?.heardAt ?? view.evidence?.at;
  return html`<article class="guardrail ${tone}" data-guardrail=${rule.name}>
    <header>
      <h4>${title}</h4>
      <span class="quiet">${rule.then === 'rollback' ? 'rolls back' : words.plain(rule.then)} when it ${words.limit(rule.limit, rule.threshold)}</span>
      ${pill(tone, code === undefined ? 'no verdict yet' : words.decision(code))}
    </header>
    ${numbers === undefined ? html`<p class="quiet">No numbers yet: they come with the first exposed users.</p>` : html`
      <dl class="numbers">
        ${arm('Control', numbers.control)}
        ${arm('Treatment', numbers.treatment)}
        <div class="change"><dt>Change</dt><dd>${changed(numbers.estimate, rule.limit, rule.threshold)}</dd></div>
        <div><dt>Evidence</dt><dd>
          ${evidence('harm', harm, numbers.logLimit)}
          ${evidence('within the limit', numbers.logHealthy, numbers.logHealthyLimit)}
        </dd></div>
      </dl>`}
    <p class="verdict">
      ${codes.length === 0 ? nothing : html`<strong>${words.capital(codes.map(words.reason).join('; '))}.</strong>`}
      ${taken !== undefined ? html`These are the numbers it was taken back on.`
        : standing === undefined ? nothing : html`<span class="sentence">${standing.sentence}.</span>`}
      ${heard === undefined ? nothing : html`<span class="quiet nobreak">Verdict of ${time(heard, now)}.</span>`}
      ${live && standing?.fresh === false && view.evidence !== undefined ? html`
        <strong class="stale">Stale: nothing came for ${words.duration(now - Date.parse(standing.heardAt ?? view.evidence.at))}.</strong>` : nothing}
    </p>
  </article>`;
}

function arm(name: string, counts: Counts): TemplateResult {
  return html`<div><dt>${name}</dt><dd>
    <b>${counts.exposed === 0 ? '–' : words.percent(counts.events / counts.exposed, 2)}</b>
    <span class="quiet">${words.count(counts.events)} of ${words.count(counts.exposed)}</span>
  </dd></div>`;
}

function changed(
  estimate: { ratio?: number; lower?: number; upper?: number }, kind: string, threshold: number,
): TemplateResult {
  const { ratio, lower, upper } = estimate;
  if (ratio === undefined || ratio === null) {
    return html`<b>–</b> <span class="quiet">cannot be compared yet</span>`;
  }
  const bounded = typeof lower === 'number' && typeof upper === 'number';
  const range = bounded ? `${words.change(lower)} to ${words.change(upper)}` : 'no interval yet';
  return html`<b>${words.change(ratio)}</b> <span class="quiet">${range}</span>
    ${plot(ratio, bounded ? lower : undefined, bounded ? upper : undefined, kind, threshold)}`;
}

/** The change with its interval, beside no change at all and the limit. Positions are attributes: no inline style. */
function plot(
  ratio: number, lower: number | undefined, upper: number | undefined, kind: string, threshold: number,
): TemplateResult {
  const farthest = Math.max(...[ratio, lower, upper].filter((one): one is number => one !== undefined).map(one => Math.abs(one - 1)));
  const reach = Math.max(threshold * 1.6, Math.min(farthest * 1.1, threshold * 4));
  const x = (change: number) => 50 + 50 * Math.max(-1, Math.min(1, change / reach));
  const limit = kind === 'falls' ? -threshold : threshold;
  const zone = kind === 'falls' ? [0, x(limit)] : [x(limit), 100];
  return html`<svg class="plot" role="img" aria-label="${words.change(ratio)}; the limit is ${words.limit(kind, threshold)}">
    ${svg`<rect class="zone" x="${zone[0]}%" width="${zone[1] - zone[0]}%" y="3" height="16"></rect>
      <line class="axis" x1="0" x2="100%" y1="11" y2="11"></line>
      <line class="none" x1="50%" x2="50%" y1="3" y2="19"></line>
      <line class="limit" x1="${x(limit)}%" x2="${x(limit)}%" y1="3" y2="19"></line>
      ${lower === undefined || upper === undefined ? nothing : svg`<rect class="interval" rx="2"
        x="${x(lower - 1)}%" width="${Math.max(0.5, x(upper - 1) - x(lower - 1))}%" y="8" height="6"></rect>`}
      <circle class="point" cx="${x(ratio - 1)}%" cy="11" r="4.5"></circle>
      <text x="50%" y="30" text-anchor="middle">0</text>
      <text x="${x(limit)}%" y="30" text-anchor="middle">${limit < 0 ? '−' : '+'}${words.percent(threshold)}</text>`}
  </svg>`;
}

function evidence(name: string, log: number | undefined, limit: number): TemplateResult {
  const share = log === undefined ? 0 : Math.max(0, Math.min(1, log / limit));
  return html`<div class="evidence ${name === 'harm' ? 'harm' : 'within'} ${share >= 1 ? 'full' : ''}">
    <span><b>${name} ${log === undefined ? '–' : words.odds(log)}</b> <span class="quiet">of ${words.odds(limit).replace('.0', '')}</span></span>
    <svg class="bar" aria-hidden="true">${svg`<rect class="track" width="100%" height="6" rx="3"></rect>
      <rect class="fill" width="${share * 100}%" height="6" rx="3"></rect>`}</svg>
  </div>`;
}

/** Each is said by another one beside it. */
const QUIET_ACTIONS = new Set(['rollout.reallocate', 'rollout.ask', 'rollout.rolled-back']);
const ACTIONS: Record<string, string> = {
  'flag.kill': 'killed',
  'rollout.start': 'started',
  'rollout.schedule': 'scheduled',
  'rollout.begin': 'began',
  'rollout.advance': 'advanced',
  'rollout.pause': 'paused',
  'rollout.resume': 'resumed',
  'rollout.complete': 'completed',
  'rollout.cancel': 'cancelled',
  'rollout.rollback': 'rolled back',
  'rollout.restore': 'kill lifted',
  'incident.acknowledge': 'acknowledged',
  'incident.resolve': 'resolved',
};

/** What was done, by whom and why, the latest first. */
export function history(flag: FlagView, audit: AuditEntry[] | undefined, now: number): TemplateResult {
  const lines = (audit ?? []).filter(one => !QUIET_ACTIONS.has(one.event.action)).slice(0, 20).map(({ event }) => ({
    id: event.id,
    at: event.at,
    what: ACTIONS[event.action] ?? words.plain(event.action.replace('.', ' ')),
    why: event.reason ?? '',
    who: event.actor.name,
  }));
  const incident = flag.incident;
  if (incident?.confirmedAt) {
    lines.push({
      id: `${incident.id}!confirmed`,
      at: incident.confirmedAt,
      what: `off on ${incident.confirmed.length} of ${incident.edges.length} edge${incident.edges.length === 1 ? '' : 's'}`,
      why: typeof incident.evidenceToOffMillis === 'number' ? `${words.count(incident.evidenceToOffMillis)} ms after the evidence was there` : '',
      who: 'the edges',
    });
  }
  if (audit === undefined) {
    for (const rollback of [flag.kill, flag.out]) {
      if (rollback !== undefined) {
        lines.push({
          id: rollback.at, at: rollback.at, what: rollback.target === 'kill' ? 'killed' : 'rolled back', why: rollback.reason, who: rollback.by.name,
        });
      }
    }
  }
  lines.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return html`<section aria-labelledby="done">
    <h3 id="done">What was done</h3>
    ${lines.length === 0 ? html`<p class="quiet">Nothing yet.</p>` : html`<ol class="history">
      ${repeat(lines, line => line.id, line => html`<li>
        ${time(line.at, now)}
        <span><b>${line.what}</b>${line.why ? html`: ${line.why}` : nothing} <span class="quiet nobreak">by ${line.who}</span></span>
      </li>`)}
    </ol>`}
  </section>`;
}
