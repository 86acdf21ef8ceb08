// SPDX-License-Identifier: Apache-2.0
// What the services answer, as far as the page reads it.

export interface Actor { kind: string; name: string; }

export interface Me {
  name: string;
  keyId: string;
  role: string;
  project?: string;
  environment?: string;
  at: string;
}

export interface FlagDocument {
  metadata: { name: string };
  spec: {
    project: string;
    environment: string;
    title?: string;
    owner?: string;
    type: string;
    enabled?: boolean;
    variants: Record<string, unknown>;
    off: string;
    default: string | { split: Record<string, string | number> };
    rules?: unknown[];
  };
}

export interface Clause { id: string; segment?: string; percent: number; }

export interface Stage {
  name: string;
  to: { segment?: string; percent?: number };
  control?: number;
  atLeast: string;
  minUsers?: number;
  advance: string;
}

export interface Guardrail { name: string; metric: string; limit: string; threshold: number; then: string; }

export interface Rollout {
  project: string;
  environment: string;
  flag: string;
  epoch: number;
  version: number;
  status: string;
  plan?: {
    template?: string;
    title?: string;
    owner?: string;
    control: string;
    treatments: string[];
    stages: Stage[];
    guardrails: Guardrail[];
    metrics: { name: string; title?: string }[];
    tell: string[];
  };
  allocations: { number: number; stage: number; clauses: Clause[]; since: string }[];
  stageSince?: string;
  startsAt?: string;
  asked: boolean;
  by: Actor;
  reason: string;
  createdAt: string;
  updatedAt: string;
}

export interface Counts { exposed: number; events: number; }

export interface Estimate { ratio?: number; lower?: number; upper?: number; }

export interface Evidence {
  epoch: number;
  stage: number;
  guardrail: string;
  metric: string;
  variant: string;
  segment?: string;
  control: Counts;
  treatment: Counts;
  estimate: Estimate;
  members: { weight: number; logHarm: number }[];
  logLimit: number;
  logHealthy: number;
  logHealthyLimit: number;
  at: string;
}

export interface Verdict {
  guardrail: string;
  metric: string;
  control: Counts;
  treatment: Counts;
  estimate: Estimate;
  logEvidence: number;
  logLimit: number;
  logHealthy: number;
  logHealthyLimit: number;
  treatedUnits: number;
  at: string;
}

export interface Rollback {
  project: string;
  environment: string;
  flag: string;
  epoch: number;
  target: string;
  reason: string;
  verdict?: Verdict;
  by: Actor;
  at: string;
}

export interface Hold {
  project: string;
  environment: string;
  flag: string;
  epoch: number;
  cause: string;
  guardrails?: string[];
  sentences?: string[];
  since: string;
}

export interface Incident {
  id: string;
  status: string;
  rollback?: Rollback;
  hold?: Hold;
  stage?: string;
  owner?: string;
  tell?: string[];
  edges: string[];
  confirmed: string[];
  openedAt: string;
  confirmedAt?: string;
  evidenceToOffMillis?: number;
  acknowledgedBy?: string;
}

export interface Check { name: string; passed: boolean; sentence: string; }

export interface Standing {
  name: string;
  decision: string;
  reasons: string[];
  sentence: string;
  heardAt?: string;
  fresh?: boolean;
}

export interface Why {
  status: string;
  stage?: string;
  sentence: string;
  checks: Check[];
  guardrails: Standing[];
  next: string;
  /** What is wrong with the data, with the numbers. */
  notes?: string[];
}

export interface AuditEntry {
  seq: number;
  event: { id: string; service: string; actor: Actor; action: string; subject: string; reason?: string; at: string };
}

export interface Page<T> { items: T[]; next?: string; }
