// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.rollouts.RolloutStatus;
import dev.belay.rollouts.decision.Moment;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.TypedQuery;
import org.jspecify.annotations.Nullable;

/** The rows. Every method needs a transaction. */
@ApplicationScoped
class Rollouts implements PanacheRepositoryBase<RolloutRow, String> {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final String LOCK_TIMEOUT = "jakarta.persistence.lock.timeout";
    private static final int SKIP_LOCKED = -2;
    private static final List<String> OPEN = List.of(RolloutStatus.values()).stream()
            .filter(status -> !status.isTerminal())
            .map(RolloutStatus::name)
            .toList();

    /** Returns the database's clock. */
    Instant now() {
        return (Instant) getEntityManager()
                .createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }

    /** Locks the flag's row until the transaction ends, waiting for whoever holds it; makes it first where it is missing. */
    FlagRow lock(FlagRef ref) {
        getEntityManager()
                .createNativeQuery("insert into " + Scheduler.SCHEMA
                        + ".flag (key, latest_epoch) values (?1, 0) on conflict do nothing")
                .setParameter(1, ref.key())
                .executeUpdate();
        return getEntityManager().find(FlagRow.class, ref.key(), LockModeType.PESSIMISTIC_WRITE);
    }

    /** Locks the flag's row unless there is none or somebody else holds it: then they decide. */
    Optional<FlagRow> tryLock(FlagRef ref) {
        try {
            return getEntityManager()
                    .createQuery("from FlagRow where key = ?1", FlagRow.class)
                    .setParameter(1, ref.key())
                    .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                    .setHint(LOCK_TIMEOUT, SKIP_LOCKED)
                    .getResultStream()
                    .findFirst();
        } catch (LockTimeoutException e) {
            return Optional.empty();
        }
    }

    Optional<RolloutRow> latest(FlagRow flag) {
        return findByIdOptional(flag.key + "#" + flag.latestEpoch);
    }

    Optional<StoredRollout> latest(FlagRef ref) {
        return find("flagKey = ?1 order by epoch desc", ref.key())
                .firstResultOptional()
                .map(RolloutRow::read);
    }

    Optional<StoredRollout> find(FlagRef ref, int epoch) {
        return findByIdOptional(ref.key() + "#" + epoch).map(RolloutRow::read);
    }

    /** Returns the latest rollout of a flag that was started from the document with that digest. */
    Optional<StoredRollout> startedFrom(FlagRef ref, String source) {
        return find("flagKey = ?1 and source = ?2 order by epoch desc", ref.key(), source)
                .firstResultOptional()
                .map(RolloutRow::read);
    }

    /** Returns all rollouts of a flag, oldest first. */
    List<StoredRollout> history(FlagRef ref) {
        return list("flagKey = ?1 order by epoch", ref.key()).stream()
                .map(RolloutRow::read)
                .toList();
    }

    /** Returns the latest rollout of every flag, by flag. */
    List<StoredRollout> latest() {
        return list("from RolloutRow r where r.epoch = (select f.latestEpoch from FlagRow f where f.key = r.flagKey)"
                        + " order by r.flagKey")
                .stream()
                .map(RolloutRow::read)
                .toList();
    }

    /** Returns every rollout something may still happen to. */
    List<StoredRollout> open() {
        return list("status in ?1 order by flagKey", OPEN).stream()
                .map(RolloutRow::read)
                .toList();
    }

    /** Keeps what happened. */
    void tell(String flagKey, List<Moment> moments) {
        moments.forEach(moment -> getEntityManager().persist(MomentRow.of(flagKey, moment)));
    }

    /**
     * Returns what happened to a flag's rollouts, in order.
     *
     * @param epoch of one rollout; null for all
     */
    List<Moment> moments(FlagRef ref, @Nullable Integer epoch) {
        String one = epoch == null ? "" : " and epoch = ?2";
        TypedQuery<MomentRow> query = getEntityManager()
                .createQuery("from MomentRow where flagKey = ?1" + one + " order by epoch, id", MomentRow.class)
                .setParameter(1, ref.key());
        if (epoch != null) {
            query.setParameter(2, epoch);
        }
        return query.getResultStream().map(MomentRow::read).toList();
    }

    Optional<AnsweredCommandRow> answered(CommandKey command) {
        return Optional.ofNullable(getEntityManager().find(AnsweredCommandRow.class, command.id()));
    }

    /** Keeps an answer, and forgets those of last week. */
    void keep(AnsweredCommandRow answer) {
        getEntityManager()
                .createQuery("delete from AnsweredCommandRow where at < ?1")
                .setParameter(1, answer.at.minus(KEPT))
                .executeUpdate();
        getEntityManager().persist(answer);
    }
}
