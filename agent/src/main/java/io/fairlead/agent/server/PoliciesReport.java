package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/** What {@code GET /policies} of the admin socket answers, as JSON with these names. */
public record PoliciesReport(String node, List<Policy> policies) {

  /**
   * A NetworkPolicy.
   *
   * @param selects labels as kubectl writes them; empty for all pods of the namespace
   * @param pods of this node that it selects, by name
   * @param ingressRules -1 if it does not isolate in this direction
   * @param egressRules likewise
   * @param problems what of it is not understood, or not in force
   */
  public record Policy(
      String namespace,
      String name,
      String selects,
      List<String> pods,
      int ingressRules,
      int egressRules,
      List<String> problems) {

    public Policy {
      pods = List.copyOf(pods);
      problems = List.copyOf(problems);
    }
  }

  public PoliciesReport {
    policies = List.copyOf(policies);
  }

  /**
   * Reads a report.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static PoliciesReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, PoliciesReport.class);
  }
}
