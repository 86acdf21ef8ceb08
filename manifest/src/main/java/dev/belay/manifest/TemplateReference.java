// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/**
 * Names a template, or one version of it.
 *
 * @param name name of the template
 * @param version from 1; null for the newest
 */
public record TemplateReference(String name, @Nullable Long version) {
    /** What a rollout starts from that names no template: the one of that name, or the one that is the default for its flag. */
    public static final TemplateReference DEFAULT = new TemplateReference("default", null);

    private static final Pattern FORM = Pattern.compile("([^@]+)(?:@([1-9][0-9]{0,17}))?");

    /** @throws IllegalArgumentException if the name is none or the version not positive */
    public TemplateReference {
        Require.name(name, "template");
        Require.that(version == null || version > 0, "template.version", "must be positive", version);
    }

    /** @throws IllegalArgumentException unless {@code text} has the form {@code name} or {@code name@version} */
    public static TemplateReference parse(String text) {
        Matcher matcher = FORM.matcher(text);
        Require.that(matcher.matches(), "template", "must have the form name or name@version", text);
        String version = matcher.group(2);
        return new TemplateReference(
                Require.nonNull(matcher.group(1), "template"), version == null ? null : Long.valueOf(version));
    }

    /** Returns {@code name} or {@code name@version}. */
    public String text() {
        return version == null ? name : name + "@" + version;
    }
}
