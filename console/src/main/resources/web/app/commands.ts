// SPDX-License-Identifier: Apache-2.0
// What a person can do to a flag: each asks for a reason, says beforehand what it does, and afterwards what came of it.

import type { FlagView } from './model';
import { confirmation, isLive, may } from './model';

export type Verb = 'rollback' | 'kill' | 'pause' | 'resume' | 'advance' | 'restore';

export interface Command {
  verb: Verb;
  label: string;
  title: (flag: FlagView) => string;
  effect: (flag: FlagView) => string;
  danger: boolean;
  /** What the caller's role must be allowed to do, and the least role that is. */
  needs: 'stop' | 'raise';
  least: string;
  overridable: boolean;
  isPossible: (flag: FlagView) => boolean;
  path: (flag: FlagView) => string;
  body: (flag: FlagView, reason: string, override: boolean) => unknown;
  done: (flag: FlagView) => string;
  isSeen: (flag: FlagView) => boolean;
}

const about = (flag: FlagView) => ({ project: flag.project, environment: flag.environment, flag: flag.flag });

function transition(verb: 'pause' | 'resume' | 'advance') {
  return {
    path: (flag: FlagView) => `/api/v1/rollouts/${flag.key}/${flag.rollout?.epoch ?? 0}/${verb}`,
    body: (flag: FlagView, reason: string, override: boolean) => ({
      reason,
      expectedVersion: flag.rollout?.version,
      ...(override ? { override } : {}),
    }),
  };
}

const isStopped = (flag: FlagView) => flag.kill !== undefined || flag.out !== undefined;

export const COMMANDS: Command[] = [
  {
    verb: 'rollback',
    label: 'Roll back',
    title: flag => `Roll back ${flag.flag}?`,
    effect: flag => `Takes rollout ${flag.rollout?.epoch} of ${flag.key} back at every edge: as if it were not there, the definition`
      + ' decides again. Nobody can raise it again by accident; another try is a new rollout.',
    danger: true,
    needs: 'stop',
    least: 'operator',
    overridable: false,
    isPossible: flag => !isStopped(flag) && (isLive(flag.rollout) || flag.rollout?.status === 'COMPLETED'),
    path: () => '/api/v1/rollbacks',
    body: (flag, reason) => ({ ...about(flag), epoch: flag.rollout?.epoch, reason }),
    done: flag => `Rollout ${flag.rollout?.epoch} is rolled back. ${confirmation(flag.incident, '')}`,
    isSeen: flag => flag.out !== undefined,
  },
  {
    verb: 'pause',
    label: 'Pause',
    title: flag => `Pause ${flag.flag}?`,
    effect: () => 'Raises no further. What is served stays, and guardrails stay armed.',
    danger: false,
    needs: 'stop',
    least: 'operator',
    overridable: false,
    isPossible: flag => !isStopped(flag) && flag.rollout?.status === 'RUNNING',
    ...transition('pause'),
    done: () => 'It is paused.',
    isSeen: flag => flag.rollout?.status === 'PAUSED',
  },
  {
    verb: 'resume',
    label: 'Resume',
    title: flag => `Resume ${flag.flag}?`,
    effect: () => 'Raises again when the gates allow it.',
    danger: false,
    needs: 'raise',
    least: 'releaser',
    overridable: false,
    isPossible: flag => !isStopped(flag) && flag.rollout?.status === 'PAUSED',
    ...transition('resume'),
    done: () => 'It is running again.',
    isSeen: flag => flag.rollout?.status === 'RUNNING',
  },
  {
    verb: 'advance',
    label: 'Advance',
    title: flag => `Advance ${flag.flag} to the next stage?`,
    effect: () => 'Enters the next stage now if its gate is open. More people get the treatment.',
    danger: false,
    needs: 'raise',
    least: 'releaser',
    overridable: true,
    isPossible: flag => !isStopped(flag) && flag.rollout?.status === 'RUNNING',
    ...transition('advance'),
    done: () => 'It advanced.',
    isSeen: () => true,
  },
  {
    verb: 'kill',
    label: 'Kill',
    title: flag => `Kill ${flag.flag}?`,
    effect: flag => `Serves the off variant of ${flag.key} to everyone, whatever its rules say, until somebody lifts the kill.`,
    danger: true,
    needs: 'stop',
    least: 'operator',
    overridable: false,
    isPossible: flag => flag.kill === undefined,
    path: () => '/api/v1/kills',
    body: (flag, reason) => ({ ...about(flag), reason }),
    done: flag => `It is killed. ${confirmation(flag.incident, '')}`,
    isSeen: flag => flag.kill !== undefined,
  },
  {
    verb: 'restore',
    label: 'Lift the kill',
    title: flag => `Lift the kill of ${flag.flag}?`,
    effect: () => 'The definition decides again. A rollout that ran before does not come back.',
    danger: false,
    needs: 'raise',
    least: 'releaser',
    overridable: false,
    isPossible: flag => flag.kill !== undefined,
    path: flag => `/api/v1/rollouts/${flag.key}/restore`,
    body: (flag, reason) => ({ reason }),
    done: () => 'The kill is lifted.',
    isSeen: flag => flag.kill === undefined,
  },
];

/** Why the caller may not; null when they may. */
export function refusal(command: Command, role: string | undefined): string | null {
  return may(role, command.needs) ? null
    : `Your key has the role ${role ?? 'unknown'}; ${command.label.toLowerCase()} needs ${command.least}.`;
}
