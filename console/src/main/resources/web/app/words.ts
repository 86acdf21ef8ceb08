// SPDX-License-Identifier: Apache-2.0
// Numbers, times and codes as people say them; the same manner as `belay rollout why`.

const LARGEST_SHOWN_LOG = Math.log(1e6);

export function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** A share as a percentage: 12.5 %. */
export function percent(share: number, digits = 1): string {
  return `${trimmed((share * 100).toFixed(digits))} %`;
}

/** A number that is a percentage already. */
export function ofHundred(value: number): string {
  return `${trimmed(value.toFixed(2))} %`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A ratio as a change: −3.1 %. */
export function change(ratio: number): string {
  const value = (ratio - 1) * 100;
  const digits = Math.abs(value) >= 1000 ? 0 : 1;
  const text = Math.abs(value).toFixed(digits);
  return `${Number(text) === 0 ? '±' : value < 0 ? '−' : '+'}${text} %`;
}

/** Evidence as odds: 12:1. */
export function odds(log: number): string {
  if (log >= LARGEST_SHOWN_LOG) {
    return '≥ 1,000,000:1';
  }
  const value = Math.exp(log);
  return value < 0.05 ? '0:1' : value < 10 ? `${value.toFixed(1)}:1` : `${count(Math.round(value))}:1`;
}

/** The two greatest units: 1 h 5 min. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts: string[] = [];
  for (const [length, unit] of [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']] as const) {
    const rest = unit === 'd' ? Math.floor(seconds / length) : Math.floor(seconds / length) % (unit === 'h' ? 24 : 60);
    if (rest > 0) {
      parts.push(`${rest} ${unit}`);
    }
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

/** ISO 8601 duration, as plans have it, in words: PT1H30M is 1 h 30 min. */
export function isoDuration(text: string): string {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text);
  if (match === null) {
    return text;
  }
  const [, d, h, m, s] = match.map(part => Number(part ?? 0));
  return duration(((d * 24 + h) * 60 + m) * 60_000 + s * 1000);
}

/** How long ago, coarse enough not to flicker. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  const unit = passed >= 86_400_000 ? 3_600_000 : passed >= 60_000 ? 60_000 : 1_000;
  return passed < 1_500 ? 'just now' : `${duration(Math.floor(passed / unit) * unit)} ago`;
}

export function clock(at: number | string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** Time of day, with the day when it is another one than now. */
export function moment(at: number | string, now: number): string {
  const date = new Date(at);
  const sameDay = date.toDateString() === new Date(now).toDateString();
  return sameDay ? clock(at) : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${clock(at)}`;
}

export function limit(kind: string, threshold: number): string {
  return kind === 'falls' || kind === 'rises' ? `${kind} ${percent(threshold)}` : `${kind} ${threshold}`;
}

/** What is known of a guardrail, in two words. */
export function decision(code: string): string {
  return ({
    BREACHED: 'breached',
    HEALTHY: 'healthy',
    UNDECIDED: 'not decided',
    NOT_APPLICABLE: 'not comparable',
  } as Record<string, string>)[code] ?? plain(code);
}

export function reason(code: string): string {
  return ({
    NO_DATA: 'nobody was exposed yet, or not for a while',
    STALE: 'one arm has not been seen for a while',
    SAMPLE_RATIO_MISMATCH: 'the sizes of the arms do not fit their shares',
    WARNING: 'evidence of harm is past the warning level',
    METRIC_SILENT: 'outcomes stopped in both arms',
    CONTAMINATED: 'too many users were seen in both arms',
    LATENESS: 'too many outcomes came late in one arm',
    NOT_JOINED: 'hardly any outcome belongs to an exposed user',
    CONTROL_FELL: 'control fell too: something besides the flag does harm',
    CHANGED: 'it does other than it did until the rollout was finished',
    NO_CONTROL: 'this stage has no control group',
    NOT_ENOUGH_EVIDENCE: 'evidence is still growing',
    NOT_JUDGED: 'nobody judges it: no verdict was said for a while',
    ERROR: 'the metric cannot be computed',
  } as Record<string, string>)[code] ?? plain(code);
}

/** Codes this page does not know yet are still words. */
export function plain(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ').replaceAll('-', ' ');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
