// SPDX-License-Identifier: Apache-2.0
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import './app.css';
import { get, post, Refused } from './api';
import { COMMANDS, refusal, type Command } from './commands';
import { Feed, type Trouble } from './feed';
import * as model from './model';
import type { Concern, FlagView } from './model';
import * as parts from './parts';
import type { AuditEntry, Evidence, FlagDocument, Incident, Me, Page, Rollback, Rollout, Why } from './types';
import * as words from './words';

const KEY = 'belay.key';
const MOST_LOOKED_AT = 12;
const MOST_PARTS = 20;
const SECOND = 1_000;

const FLAGS = '/api/v1/flags?limit=1000';
const ROLLOUTS = '/api/v1/rollouts?limit=1000';
const ROLLBACKS = '/api/v1/rollbacks?limit=1000';
const INCIDENTS = '/api/v1/incidents?limit=200';
const ME = '/api/v1/me';

const FIRST_FLAG = `apiVersion: belay.dev/v1
kind: Flag
metadata: { name: new-checkout }
spec:
  project: shop
  environment: production
  type: boolean
  variants: { "on": true, "off": false }
  off: "off"
  default: "off"`;

/** A command being given. */
interface Given {
  command: Command;
  key: string;
  busy: boolean;
  sentence: string;
  fields: string[];
  accepted: boolean;
}

/** The page. Without a shadow root: labels, focus and one style sheet work across all of it. */
class Console extends LitElement {
  static override properties = {
    now: { state: true },
    me: { state: true },
    given: { state: true },
  };

  declare now: number;
  declare me: Me | null;
  declare given: Given | null;

  private key: string | null = null;
  private feed: Feed | null = null;
  private selected = '';
  private picked = false;
  private filter = '';
  private loginProblem = '';
  private loggingIn = false;
  private skew = 0;
  private announcement = '';
  private headline = '';
  private notice = '';
  private readonly seen = new Map<string, string>();
  private timer = 0;

