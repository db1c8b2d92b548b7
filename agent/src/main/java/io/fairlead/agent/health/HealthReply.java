package io.fairlead.agent.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.agent.server.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What /healthz and /livez answer: JSON with kube-proxy's fields (pkg/proxy/healthcheck
 * proxier_health.go), and what is wrong as sentences.
 *
 * @param lastUpdated when nothing was wrong last, in RFC 3339
 * @param nodeEligible whether the node takes new connections of load balancers; null where that is
 *     not asked
 * @param problems none if all is well
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthReply(
    String lastUpdated, String currentTime, @Nullable Boolean nodeEligible, List<String> problems) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public HealthReply {
    problems = List.copyOf(problems);
  }

  /**
   * The answer at present.
   *
   * @param lastSync when the kernel was last brought to the desired state; told only while
   *     something is wrong
   */
  public static HealthReply of(
      List<String> problems, @Nullable Boolean nodeEligible, Instant lastSync, Instant now) {
    Instant updated = problems.isEmpty() ? now : lastSync;
    return new HealthReply(updated.toString(), now.toString(), nodeEligible, problems);
  }

  /** 200 if nothing is wrong and the node is not known to leave, otherwise 503. */
  public Reply reply() {
    int status = problems.isEmpty() && !Boolean.FALSE.equals(nodeEligible) ? 200 : 503;
    try {
      return new Reply(
          status,
          "application/json",
          JSON.writeValueAsString(this) + "\n",
          Map.of("X-Content-Type-Options", "nosniff"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }
}
