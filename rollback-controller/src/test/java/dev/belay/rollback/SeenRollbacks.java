// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollback;

import java.lang.annotation.Annotation;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.belay.contracts.rollbacks.Rollback;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;

/** Stands where the container's event stands: hands each rollback to one listener. */
final class SeenRollbacks implements Event<Rollback> {
    private volatile Consumer<Rollback> listener = rollback -> {};

    void tell(Consumer<Rollback> told) {
        listener = told;
    }

    @Override
    public void fire(Rollback rollback) {
        listener.accept(rollback);
    }

    @Override
    public <U extends Rollback> CompletionStage<U> fireAsync(U rollback) {
        throw new UnsupportedOperationException("not used");
    }

    @Override
    public <U extends Rollback> CompletionStage<U> fireAsync(U rollback, NotificationOptions options) {
        throw new UnsupportedOperationException("not used");
    }

    @Override
    public Event<Rollback> select(Annotation... qualifiers) {
        throw new UnsupportedOperationException("not used");
    }

    @Override
    public <U extends Rollback> Event<U> select(Class<U> type, Annotation... qualifiers) {
        throw new UnsupportedOperationException("not used");
    }

    @Override
    public <U extends Rollback> Event<U> select(TypeLiteral<U> type, Annotation... qualifiers) {
        throw new UnsupportedOperationException("not used");
    }
}
