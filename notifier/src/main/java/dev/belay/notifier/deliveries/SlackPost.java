// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.deliveries;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.notifier.message.Block;
import dev.belay.notifier.message.SlackMessage;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of Slack's {@code chat.postMessage} and {@code chat.update}.
 *
 * @param channel where
 * @param ts which message is updated; null for a new one
 * @param threadTs first message of the thread; null outside one
 * @param replyBroadcast whether a reply is seen in the channel too; null for no
 * @param text what notifications say
 * @param blocks what people see
 * @param unfurl whether links are shown with a picture of what they lead to
 */
record SlackPost(
        String channel,
        @Nullable String ts,
        @JsonProperty("thread_ts") @Nullable String threadTs,
        @JsonProperty("reply_broadcast") @Nullable Boolean replyBroadcast,
        String text,
        List<Block> blocks,
        @JsonProperty("unfurl_links") boolean unfurl) {

    static SlackPost first(String channel, SlackMessage message) {
        return new SlackPost(channel, null, null, null, message.text(), message.blocks(), false);
    }

    static SlackPost reply(String channel, String threadTs, boolean isForAll, SlackMessage message) {
        return new SlackPost(
                channel, null, threadTs, isForAll ? Boolean.TRUE : null, message.text(), message.blocks(), false);
    }

    static SlackPost update(String channel, String ts, SlackMessage message) {
        return new SlackPost(channel, ts, null, null, message.text(), message.blocks(), false);
    }
}