  constructor() {
    super();
    this.now = Date.now();
    this.me = null;
    this.given = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.onHash);
    this.timer = window.setInterval(() => { this.now = Date.now() + this.skew; }, SECOND);
    this.onHash();
    if (!this.loggingIn) {
      const kept = sessionStorage.getItem(KEY);
      if (kept !== null) {
        void this.logIn(kept);
      }
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.onHash);
    window.clearInterval(this.timer);
    this.feed?.stop();
  }

  /** A key in the address, with or without a flag behind it, is taken out of it before anything else happens. */
  private readonly onHash = (): void => {
    const hash = window.location.hash;
    if (hash.startsWith('#key=')) {
      const [key, ...flag] = hash.slice('#key='.length).split('/');
      window.history.replaceState(null, '', window.location.pathname + (flag.length === 0 ? '' : `#/${flag.join('/')}`));
      void this.logIn(decodeURIComponent(key));
      this.onHash();
      return;
    }
    const asked = hash.startsWith('#/') ? decodeURIComponent(hash.slice(2)) : '';
    this.picked = asked !== '';
    if (asked !== '') {
      this.selected = asked;
    }
    this.requestUpdate();
  };

  private async logIn(text: string): Promise<void> {
    const key = text.trim();
    if (key === '' || this.loggingIn) {
      this.loginProblem = 'The key must not be blank.';
      this.requestUpdate();
      return;
    }
    this.loggingIn = true;
    this.loginProblem = '';
    this.requestUpdate();
    try {
      this.takeMe(JSON.parse((await get(ME, key, null)).text));
      sessionStorage.setItem(KEY, key);
      this.key = key;
      this.feed?.stop();
      this.seen.clear();
      this.headline = '';
      this.feed = new Feed(key, () => this.requestUpdate(), sentence => this.logOut(sentence));
    } catch (failure) {
      const refused = failure instanceof Refused ? failure : new Refused(-1, 'The answer was not understood');
      if (refused.status === 401 || refused.status === 403) {
        sessionStorage.removeItem(KEY);
      }
      this.loginProblem = `${words.capital(refused.sentence)}.`;
    } finally {
      this.loggingIn = false;
      this.requestUpdate();
    }
  }

  private takeMe(me: Me): void {
    this.me = me;
    this.skew = Date.parse(me.at) - Date.now();
    this.now = Date.now() + this.skew;
  }

  private logOut(sentence = ''): void {
    sessionStorage.removeItem(KEY);
    this.feed?.stop();
    this.feed = null;
    this.key = null;
    this.me = null;
    this.given = null;
    this.loginProblem = sentence === '' ? '' : `${words.capital(sentence)}.`;
    this.requestUpdate();
  }

  private items<T>(path: string): T[] {
    return this.pages<T>(path).flatMap(page => page.items);
  }

  /** What is known of a list, which may come in several parts. */
  private pages<T>(path: string): Page<T>[] {
    return this.parts(path).map(part => this.feed?.value<Page<T>>(part)).filter((page): page is Page<T> => page !== undefined);
  }

  /** Addresses of a list's parts, as far as they are known. */
  private parts(path: string): string[] {
    const found = [path];
    for (let next = this.feed?.value<Page<unknown>>(path)?.next; next && found.length < MOST_PARTS;) {
      const part = `${path}&after=${encodeURIComponent(next)}`;
      found.push(part);
      next = this.feed?.value<Page<unknown>>(part)?.next;
    }
    return found;
  }

  private whyPath(flag: FlagView): string {
    return `/api/v1/rollouts/${flag.key}/${flag.rollout?.epoch ?? 0}/why`;
  }

  private evidencePath(flag: FlagView): string {
    return `/api/v1/evidence/${flag.key}`;
  }

  private auditPath(flag: FlagView): string {
    return `/api/v1/audit?project=${encodeURIComponent(flag.project)}&subject=${encodeURIComponent(flag.key)}&limit=40`;
  }

  /** Asks for what this moment's page shows, and for nothing else. */
  private wantFor(all: FlagView[], chosen: FlagView | undefined): void {
    const lists = [...this.parts(ROLLOUTS), ...this.parts(ROLLBACKS), INCIDENTS].map(path => ({ path, every: SECOND }));
    const flags = this.parts(FLAGS).map(path => ({ path, every: 3 * SECOND }));
    const wanted = [...lists, ...flags, { path: ME, every: 15 * SECOND }];
    all.filter(flag => model.isLive(flag.rollout) && flag !== chosen)
      .slice(0, MOST_LOOKED_AT)
      .forEach(flag => wanted.push({ path: this.whyPath(flag), every: 2 * SECOND }));
    if (chosen !== undefined) {
      wanted.push({ path: this.auditPath(chosen), every: 2 * SECOND });
      if (chosen.rollout?.plan) {
        wanted.push({ path: this.whyPath(chosen), every: SECOND }, { path: this.evidencePath(chosen), every: SECOND });
      }
      this.feed?.listen(chosen.project, chosen.environment);
    }
    this.feed?.want(wanted);
  }

  private flags(): FlagView[] {
    return model.flags(this.items<FlagDocument>(FLAGS), this.items<Rollout>(ROLLOUTS), this.items<Rollback>(ROLLBACKS), this.items<Incident>(INCIDENTS));
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const me = this.feed?.value<Me>(ME);
    if (me !== undefined && me.at !== this.me?.at) {
      this.me = me;
    }
    this.announce(this.flags());
  }

  private hasAnswered(path: string): boolean {
    return this.feed !== null && (this.feed.value(path) !== undefined || this.feed.trouble(path) !== null);
  }

  /** Tells people who listen to the page of every change of what is served. */
  private announce(all: FlagView[]): void {
    const news: string[] = [];
    const first = this.seen.size === 0;
    for (const flag of all) {
      const before = this.seen.get(flag.key);
      if (before !== flag.served) {
        this.seen.set(flag.key, flag.served);
        if (!first) {
          news.push(`${flag.flag}: ${flag.served}`);
        }
      }
    }
    if (news.length > 0) {
      this.announcement = news.join('; ');
    }
  }

  protected override updated(): void {
    const dialog = this.querySelector<HTMLDialogElement>('dialog');
    if (dialog !== null && this.given !== null && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>('textarea')?.focus();
    }
  }

  protected override render(): TemplateResult {
    if (this.feed === null) {
      document.title = 'Belay';
      return this.loggingIn ? html`<main class="login"><p role="status">Signing in…</p></main>` : this.login();
    }
    const all = this.flags();
    const loaded = [FLAGS, ROLLOUTS, ROLLBACKS, INCIDENTS].every(path => this.hasAnswered(path));
    const chosen = this.choose(all, loaded);
    this.wantFor(all, chosen);
    const whys = new Map(all.filter(flag => model.isLive(flag.rollout))
      .map(flag => [flag.key, this.feed?.value<Why>(this.whyPath(flag))] as const)
      .filter((one): one is readonly [string, Why] => one[1] !== undefined));
    const found = model.concerns(all, whys, this.now);
    const bad = found.filter(one => one.tone === 'bad').length;
    const away = [...new Set(this.feed.troubles().map(one => one.service))];
    const headline = model.headline(found, away);
    if (loaded && headline !== this.headline) {
      this.announcement = this.headline === '' ? '' : [headline, ...found.slice(0, 1).map(one => `${one.flag?.flag ?? ''} ${one.what}: ${one.why}`)].join(' ');
      this.headline = headline;
    }
    document.title = bad > 0 ? `(${bad}) Taken back – Belay` : found.length > 0 ? `(${found.length}) Belay` : 'Belay';
    return html`
      <a class="skip" href="#detail" @click=${this.skip}>Skip to the flag</a>
      ${this.header()}
      ${this.troubles(this.feed.troubles())}
      ${!loaded ? html`<main><p class="empty" role="status">Looking…</p></main>` : html`
        ${parts.overview(all, found, headline, away.length > 0, this.now, {
          open: flag => this.open(flag),
          settle: (concern, verb) => { void this.settle(concern, verb); },
          mayStop: model.may(this.me?.role, 'stop'),
        })}
        <main class=${this.picked ? 'picked' : ''}>
          <nav class="list" aria-label="Flags">${this.list(all)}</nav>
          <section class="detail" id="detail" tabindex="-1" aria-label="Flag">${chosen === undefined ? this.nothingChosen(all) : this.detail(chosen, whys.get(chosen.key) ?? this.feed.value<Why>(this.whyPath(chosen)))}</section>
        </main>`}
      <p class="sr" role="status" aria-live="polite">${this.announcement}</p>
      ${this.dialog(all)}`;
  }

  private login(): TemplateResult {
    return html`<main class="login">
      <form @submit=${this.onLogin}>
        <h1><img src="/belay.svg" alt="" width="28" height="28"> Belay</h1>
        <label for="key">Your key</label>
        <input id="key" name="key" type="password" autocomplete="current-password" spellcheck="false" required
          placeholder="bly_…" aria-describedby="key-help" aria-invalid=${this.loginProblem === '' ? 'false' : 'true'}>
        <p id="key-help" class="quiet">A personal or admin key. It stays in this tab and is forgotten with it.
          <code>belay keys</code> shows the keys of a local installation.</p>
        ${this.loginProblem === '' ? nothing : html`<p class="problem" role="alert">${this.loginProblem}</p>`}
        <button type="submit" class="primary">Sign in</button>
      </form>
    </main>`;
  }

  private readonly onLogin = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    void this.logIn(String(data.get('key') ?? ''));
  };

  private readonly skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>('#detail')?.focus();
  };

  private header(): TemplateResult {
    const limits = [this.me?.project, this.me?.environment].filter(Boolean).join(' / ');
    return html`<header class="top">
      <a class="brand" href="#"><img src="/belay.svg" alt="" width="22" height="22"> Belay</a>
      <span class="who"><b>${this.me?.name}</b> <span class="quiet">${this.me?.role}${limits === '' ? '' : `, ${limits} only`}</span></span>
      <button type="button" class="link" @click=${() => this.logOut()}>Sign out</button>
    </header>`;
  }

  /** Says what is not up to date. One sentence per service, one for all when nothing answers. */
  private troubles(all: Trouble[]): TemplateResult {
    const byService = new Map<string, Trouble>();
    all.forEach(one => {
      const before = byService.get(one.service);
      byService.set(one.service, before === undefined || one.since < before.since ? one : before);
    });
    const services = [...byService.values()];
    const silent = services.length > 2 && services.every(one => one.status === 0);
    const first = Math.min(...services.map(one => one.since));
    return html`<div class="troubles" role="status" aria-live="polite">
      ${services.length === 0 ? nothing : silent
        ? html`<p><b>Belay cannot be reached</b> since ${parts.time(first + this.skew, this.now)}. What you see is from then; this page
            tries again by itself.</p>`
        : services.map(one => html`<p><b>${one.service}</b>: ${one.sentence}, since ${parts.time(one.since + this.skew, this.now)}. What it knew
            is shown as of then; this page tries again by itself.</p>`)}
    </div>`;
  }

  /** Before everything was heard of, the most urgent flag is not known. */
  private choose(all: FlagView[], loaded: boolean): FlagView | undefined {
    const found = all.find(flag => flag.key === this.selected);
    if (found !== undefined || this.picked || !loaded) {
      return found;
    }
    this.selected = all[0]?.key ?? '';
    return all[0];
  }

  private list(all: FlagView[]): TemplateResult {
    const wanted = this.filter.trim().toLowerCase();
    const shown = all.filter(flag => `${flag.key} ${flag.title ?? ''} ${flag.served}`.toLowerCase().includes(wanted));
    return html`
      <div class="listhead">
        <h2>Flags <span class="quiet">${all.length === 0 ? '' : words.count(all.length)}</span></h2>
        ${all.length < 6 ? nothing : html`<input type="search" aria-label="Filter flags" placeholder="Filter"
          @input=${(event: Event) => { this.filter = (event.target as HTMLInputElement).value; this.requestUpdate(); }}>`}
      </div>
      ${all.length === 0 && this.feed?.value(FLAGS) === undefined
        ? html`<p class="empty">Which flags there are is not known: flag-config-service does not answer.</p>`
        : parts.flagList(all, shown, this.selected, flag => this.open(flag))}`;
  }

  private open(flag: FlagView): void {
    this.selected = flag.key;
    this.picked = true;
    this.requestUpdate();
  }

  private nothingChosen(all: FlagView[]): TemplateResult {
    if (this.picked) {
      return html`<p class="back"><a href="#">All flags</a></p><div class="empty">
        <p><strong>There is no flag ${this.selected}</strong>, or your key may not see it.</p></div>`;
    }
    return html`<div class="empty">${all.length !== 0 || this.feed?.value(FLAGS) === undefined ? html`<p>Choose a flag.</p>` : html`
      <h2>Your first rollout</h2>
      <p>Put these in a file and <code>belay apply -f flag.yaml</code>. The page shows it at once.</p>
      <pre><code>${FIRST_FLAG}</code></pre>
      <p>With a metric and a template beside it, a rollout starts, and its stages, the rates of both arms and the verdicts
        stand here:</p>
      <pre><code>belay rollout start new-checkout --template NAME</code></pre>`}</div>`;
  }

  private detail(flag: FlagView, why: Why | undefined): TemplateResult {
    const rollout = flag.rollout;
    const stopped = flag.kill ?? flag.out;
    return html`
      <p class="back"><a href="#">All flags</a></p>
      <div class="title">
        <div>
          <h2>${flag.flag} ${parts.pill(flag.tone, flag.served)}</h2>
          <p class="quiet">${flag.title ? html`${flag.title} · ` : nothing}${flag.project} / ${flag.environment}${rollout?.plan
            ? html` · rollout ${rollout.epoch}${rollout.plan.template ? ` from ${rollout.plan.template}` : ''}${rollout.plan.owner ? ` · ${rollout.plan.owner}` : ''}` : nothing}</p>
        </div>
        ${this.actions(flag)}
      </div>
      ${this.notice === '' ? nothing : html`<p class="problem" role="alert">${this.notice}</p>`}
      ${stopped === undefined ? nothing : html`<div class="taken ${flag.tone}">
        <p><b>${flag.kill ? 'Killed' : 'Rolled back'}</b> at ${parts.time(stopped.at, this.now)} by ${stopped.by.name}: ${stopped.reason}</p>
        <p>${model.confirmation(flag.incident, '')} ${stopped.verdict ? `${words.count(stopped.verdict.treatedUnits)} users had seen the treatment.` : ''}</p>
      </div>`}
      ${rollout?.plan ? this.rollout(flag, rollout, why) : html`<div class="empty"><p>
        <strong>${rollout?.status === 'RESTORED' ? 'A kill was lifted; no rollout runs.' : 'No rollout of this flag yet.'}</strong>
        It serves ${flag.served === 'killed' ? 'its off variant' : html`<b>${flag.served}</b>`}, ${flag.detail}.</p>
        <pre><code>belay rollout start ${flag.key} --template NAME</code></pre></div>`}
      ${parts.history(flag, this.feed?.value<Page<AuditEntry>>(this.auditPath(flag))?.items, this.now)}`;
  }

  private rollout(flag: FlagView, rollout: Rollout, why: Why | undefined): TemplateResult {
    const views = model.guardrails(rollout, why, this.items<Evidence>(this.evidencePath(flag)));
    const live = model.isLive(rollout) && flag.out === undefined && flag.kill === undefined;
    const taken = flag.out?.verdict && flag.out.epoch === rollout.epoch ? flag.out.verdict : undefined;
    return html`
      ${flag.out !== undefined && flag.out.epoch === rollout.epoch ? nothing : html`<p class="why">${why?.sentence ?? `${words.capital(words.plain(rollout.status))}: ${rollout.reason}.`}
        ${live ? html`<span class="quiet">${why?.next ?? ''}</span>` : nothing}</p>`}
      ${live && why?.notes !== undefined && why.notes.length > 0 ? html`<ul class="notes">${why.notes.map(note => html`<li>${note}</li>`)}</ul>` : nothing}
      ${parts.stages(flag, rollout, this.now)}
      ${live && why !== undefined && why.checks.length > 0 ? parts.checks(why) : nothing}
      <section aria-labelledby="guardrails">
        <h3 id="guardrails">Guardrails <span class="quiet">${live ? 'armed; judged at every change' : ''}</span></h3>
        ${views.length === 0 ? html`<p class="quiet">The plan has none: a person decides each stage.</p>`
          : views.map(view => parts.guardrail(view, taken?.guardrail === view.guardrail.name ? taken : undefined, live, this.now))}
      </section>`;
  }

  private actions(flag: FlagView): TemplateResult {
    const possible = COMMANDS.filter(command => command.isPossible(flag));
    const refused = possible.map(command => refusal(command, this.me?.role)).filter((one): one is string => one !== null);
    return html`<div class="actions">
      ${possible.map(command => html`<button type="button" class=${command.danger ? 'danger' : ''} data-verb=${command.verb}
        ?disabled=${refusal(command, this.me?.role) !== null} aria-describedby=${refused.length > 0 ? 'refused' : nothing}
        @click=${() => this.give(command, flag)}>${command.label}…</button>`)}
      ${refused.length === 0 ? nothing : html`<p id="refused" class="quiet">${refused[0]}</p>`}
    </div>`;
  }

  private give(command: Command, flag: FlagView): void {
    this.notice = '';
    this.given = { command, key: flag.key, busy: false, sentence: '', fields: [], accepted: false };
  }

  private dialog(all: FlagView[]): TemplateResult | typeof nothing {
    const given = this.given;
    const flag = all.find(one => one.key === given?.key);
    if (given === null || flag === undefined) {
      return nothing;
    }
    const { command } = given;
    const seen = given.accepted && command.isSeen(flag);
    return html`<dialog aria-labelledby="dialog-title" aria-describedby="dialog-effect" @close=${this.onClosed} @cancel=${this.onCancel}>
      <form method="dialog" novalidate @submit=${(event: SubmitEvent) => { void this.onSubmit(event, flag); }}>
        <h2 id="dialog-title">${given.accepted ? `${command.label}: ${flag.flag}` : command.title(flag)}</h2>
        ${given.accepted
          ? html`<p id="dialog-effect" role="status" class="answer">${seen ? command.done(flag) : 'Accepted. Waiting to see it…'}</p>`
          : html`<p id="dialog-effect">${command.effect(flag)}</p>
            <label for="reason">Reason</label>
            <textarea id="reason" name="reason" rows="3" maxlength="2000" aria-describedby="reason-help" aria-required="true"
              aria-invalid=${given.sentence === '' ? 'false' : 'true'} ?readonly=${given.busy} @keydown=${this.onKey}></textarea>
            <p id="reason-help" class="quiet">For the audit trail, the incident and the channels.</p>
            ${command.overridable ? html`<label class="check"><input type="checkbox" name="override"> Also when the gate is closed
              (never over a breach)</label>` : nothing}`}
        <div role="alert">${given.sentence === '' ? nothing : html`<div class="problem"><p>${given.sentence}</p>
          ${given.fields.map(field => html`<p>${field}</p>`)}</div>`}</div>
        <div class="buttons">
          <button type="button" @click=${this.close}>${given.accepted ? 'Close' : 'Cancel'}</button>
          ${given.accepted ? nothing : html`<button type="submit" class=${command.danger ? 'danger solid' : 'primary'}
            aria-disabled=${given.busy ? 'true' : 'false'}>${given.busy ? 'Sending…' : command.label}</button>`}
        </div>
      </form>
    </dialog>`;
  }

  private readonly close = (): void => { this.querySelector('dialog')?.close(); };

  private readonly onCancel = (event: Event): void => {
    if (this.given?.busy) {
      event.preventDefault();
    }
  };

  private readonly onClosed = (): void => {
    const key = this.given?.key;
    this.given = null;
    void this.updateComplete.then(() => {
      // The button that opened the dialog may be gone with the state it belonged to.
      if (key !== undefined && (document.activeElement === null || document.activeElement === document.body)) {
        this.querySelector<HTMLElement>('#detail')?.focus();
      }
    });
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      (event.target as HTMLTextAreaElement).form?.requestSubmit();
    }
  };

  private async onSubmit(event: SubmitEvent, flag: FlagView): Promise<void> {
    event.preventDefault();
    const given = this.given;
    if (given === null || given.busy || given.accepted || this.key === null) {
      return;
    }
    const data = new FormData(event.target as HTMLFormElement);
    const reason = String(data.get('reason') ?? '').trim();
    if (reason === '') {
      this.given = { ...given, sentence: 'A reason is needed: reason must not be blank.', fields: [] };
      this.querySelector<HTMLElement>('#reason')?.focus();
      return;
    }
    this.given = { ...given, busy: true, sentence: '', fields: [] };
    try {
      await post(given.command.path(flag), this.key, given.command.body(flag, reason, data.get('override') !== null));
      this.given = { ...given, busy: false, accepted: true, sentence: '', fields: [] };
      this.feed?.wake();
      await this.updateComplete;
      this.querySelector<HTMLElement>('dialog .buttons button')?.focus();
    } catch (failure) {
      const refused = failure instanceof Refused ? failure : new Refused(-1, 'The answer was not understood');
      if (refused.status === 401) {
        this.logOut(refused.sentence);
        return;
      }
      this.given = { ...given, busy: false, sentence: `${words.capital(refused.sentence)}.`, fields: refused.fields };
    }
  }

  private async settle(concern: Concern, verb: 'acknowledge' | 'resolve'): Promise<void> {
    if (concern.incident === undefined || this.key === null) {
      return;
    }
    try {
      await post(`/api/v1/incidents/${encodeURIComponent(concern.incident.id)}/${verb}`, this.key, {});
      this.notice = '';
    } catch (failure) {
      this.notice = failure instanceof Refused ? `${words.capital(failure.sentence)}.` : 'The answer was not understood.';
    }
    this.feed?.wake();
    this.requestUpdate();
  }
}

customElements.define('belay-console', Console);
