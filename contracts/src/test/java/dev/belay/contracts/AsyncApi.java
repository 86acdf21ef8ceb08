// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.util.Locale;

/** Writes the AsyncAPI 3.1 document of the topics. Run its main method to print it. */
final class AsyncApi {
    private AsyncApi() {}

    public static void main(String... args) {
        System.out.print(document());
    }

    static String document() {
        StringBuilder text = new StringBuilder("""
                # SPDX-License-Identifier: Apache-2.0
                # Written from dev.belay.contracts.Topics; TopicDocsTest compares the two.
                asyncapi: 3.1.0
                info:
                  title: Belay
                  version: 1.0.0
                  description: Topics that the services of Belay talk through. CloudEvents 1.0 in binary mode, values in JSON.
                defaultContentType: application/json
                channels:
                """);
        Topics.all().forEach(topic -> text.append(channel(topic)));
        text.append("operations:\n");
        Topics.all().forEach(topic -> text.append(operation(topic)));
        return text.toString();
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String channel(Topic<?> topic) {
        String cleanup = topic.cleanup() == Topic.Cleanup.COMPACT ? "compact" : "delete";
        String retention = topic.retention() == null
                ? ""
                : "          retention.ms: " + topic.retention().toMillis() + "\n";
        return "  " + id(topic) + ":\n"
                + "    address: " + topic.name() + "\n"
                + "    description: Key is " + topic.keyFormat() + ". Owned by " + topic.owner() + ".\n"
                + "    messages:\n"
                + "      " + topic.type().getSimpleName() + ":\n"
                + "        name: " + topic.type().getSimpleName() + "\n"
                + "        contentType: application/json\n"
                + "    bindings:\n"
                + "      kafka:\n"
                + "        partitions: " + topic.partitions() + "\n"
                + "        topicConfiguration:\n"
                + "          cleanup.policy: [" + cleanup + "]\n"
                + retention;
    }

    private static String operation(Topic<?> topic) {
        return "  send-" + id(topic) + ":\n"
                + "    action: send\n"
                + "    channel:\n"
                + "      $ref: '#/channels/" + id(topic) + "'\n";
    }

    private static String id(Topic<?> topic) {
        return topic.name().replace("belay.", "").replace(".v1", "");
    }
}
