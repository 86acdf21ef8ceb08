// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.belay.contracts.Require;
import dev.belay.contracts.keys.Role;
import dev.belay.contracts.keys.Scope;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** Stands for the resources of the services. */
@Path("/sample")
@Allowed(Role.VIEWER)
public class SampleResource {
    private final CurrentCaller caller;

    SampleResource(CurrentCaller caller) {
        this.caller = caller;
    }

    record Sample(String name, Duration within, Instant at, String absent) {
        Sample {
            Require.name(name, "name");
        }
    }

    record Choice(List<Scope> scopes, Instant until) {}

    @GET
    @Path("open")
    @PermitAll
    public String open() {
        return "open";
    }

    @GET
    @Path("look")
    public Caller look() {
        return caller.get();
    }

    @GET
    @Path("list")
    public Page<String> list(@QueryParam("item") List<String> items) {
        return new Page<>(items, null);
    }

    @GET
    @Path("write")
    @Allowed(Role.EDITOR)
    public Caller write() {
        return caller.get();
    }

    @GET
    @Path("send")
    @AllowedScopes(Scope.EVENTS)
    public Uni<Caller> send() {
        return Uni.createFrom().item(caller.get());
    }

    @POST
    @Path("echo")
    @Consumes(MediaType.APPLICATION_JSON)
    public Sample echo(Sample sample) {
        return sample;
    }

    @POST
    @Path("choose")
    @Consumes(MediaType.APPLICATION_JSON)
    public Choice choose(Choice choice) {
        return choice;
    }

    @PUT
    @Path("document")
    @Consumes({"application/yaml", MediaType.APPLICATION_JSON})
    public String document(String text) {
        return text;
    }

    @GET
    @Path("page")
    public int page(@QueryParam("limit") int limit) {
        return limit;
    }

    @GET
    @Path("no-table")
    public String noTable() {
        throw new IllegalStateException(new SQLException("relation does not exist", "42P01"));
    }

    @GET
    @Path("unstorable")
    public String unstorable() {
        throw new IllegalStateException(new SQLException("invalid byte sequence", "22021"));
    }

    @GET
    @Path("refuse")
    public String refuse() {
        throw new IllegalArgumentException("percent must lie in [0, 100] percent, was 101");
    }

    @GET
    @Path("fail")
    public String fail() {
        throw new IllegalStateException("with a secret in its message");
    }

    @GET
    @Path("no-database")
    public String noDatabase() {
        throw new IllegalStateException(new SQLException("gone", "08006"));
    }
}
