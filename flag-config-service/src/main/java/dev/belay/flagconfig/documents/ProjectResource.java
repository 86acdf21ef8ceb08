// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

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

/** Projects: they exist because a document names them. */
@Path("/api/v1/projects")
@Tag(name = "projects")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.VIEWER)
public class ProjectResource {
    private final Documents documents;
    private final CurrentCaller caller;

    ProjectResource(Documents documents, CurrentCaller caller) {
        this.documents = documents;
        this.caller = caller;
    }

    /** A project. */
    public record Project(String name) {}

    @GET
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

    private Stream<Address> visible() {
        Caller who = caller.get();
        return documents.addresses().stream().filter(place -> who.mayUse(place.project(), place.environment()));
    }
}
