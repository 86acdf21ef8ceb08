// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.belay.contracts.Json;
import org.jspecify.annotations.Nullable;

/**
 * A notice as Slack shows it.
 *
 * @param text what notifications and screen readers say, escaped
 * @param blocks what people see
 */
public record SlackMessage(String text, List<Block> blocks) {
    private static final int FALLBACK = 3000;
    private static final int MOST_DETAILS = 4;

    public SlackMessage {
        blocks = List.copyOf(blocks);
    }

    /**
     * What a button sends when it is pressed.
     *
     * @param verb what to do
     * @param project name of the project
     * @param environment name of the environment
     * @param flag key of the flag
     * @param epoch epoch of the rollout
     * @param version of the rollout that was seen; null when it does not matter
     * @param incident id of the incident; null when it is about none
     */
    public record Press(
            Verb verb,
            String project,
            String environment,
            String flag,
            int epoch,
            @Nullable Long version,
            @Nullable String incident) {}

    /** Returns the message for an incoming webhook, where nothing can be pressed but links. */
    public static SlackMessage of(Notice notice) {
        return of(notice, false);
    }

    /** @param withVerbs whether presses of buttons reach somebody */
    public static SlackMessage of(Notice notice, boolean withVerbs) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(Block.header(notice.sign() + " " + notice.title()));
        if (!notice.story().isEmpty()) {
            blocks.add(Block.section(notice.story().stream().map(Mrkdwn::of).collect(Collectors.joining("\n"))));
        }
        notice.details().stream().limit(MOST_DETAILS).forEach(line -> blocks.add(Block.context(Mrkdwn.of(line))));
        List<Block.Button> buttons = new ArrayList<>();
        if (withVerbs) {
            notice.verbs().forEach(verb -> addVerb(notice.about(), verb, buttons));
        }
        notice.links().stream()
                .filter(link -> Block.fits(link.url()))
                .forEach(link -> buttons.add(Block.link(link.title(), link.url(), "open-" + buttons.size())));
        if (!buttons.isEmpty()) {
            blocks.add(Block.actions(buttons));
        }
        return new SlackMessage(Mrkdwn.cut(Mrkdwn.escaped(notice.summary()), FALLBACK), blocks);
    }

    private static void addVerb(Notice.About about, Verb verb, List<Block.Button> buttons) {
        String environment = about.environment();
        String flag = about.flag();
        Integer epoch = about.epoch();
        if (environment == null || flag == null || epoch == null) {
            return;
        }
        String value = Json.write(
                new Press(verb, about.project(), environment, flag, epoch, about.version(), about.incident()));
        if (Block.fits(value)) {
            buttons.add(Block.verb(verb, value));
        }
    }
}
