// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.Index;
import org.jboss.jandex.IndexReader;

/** What the services are: the paths they answer, by the index of their classes, and the settings they read. */
final class Packaged {
    static final List<String> SERVICES = List.of(
            "flag-config-service",
            "rollout-scheduler",
            "flag-edge",
            "metrics-watcher",
            "rollback-controller",
            "notifier");

    /** What several services are made of, and what reads settings there. */
    private static final List<String> LIBRARIES = List.of("http", "kafka", "outbox");

    private static final DotName PATH = DotName.createSimple("jakarta.ws.rs.Path");
    /** A last part that is one of several words. */
    private static final Pattern CHOICE = Pattern.compile("/\\{\\w+: \\(([^)]*)\\)/\\?}");

    private static final Pattern READ = Pattern.compile(
            "(?:@ConfigProperty\\(\\s*name\\s*=\\s*|\\.getValue\\(\\s*|\\.getOptionalValues?\\(\\s*)\"([a-z][a-z.-]+)\"");
    private static final Pattern REFERRED = Pattern.compile("\\$\\{([a-z][a-z.-]+)[:}]");

    private Packaged() {}

    /** Returns the paths of a service's resources, up to the first part that varies. */
    static Set<String> paths(String service) throws IOException {
        Path file = classes(service).resolve("META-INF").resolve("jandex.idx");
        try (InputStream in = Files.newInputStream(file)) {
            Index index = new IndexReader(in).read();
            Set<String> paths = new TreeSet<>();
            for (AnnotationInstance path : index.getAnnotations(PATH)) {
                paths.addAll(paths(path));
            }
            return paths;
        }
    }

    private static List<String> paths(AnnotationInstance annotation) {
        String own = annotation.value().asString();
        AnnotationTarget target = annotation.target();
        if (target.kind() == AnnotationTarget.Kind.CLASS) {
            // Alone it answers only what its methods add.
            return own.matches("/(api/v1)?/?") ? List.of() : fixed(slashed(own));
        }
        ClassInfo resource = target.asMethod().declaringClass();
        AnnotationInstance outer = resource.declaredAnnotation(PATH);
        return fixed((outer == null ? "" : slashed(outer.value().asString())) + slashed(own));
    }

    private static String slashed(String path) {
        String trimmed = path.replaceAll("^/+|/+$", "");
        return trimmed.isEmpty() ? "" : "/" + trimmed;
    }

    static List<String> fixed(String path) {
        Matcher choice = CHOICE.matcher(path);
        if (choice.matches()) {
            return Stream.of(choice.group(1).split("\\|")).map(one -> "/" + one).toList();
        }
        int varies = path.indexOf("/{");
        return List.of(varies < 0 ? path : path.substring(0, varies));
    }

    /** Returns the names of the settings that a service and the libraries of services read. */
    static Set<String> settings(String service) throws IOException {
        Set<String> names = new TreeSet<>();
        List<String> modules = new ArrayList<>(LIBRARIES);
        modules.add(service);
        for (String module : modules) {
            names.addAll(settingsInSources(
                    Manifests.ROOT.resolve(module).resolve("src").resolve("main")));
        }
        return names;
    }

    private static Set<String> settingsInSources(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(".java")) {
                    find(READ, Files.readString(file), names);
                } else if (file.endsWith("microprofile-config.properties")) {
                    Properties properties = new Properties();
                    try (InputStream in = Files.newInputStream(file)) {
                        properties.load(in);
                    }
                    for (Map.Entry<Object, Object> property : properties.entrySet()) {
                        names.add(property.getKey().toString());
                        find(REFERRED, property.getValue().toString(), names);
                    }
                }
            }
        }
        return names;
    }

    private static void find(Pattern pattern, String text, Set<String> names) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
    }

    private static Path classes(String service) {
        return Manifests.ROOT.resolve(service).resolve("target").resolve("classes");
    }
}
