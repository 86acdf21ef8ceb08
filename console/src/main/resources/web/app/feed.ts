// SPDX-License-Identifier: Apache-2.0
// Keeps what the page shows up to date: asks again every second, only for what changed, and goes on by itself when a
// service is away. What was known stays known meanwhile.

import { get, Refused, serviceOf } from './api';

const BEAT = 200;
const HIDDEN = 10_000;

/** Why something is not up to date, and since when. */
export interface Trouble { since: number; sentence: string; status: number; service: string; answered: boolean; }

interface Known {
  text: string;
  value: unknown;
  tag: string | null;
  trouble: Trouble | null;
  asking: boolean;
  due: number;
}

/** What to ask for and how often, in milliseconds. */
export interface Wanted { path: string; every: number; }

export class Feed {
  private readonly known = new Map<string, Known>();
  private wanted: Wanted[] = [];
  private timer = 0;
  private woken = 0;
  private stopped = false;
  private stream: AbortController | null = null;
  private place = '';

  constructor(
    private readonly key: string,
    private readonly changed: () => void,
    private readonly signedOut: (sentence: string) => void,
  ) {
    this.timer = window.setInterval(() => this.beat(), BEAT);
    document.addEventListener('visibilitychange', this.wake);
  }

  /** Ends all asking. */
  stop(): void {
    this.stopped = true;
    window.clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.wake);
    this.stream?.abort();
  }

  /** Says what is wanted from now on. */
  want(wanted: Wanted[]): void {
    this.wanted = wanted;
    this.beat();
  }

  /** Returns what is known at a path; undefined before the first answer. */
  value<T>(path: string): T | undefined {
    return this.known.get(path)?.value as T | undefined;
  }

  /** Returns why a path is not up to date. */
  trouble(path: string): Trouble | null {
    return this.known.get(path)?.trouble ?? null;
  }

  /** Returns every trouble with what is wanted, but for a service's own "there is none". */
  troubles(): Trouble[] {
    return this.wanted.map(one => this.trouble(one.path)).filter((one): one is Trouble => one !== null && !one.answered);
  }

  /** Asks for everything now, but not more often than a person can see. */
  readonly wake = (): void => {
    if (Date.now() - this.woken < BEAT) {
      return;
    }
    this.woken = Date.now();
    this.known.forEach(one => { one.due = 0; });
    this.beat();
  };

  /** Listens to what the edges say of an environment: a change is looked at when it happens, not at the next second. */
  listen(project: string, environment: string): void {
    const place = `${project}/${environment}`;
    if (place === this.place) {
      return;
    }
    this.place = place;
    this.stream?.abort();
    this.stream = new AbortController();
    void this.follow(project, environment, this.stream.signal);
  }

  private async follow(project: string, environment: string, signal: AbortSignal): Promise<void> {
    for (let pause = 1_000; !signal.aborted && !this.stopped; pause = Math.min(pause * 2, 30_000)) {
      try {
        const response = await fetch('/api/v1/stream', {
          headers: {
            'X-API-Key': this.key,
            'X-Belay-Project': project,
            'X-Belay-Environment': environment,
            Accept: 'text/event-stream',
          },
          cache: 'no-store',
          credentials: 'omit',
          signal,
        });
        if (response.ok && response.body !== null) {
          pause = 1_000;
          await this.read(response.body.getReader());
        }
      } catch {
        // Polling goes on all the while, and says what is wrong.
      }
      await new Promise(done => { window.setTimeout(done, pause); });
    }
  }

  private async read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      if (/^data:/m.test(decoder.decode(value, { stream: true }))) {
        this.wake();
      }
    }
  }

  private beat(): void {
    const now = Date.now();
    for (const { path, every } of this.wanted) {
      const one = this.known.get(path) ?? this.add(path);
      if (!one.asking && one.due <= now) {
        one.due = now + (document.hidden ? Math.max(every, HIDDEN) : every);
        void this.ask(path, one);
      }
    }
  }

  private add(path: string): Known {
    const one: Known = { text: '', value: undefined, tag: null, trouble: null, asking: false, due: 0 };
    this.known.set(path, one);
    return one;
  }

  private async ask(path: string, one: Known): Promise<void> {
    one.asking = true;
    try {
      const answer = await get(path, this.key, one.tag);
      if (this.stopped) {
        return;
      }
      const news = one.trouble !== null || (answer.status !== 304 && answer.text !== one.text);
      if (answer.status !== 304 && answer.text !== one.text) {
        one.value = JSON.parse(answer.text);
        one.text = answer.text;
      }
      one.tag = answer.status === 304 ? one.tag : answer.tag;
      one.trouble = null;
      if (news) {
        this.changed();
      }
    } catch (failure) {
      this.failed(path, one, failure);
    } finally {
      one.asking = false;
    }
  }

  private failed(path: string, one: Known, failure: unknown): void {
    if (this.stopped) {
      return;
    }
    const status = failure instanceof Refused ? failure.status : -1;
    const sentence = failure instanceof Refused ? failure.sentence : `${serviceOf(path)} answered what is not JSON`;
    if (status === 401) {
      this.signedOut(sentence);
      return;
    }
    const before = one.trouble;
    const answered = failure instanceof Refused && failure.answered;
    one.trouble = { since: before?.since ?? Date.now(), sentence, status, service: serviceOf(path), answered };
    if (before?.sentence !== sentence) {
      this.changed();
    }
  }
}
