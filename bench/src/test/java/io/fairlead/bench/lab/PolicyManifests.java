package io.fairlead.bench.lab;

/** Policies as YAML, in the namespace "default". */
final class PolicyManifests {

  private PolicyManifests() {}

  /**
   * A policy of both directions.
   *
   * @param app whom it selects
   * @param rules "ingress:" and "egress:", in flow style; empty to deny everything
   */
  static String policy(String name, String app, String rules) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: %s, namespace: default}
    spec:
      podSelector: {matchLabels: {app: %s}}
      policyTypes: [Ingress, Egress]
    %s\
    """
        .formatted(name, app, rules.indent(2));
  }
}
