// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.belay.contracts.keys.Role;
import dev.belay.http.Allowed;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.Page;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Projects and environments: they exist because a document names them. */
@Path("/api/v1")
@Tag(name = "projects")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
public class PlaceResource {
    private final Documents documents;
    private final CurrentCaller caller;

    PlaceResource(Documents documents, CurrentCaller caller) {
        this.documents = documents;
        this.caller = caller;
    }

    /** A project. */
    public record Project(String name) {}

    /** An environment of a project. */
    public record Environment(String project, String name) {
        String key() {
            return project + "/" + name;
        }
    }

    @GET
    @Path("projects")
    @Operation(summary = "List projects")
    public Page<Project> projects(
            @QueryParam("limit") @DefaultValue("100") int limit, @QueryParam("after") @Nullable String after) {
        List<Project> projects = visible()
                .map(Address::project)
                .distinct()
                .sorted()
                .map(Project::new)
                .toList();
        return Page.of(projects, Project::name, limit, after);
    }

    @GET
    @Path("environments")
    @Operation(summary = "List environments")
    public Page<Environment> environments(
            @QueryParam("project") @Nullable String project,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("after") @Nullable String after) {
        List<Environment> environments = visible()
                .filter(place -> project == null || project.equals(place.project()))
                .flatMap(place -> Stream.ofNullable(place.environment())
                        .map(environment -> new Environment(place.project(), environment)))
                .distinct()
                .sorted(Comparator.comparing(Environment::key))
                .toList();
        return Page.of(environments, Environment::key, limit, after);
    }

    private Stream<Address> visible() {
        Caller who = caller.get();
        return documents.addresses().stream().filter(place -> who.mayUse(place.project(), place.environment()));
    }
}
