// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.message;

import java.util.List;

/**
 * What is posted to an incoming webhook.
 *
 * @param text what notifications and screen readers say, escaped
 * @param blocks what people see
 */
public record SlackMessage(String text, List<Block> blocks) {
    public SlackMessage {
        blocks = List.copyOf(blocks);
    }
}
