// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts.decision;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Actor;
import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.rollbacks.Rollback;
import dev.belay.contracts.rollouts.Plan;
import org.jspecify.annotations.Nullable;

/** What a rollout reacts to: commands of people, messages of other services, time. */
public sealed interface RolloutEvent {
    /** Returns when it happened, by the database's clock. */
    Instant now();

    <R> R match(Cases<R> cases);

    /** Returns {@code situation} with what the event brings. */
    default Situation knownIn(Situation situation) {
        return situation;
    }

    /** One answer per event: a new event does not compile until it has one. */
    interface Cases<R> {
        R on(Start event);

        R on(Tick event);

        R on(VerdictArrived event);

        R on(RollbackArrived event);

        R on(TargetingChanged event);

        R on(Pause event);

        R on(Resume event);

        R on(Advance event);

        R on(Complete event);

        R on(Cancel event);

        R on(Restore event);

        R on(Jump event);

        R on(Pin event);

        R on(Review event);

        R on(Approve event);

        R on(Edit event);

        R on(Launch event);
    }

    /** Somebody asks for it and gets an answer. */
    sealed interface Command extends RolloutEvent {
        Actor by();

        String reason();
    }

    /** A command about a rollout that exists. */
    sealed interface Instruction extends Command {
        Order order();

        @Override
        default Actor by() {
            return order().by();
        }

        @Override
        default String reason() {
            return order().reason();
        }

        @Override
        default Instant now() {
            return order().now();
        }
    }

    /**
     * Who orders what about which rollout.
     *
     * @param epoch epoch of the rollout it is about
     * @param expectedVersion version of the rollout the caller saw; null when any will do
     * @param by who orders it
     * @param reason why, not blank
     * @param now when, by the database's clock
     */
    record Order(int epoch, @Nullable Long expectedVersion, Actor by, String reason, Instant now) {
        /** @throws IllegalArgumentException if a part is missing */
        public Order {
            Require.positive(epoch, "epoch");
            Require.nonNull(by, "by");
            Require.text(reason, "reason");
            Require.nonNull(now, "now");
        }
    }

    /**
     * How a rollout begins.
     *
     * @param from index of the stage it begins in, from 0
     * @param isDraft whether it is only written down
     * @param isAgain whether it goes on where another of the same flag ended
     * @param override whether a breach that stands, stages that were never reached, and a freeze are passed over
     * @param locked parts of the plan that its template locks
     * @param after epoch of the rollout that the caller saw as the latest; null for whichever
     * @param expectedVersion version of that rollout; null for whichever
     */
    record Opening(
            int from,
            boolean isDraft,
            boolean isAgain,
            boolean override,
            List<String> locked,
            @Nullable Integer after,
            @Nullable Long expectedVersion) {
        public static final Opening PLAIN = new Opening(0, false, false, false, List.of(), null, null);

        /** @throws IllegalArgumentException if the stage is negative */
        public Opening {
            Require.notNegative(from, "from");
            locked = List.copyOf(locked);
        }
    }

    /**
     * A rollout is asked for.
     *
     * @param plan what it does
     * @param startsAt when it starts; null or past for now
     * @param opening how it begins
     * @param by who asks
     * @param reason why
     * @param now when, by the database's clock
     */
    record Start(Plan plan, @Nullable Instant startsAt, Opening opening, Actor by, String reason, Instant now)
            implements Command {
        /** @throws IllegalArgumentException if the plan has no stage to begin in */
        public Start {
            Require.that(opening.from() < plan.stages().size(), "from", "must be a stage of the plan", opening.from());
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /** Time went by. */
    record Tick(Instant now) implements RolloutEvent {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /** The watcher said something. */
    record VerdictArrived(Heard heard, Instant now) implements RolloutEvent {
        @Override
        public Situation knownIn(Situation situation) {
            return situation.with(heard);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /** Something was taken out. */
    record RollbackArrived(Rollback rollback, Instant now) implements RolloutEvent {
        @Override
        public Situation knownIn(Situation situation) {
            return situation.with(rollback);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * The part of the flag that decides before the rollout does was edited.
     *
     * @param targeting digest of that part
     * @param now when it was seen
     */
    record TargetingChanged(String targeting, Instant now) implements RolloutEvent {
        @Override
        public Situation knownIn(Situation situation) {
            return situation.with(new FlagFacts(situation.flag().foldedEpoch(), targeting));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /** Serve the present allocation, raise no further. */
    record Pause(Order order) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /** Raise again when the gates allow it. */
    record Resume(Order order) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Enter the next stage, or complete after the last.
     *
     * @param order who and why
     * @param override whether gates that are not satisfied are passed over; a breach never is
     */
    record Advance(Order order, boolean override) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Treatment for everyone.
     *
     * @param order who and why
     * @param override whether stages and gates that are left are passed over; a breach never is
     */
    record Complete(Order order, boolean override) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /** Back to the definition, for no fault of the flag's. */
    record Cancel(Order order) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Enter a later stage, passing over those between.
     *
     * @param order who and why
     * @param stage name of the stage
     * @param override whether stages and gates that are left are passed over; a breach never is, nor an approval
     */
    record Jump(Order order, String stage, boolean override) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Go up to a stage and not past it, until somebody says otherwise. Guardrails stay armed.
     *
     * @param order who and why
     * @param stage name of the stage; null to go on
     */
    record Pin(Order order, @Nullable String stage) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Ask somebody to look at a rollout before it starts.
     *
     * @param order who and why
     * @param reviewer name of the person
     */
    record Review(Order order, String reviewer) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Agree.
     *
     * @param order who and why
     * @param hash what was seen: {@link Needed#hash}
     * @param role what the person may do
     */
    record Approve(Order order, String hash, Role role) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Another plan for the same rollout.
     *
     * @param order who and why
     * @param plan the whole plan as it shall be
     */
    record Edit(Order order, Plan plan) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /** Start what is a draft, or was approved. */
    record Launch(Order order) implements Instruction {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }

    /**
     * Lift a kill.
     *
     * @param expectedVersion version of the latest rollout the caller saw; null when any will do
     * @param by who lifts it
     * @param reason why
     * @param now when, by the database's clock
     */
    record Restore(@Nullable Long expectedVersion, Actor by, String reason, Instant now) implements Command {
        /** @throws IllegalArgumentException if a part is missing */
        public Restore {
            Require.nonNull(by, "by");
            Require.text(reason, "reason");
            Require.nonNull(now, "now");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.on(this);
        }
    }
}
