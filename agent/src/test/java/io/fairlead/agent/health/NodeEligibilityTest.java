package io.fairlead.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeEligibilityTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant EARLIER = Instant.parse("2026-11-21T11:00:00Z");

  private final NodeEligibility eligibility = new NodeEligibility("n1");

  private static ObjectChange node(String name, boolean leaving) {
    return new ObjectChange.NodeChanged(
        name, new NodeRecord(name, List.of(), List.of(), null, null, leaving));
  }

  @Test
  @DisplayName("not while the own node leaves, nor once it is gone (services 40)")
  void follows() {
    assertThat(eligibility.isEligible()).as("not seen yet").isTrue();
    eligibility.accept(new ObjectChange.Synced());
    assertThat(eligibility.isEligible()).as("has no Node object").isTrue();
    eligibility.accept(node("n1", false));
    assertThat(eligibility.isEligible()).as("stays").isTrue();
    eligibility.accept(node("n1", true));
    assertThat(eligibility.isEligible()).as("is to be deleted").isFalse();
    eligibility.accept(node("n1", false));
    assertThat(eligibility.isEligible()).as("stays after all").isTrue();
    eligibility.accept(new ObjectChange.NodeChanged("n1", null));
    assertThat(eligibility.isEligible()).as("is deleted").isFalse();
    eligibility.accept(node("n1", false));
    assertThat(eligibility.isEligible()).as("is back").isTrue();
  }

  @Test
  @DisplayName("other nodes do not matter (services 40)")
  void otherNodes() {
    eligibility.accept(node("n2", true));
    eligibility.accept(new ObjectChange.NodeChanged("n2", null));
    assertThat(eligibility.isEligible()).isTrue();
  }

  @Test
  @DisplayName("/healthz tells eligibility and problems, /livez nothing of the node (services 40)")
  void replies() {
    assertThat(HealthReply.of(List.of(), true, EARLIER, NOON).reply())
        .satisfies(reply -> {
          assertThat(reply.status()).isEqualTo(200);
          assertThat(reply.contentType()).isEqualTo("application/json");
          assertThat(reply.body())
              .isEqualTo(
                  """
                  {"lastUpdated":"2026-11-21T12:00:00Z","currentTime":"2026-11-21T12:00:00Z",\
                  "nodeEligible":true,"problems":[]}
                  """);
        });
    assertThat(HealthReply.of(List.of(), false, EARLIER, NOON).reply().status()).isEqualTo(503);
    assertThat(HealthReply.of(List.of("broken"), true, EARLIER, NOON).reply())
        .satisfies(reply -> {
          assertThat(reply.status()).isEqualTo(503);
          assertThat(reply.body())
              .isEqualTo(
                  """
                  {"lastUpdated":"2026-11-21T11:00:00Z","currentTime":"2026-11-21T12:00:00Z",\
                  "nodeEligible":true,"problems":["broken"]}
                  """);
        });
    assertThat(HealthReply.of(List.of(), null, EARLIER, NOON).reply())
        .satisfies(reply -> {
          assertThat(reply.status()).isEqualTo(200);
          assertThat(reply.body()).doesNotContain("nodeEligible");
        });
  }
}
