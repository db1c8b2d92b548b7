package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.PoliciesReport;
import io.fairlead.agent.server.PoliciesReport.Policy;
import java.util.List;

/** {@code fairlead get policies}. */
final class PoliciesListing implements Listing<PoliciesReport> {

  private static final List<String> HEADINGS =
      List.of("NAMESPACE", "NAME", "SELECTS", "PODS", "INGRESS", "EGRESS", "PROBLEM", "POD-NAMES");

  private static final int NARROW = 7;

  @Override
  public String name() {
    return "policies";
  }

  @Override
  public String description() {
    return "Show the NetworkPolicies, and how many pods of this node each selects. INGRESS and"
        + " EGRESS are numbers of rules.";
  }

  @Override
  public boolean isNamespaced() {
    return true;
  }

  @Override
  public PoliciesReport parse(String json) throws JsonProcessingException {
    return PoliciesReport.parse(json);
  }

  @Override
  public String node(PoliciesReport report) {
    return report.node();
  }

  @Override
  public List<String> headings(boolean wide) {
    return Listing.some(HEADINGS, NARROW, wide);
  }

  @Override
  public List<Row> rows(PoliciesReport report, boolean wide) {
    return report.policies().stream().map(policy -> row(policy, wide)).toList();
  }

  private static Row row(Policy policy, boolean wide) {
    List<String> cells =
        List.of(
            policy.namespace(),
            policy.name(),
            policy.selects().isEmpty() ? "all pods" : policy.selects(),
            Integer.toString(policy.pods().size()),
            rules(policy.ingressRules()),
            rules(policy.egressRules()),
            String.join("; ", policy.problems()),
            String.join(",", policy.pods()));
    return new Row(
        policy.namespace() + "/" + policy.name(), Listing.some(cells, NARROW, wide), policy);
  }

  private static String rules(int count) {
    return count < 0 ? "" : count == 0 ? "denies all" : Integer.toString(count);
  }

  @Override
  public String text(PoliciesReport report, boolean wide) {
    return Listing.table(headings(wide), rows(report, wide), "There are no such NetworkPolicies.");
  }
}
