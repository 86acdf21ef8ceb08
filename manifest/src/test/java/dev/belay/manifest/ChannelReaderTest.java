// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChannelReaderTest {
    @Test
    void readsChannelsOfEveryTypeAndNeverShowsTheirSecrets() {
        String slack = Samples.document("Channel", """
                { project: shop, type: slack, token: xoxb-fake, channel: C024BE91L, signingSecret: fakefakefakefake,
                  people: { U024BE7LH: bly_fakefake01_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa } }""");
        String pagerDuty = Samples.document("Channel", """
                { project: shop, type: pagerduty, routingKey: fake0fake0fake0fake0fake0fake012, severity: critical,
                  environments: [ production ], tags: [ payments ], hears: project,
                  quiet: [ { from: "22:00", to: "07:00", zone: Europe/London } ] }""");
        String webhook = Samples.document("Channel", """
                { project: shop, type: webhook, url: "https://a.example/in",
                  secrets: [ whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx ] }""");

        ChannelDocument bot = Manifests.parseOne(slack, ChannelDocument.class);
        ChannelDocument pager = Manifests.parseOne(pagerDuty, ChannelDocument.class);
        ChannelDocument hook = Manifests.parseOne(webhook, ChannelDocument.class);

        assertThat(bot.url()).hasToString("https://slack.com/api/");
        assertThat(bot.secrets().people()).containsOnlyKeys("U024BE7LH");
        assertThat(pager.url()).hasToString("https://events.pagerduty.com/v2/enqueue");
        assertThat(pager.hears().quiet()).singleElement().satisfies(quiet -> assertThat(quiet.days())
                .hasSize(7));
        assertThat(hook.secrets().webhook()).hasSize(2);
        assertThat(bot + " " + bot.secrets() + pager + hook).doesNotContain("fake", "whsec");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type: slack-webhook, url: "https://a.example/", token: s3cret | spec.token belongs to type slack, was another text
            type: slack, channel: C024BE91L                          | spec.token is required, was null
            type: slack, channel: C024BE91L, token: s3cret           | spec.token must be a bot token that begins with xoxb-, was another text
            type: slack, token: xoxb-s3cret                          | spec.channel is required, was null
            type: slack, token: xoxb-s3cret, channel: C024BE91L, signingSecret: s3cret | spec.signingSecret must be a signing secret of 16 to 128 letters and digits, was another text
            type: slack, token: xoxb-s3cret, channel: C024BE91L, people: s3cret | spec.people must be an object of Slack user ids and keys, was another text
            type: slack, token: xoxb-s3cret, channel: C024BE91L, people: { U024BE7LH: s3cret } | spec.people.U024BE7LH must be the person's own key, bly_…, was another text
            type: pagerduty                                          | spec.routingKey is required, was null
            type: pagerduty, routingKey: s3cret                      | spec.routingKey must be an integration key of 32 letters and digits, was another text
            type: webhook, url: "https://a.example/s3cret"           | spec.secrets must be a list of one secret, or of two while one replaces the other, was another text
            type: webhook, url: "https://a.example/", secrets: s3cret | spec.secrets must be a list of one secret, or of two while one replaces the other, was another text
            type: webhook, url: "https://a.example/", secrets: [ whsec_s3cret ] | spec.secrets[0] must be whsec_ and the base64 of 24 to 64 bytes, was another text
            type: slack-webhook, url: "https://a.example/", severity: high | spec.severity must be one of info, warning, error, critical, was high
            type: slack-webhook, url: "https://a.example/", quiet: [ { from: "22:00", to: "07:00" } ] | spec.quiet[0].zone is required, was null
            type: slack-webhook, url: "https://a.example/", quiet: [ { from: "22:00", to: "22:00", zone: UTC } ] | spec.quiet[0].to must differ from 22:00, was 22:00
            type: slack, token: xoxb-s3cret, channel: C024BE91L, people: { bob: bly_fakefake01_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa } | spec.people.bob must stand under the id of a Slack user, such as U024BE7LH, was another text
            type: slack, token: xoxb-s3cret, channel: C024BE91L, people: { U024BE7LH: bly_fakefake01_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa } | spec.people needs signingSecret beside it, was 1 people
            type: slack, token: xoxb-s3cret, channel: "<!here>"      | spec.channel must be the id or name of a Slack channel, such as C024BE91L, was <!here>
            """)
    void namesPathAndRuleButNeverTheSecret(String spec, String sentence) {
        assertThat(Samples.sentences(Samples.document("Channel", "{ project: shop, " + spec + " }")))
                .containsExactly(sentence)
                .noneMatch(text -> text.contains("s3cret"));
    }
}
